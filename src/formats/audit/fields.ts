/** The fields of a record. The same questions can be put to raw text, to `ausearch -i` text and to what programs said in `msg='…'`. */
import { decodeLatin1, decodeUtf8 } from '../bytes.js';

export interface Fields {
  /** How many there are. */
  readonly size: number;
  keyAt(index: number): string;
  /** The value as written, without its quotes; undefined when absent. The first one wins: the kernel writes its own fields first. */
  get(key: string): string | undefined;
  /** Text that somebody else chose: out of its quotes, or out of hex. Absent for `(null)` and `?`. */
  text(key: string): string | undefined;
  textAt(index: number): string | undefined;
  /** Written by `ausearch -i`: names for numbers. */
  readonly interpreted: boolean;
}

const QUOTE = 34;
const APOSTROPHE = 39;
const SPACE = 32;
const EQUALS = 61;
/** Between a record and what auditd adds to it (`log_format = ENRICHED`). */
const SEPARATOR = 0x1d;

/** Text whose characters can be looked at as bytes: several times faster than asking the string for each. */
export interface Source {
  readonly text: string;
  /** One byte per character of the text; what is not ASCII is any byte from 0x80 on. */
  readonly bytes: Uint8Array;
}

const NOTHING: Source = { text: '', bytes: new Uint8Array(0) };
/** Numbers kept per field. */
const WIDTH = 5;

/** Any text as a source of its own. */
export function toSource(text: string): Source {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = Math.min(text.charCodeAt(i), 0xff);
  return { text, bytes };
}

/**
 * Raw text. One object serves many records: what it says is valid until the next {@link RawFields.load}.
 * Fields that auditd added stand behind the others, in upper case.
 */
export class RawFields implements Fields {
  readonly interpreted = false;
  size = 0;
  private source: Source = NOTHING;
  /** Per field: hash of the key, where the key and where the value begin and end. */
  private table = new Int32Array(WIDTH * 64);

  /** @param to Where the fields end; `from` and `to` are indices into the text. */
  load(given: Source | string, from = 0, to = typeof given === 'string' ? given.length : given.text.length): this {
    const source = typeof given === 'string' ? toSource(given) : given;
    const { bytes } = source;
    this.source = source;
    let { table } = this;
    let row = 0;
    let key = from;
    let hash = 0;
    let at = from;
    while (at < to) {
      const code = bytes[at] as number;
      if (code === EQUALS) {
        const end = endOfValue(bytes, at + 1, to);
        if (at > key) {
          if (row === table.length) table = this.grow();
          table[row] = hash;
          table[row + 1] = key;
          table[row + 2] = at;
          table[row + 3] = at + 1;
          table[row + 4] = end;
          row += WIDTH;
        }
        key = at = end + 1;
        hash = 0;
      } else if (code <= SPACE) {
        key = ++at;
        hash = 0;
      } else {
        hash = (Math.imul(hash, 31) + code) | 0;
        at++;
      }
    }
    this.size = row / WIDTH;
    return this;
  }

  private grow(): Int32Array<ArrayBuffer> {
    const larger = new Int32Array(2 * this.table.length);
    larger.set(this.table);
    return (this.table = larger);
  }

  private find(key: string): number {
    const { table } = this;
    const hash = hashOf(key);
    const end = this.size * WIDTH;
    for (let row = 0; row < end; row += WIDTH) if (table[row] === hash && this.isKey(row, key)) return row / WIDTH;
    return -1;
  }

  private isKey(row: number, key: string): boolean {
    const { length } = key;
    const from = this.table[row + 1] as number;
    if ((this.table[row + 2] as number) - from !== length) return false;
    const { bytes } = this.source;
    for (let i = 0; i < length; i++) if (bytes[from + i] !== key.charCodeAt(i)) return false;
    return true;
  }

  keyAt(index: number): string {
    return this.source.text.slice(this.table[WIDTH * index + 1], this.table[WIDTH * index + 2]);
  }

  /** One character of a key; NaN behind its end. */
  keyCode(index: number, at: number): number {
    const place = (this.table[WIDTH * index + 1] as number) + at;
    return place < (this.table[WIDTH * index + 2] as number) ? (this.source.bytes[place] as number) : Number.NaN;
  }

