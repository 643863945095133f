/**
 * The journal export format to entries: `NAME=text` lines, binary fields as a name, a 64-bit size and the bytes, blank lines between entries.
 * {@link https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-export-format}
 */
import type { Damage, Frame, Framer, FrameSink, Framing, Limits } from '../../model/parser.js';
import { concatBytes, decodeLatin1, decodeStrictUtf8, decodeUtf8 } from '../bytes.js';
import { addField, entryOf, isFieldName, type FieldValue, type JournalEntry } from '../journal/entry.js';

export interface ExportRecord extends Frame {
  readonly entry: JournalEntry;
  readonly faults: readonly Damage[];
}

const LF = 10;
const CR = 13;
const EQUALS = 61;
const HASH = 35;
/** Bytes of a binary field's size. */
const SIZE = 8;

export const journalExport: Framing<ExportRecord> = (limits) => new ExportFramer(limits);

/** What the next field turned out to be: the index behind it, or why there is none yet. */
type Step = number | 'more' | 'end' | 'broken';

class ExportFramer implements Framer<ExportRecord> {
  private pending: Uint8Array = new Uint8Array(0);
  private base = 0;
  /** How far the pending entry has been read. */
  private at = 0;
  /** Looking for the blank line behind a broken entry. */
  private skipping = false;
  private fields = new Map<string, FieldValue>();
  private addresses = new Map<string, string>();
  private binary: string[] = [];
  private faults: Damage[] = [];
  /** Fields and comments seen: an entry of none is only a blank line. */
  private seen = 0;

  constructor(private readonly limits: Limits) {}

  push(chunk: Uint8Array, out: FrameSink<ExportRecord>): void {
    this.pending = this.pending.length === 0 ? chunk : concatBytes([this.pending, chunk]);
    this.readAll(out, false);
    this.pending = this.pending.slice();
  }

  end(out: FrameSink<ExportRecord>): void {
    this.readAll(out, true);
    if (this.pending.length === 0) return;
    if (!this.skipping) this.emit(out, this.pending.length);
    this.drop(this.pending.length);
  }

  private readAll(out: FrameSink<ExportRecord>, last: boolean): void {
    while (this.pending.length > 0) {
      if (this.skipping && !this.skip()) return;
      if (this.at === 0 && this.passBlank()) continue;
      if (this.pending.length === 0) return;
      const step = this.readField(last);
      if (step === 'more') {
        if (last || this.pending.length <= this.limits.recordBytes) return;
        this.fault('limit', `entry longer than ${this.limits.recordBytes} bytes: its rest was not read`);
        this.breakOff(out);
      } else if (step === 'broken') {
        this.breakOff(out);
      } else if (step === 'end') {
        this.emit(out, this.at);
        this.drop(this.at + 1);
      } else {
        this.at = step;
      }
    }
  }

  private passBlank(): boolean {
    let blank = 0;
    while (this.pending[blank] === LF || this.pending[blank] === CR) blank++;
    if (blank > 0) this.drop(blank);
    return blank > 0;
  }

  private readField(last: boolean): Step {
    const { pending: bytes, at } = this;
    if (at >= bytes.length) return 'more';
    if (bytes[at] === LF) return 'end';
    const feed = bytes.indexOf(LF, at);
    if (feed < 0) {
      if (last) this.readCut(at);
      return 'more';
    }
    const line = bytes.subarray(at, feed);
    this.seen++;
    if (line[0] === HASH) return feed + 1;
    const equals = line.indexOf(EQUALS);
    if (equals > 0) {
      this.take(decodeLatin1(line.subarray(0, equals)), line.subarray(equals + 1));
      return feed + 1;
    }
    const name = decodeLatin1(line.subarray(0, 65));
    if (!isFieldName(name)) {
      this.fault('malformed', 'a line that is no field');
      return feed + 1;
    }
    return this.readBinary(name, feed + 1, last);
  }

  private readBinary(name: string, at: number, last: boolean): Step {
    const { pending: bytes } = this;
    if (at + SIZE > bytes.length) {
      if (last) this.fault('truncated', `the evidence ends within field ${name}`);
      return 'more';
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, SIZE);
    const size = view.getUint32(4, true) * 4294967296 + view.getUint32(0, true);
    const end = at + SIZE + size;
    if (size > this.limits.recordBytes) {
      this.fault(size > 768 * 1024 * 1024 ? 'malformed' : 'limit', `field ${name} of ${size} bytes was not read`);
      return 'broken';
    }
    if (end >= bytes.length) {
      if (!last) return 'more';
      this.take(name, bytes.subarray(at + SIZE, Math.min(end, bytes.length)));
      if (end > bytes.length) this.fault('truncated', `the evidence ends within field ${name}`);
      return 'more';
    }
    if (bytes[end] !== LF) {
      this.fault('malformed', `field ${name} is not as long as it says`);
      return 'broken';
    }
    this.take(name, bytes.subarray(at + SIZE, end));
    return end + 1;
  }

  /** The last line has no end. */
  private readCut(at: number): void {
    const line = this.pending.subarray(at);
    const equals = line.indexOf(EQUALS);
    this.seen++;
    if (equals > 0) this.take(decodeLatin1(line.subarray(0, equals)), line.subarray(equals + 1));
    this.fault('truncated', 'the evidence ends within a field');
  }

  private take(name: string, bytes: Uint8Array): void {
    if (!isFieldName(name)) return this.fault('malformed', 'a field with an impossible name');
    const text = decodeStrictUtf8(bytes);
    const value = text ?? decodeUtf8(bytes);
    if (name.startsWith('__')) {
      this.addresses.set(name, value);
      return;
    }
    addField(this.fields, name, value);
    if (text === undefined) this.binary.push(name);
  }

  private fault(code: Damage['code'], message: string): void {
    if (this.faults.length < 16) this.faults.push({ code, message });
  }

  /** Gives what was read of a broken entry, and looks for the next one. */
  private breakOff(out: FrameSink<ExportRecord>): void {
    this.emit(out, Math.max(this.at, 1));
    this.skipping = true;
    this.drop(Math.max(this.at - 1, 0));
  }

  /** @returns Whether the blank line was found. */
  private skip(): boolean {
    const { pending: bytes } = this;
    for (let at = bytes.indexOf(LF); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(LF, at + 1)) {
      if (bytes[at + 1] !== LF) continue;
      this.drop(at + 2);
      this.skipping = false;
      return true;
    }
    this.drop(Math.max(0, bytes.length - 1));
    return false;
  }

  private drop(count: number): void {
    this.pending = this.pending.subarray(count);
    this.base += count;
    this.at = 0;
  }

  private emit(out: FrameSink<ExportRecord>, end: number): void {
    const { pending, fields, addresses, binary, faults, base } = this;
    let length = end;
    while (length > 1 && pending[length - 1] === LF) length--;
    const bytes = pending.subarray(0, length);
    this.fields = new Map();
    this.addresses = new Map();
    this.binary = [];
    this.faults = [];
    const nothing = this.seen === 0 && faults.length === 0;
    this.seen = 0;
    if (nothing) return;
    const entry = entryOf(fields, addresses, { binary: binary.length === 0 ? undefined : binary });
    const span = { offset: base, length };
    if (fields.size === 0 && faults.length > 0) {
      const fault = faults[0] as Damage;
      return out.damaged(span, fault.code, fault.message);
    }
    out.frame({
      ...span,
      entry,
      faults,
      // Only asked for when raw records are kept.
      get text() {
        return decodeUtf8(bytes);
      },
    });
  }
}
