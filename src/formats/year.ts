/** Years for clocks that leave them out (RFC 3164, klog). */
import type { Instant, TimeQuality } from '../model/event.js';
import type { Facts } from '../model/source.js';
import { daysFromCivil, daysInMonth, instantOf, isLeapYear } from './time.js';
import { zoneClock } from './zone.js';

/** Steps back of at most this many days are disorder or a corrected clock; more is a new year. */
const DISORDER_DAYS = 30;
/** The year shown when nothing at all tells: visibly no guess. */
const NO_YEAR = 1970;

/** Day of a year without year, 1–366, with 29 February in its place. */
function dayOfYear(monthDay: number): number {
  return daysFromCivil(2000, Math.floor(monthDay / 100), monthDay % 100) - daysFromCivil(2000, 1, 1) + 1;
}

/** Years by which a record's date moves on from the last one: +1 over New Year, -1 for a straggler from the old year. */
function yearStep(lastMonthDay: number, monthDay: number): number {
  const days = dayOfYear(monthDay) - dayOfYear(lastMonthDay);
  if (days < -DISORDER_DAYS) return 1;
  return days > 366 - DISORDER_DAYS ? -1 : 0;
}

/** Reads the dates of a source, or of a rotated set from its oldest file on, to find the year of the first one. */
export interface YearScan {
  /** Takes the next record's `month * 100 + day`. */
  see(monthDay: number): void;
  /** Years passed since the first record, so far. */
  readonly passed: number;
  /** The largest first year in which no record is later than `collected`, and every 29 February exists. */
  firstYear(collected: Instant): number | undefined;
  /** The first year that brings the last record closest to `near`, earlier or later. */
  firstYearNear(near: Instant): number | undefined;
}

export function yearScan(): YearScan {
  let last: number | undefined;
  let passed = 0;
  let latest = { year: 0, monthDay: 0 };
  const leapDays = new Set<number>();
  const lastDay = (first: number): number => daysFromCivil(first + latest.year, Math.floor(latest.monthDay / 100), latest.monthDay % 100);
  /** First years in which every 29 February exists, latest first. */
  const candidates = (around: Instant): number[] => {
    if (last === undefined) return [];
    const start = Number(around.slice(0, 4)) - latest.year + 1;
    return Array.from({ length: 10 }, (_, back) => start - back).filter((first) =>
      [...leapDays].every((after) => isLeapYear(first + after)),
    );
  };
  return {
    see(monthDay) {
      if (last !== undefined) passed += yearStep(last, monthDay);
      last = monthDay;
      if (monthDay === 229) leapDays.add(passed);
      if (passed > latest.year || (passed === latest.year && monthDay > latest.monthDay)) latest = { year: passed, monthDay };
    },
    get passed() {
      return passed;
    },
    firstYear(collected) {
      const limit = dayNumber(collected) + 1; // the machine's zone may be a day ahead of UTC
      return candidates(collected).find((first) => lastDay(first) <= limit);
    },
    firstYearNear(near) {
      const distance = (first: number): number => Math.abs(lastDay(first) - dayNumber(near));
      return candidates(near).reduce<number | undefined>(
        (best, first) => (best === undefined || distance(first) < distance(best) ? first : best),
        undefined,
      );
    },
  };
}

function dayNumber(instant: Instant): number {
  return daysFromCivil(Number(instant.slice(0, 4)), Number(instant.slice(5, 7)), Number(instant.slice(8, 10)));
}

export interface ClockReading {
  readonly time: Instant;
  readonly timeQuality: TimeQuality;
}

/** A machine's clock that shows month, day and time of day, but no year and no zone. */
export interface YearlessClock {
  /**
   * @param secondOfDay 0–86399; 86400 when the record says `23:59:60`.
   * @returns undefined for a date that does not exist (31 April, 29 February of a common year).
   */
  read(month: number, day: number, secondOfDay: number, nanos: number): ClockReading | undefined;
}

/** Follows one source, or one rotated set, from its first record on. */
export function yearlessClock(facts: Facts): YearlessClock {
  const toUtc = zoneClock(facts.timeZone ?? 'UTC');
  let year: number | undefined;
  let last = 0;
  return {
    read(month, day, secondOfDay, nanos) {
      if (day < 1 || day > daysInMonth(2000, month)) return undefined;
      const monthDay = month * 100 + day;
      if (year === undefined) year = facts.firstYear ?? startYear(facts, monthDay);
      else year += monthDay === last ? 0 : yearStep(last, monthDay);
      last = monthDay;
      if (day > daysInMonth(year, month)) return undefined;
      const time = instantOf(toUtc(daysFromCivil(year, month, day) * 86400 + secondOfDay), nanos);
      return time === undefined ? undefined : { time, timeQuality: 'assumed-zone-and-year' };
    },
  };
}

function startYear(facts: Facts, monthDay: number): number {
  if (facts.collected === undefined) return NO_YEAR;
  const scan = yearScan();
  scan.see(monthDay);
  return scan.firstYear(facts.collected) ?? NO_YEAR;
}

/** A clock that shows date and time, but no zone. */
export interface ZonelessClock {
  read(localSecond: number, nanos: number): ClockReading | undefined;
}

export function zonelessClock(facts: Facts): ZonelessClock {
  const toUtc = zoneClock(facts.timeZone ?? 'UTC');
  return {
    read(localSecond, nanos) {
      const time = instantOf(toUtc(localSecond), nanos);
      return time === undefined ? undefined : { time, timeQuality: 'assumed-zone' };
    },
  };
}