  get(key: string): string | undefined {
    const i = this.find(key);
    return i < 0 ? undefined : this.valueAt(i);
  }

  valueAt(index: number): string {
    const from = this.table[WIDTH * index + 3] as number;
    const to = this.table[WIDTH * index + 4] as number;
    const { bytes, text } = this.source;
    const first = bytes[from];
    if (first !== QUOTE && first !== APOSTROPHE) return text.slice(from, to);
    return text.slice(from + 1, to > from + 1 && bytes[to - 1] === first ? to - 1 : to);
  }

  isQuoted(index: number): boolean {
    return this.source.bytes[this.table[WIDTH * index + 3] as number] === QUOTE;
  }

  text(key: string): string | undefined {
    const i = this.find(key);
    return i < 0 ? undefined : this.textAt(i);
  }

  textAt(index: number): string | undefined {
    const written = this.valueAt(index);
    return this.isQuoted(index) ? known(written) : decodeUntrusted(written);
  }
}

/** Keys that are asked for are few and constant. */
const hashed = new Map<string, number>();

function hashOf(key: string): number {
  let hash = hashed.get(key);
  if (hash === undefined) {
    hash = 0;
    for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
    if (hashed.size < 4096) hashed.set(key, hash);
  }
  return hash;
}

/** @returns Index behind the value that begins at `from`. */
function endOfValue(bytes: Uint8Array, from: number, to: number): number {
  const first = bytes[from];
  if (first === QUOTE) {
    let end = from + 1;
    while (end < to && bytes[end] !== QUOTE) end++;
    return end < to ? end + 1 : to;
  }
  // A program's own message goes to the last apostrophe: it may hold others.
  if (first === APOSTROPHE) {
    const last = bytes.lastIndexOf(APOSTROPHE, enrichedFrom(bytes, from, to) - 1);
    return last <= from ? to : last + 1;
  }
  let end = from;
  // saddr={ saddr_fam=inet laddr=198.51.100.9 lport=4444 }
  if (first === 123 /* { */ && bytes[from + 1] === SPACE) {
    while (end < to && !(bytes[end] === SPACE && bytes[end + 1] === 125) /* } */) end++;
    return Math.min(to, end + 2);
  }
  while (end < to && (bytes[end] as number) > SPACE) end++;
  return end;
}

/** Where auditd's additions begin; `to` when there are none. They are upper-case, so that a control character in a message is none. */
function enrichedFrom(bytes: Uint8Array, from: number, to: number): number {
  const at = bytes.lastIndexOf(SEPARATOR, to - 1);
  const next = bytes[at + 1] ?? 0;
  return at < from || !(next >= 65 && next <= 90) ? to : at;
}

function known(text: string): string | undefined {
  return text === '?' ? undefined : text;
}

/**
 * An unquoted value is hex when the writer found blanks, quotes, control or non-ASCII characters in it: upper-case digits, whole bytes.
 * {@link https://github.com/torvalds/linux/blob/v6.1/kernel/audit.c#L2086 | audit_log_n_untrustedstring()}
 */
export function decodeUntrusted(written: string): string | undefined {
  if (written === '(null)' || written === '?' || written === '' || written === '(none)') return undefined;
  return decodeHex(written) ?? written;
}

const scratch = new Uint8Array(8192);
const DIGITS = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) {
  DIGITS['0123456789abcdef'.charCodeAt(i)] = i;
  DIGITS['0123456789ABCDEF'.charCodeAt(i)] = i;
}

/** UTF-8 text written as hex digits; undefined when it is not hex. */
export function decodeHex(hex: string): string | undefined {
  const { length } = hex;
  if (length % 2 !== 0) return undefined;
  const bytes = length > 2 * scratch.length ? new Uint8Array(length / 2) : scratch;
  let odd = 0;
  for (let i = 0; i < length; i += 2) {
    const high = DIGITS[hex.charCodeAt(i)] ?? -1;
    const low = DIGITS[hex.charCodeAt(i + 1)] ?? -1;
    if (high < 0 || low < 0) return undefined;
    const byte = high * 16 + low;
    odd |= byte;
    bytes[i >> 1] = byte;
  }
  return odd < 128 ? decodeLatin1(bytes, 0, length / 2) : decodeUtf8(bytes.subarray(0, length / 2));
}
