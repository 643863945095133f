/**
 * Syslog as it travels over TCP: octet counting (`MSG-LEN SP MSG`) and messages ended by a line feed or NUL, mixed as senders mix them.
 * {@link https://www.rfc-editor.org/rfc/rfc6587#section-3.4}
 */
import type { Damage, Frame, Framer, FrameSink, Framing, Limits } from '../../model/parser.js';
import { concatBytes, decodeStrictUtf8, decodeUtf8 } from '../bytes.js';

/** One message. */
export interface Message extends Frame {
  readonly text: string;
}

const LF = 10;
const NUL = 0;
const CR = 13;
const SPACE = 32;
const LESS = 60;
/** Longest MSG-LEN looked at (digits). */
const COUNT_DIGITS = 8;

export const syslogStream: Framing<Message> = (limits) => new StreamFramer(limits);

class StreamFramer implements Framer<Message> {
  private pending: Uint8Array = new Uint8Array(0);
  /** Offset of the pending bytes in the source. */
  private offset = 0;
  /** Bytes still to be passed over: the rest of a message over the limit. */
  private skip = 0;
  /** The bytes passed over end with a line feed or NUL, not after a count. */
  private skipToEnd = false;

  constructor(private readonly limits: Limits) {}

  push(chunk: Uint8Array, out: FrameSink<Message>): void {
    this.pending = this.pending.length === 0 ? chunk : concatBytes([this.pending, chunk]);
    const rest = this.cut(this.pending, out, false);
    this.offset += rest;
    // A copy: the chunk's memory belongs to the reader.
    this.pending = this.pending.slice(rest);
  }

  end(out: FrameSink<Message>): void {
    this.offset += this.cut(this.pending, out, true);
    this.pending = new Uint8Array(0);
  }

  /** @returns Bytes dealt with. */
  private cut(bytes: Uint8Array, out: FrameSink<Message>, last: boolean): number {
    let at = 0;
    while (at < bytes.length) {
      const passed = this.pass(bytes, at);
      if (passed > 0) {
        at += passed;
        continue;
      }
      const next = this.message(bytes, at, out, last);
      if (next === at) break;
      at = next;
    }
    return at;
  }

  private pass(bytes: Uint8Array, at: number): number {
    if (this.skip > 0) {
      const passed = Math.min(this.skip, bytes.length - at);
      this.skip -= passed;
      return passed;
    }
    if (this.skipToEnd) {
      const end = endOfMessage(bytes, at);
      this.skipToEnd = end < 0;
      return (end < 0 ? bytes.length : end) - at;
    }
    const code = bytes[at];
    return code === LF || code === NUL || code === CR ? 1 : 0;
  }

  /** Cuts one message at `at`; returns where the next begins, `at` itself when more bytes are needed. */
  private message(bytes: Uint8Array, at: number, out: FrameSink<Message>, last: boolean): number {
    const counted = countAt(bytes, at, last);
    if (counted === 'more') return at;
    return counted === undefined ? this.delimited(bytes, at, out, last) : this.counted(bytes, at, counted, out, last);
  }

  private counted(bytes: Uint8Array, at: number, { start, size }: Count, out: FrameSink<Message>, last: boolean): number {
    const kept = Math.min(size, this.limits.recordBytes);
    const have = bytes.length - start;
    if (have < kept && !last) return at;
    const damage: Damage | undefined =
      have < kept
        ? { code: 'truncated', message: `message of ${size} bytes ends after ${have}` }
        : kept < size
          ? { code: 'limit', message: `message of ${size} bytes: only the first ${kept} were read` }
          : undefined;
    const end = Math.min(start + kept, bytes.length);
    this.emit(bytes, start, end, damage, out);
    this.skip = size - kept;
    return end;
  }

  private delimited(bytes: Uint8Array, at: number, out: FrameSink<Message>, last: boolean): number {
    const end = endOfMessage(bytes, at);
    const longest = this.limits.recordBytes;
    if ((end < 0 ? bytes.length : end) - at > longest) {
      this.emit(bytes, at, at + longest, { code: 'limit', message: `message longer than ${longest} bytes: only those were read` }, out);
      this.skipToEnd = true;
      return at + longest;
    }
    if (end < 0 && !last) return at;
    this.emit(bytes, at, end < 0 ? bytes.length : end, undefined, out);
    return end < 0 ? bytes.length : end;
  }

  private emit(bytes: Uint8Array, from: number, to: number, damage: Damage | undefined, out: FrameSink<Message>): void {
    let end = to;
    while (end > from && (bytes[end - 1] === LF || bytes[end - 1] === CR || bytes[end - 1] === NUL)) end--;
    const span = { offset: this.offset + from, length: end - from };
    if (end === from) {
      out.damaged(span, damage?.code ?? 'malformed', damage?.message ?? 'a message without text');
      return;
    }
    const slice = bytes.subarray(from, end);
    const text = decodeStrictUtf8(slice);
    const odd: Damage | undefined =
      text === undefined
        ? { code: 'encoding', message: 'bytes that are not UTF-8 were replaced' }
        : text.includes('\0')
          ? { code: 'encoding', message: 'NUL bytes inside the record' }
          : undefined;
    out.frame({ ...span, text: text ?? decodeUtf8(slice), damage: damage ?? odd });
  }
}

interface Count {
  /** Index of the message's first byte. */
  readonly start: number;
  readonly size: number;
}

/** `123 <`: a count, a space and the beginning of a priority. */
function countAt(bytes: Uint8Array, at: number, last: boolean): Count | 'more' | undefined {
  let size = 0;
  let end = at;
  for (; end < bytes.length && end - at <= COUNT_DIGITS; end++) {
    const digit = (bytes[end] as number) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    size = size * 10 + digit;
  }
  if (end === at || end - at > COUNT_DIGITS || bytes[at] === 48) return undefined;
  if (end + 1 >= bytes.length) return last ? undefined : 'more';
  return bytes[end] === SPACE && bytes[end + 1] === LESS ? { start: end + 1, size } : undefined;
}

function endOfMessage(bytes: Uint8Array, at: number): number {
  const feed = bytes.indexOf(LF, at);
  const nul = bytes.indexOf(NUL, at);
  return feed < 0 ? nul : nul < 0 ? feed : Math.min(feed, nul);
}
