/**
 * The head of an audit record: `[node=NAME ]type=NAME msg=audit(SECONDS.MILLIS:SERIAL):`, as the kernel and auditd write it.
 * {@link https://github.com/linux-audit/audit-documentation/wiki/SPEC-Audit-Event-Enrichment | enriched events}
 */
import { recordType } from './record-types.js';

export interface AuditRecord {
  readonly node?: string;
  /** By name: `SYSCALL`. */
  readonly type: string;
  /** What the records of one event share: node, time, serial. */
  readonly key: string;
  /** Unix seconds. */
  readonly second: number;
  /** 0–999,999,999. */
  readonly nanos: number;
  /** Absent where the writer leaves it out (journald's text, audisp's interpreted lines). */
  readonly serial?: number;
  /** The record's whole text. */
  readonly text: string;
  /** Index of the first field. */
  readonly from: number;
  /** Index behind the last field that the kernel or program wrote; what follows was added by auditd. */
  readonly to: number;
  /** Written by `ausearch -i`: names for numbers, no quotes, no hex. */
  readonly interpreted: boolean;
}

/** Between a record and what auditd adds to it (`log_format = ENRICHED`). */
const SEPARATOR = '\x1d';

/** @returns undefined when the text is no audit record in raw form. */
export function parseRecord(text: string, start = 0): AuditRecord | undefined {
  let at = start;
  while (text.charCodeAt(at) === 32) at++;
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
  return stamped(text, at + 5, typeEnd, stamp, node);
}

function stamped(text: string, typeFrom: number, typeTo: number, stamp: number, node: string | undefined): AuditRecord | undefined {
  const close = text.indexOf(')', stamp);
  if (close < 0 || close - stamp > 40) return undefined;
  const second = digits(text, stamp);
  const point = digitsEnd;
  if (point === stamp || text.charCodeAt(point) !== 46 /* . */) return undefined;
  const fraction = digits(text, point + 1);
  const colon = digitsEnd;
  if (colon === point + 1 || colon - point > 10 || text.charCodeAt(colon) !== 58 /* : */) return undefined;
  const serial = digits(text, colon + 1);
  if (digitsEnd === colon + 1 || digitsEnd !== close) return undefined;
  let from = close + 1;
  if (text.charCodeAt(from) === 58) from++;
  const separator = text.lastIndexOf(SEPARATOR);
  return {
    node,
    type: recordType(text.slice(typeFrom, typeTo)),
    key: node === undefined ? text.slice(stamp, close) : `${node} ${text.slice(stamp, close)}`,
    second,
    nanos: colon - point === 4 ? fraction * 1e6 : fraction * 10 ** (10 - (colon - point)),
    serial,
    text,
    from,
    to: separator < from ? text.length : separator,
    interpreted: false,
  };
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
