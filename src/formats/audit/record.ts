/**
 * The head of an audit record: `[node=NAME ]type=NAME msg=audit(SECONDS.MILLIS:SERIAL):`, as the kernel and auditd write it,
 * and what `ausearch -i` and journald make of it.
 * {@link https://github.com/linux-audit/audit-documentation/wiki/SPEC-Audit-Event-Enrichment | enriched events}
 */
import { detach } from '../bytes.js';
import { recordType } from './record-types.js';
import { parseDateOrder, type DateOrder, type LocalStamp } from './stamp.js';

/** One record. The object is used again for the next: copy what you keep. */
export interface AuditRecord {
  readonly node?: string;
  /** By name: `SYSCALL`. */
  readonly type: string;
  /** As written between the brackets: `1714557012.101:401`. The records of one event share it. */
  readonly stamp: string;
  /** Unix seconds. */
  readonly second: number;
  /** 0–999,999,999. */
  readonly nanos: number;
  /** Absent where the writer leaves it out (journald's short forms). */
  readonly serial?: number;
  /** Its fields. */
  readonly body: string;
  /** Written by `ausearch -i`: names for numbers, no quotes, no hex. */
  readonly interpreted: boolean;
  /** Its time was local, in a zone that the text does not tell. */
  readonly local: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface KnownHead {
  readonly text: string;
  readonly type: string;
}

/** Heads of the types that come most, found by the type's first two letters. */
const HEADS = new Map<number, KnownHead>(
  ['SYSCALL', 'PATH', 'PROCTITLE', 'EXECVE', 'CWD', 'SOCKADDR'].map((type) => [
    (type.charCodeAt(0) << 8) | type.charCodeAt(1),
    { type, text: `type=${type} msg=audit(` },
  ]),
);

const CLOSE = 41;
const COLON = 58;
const SPACE = 32;

/** Reads heads. It remembers the last one: the records of an event mostly follow one another. */
export class RecordReader {
  private readonly record: Mutable<AuditRecord> = {
    node: undefined,
    type: '',
    stamp: '\0',
    second: 0,
    nanos: 0,
    serial: undefined,
    body: '',
    interpreted: false,
    local: false,
  };
  private order: DateOrder | undefined;
  private node = '';

  /** @param toUtc Local seconds (as if they were UTC) to Unix seconds, for interpreted times. */
  constructor(private readonly toUtc: (localSecond: number) => number) {}

  /** @returns undefined when the text at `start` is no audit record. */
  read(text: string, start = 0): AuditRecord | undefined {
    const head = HEADS.get((text.charCodeAt(start + 5) << 8) | text.charCodeAt(start + 6));
    if (head !== undefined && text.startsWith(head.text, start)) {
      this.record.node = undefined;
      return this.stamped(text, head.type, start + head.text.length);
    }
    let at = start;
    while (text.charCodeAt(at) === SPACE) at++;
    let node: string | undefined;
    if (text.startsWith('node=', at)) {
      const end = text.indexOf(' ', at);
      if (end < 0) return undefined;
      node = text.slice(at + 5, end);
      at = end + 1;
    }
    if (!text.startsWith('type=', at)) return undefined;
    const typeEnd = text.indexOf(' ', at + 5);
    if (typeEnd < 0 || typeEnd - at > 45) return undefined;
    const stamp = text.startsWith('msg=audit(', typeEnd + 1) ? typeEnd + 11 : text.startsWith('audit(', typeEnd + 1) ? typeEnd + 7 : -1;
    if (stamp < 0) return undefined;
    this.record.node = node === undefined ? undefined : this.nodeName(node);
    return this.stamped(text, recordType(text.slice(at + 5, typeEnd)), stamp);
  }

  /** One copy for all records that follow one another. */
  private nodeName(node: string): string {
    return (this.node = node === this.node ? this.node : detach(node));
  }

  private stamped(text: string, type: string, at: number): AuditRecord | undefined {
    const { record } = this;
    let close = at + record.stamp.length;
    if (text.charCodeAt(close) !== CLOSE || !text.startsWith(record.stamp, at)) {
      close = text.indexOf(')', at);
      if (close < 0 || close - at > 60 || !this.time(text.slice(at, close))) return undefined;
    }
    record.type = type;
    // Interpreters put a blank before the colon.
    record.interpreted = text.charCodeAt(close + 1) === SPACE && text.charCodeAt(close + 2) === COLON;
    let from = close + (record.interpreted ? 3 : 1);
    if (text.charCodeAt(from) === COLON) from++;
    if (text.charCodeAt(from) === SPACE) from++;
    record.body = text.slice(from);
    return record;
  }

  /** @returns false when it is no time. */
  private time(stamp: string): boolean {
    const epoch = parseEpochStamp(stamp);
    const time = epoch ?? this.localStamp(stamp);
    if (time === undefined) return false;
    const { record } = this;
    record.stamp = stamp;
    record.second = time.second;
    record.nanos = time.nanos;
    record.serial = time.serial;
    record.local = epoch === undefined;
    return true;
  }

  private localStamp(stamp: string): Stamp | undefined {
    const local: LocalStamp | undefined = parseDateOrder(stamp, this.order);
    if (local === undefined) return undefined;
    if (local.sure) this.order = local.order;
    return { second: this.toUtc(local.localSecond), nanos: local.nanos, serial: local.serial };
  }
}

interface Stamp {
  readonly second: number;
  readonly nanos: number;
  readonly serial?: number;
}

// 1714557012.101:401
function parseEpochStamp(stamp: string): Stamp | undefined {
  const second = digits(stamp, 0);
  const point = digitsEnd;
  if (point === 0 || stamp.charCodeAt(point) !== 46 /* . */) return undefined;
  const fraction = digits(stamp, point + 1);
  const colon = digitsEnd;
  if (colon === point + 1 || colon - point > 10 || stamp.charCodeAt(colon) !== 58 /* : */) return undefined;
  const serial = digits(stamp, colon + 1);
  if (digitsEnd === colon + 1 || digitsEnd !== stamp.length) return undefined;
  return { second, nanos: colon - point === 4 ? fraction * 1e6 : fraction * 10 ** (10 - (colon - point)), serial };
}

let digitsEnd = 0;

/** The number at `at`, at most 15 digits; sets {@link digitsEnd}. */
function digits(text: string, at: number): number {
  let value = 0;
  let end = at;
  for (; end < at + 15; end++) {
    const code = text.charCodeAt(end);
    if (!(code >= 48 && code <= 57)) break;
    value = value * 10 + code - 48;
  }
  digitsEnd = end;
  return value;
}
