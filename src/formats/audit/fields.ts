/**
 * The fields of a record, found once and read when they are asked for. The same questions can be put to raw text,
 * to `ausearch -i` text and to JSON.
 */
import { decodeUtf8, detach, parseHex } from '../bytes.js';

export interface Fields {
  /** The value as written, without its quotes; undefined when absent. The first one wins: the kernel writes its own fields first. */
  get(key: string): string | undefined;
  /** Text that somebody else chose: out of its quotes, or out of hex. Absent for `(null)` and `?`. */
  text(key: string): string | undefined;
  /** All values of a key that may come several times. */
  all(key: string): string[];
  /** Keys in the order written. */
  keys(): string[];
}

const QUOTE = 34;
const APOSTROPHE = 39;
const SPACE = 32;

/** Raw text. One object serves many records: what it says is valid until the next {@link RawFields.load}. */
export class RawFields implements Fields {
  private source = '';
  private count = 0;
  private next = 0;
  private keyFrom: number[] = [];
  private keyTo: number[] = [];
  private valueFrom: number[] = [];
  private valueTo: number[] = [];

  /** @param to Where the fields end; `from` and `to` are indices into `text`. */
  load(text: string, from: number, to: number): this {
    this.source = text;
    this.count = 0;
    this.next = 0;
    let at = from;
    while (at < to) {
      const equals = text.indexOf('=', at);
      if (equals < 0 || equals >= to) break;
      at = this.add(text, at, equals, to);
    }
    return this;
  }

  /** @returns Index behind the field. */
  private add(text: string, at: number, equals: number, to: number): number {
    let key = equals;
    while (key > at && !isBlank(text.charCodeAt(key - 1))) key--;
    const from = equals + 1;
    const first = text.charCodeAt(from);
    let end: number;
    if (first === QUOTE) end = text.indexOf('"', from + 1);
    // A program's own message goes to the last apostrophe: it may hold others.
    else if (first === APOSTROPHE) end = text.lastIndexOf("'", to - 1);
    else if (first === 123 /* { */ && text.charCodeAt(from + 1) === SPACE) end = text.indexOf(' }', from) + 1 || -1;
    else {
      end = text.indexOf(' ', from);
      if (end < 0 || end > to) end = to;
      this.put(key, equals, from, end);
      return end + 1;
    }
    if (end <= from || end >= to) end = to;
    else end++;
    this.put(key, equals, from, end);
    return end + 1;
  }

  private put(key: number, equals: number, from: number, to: number): void {
    const i = this.count++;
    this.keyFrom[i] = key;
    this.keyTo[i] = equals;
    this.valueFrom[i] = from;
    this.valueTo[i] = to;
  }

  /** Fields are mostly asked for in the order they are written: the search goes on from the last one found. */
  private find(key: string): number {
    const { count, source } = this;
    if (this.next > 0) {
      // The first one wins, so one passed over already must not be found again further on: look from the start when it is not next.
      const i = this.next;
      if (i < count && this.is(i, key, source)) {
        this.next = i + 1;
        return i;
      }
    }
    for (let i = 0; i < count; i++) {
      if (this.is(i, key, source)) {
        this.next = i + 1;
        return i;
      }
    }
    return -1;
  }

  private is(i: number, key: string, source: string): boolean {
    const from = this.keyFrom[i] as number;
    return (this.keyTo[i] as number) - from === key.length && source.startsWith(key, from);
  }

  get(key: string): string | undefined {
    const i = this.find(key);
    return i < 0 ? undefined : this.value(i);
  }

  private value(i: number): string {
    const from = this.valueFrom[i] as number;
    const to = this.valueTo[i] as number;
    const first = this.source.charCodeAt(from);
    if (first !== QUOTE && first !== APOSTROPHE) return this.source.slice(from, to);
    return this.source.slice(from + 1, this.source.charCodeAt(to - 1) === first && to > from + 1 ? to - 1 : to);
  }

