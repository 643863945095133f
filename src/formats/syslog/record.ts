/**
 * One syslog line to its parts: RFC 3164 and its dialects, rsyslog's ISO files, RFC 5424; with or without `<PRI>` in front.
 * {@link https://www.rfc-editor.org/rfc/rfc3164} {@link https://www.rfc-editor.org/rfc/rfc5424}
 */
import type { Instant, TimeQuality } from '../../model/event.js';
import type { Facts } from '../../model/source.js';
import { detach } from '../bytes.js';
import { parsePriority, parsePriorityName, priorityEnd, priorityOf, type Priority } from './priority.js';
import { parseStructuredData, structuredDataEnd, type StructuredData } from './structured-data.js';
import { isTag, parseTag } from './tag.js';
import { timestampEnd, timestampReader, yearlessMonthDay, type TimeReading } from './timestamp.js';

export interface SyslogRecord {
  /** Absent: the line says no time, or an impossible one. */
  readonly time?: Instant;
  readonly timeQuality?: TimeQuality;
  readonly host?: string;
  readonly program?: string;
  readonly pid?: number;
  /** PROCID when it is no number. */
  readonly processId?: string;
  readonly message: string;
  readonly priority?: Priority;
  readonly messageId?: string;
  readonly structuredData?: StructuredData;
  /** What of the line does not follow its format. */
  readonly fault?: string;
}

export interface SyslogReader {
  /** @returns undefined when the line has no syslog header at all. */
  read(text: string): SyslogRecord | undefined;
}

const SPACE = 32;

export function syslogReader(facts: Facts): SyslogReader {
  const times = timestampReader(facts);
  return {
    read(text) {
      const value = parsePriority(text);
      let from = value === undefined ? 0 : priorityEnd;
      const priority = value === undefined ? undefined : priorityOf(value);
      if (isVersioned(text, from)) return readRfc5424(text, from, priority, times);
      if (value !== undefined) from = skipSequence(text, from);
      const time = times.read(text, from);
      if (time === undefined) return undefined;
      return readTraditional(text, timestampEnd, time, priority);
    },
  };
}

/** Cisco numbers its messages in front of the time: `<189>45: *Mar  1 18:46:11: …` */
const SEQUENCE = /\d{1,10}: /y;

function skipSequence(text: string, from: number): number {
  const code = text.charCodeAt(from);
  if (code === SPACE) return from + 1;
  if (!(code >= 48 && code <= 57)) return from;
  SEQUENCE.lastIndex = from;
  return SEQUENCE.test(text) ? SEQUENCE.lastIndex : from;
}

/** `1 2024-05-01T…` or `1 - ` */
function isVersioned(text: string, from: number): boolean {
  const code = text.charCodeAt(from);
  if (!(code >= 49 && code <= 57) || text.charCodeAt(from + 1) !== SPACE) return false;
  const next = text.charCodeAt(from + 2);
  return next === 45 ? text.charCodeAt(from + 3) === SPACE && from > 0 : next >= 48 && next <= 57 && text.charCodeAt(from + 6) === 45;
}

function readTraditional(text: string, at: number, { time, timeQuality }: TimeReading, priority: Priority | undefined): SyslogRecord {
  let from = at;
  while (text.charCodeAt(from) === SPACE) from++;
  // FreeBSD's `syslogd -v`: `May  1 10:11:12 <auth.info> host prog: text`
  let level = priority;
  if (text.charCodeAt(from) === 60) {
    const close = text.indexOf('> ', from);
    const named = close > 0 && close - from < 24 ? parsePriorityName(text.slice(from + 1, close)) : undefined;
    if (named !== undefined) {
      level = named;
      from = close + 2;
    }
  }
  const host = hostAt(text, from);
  const tag = parseTag(text, host === undefined ? from : from + host.length + 1);
  return {
    time,
    timeQuality,
    host,
    program: tag.program,
    pid: tag.pid,
    processId: tag.processId,
    message: tag.message,
    priority: level ?? tag.priority,
    messageId: tag.messageId,
    fault: time === undefined ? 'the time does not exist' : undefined,
  };
}

