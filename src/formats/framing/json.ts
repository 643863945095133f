/**
 * JSON documents out of bytes, whatever lies between them: one on each line, one after the other, pretty-printed over many lines,
 * elements of an array, or elements of a list inside a wrapper (`{"kind":"EventList","items":[…]}`).
 */
import type { Damage, Frame, Framer, FrameSink, Framing, Limits } from '../../model/parser.js';
import { newScan, scanJson, type Found, type Scan } from './json-scan.js';
import { concatBytes, decodeStrictUtf8, decodeUtf8, decodeLatin1, isAscii } from '../bytes.js';

/** One document, or a line that is none. */
export interface Document extends Frame {
  readonly text: string;
  readonly line: number;
  /** What stands in the wrapper before the list that the document was taken from, at most {@link HEAD} bytes of it. */
  readonly head?: string;
}

/** Most bytes of a wrapper's beginning that its documents are given. */
const HEAD = 4096;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const LF = 10;
const CR = 13;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;

const isBlank = (byte: number): boolean => byte === 32 || byte === 9 || byte === CR || byte === LF || byte === 0 || byte === 0x1e;

export interface JsonOptions {
  /** Keys of wrappers whose lists hold the documents: `items`. */
  readonly lists?: readonly string[];
  /** How documents begin that are certainly no wrapper. */
  readonly plain?: string;
}

export function jsonDocuments(options: JsonOptions = {}): Framing<Document> {
  return (limits) => new JsonFramer(limits, options.lists ?? [], options.plain);
}

class JsonFramer implements Framer<Document> {
  private pending: Uint8Array = new Uint8Array(0);
  /** Offset in the source of the pending bytes' first one, and its line. */
  private base = 0;
  private line = 1;
  /** The list we are inside of: a bare one, or one inside a wrapper. */
  private list: 'none' | 'bare' | 'wrapped' = 'none';
  /** Passing over what a wrapper holds behind its list, until this many brackets are closed. */
  private tail: Scan | undefined;
  /** Passing over the rest of a document beyond the limit, up to the next line. */
  private skipping = false;
  /** How far the pending document has been scanned, so that chunks are not scanned twice. */
  private resume: Scan | undefined;
  private readonly document: Mutable<Document> = { text: '', offset: 0, length: 0, line: 1, damage: undefined, head: undefined };
  private readonly wrapper: RegExp | undefined;
  /** All of the bytes at hand as text, once a whole line has been seen: cutting a text is cheaper than decoding each line. */
  private latin1: string | undefined;

  constructor(
    private readonly limits: Limits,
    private readonly lists: readonly string[],
    private readonly plain: string | undefined,
  ) {
    this.wrapper = lists.length === 0 ? undefined : new RegExp(`"(?:${lists.join('|')})"\\s*:\\s*\\[`);
  }

  push(chunk: Uint8Array, out: FrameSink<Document>): void {
    const bytes = this.pending.length === 0 ? chunk : concatBytes([this.pending, chunk]);
    this.leave(bytes, this.cut(bytes, out, false));
  }

  end(out: FrameSink<Document>): void {
    const bytes = this.pending;
    this.leave(bytes, this.cut(bytes, out, true));
  }

  private leave(bytes: Uint8Array, at: number): void {
    this.base += at;
    // A copy: the chunk's memory belongs to the reader.
    this.pending = at === 0 && bytes === this.pending ? bytes : bytes.slice(at);
  }

  /** @returns Bytes dealt with. */
  private cut(bytes: Uint8Array, out: FrameSink<Document>, last: boolean): number {
    let at = 0;
    this.latin1 = undefined;
    while (at < bytes.length) {
      if (this.skipping) {
        const feed = bytes.indexOf(LF, at);
        if (feed < 0) return bytes.length;
        this.skipping = false;
        at = feed;
        continue;
      }
      if (this.tail !== undefined) {
        at = this.passTail(bytes, at, this.tail);
        continue;
      }
      const byte = bytes[at] as number;
      if (isBlank(byte)) {
        if (byte === LF) this.line++;
        at++;
        continue;
      }
      if (at === 0 && this.base === 0 && byte === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
        at = 3;
        continue;
      }
      if (byte === OPEN) {
        const next = this.readDocument(bytes, at, out, last);
        if (next === at) return at;
        at = next;
      } else if (byte === OPEN_LIST && this.list === 'none') {
        this.list = 'bare';
        at++;
      } else if (this.list !== 'none' && (byte === COMMA || byte === CLOSE_LIST)) {
        if (byte === CLOSE_LIST) this.closeList();
        at++;
      } else {
        const next = this.otherLine(bytes, at, out, last);
        if (next === at) return at;
        at = next;
      }
    }
    return at;
  }

  private closeList(): void {
    if (this.list === 'wrapped') {
      this.tail = { ...newScan(), depth: 1 };
      this.document.head = undefined;
    }
    this.list = 'none';
  }

  /** What a wrapper holds behind its list is no record; it ends with the wrapper, or with the line when that is broken. */
  private passTail(bytes: Uint8Array, at: number, tail: Scan): number {
    tail.at = 0;
    const found = scanJson(bytes, at, tail);
    const end = typeof found === 'number' ? found : at + tail.at;
    for (let i = at; i < end; i++) if (bytes[i] === LF) this.line++;
    if (found !== 'more') this.tail = undefined;
    return end;
  }