  text(key: string): string | undefined {
    const i = this.find(key);
    if (i < 0) return undefined;
    const written = this.value(i);
    return this.source.charCodeAt(this.valueFrom[i] as number) === QUOTE ? known(intern(written)) : decodeUntrusted(written);
  }

  all(key: string): string[] {
    const values: string[] = [];
    for (let i = 0; i < this.count; i++) if (this.is(i, key, this.source)) values.push(this.value(i));
    return values;
  }

  keys(): string[] {
    return Array.from({ length: this.count }, (_, i) => detach(this.source.slice(this.keyFrom[i], this.keyTo[i])));
  }
}

function isBlank(code: number): boolean {
  return code === SPACE || code === 0x1d || code === 10 || code === 9;
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
  const bytes = parseHex(written);
  return bytes === undefined ? detach(written) : decodeUtf8(bytes);
}

const INTERNED = 8192;
const interned = new Map<string, string>();

/** A copy that pins no line; the same for the same text, as long as it is often met. */
export function intern(text: string): string {
  if (text.length < 13) return text;
  if (text.length > 256) return detach(text);
  const known = interned.get(text);
  if (known !== undefined) return known;
  if (interned.size >= INTERNED) interned.clear();
  const copy = detach(text);
  interned.set(copy, copy);
  return copy;
}

/**
 * What a program said in `msg='…'`. libaudit puts `exe= hostname= addr= terminal= res=` behind the text, and the text may be anybody's:
 * the last one wins.
 */
export class MessageFields implements Fields {
  constructor(
    private readonly message: string,
    private readonly interpreted: boolean,
  ) {}

  /** Index behind `key=`, -1 when absent. */
  private find(key: string): number {
    const at = this.message.lastIndexOf(` ${key}=`);
    if (at >= 0) return at + key.length + 2;
    return this.message.startsWith(`${key}=`) ? key.length + 1 : -1;
  }

  private written(key: string): string | undefined {
    const from = key === 'op' && this.message.startsWith('op=') ? 3 : this.find(key);
    if (from < 0) return undefined;
    if (this.message.charCodeAt(from) === QUOTE) {
      const end = this.message.indexOf('"', from + 1);
      return this.message.slice(from, end < 0 ? undefined : end + 1);
    }
    // `op=changing uid id=1001`: operations are words, interpreted values may hold blanks too.
    const next = key === 'op' || this.interpreted ? NEXT_FIELD.exec(this.message.slice(from))?.index : undefined;
    const blank = next === undefined ? (key === 'op' || this.interpreted ? -1 : this.message.indexOf(' ', from)) : from + next;
    return this.message.slice(from, blank < 0 ? undefined : blank).trimEnd();
  }

  get(key: string): string | undefined {
    const written = this.written(key);
    if (written === undefined || written.charCodeAt(0) !== QUOTE) return written;
    return written.slice(1, written.endsWith('"') && written.length > 1 ? -1 : undefined);
  }

  text(key: string): string | undefined {
    const written = this.written(key);
    if (written === undefined) return undefined;
    if (written.charCodeAt(0) === QUOTE) return known(detach(this.get(key) ?? ''));
    return this.interpreted ? interpretedText(written) : decodeUntrusted(written);
  }

  all(key: string): string[] {
    const value = this.get(key);
    return value === undefined ? [] : [value];
  }

  keys(): string[] {
    return [...this.message.matchAll(MESSAGE_KEY)].map((match) => match[1] as string);
  }
}

const NEXT_FIELD = / [a-z][\w-]{0,40}=/;
const MESSAGE_KEY = /(?<=^| )([A-Za-z][\w-]{0,40})=/g;

/** `a\012b`: control characters come as three octal digits. */
export function interpretedText(written: string): string | undefined {
  if (written === '(null)' || written === '?' || written === '(none)') return undefined;
  return written.includes('\\')
    ? written.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    : detach(written);
}
