/**
 * klog, the log format of the Kubernetes daemons: `I0501 10:11:12.123456    1234 kubelet.go:2407] "SyncLoop ADD" source="api"`.
 * Header: {@link https://github.com/kubernetes/klog/blob/v2.130.1/internal/buffer/buffer.go | FormatHeader()}; JSON:
 * {@link https://github.com/kubernetes/component-base/blob/v0.34.4/logs/json/json.go | NewJSONLogger()}. The text behind the header is read
 * in `klog-values.ts`.
 */
import type { Instant } from '../model/event.js';
import { detach } from './bytes.js';
import { parseKlogText } from './klog-values.js';
import { instantOf, parseRfc3339 } from './time.js';

export type KlogSeverity = 'info' | 'warning' | 'error' | 'fatal';

/** A value as JSON has them. Text logs give strings, numbers, booleans, and what they wrote as JSON. */
export type KlogValue = string | number | boolean | null | readonly KlogValue[] | { readonly [key: string]: KlogValue };

export interface KlogHeader {
  readonly severity: KlogSeverity;
  readonly month: number;
  readonly day: number;
  /** 0–86400 */
  readonly secondOfDay: number;
  readonly nanos: number;
  /** klog calls it a thread id; it is the process id. */
  readonly pid: number;
  /** File and line that wrote the record: `kubelet.go:2407`. */
  readonly caller: string;
  /** Where the message begins. */
  readonly messageAt: number;
}

/** What one record says, whichever way it was written. */
export interface KlogMessage {
  /** The constant message of a structured record; all of the text of a printf-style one. */
  readonly text: string;
  readonly structured: boolean;
  /** Key and value pairs, in order. Empty in printf-style records. */
  readonly fields: ReadonlyMap<string, KlogValue>;
}

export interface KlogRecord extends KlogMessage {
  readonly severity?: KlogSeverity;
  readonly caller?: string;
  readonly pid?: number;
  /** The time as the header writes it, without year and zone: `0501 10:11:12.123456`. */
  readonly stamp?: string;
  /** JSON logs only. */
  readonly time?: Instant;
  /** Verbosity of an info record; JSON logs only. */
  readonly verbosity?: number;
}

/** Callers are few and repeat: one copy each, cut loose from their lines. */
const callers = new Map<string, string>();
const MOST_CALLERS = 4096;

function intern(caller: string): string {
  const known = callers.get(caller);
  if (known !== undefined) return known;
  if (callers.size >= MOST_CALLERS) callers.clear();
  const own = detach(caller);
  callers.set(own, own);
  return own;
}

const SEVERITIES: Readonly<Record<string, KlogSeverity>> = { I: 'info', W: 'warning', E: 'error', F: 'fatal' };

// I0501 10:11:12.123456    1234 kubelet.go:2407] "SyncLoop ADD"        older: 1234 kubelet/kubelet.go:2407]
const HEADER = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} {1,8}(?<pid>\d{1,10}) (?<caller>[^\s\]:]{1,255}:\d{1,7})\](?: |$)/;

const twoDigits = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

/** True for text that begins with a klog header: two cheap looks before the regular expression. */
export function beginsKlog(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first !== 73 && first !== 87 && first !== 69 && first !== 70) return false;
  return text.charCodeAt(5) === 32 && text.charCodeAt(14) === 46 && HEADER.test(text);
}

export function parseKlogHeader(text: string): KlogHeader | undefined {
  if (text.charCodeAt(5) !== 32 || text.charCodeAt(14) !== 46) return undefined;
  const match = HEADER.exec(text);
  const groups = match?.groups;
  if (match === null || groups === undefined) return undefined;
  const month = twoDigits(text, 1);
  const day = twoDigits(text, 3);
  const hour = twoDigits(text, 6);
  const minute = twoDigits(text, 9);
  const second = twoDigits(text, 12);
  if (hour > 23 || minute > 59 || second > 60 || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return {
    severity: SEVERITIES[text.charAt(0)] as KlogSeverity,
    month,
    day,
    secondOfDay: hour * 3600 + minute * 60 + second,
    nanos: Number(text.slice(15, 21)) * 1000,
    pid: Number(groups['pid']),
    caller: intern(groups['caller'] as string),
    messageAt: match[0].length,
  };
}

/** `month * 100 + day` of a klog line. */
export function klogMonthDay(line: string): number | undefined {
  const header = beginsKlog(line) ? parseKlogHeader(line) : undefined;
  return header === undefined ? undefined : header.month * 100 + header.day;
}

/** A whole record, text or JSON. */
export function parseKlog(text: string): KlogRecord | undefined {
  if (text.charCodeAt(0) === 123 /* { */) return parseKlogJson(text);
  const header = parseKlogHeader(text);
  if (header === undefined) return undefined;
  const message = parseKlogText(text.slice(header.messageAt));
  return {
    text: message.text,
    structured: message.structured,
    fields: message.fields,
    severity: header.severity,
    caller: header.caller,
    pid: header.pid,
    stamp: text.slice(1, 21),
  };
}

// {"ts":1714558272123.4567,…      libraries inside the daemons (etcd's client): {"level":"warn","ts":"2024-05-01T10:11:12.123456Z",…
const JSON_BEGIN = /^\{"(?:level":"[a-z]{4,6}",")?ts":["\d]/;

/** True for text that begins a JSON record. */
export function beginsKlogJson(text: string): boolean {
  return text.charCodeAt(0) === 123 /* { */ && JSON_BEGIN.test(text);
}

/** Keys that are the record's own. */
const OWN: ReadonlySet<string> = new Set(['ts', 'caller', 'msg', 'v', 'level']);
const LEVELS: Readonly<Record<string, KlogSeverity>> = { debug: 'info', info: 'info', warn: 'warning', error: 'error', fatal: 'fatal' };

/** `{"ts":1714558272123.4567,"caller":"kubelet/kubelet.go:2407","msg":"SyncLoop ADD","v":2,"source":"api"}` */
export function parseKlogJson(text: string): KlogRecord | undefined {
  const record = parseObject(text);
  if (record === undefined) return undefined;
  const { ts, caller, msg, v, level } = record;
  if (typeof msg !== 'string' || (typeof ts !== 'number' && typeof ts !== 'string')) return undefined;
  const fields = new Map<string, KlogValue>();
  for (const [key, value] of Object.entries(record)) if (!OWN.has(key)) fields.set(key, value as KlogValue);
  return {
    text: msg,
    structured: true,
    fields,
    // Only info records have a verbosity; errors have `err`.
    severity: typeof level === 'string' && Object.hasOwn(LEVELS, level) ? LEVELS[level] : typeof v === 'number' ? 'info' : 'error',
    caller: typeof caller === 'string' ? caller : undefined,
    verbosity: typeof v === 'number' ? v : undefined,
    time: typeof ts === 'number' ? instantOfMillis(TS.exec(text)?.[1] ?? String(ts)) : parseRfc3339(ts),
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The writer puts `ts` first. */
const TS = /^\{"ts":(\d{1,15}(?:\.\d{1,20})?)[,}]/;

/** Milliseconds with a fraction, as digits: a double would change the last one. */
function instantOfMillis(millis: string): Instant | undefined {
  const match = /^(\d{1,15})(?:\.(\d{1,6}))?/.exec(millis);
  if (match === null) return undefined;
  const whole = Number(match[1]);
  const seconds = Math.floor(whole / 1000);
  return instantOf(seconds, (whole - seconds * 1000) * 1e6 + Number((match[2] ?? '').padEnd(6, '0')));
}