  private readDocument(bytes: Uint8Array, at: number, out: FrameSink<Document>, last: boolean): number {
    if (this.resume === undefined && this.list === 'none') {
      const feed = this.latin1 === undefined ? bytes.indexOf(LF, at) : this.latin1.indexOf('\n', at);
      let end = feed < 0 ? bytes.length : feed;
      if (feed < 0 && !last && end - at <= this.limits.recordBytes) return at;
      while (end > at && isBlank(bytes[end - 1] as number)) end--;
      // One whole document on a line of its own is what logs are made of: no need to look inside.
      if (bytes[end - 1] === CLOSE && end - at <= this.limits.recordBytes && (feed >= 0 || last)) {
        this.latin1 ??= decodeLatin1(bytes);
        const line = this.latin1.slice(at, end);
        if (!this.mayWrap(line)) {
          const text = decodeLine(line, bytes, at, end);
          this.emit(text, at, end, text.damage, out);
          return end;
        }
      }
    }
    return this.scanDocument(bytes, at, out, last);
  }

  private mayWrap(line: string): boolean {
    if (this.wrapper === undefined || (this.plain !== undefined && line.startsWith(this.plain))) return false;
    return this.wrapper.test(line.slice(0, 512));
  }

  private scanDocument(bytes: Uint8Array, at: number, out: FrameSink<Document>, last: boolean): number {
    const scan = (this.resume ??= newScan());
    const found = scanJson(bytes, at, scan, this.list === 'none' ? this.lists : undefined);
    if (found === 'more' && !last && bytes.length - at <= this.limits.recordBytes) return at;
    this.resume = undefined;
    if (found === 'list') {
      // The wrapper's head is no record; its list's elements are.
      this.list = 'wrapped';
      this.document.head = decodeUtf8(bytes.subarray(at, at + Math.min(scan.at, HEAD)));
      this.line += scan.lines;
      return at + scan.at;
    }
    if (typeof found === 'number' && found - at <= this.limits.recordBytes) {
      const text = decode(bytes, at, found);
      this.emit(text, at, found, text.damage, out);
      this.line += scan.lines;
      return found;
    }
    return this.broken(bytes, at, found, scan, out, last);
  }

  /** A document that does not end where it should, or is too long: what is there is handed out as cut. */
  private broken(bytes: Uint8Array, at: number, found: Found, scan: Scan, out: FrameSink<Document>, last: boolean): number {
    const longest = this.limits.recordBytes;
    let end = found === 'cut' ? at + scan.at : bytes.length;
    let damage: Damage = { code: 'truncated', message: 'the JSON document ends before it is complete' };
    if (end - at > longest || (found === 'more' && !last)) {
      end = at + longest;
      damage = { code: 'limit', message: `document longer than ${longest} bytes: only those were read` };
      this.skipping = true;
    }
    let stop = end;
    while (stop > at && isBlank(bytes[stop - 1] as number)) stop--;
    this.emit(decode(bytes, at, stop), at, stop, damage, out);
    for (let i = at; i < end; i++) if (bytes[i] === LF) this.line++;
    return end;
  }

  private otherLine(bytes: Uint8Array, at: number, out: FrameSink<Document>, last: boolean): number {
    const feed = bytes.indexOf(LF, at);
    const longest = this.limits.recordBytes;
    if (feed < 0 && !last && bytes.length - at <= longest) return at;
    let end = feed < 0 ? bytes.length : feed;
    let damage: Damage | undefined;
    if (end - at > longest) {
      end = at + longest;
      this.skipping = true;
      damage = { code: 'limit', message: `line longer than ${longest} bytes: only those were read` };
    }
    let stop = end;
    while (stop > at && isBlank(bytes[stop - 1] as number)) stop--;
    const text = decode(bytes, at, stop);
    this.emit(text, at, stop, damage ?? text.damage, out);
    return end;
  }

  private emit(text: Decoded, at: number, end: number, damage: Damage | undefined, out: FrameSink<Document>): void {
    const { document } = this;
    document.text = text.text;
    document.offset = this.base + at;
    document.length = end - at;
    document.line = this.line;
    document.damage = damage;
    out.frame(document);
  }
}

interface Decoded {
  readonly text: string;
  readonly damage?: Damage;
}

function decode(bytes: Uint8Array, from: number, to: number): Decoded {
  return decodeLine(decodeLatin1(bytes, from, to), bytes, from, to);
}

/** @param latin1 The same bytes as text. */
function decodeLine(latin1: string, bytes: Uint8Array, from: number, to: number): Decoded {
  if (isAscii(latin1))
    return latin1.includes('\0')
      ? { text: latin1, damage: { code: 'encoding', message: 'NUL bytes inside the record' } }
      : { text: latin1 };
  const text = decodeStrictUtf8(bytes.subarray(from, to));
  if (text !== undefined) return { text };
  return { text: decodeUtf8(bytes.subarray(from, to)), damage: { code: 'encoding', message: 'bytes that are not UTF-8 were replaced' } };
}
