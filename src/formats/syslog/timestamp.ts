/** The times that syslog daemons put in front of a line, in all their dialects. */
import type { Facts } from '../../model/source.js';
import type { Instant, TimeQuality } from '../../model/event.js';
import { detach } from '../bytes.js';
import { daysFromCivil, daysInMonth, parseLocalDateTime, parseMonth, parseRfc3339, rfc3339End } from '../time.js';
import { yearlessClock, zonelessClock } from '../year.js';

export interface TimeReading {
  /** Absent: a timestamp stands there, but it names no possible time. */
  readonly time?: Instant;
  readonly timeQuality?: TimeQuality;
}

/** A traditional timestamp taken apart. */
interface BsdStamp {
  month: number;
  day: number;
  year: number | undefined;
  /** 0–86400 */
  secondOfDay: number;
  nanos: number;
  /** The line says that its clock shows UTC. */
  utc: boolean;
}

/** Where the last timestamp ended. Valid until the next call. */
export let timestampEnd = 0;

/** One stamp, used again for the next line. */
const stamp: BsdStamp = { month: 0, day: 0, year: undefined, secondOfDay: 0, nanos: 0, utc: false };

const digitAt = (text: string, at: number): number => {
  const digit = text.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9 ? digit : -1;
};

function numberAt(text: string, at: number, digits: number): number {
  let value = 0;
  for (let i = 0; i < digits; i++) {
    const digit = digitAt(text, at + i);
    if (digit < 0) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** `2024 ` at `at`: years of 1970–2199 only, anything else is a host or text. */
function yearAt(text: string, at: number): number | undefined {
  const year = numberAt(text, at, 4);
  return year >= 1970 && year < 2200 && text.charCodeAt(at + 4) === 32 ? year : undefined;
}

/**
 * `May  1 10:11:12`, and its dialects: day as `1`, ` 1` or `01`; a year before the month, before or behind the time of day;
 * fraction digits; `UTC` or `GMT` behind; a colon at the end, and `*` or `.` in front (Cisco).
 * Sets {@link stamp} and {@link timestampEnd}.
 */
function parseBsd(text: string, from: number): boolean {
  let at = from;
  const first = text.charCodeAt(at);
  if (first === 42 || first === 46) at++;
  stamp.year = yearAt(text, at);
  if (stamp.year !== undefined) at += 5;
  const month = parseMonth(text, at);
  if (month === undefined || text.charCodeAt(at + 3) !== 32) return false;
  at += text.charCodeAt(at + 4) === 32 ? 5 : 4;
  const width = digitAt(text, at + 1) >= 0 ? 2 : 1;
  const day = numberAt(text, at, width);
  at += width;
  if (day < 0 || text.charCodeAt(at) !== 32) return false;
  at++;
  if (stamp.year === undefined) {
    stamp.year = yearAt(text, at);
    if (stamp.year !== undefined) at += 5;
  }
  const hour = numberAt(text, at, 2);
  const minute = numberAt(text, at + 3, 2);
  const second = numberAt(text, at + 6, 2);
  if (hour < 0 || minute < 0 || second < 0 || text.charCodeAt(at + 2) !== 58 || text.charCodeAt(at + 5) !== 58) return false;
  at += 8;
  stamp.month = month;
  stamp.day = day;
  stamp.secondOfDay = hour <= 23 && minute <= 59 && second <= 60 ? hour * 3600 + minute * 60 + second : -1;
  stamp.nanos = 0;
  stamp.utc = false;
  const next = text.charCodeAt(at);
  if (next === 46 || next === 44) {
    let end = at + 1;
    while (digitAt(text, end) >= 0) end++;
    if (end === at + 1) return false;
    stamp.nanos = Number(text.slice(at + 1, Math.min(end, at + 10)).padEnd(9, '0'));
    at = end;
  }
  timestampEnd = endOfDialect(text, at);
  return timestampEnd >= 0;
}

/** Reads what some writers put behind the time of day; a space or the end of the text must follow. */
function endOfDialect(text: string, from: number): number {
  let at = from;
  if (text.startsWith(' UTC', at) || text.startsWith(' GMT', at)) {
    const after = text.charCodeAt(at + 4);
    if (after === 32 || after === 58) {
      stamp.utc = true;
      at += 4;
    }
  }
  if (stamp.year === undefined && text.charCodeAt(at) === 32) {
    stamp.year = yearAt(text, at + 1);
    if (stamp.year !== undefined) at += 5;
  }
  if (text.charCodeAt(at) === 58) at++;
  return at >= text.length || text.charCodeAt(at) === 32 ? at : -1;
}

/** A reader of the times of one source, in its order. */
export interface TimestampReader {
  /** Sets {@link timestampEnd}. @returns undefined when no timestamp stands at `from`. */
  read(text: string, from: number): TimeReading | undefined;
}

const IMPOSSIBLE: TimeReading = {};

export function timestampReader(facts: Facts): TimestampReader {
  const yearless = yearlessClock(facts);
  const yearlessUtc = yearlessClock({ ...facts, timeZone: 'UTC' });
  const zoneless = zonelessClock(facts);
  const zonelessUtc = zonelessClock({});

  const bsd = (): TimeReading => {
    const { year, month, day, secondOfDay, nanos, utc } = stamp;
    if (secondOfDay < 0) return IMPOSSIBLE;
    if (year === undefined) {
      const read = (utc ? yearlessUtc : yearless).read(month, day, secondOfDay, nanos) ?? IMPOSSIBLE;
      return utc && read.time !== undefined ? { time: read.time, timeQuality: 'assumed-year' } : read;
    }
    if (day < 1 || day > daysInMonth(year, month)) return IMPOSSIBLE;
    const read = (utc ? zonelessUtc : zoneless).read(daysFromCivil(year, month, day) * 86400 + secondOfDay, nanos) ?? IMPOSSIBLE;
    return utc && read.time !== undefined ? { time: read.time } : read;
  };

  /** The last traditional timestamp, the blank behind it included, and what it said: busy seconds have many lines. */
  let lastText = '';
  let lastReading = IMPOSSIBLE;

  return {
    read(text, from) {
      if (lastText !== '' && text.startsWith(lastText, from) && !mayGoOn(text.charCodeAt(from + lastText.length))) {
        timestampEnd = from + lastText.length - 1;
        return lastReading;
      }
      const first = text.charCodeAt(from);
      if (first >= 48 && first <= 57) {
        const time = parseRfc3339(text, from);
        if (time !== undefined) {
          timestampEnd = rfc3339End;
          return { time };
        }
        const local = parseLocalDateTime(text, from);
        if (local !== undefined) {
          timestampEnd = rfc3339End;
          return zoneless.read(local.second, local.nanos) ?? IMPOSSIBLE;
        }
      }
      if (!parseBsd(text, from)) return undefined;
      const reading = bsd();
      lastText = text.charCodeAt(timestampEnd) === 32 ? detach(text.slice(from, timestampEnd + 1)) : '';
      lastReading = reading;
      return reading;
    },
  };
}

/** A year or a zone may follow a timestamp behind a blank: digits, `UTC`, `GMT`. */
function mayGoOn(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 85 || code === 71;
}

/** Month and day as `month * 100 + day` of a timestamp that leaves the year out. */
export function yearlessMonthDay(text: string, from: number): number | undefined {
  return parseBsd(text, from) && stamp.year === undefined ? stamp.month * 100 + stamp.day : undefined;
}
