/** Bytes to lines: LF or CRLF, any chunking, bounded length, exact offsets. */
import type { Damage, Frame, Framer, FrameSink, Framing, Limits } from '../../model/parser.js';
import { concatBytes, decodeLatin1, decodeStrictUtf8, decodeUtf8 } from '../bytes.js';

/** One line. The object is used again for the next: copy what you keep. */
export interface Line extends Frame {
  readonly text: string;
  readonly line: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const LF = 10;
const CR = 13;
const NUL = 0;
/** Anything that needs a second look: NULs and bytes outside ASCII. */
const ODD = /[\0\x80-\xff]/;

export const lines: Framing<Line> = (limits) => new LineFramer(limits);

class LineFramer implements Framer<Line> {
  /** Bytes of a line whose end has not come yet, at most `recordBytes` of them. */
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  /** Bytes of the pending line that were over the limit and not kept. */
  private skipped = 0;
  private offset = 0;
  private count = 0;
  private readonly line: Mutable<Line> = { text: '', offset: 0, length: 0, line: 0, damage: undefined };

  constructor(private readonly limits: Limits) {}

  push(chunk: Uint8Array, out: FrameSink<Line>): void {
    const last = chunk.lastIndexOf(LF);
    if (last < 0) return this.keep(chunk);
    let start = 0;
    if (this.pendingBytes + this.skipped > 0) {
      start = chunk.indexOf(LF) + 1;
      this.keep(chunk.subarray(0, start - 1));
      this.flush(out, 1);
    }
    if (start <= last) this.whole(chunk.subarray(start, last + 1), out);
    if (last + 1 < chunk.length) this.keep(chunk.subarray(last + 1));
  }

  end(out: FrameSink<Line>): void {
    if (this.pendingBytes + this.skipped > 0) this.flush(out, 0);
  }

  private keep(part: Uint8Array): void {
    const room = this.limits.recordBytes - this.pendingBytes;
    const kept = part.length > room ? part.subarray(0, room) : part;
    this.skipped += part.length - kept.length;
    if (kept.length === 0) return;
    this.pending.push(kept.slice());
    this.pendingBytes += kept.length;
  }

  /** Hands out the pending line; `ending` is 1 when a line feed ended it. */
  private flush(out: FrameSink<Line>, ending: 0 | 1): void {
    const bytes = this.pending.length === 0 ? new Uint8Array(0) : concatBytes(this.pending);
    const length = this.pendingBytes + this.skipped;
    const cut: Damage | undefined =
      this.skipped > 0 ? { code: 'limit', message: `line of ${length} bytes: only the first ${this.pendingBytes} were read` } : undefined;
    this.pending = [];
    this.pendingBytes = 0;
    this.skipped = 0;
    this.emit(decodeLatin1(bytes), bytes, 0, length, cut, out);
    this.offset += length + ending;
  }

  /** Complete lines, the last byte being a line feed. */
  private whole(bytes: Uint8Array, out: FrameSink<Line>): void {
    const text = decodeLatin1(bytes);
    const base = this.offset;
    let odd = nextOdd(text, 0);
    const longest = this.limits.recordBytes;
    const line = this.line;
    let start = 0;
    while (start < text.length) {
      const feed = text.indexOf('\n', start);
      let end = feed;
      if (feed > odd || feed - start > longest) {
        this.offset = base + start;
        this.oddLine(text, bytes, start, feed, out);
        odd = nextOdd(text, feed);
      } else {
        if (end > start && text.charCodeAt(end - 1) === CR) end--;
        line.text = text.slice(start, end);
        line.offset = base + start;
        line.length = end - start;
        line.line = ++this.count;
        line.damage = undefined;
        out.frame(line);
      }
      start = feed + 1;
    }
    this.offset = base + bytes.length;
  }

  private oddLine(text: string, bytes: Uint8Array, start: number, end: number, out: FrameSink<Line>): void {
    const longest = this.limits.recordBytes;
    const length = end - start;
    if (length <= longest) return this.emit(text.slice(start, end), bytes, start, length, undefined, out);
    const cut: Damage = { code: 'limit', message: `line of ${length} bytes: only the first ${longest} were read` };
    this.emit(text.slice(start, start + longest), bytes, start, length, cut, out);
  }

  /** One line whose bytes may be anything; `length` counts skipped bytes too. */
  private emit(latin1: string, bytes: Uint8Array, from: number, length: number, cut: Damage | undefined, out: FrameSink<Line>): void {
    let nuls = 0;
    while (nuls < latin1.length && latin1.charCodeAt(nuls) === NUL) nuls++;
    const bom = this.offset === 0 && latin1.startsWith('\xef\xbb\xbf') ? 3 : 0;
    const skip = nuls + bom;
    const offset = this.offset + skip;
    const line = ++this.count;
    if (nuls > 0 && nuls === latin1.length) {
      out.damaged({ offset: this.offset, length, line }, 'encoding', `${nuls} NUL bytes where a record should be`);
      return;
    }
    let end = latin1.length;
    if (cut === undefined && end > skip && latin1.charCodeAt(end - 1) === CR) end--;
    const span = { offset, length: length - skip - (latin1.length - end), line };
    const slice = latin1.slice(skip, end);
    const decoded = ODD.test(slice) ? decodeOdd(bytes.subarray(from + skip, from + end), cut !== undefined) : { text: slice };
    const damage = cut ?? (nuls > 0 ? { code: 'encoding' as const, message: `${nuls} NUL bytes before the record` } : decoded.damage);
    const frame = this.line;
    frame.text = decoded.text;
    frame.offset = span.offset;
    frame.length = span.length;
    frame.line = span.line;
    frame.damage = damage;
    out.frame(frame);
  }
}

const ODD_FROM = new RegExp(ODD, 'g');

/** Index of the first character from `from` on that needs a second look; Infinity when there is none. */
function nextOdd(text: string, from: number): number {
  ODD_FROM.lastIndex = from;
  return ODD_FROM.test(text) ? ODD_FROM.lastIndex - 1 : Infinity;
}

function decodeOdd(bytes: Uint8Array, cut: boolean): { text: string; damage?: Damage } {
  const text = decodeStrictUtf8(bytes);
  if (text !== undefined) {
    return text.includes('\0') ? { text, damage: { code: 'encoding', message: 'NUL bytes inside the record' } } : { text };
  }
  const lossy = decodeUtf8(bytes);
  return cut ? { text: lossy } : { text: lossy, damage: { code: 'encoding', message: 'bytes that are not UTF-8 were replaced' } };
}
