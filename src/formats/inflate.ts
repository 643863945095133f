/**
 * DEFLATE in plain JavaScript, for compressed text inside records, where nothing may wait: whole files are decompressed natively.
 * {@link https://www.rfc-editor.org/rfc/rfc1951 | RFC 1951} and {@link https://www.rfc-editor.org/rfc/rfc1952 | RFC 1952}
 */

/** Longest Huffman code (bits), RFC 1951 section 3.2.7. */
const LONGEST_CODE = 15;
/** Base lengths and distances with their extra bits, section 3.2.5. */
const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
  24577,
];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
/** Order in which a dynamic block gives the lengths of its code-length codes, section 3.2.7. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A canonical code: how many codes there are of each length, and the symbols in the order of their codes. */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

class Broken extends Error {}

class Inflater {
  private bits = 0;
  private count = 0;
  private out: Uint8Array<ArrayBuffer>;
  private size = 0;

  constructor(
    private readonly input: Uint8Array,
    private at: number,
    private readonly limit: number,
  ) {
    this.out = new Uint8Array(Math.min(limit, Math.max(1024, input.length * 4)));
  }

  run(): Uint8Array {
    for (let last = false; !last;) {
      last = this.take(1) === 1;
      const kind = this.take(2);
      if (kind === 0) this.stored();
      else if (kind === 1) this.compressed(FIXED.lengths, FIXED.distances);
      else if (kind === 2) this.dynamic();
      else throw new Broken('unknown kind of block');
    }
    return this.out.subarray(0, this.size);
  }

  private take(wanted: number): number {
    while (this.count < wanted) {
      if (this.at >= this.input.length) throw new Broken('the data ends early');
      this.bits |= (this.input[this.at++] as number) << this.count;
      this.count += 8;
    }
    const value = this.bits & ((1 << wanted) - 1);
    this.bits >>>= wanted;
    this.count -= wanted;
    return value;
  }

  private symbol({ counts, symbols }: Code): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= LONGEST_CODE; length++) {
      code |= this.take(1);
      const count = counts[length] as number;
      if (code - count < first) return symbols[index + code - first] as number;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Broken('no such code');
  }

  private stored(): void {
    this.bits = 0;
    this.count = 0;
    const length = (this.input[this.at] ?? 0) | ((this.input[this.at + 1] ?? 0) << 8);
    this.at += 4;
    if (this.at + length > this.input.length) throw new Broken('the data ends early');
    this.room(length);
    this.out.set(this.input.subarray(this.at, this.at + length), this.size);
    this.size += length;
    this.at += length;
  }

  private dynamic(): void {
    const literals = this.take(5) + 257;
    const distances = this.take(5) + 1;
    const given = this.take(4) + 4;
    const codeLengths = new Uint8Array(19);
    for (let i = 0; i < given; i++) codeLengths[ORDER[i] as number] = this.take(3);
    const code = codeOf(codeLengths);
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length;) {
      const symbol = this.symbol(code);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw new Broken('nothing to repeat');
      const value = symbol === 16 ? (lengths[i - 1] as number) : 0;
      const times = symbol === 16 ? 3 + this.take(2) : symbol === 17 ? 3 + this.take(3) : 11 + this.take(7);
      if (i + times > lengths.length) throw new Broken('too many code lengths');
      lengths.fill(value, i, i + times);
      i += times;
    }
    this.compressed(codeOf(lengths.subarray(0, literals)), codeOf(lengths.subarray(literals)));
  }

  private compressed(literals: Code, distances: Code): void {
    for (;;) {
      const symbol = this.symbol(literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.room(1);
        this.out[this.size++] = symbol;
        continue;
      }
      const base = LENGTHS[symbol - 257];
      if (base === undefined) throw new Broken('no such length');
      const length = base + this.take(LENGTH_BITS[symbol - 257] as number);
      const far = this.symbol(distances);
      const distance = (DISTANCES[far] ?? Infinity) + this.take(DISTANCE_BITS[far] ?? 0);
      if (distance > this.size) throw new Broken('a copy from before the beginning');
      this.room(length);
      // Byte by byte: a copy may run over what it has just written.
      for (let i = 0; i < length; i++, this.size++) this.out[this.size] = this.out[this.size - distance] as number;
    }
  }

  private room(more: number): void {
    const needed = this.size + more;
    if (needed <= this.out.length) return;
    if (needed > this.limit) throw new Broken(`more than ${this.limit} bytes`);
    const grown = new Uint8Array(Math.min(this.limit, Math.max(needed, this.out.length * 2)));
    grown.set(this.out);
    this.out = grown;
  }
}

function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(LONGEST_CODE + 1);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] as number) + 1;
  const offsets = new Uint16Array(LONGEST_CODE + 2);
  for (let i = 1; i <= LONGEST_CODE; i++) offsets[i + 1] = (offsets[i] as number) + (counts[i] as number);
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    symbols[offsets[length] as number] = symbol;
    offsets[length] = (offsets[length] as number) + 1;
  }
  return { counts, symbols };
}

/** Section 3.2.6. */
const FIXED = {
  lengths: codeOf(new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280)),
  distances: codeOf(new Uint8Array(30).fill(5)),
};

/**
 * The first member of gzip data.
 * @param limit Most bytes that it may become.
 * @returns undefined for what is no gzip data, broken, or too large. Its checksum is not looked at.
 */
export function gunzipSmall(bytes: Uint8Array, limit: number): Uint8Array | undefined {
  if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return undefined;
  const flags = bytes[3] as number;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (bytes[at] as number) + ((bytes[at + 1] as number) << 8);
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  if ((flags & 2) !== 0) at += 2;
  try {
    return new Inflater(bytes, at, limit).run();
  } catch (error) {
    if (error instanceof Broken) return undefined;
    throw error;
  }
}
