/** Writes tar archives byte by byte, odd ones too: what no real tool would write must be readable all the same. */

export interface Written {
  readonly name: string;
  readonly type?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly mtime?: number;
  readonly link?: string;
  readonly content?: string | Uint8Array;
  readonly major?: number;
  readonly minor?: number;
  /** PAX records before it; values are byte strings. */
  readonly pax?: Readonly<Record<string, string>>;
  readonly magic?: string;
}

const BLOCK = 512;
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** An archive with its end mark. */
export function tarOf(entries: readonly Written[], end = true): Buffer {
  return Buffer.concat([...entries.flatMap(entryBytes), ...(end ? [Buffer.alloc(2 * BLOCK)] : [])]);
}

export function entryBytes(entry: Written): Buffer[] {
  const content = typeof entry.content === 'string' ? latin1(entry.content) : Buffer.from(entry.content ?? '');
  const own = [headerBytes({ ...entry, size: entry.size ?? content.length }), padded(content)];
  return entry.pax === undefined ? own : [...paxBytes(entry.pax, 'x'), ...own];
}

export function paxBytes(records: Readonly<Record<string, string>>, type: 'x' | 'g'): Buffer[] {
  const body = Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value)));
  return [headerBytes({ name: 'PaxHeaders/0', type, size: body.length }), padded(body)];
}

export function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return latin1(`${length}${rest}`);
}

export function padded(content: Uint8Array): Buffer {
  return Buffer.concat([content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}

export function headerBytes(entry: Written): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.set(latin1(entry.name).subarray(0, 100), 0);
  number(block, 100, 8, entry.mode ?? (entry.type === '5' ? 0o755 : 0o644));
  number(block, 108, 8, entry.uid ?? 0);
  number(block, 116, 8, entry.gid ?? 0);
  number(block, 124, 12, entry.size ?? 0);
  number(block, 136, 12, entry.mtime ?? 1_714_558_272);
  block.write(entry.type ?? '0', 156, 'latin1');
  block.set(latin1(entry.link ?? '').subarray(0, 100), 157);
  block.write(entry.magic ?? 'ustar\x0000', 257, 'latin1');
  number(block, 329, 8, entry.major ?? 0);
  number(block, 337, 8, entry.minor ?? 0);
  return sealed(block);
}

/** Puts the checksum in. */
export function sealed(block: Buffer): Buffer {
  block.fill(32, 148, 156);
  const sum = block.subarray(0, BLOCK).reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Octal where it fits, else base-256. */
function number(block: Buffer, at: number, length: number, value: number): void {
  const octal = value.toString(8);
  if (value >= 0 && octal.length < length) return void block.write(`${octal.padStart(length - 1, '0')}\0`, at, 'latin1');
  let rest = BigInt.asUintN(8 * length, BigInt(value));
  for (let i = length - 1; i >= 0; i--) {
    block[at + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  block[at] = (value < 0 ? 0xc0 : 0x80) | ((block[at] as number) & 0x3f);
}