/** A host name or address, up to the next space. */
const HOST = /[\w.:%@/\\-]{1,255}(?= )/y;

/** The last host found: most lines of a file name the same one. No tag is mistaken for it: it holds neither colon nor bracket. */
let lastHost = '';

/** The host, unless what stands there is a tag or text: old daemons leave their own host out. */
function hostAt(text: string, from: number): string | undefined {
  if (lastHost !== '' && text.charCodeAt(from + lastHost.length) === SPACE && text.startsWith(lastHost, from)) return lastHost;
  HOST.lastIndex = from;
  const host = HOST.exec(text)?.[0];
  if (host === undefined || /^-+$/.test(host) || isTag(text, from)) return undefined;
  if (host === 'last') return text.startsWith('last message ', from) ? undefined : host;
  if (!host.includes(':')) lastHost = detach(host);
  return host;
}

const HEADER_FIELDS = 4;

function readRfc5424(text: string, from: number, priority: Priority | undefined, times: ReturnType<typeof timestampReader>): SyslogRecord {
  let at = from + 2;
  let read: TimeReading = {};
  let fault: string | undefined;
  const stampEnd = endOfField(text, at);
  if (stampEnd - at === 1) fault = 'the record names no time';
  else {
    const time = times.read(text, at);
    if (time === undefined || timestampEnd !== stampEnd) fault = 'the time does not follow RFC 5424';
    else {
      read = time;
      if (time.time === undefined) fault = 'the time does not exist';
    }
  }
  at = stampEnd + 1;
  const fields: (string | undefined)[] = [];
  while (fields.length < HEADER_FIELDS && at <= text.length) {
    const end = endOfField(text, at);
    const field = text.slice(at, end);
    fields.push(field === '-' || field === '' ? undefined : field);
    at = end + 1;
  }
  if (fields.length < HEADER_FIELDS) fault ??= 'the header ends early';
  const [host, program, procId, messageId] = fields;
  const pid = procId !== undefined && /^\d{1,10}$/.test(procId) ? Number(procId) : undefined;
  const body = readBody(text, at);
  return {
    time: read.time,
    timeQuality: read.timeQuality,
    host,
    program,
    pid,
    processId: pid === undefined ? procId : undefined,
    message: body.message,
    priority,
    messageId,
    structuredData: body.structuredData,
    fault: fault ?? body.fault,
  };
}

function readBody(text: string, at: number): Pick<SyslogRecord, 'message' | 'structuredData' | 'fault'> {
  const first = text.charCodeAt(at);
  if (first === 45 && (at + 1 >= text.length || text.charCodeAt(at + 1) === SPACE)) return { message: withoutMark(text.slice(at + 2)) };
  const structuredData = first === 91 ? parseStructuredData(text, at) : undefined;
  if (structuredData !== undefined) return { message: withoutMark(text.slice(structuredDataEnd + 1)), structuredData };
  return {
    message: withoutMark(text.slice(at)),
    fault: at >= text.length ? 'the header ends early' : 'structured data does not follow RFC 5424',
  };
}

/** A message in UTF-8 may begin with a byte order mark. */
function withoutMark(message: string): string {
  return message.charCodeAt(0) === 0xfeff ? message.slice(1) : message;
}

function endOfField(text: string, at: number): number {
  const end = text.indexOf(' ', at);
  return end < 0 ? text.length : end;
}

/** For the year of a rotated set: `month * 100 + day` of a line that leaves it out. */
export function syslogMonthDay(text: string): number | undefined {
  const from = parsePriority(text) === undefined ? 0 : skipSequence(text, priorityEnd);
  return yearlessMonthDay(text, from);
}

/** How a line looks, for identification: 0 no header, 1 a time and text, 2 a tag behind it too, 3 RFC 5424. */
export function syslogLikeness(text: string): 0 | 1 | 2 | 3 {
  const record = syslogReader({}).read(text);
  if (record === undefined) return 0;
  const from = parsePriority(text) === undefined ? 0 : priorityEnd;
  if (isVersioned(text, from)) return record.fault === undefined ? 3 : 1;
  return record.program === undefined ? 1 : 2;
}
