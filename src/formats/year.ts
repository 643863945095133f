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

/** Records of another clock in a row, at most: a central log holds the lines of machines whose clocks are months off. */
const STRAYS = 50;

/** Whether two dates may be neighbours, in whatever year. */
function isNear(monthDay: number, other: number): boolean {
  const days = Math.abs(dayOfYear(monthDay) - dayOfYear(other));
  return days <= DISORDER_DAYS || days >= 366 - DISORDER_DAYS;
}

/** Days from a date on within which a log goes on after another clock's records, and back for disorder. */
const RETURN_DAYS = 3;
const RETURN_BACK_DAYS = 1;

/** Whether a log that stood at a date may simply have gone on to the other, whatever stood between. */
function isReturn(from: number, to: number): boolean {
  const days = (dayOfYear(to) - dayOfYear(from) + 366) % 366;
  return days <= RETURN_DAYS || days >= 366 - RETURN_BACK_DAYS;
}

/** Counts years along the dates of a log, from its first record on. */
class YearSteps {
  /** Years passed since the first record. */
  passed = 0;
  /** The latest date so far. */
  latest = { year: 0, monthDay: 0 };
  /** Years, counted from the first, in which there was a 29 February. */
  leapYears: readonly number[] = [];
  private last: number | undefined;
  /** What was so before the last jump: when the dates come back there, the records between were another clock's. */
  private before: (Pick<YearSteps, 'passed' | 'latest' | 'leapYears'> & { readonly monthDay: number; records: number }) | undefined;

  see(monthDay: number): void {
    if (this.last !== undefined && monthDay !== this.last) this.move(this.last, monthDay);
    if (this.before !== undefined && ++this.before.records > STRAYS) this.before = undefined;
    this.last = monthDay;
    const { passed, latest } = this;
    if (passed > latest.year || (passed === latest.year && monthDay > latest.monthDay)) this.latest = { year: passed, monthDay };
    if (monthDay === 229 && !this.leapYears.includes(passed)) this.leapYears = [...this.leapYears, passed];
  }

  private move(last: number, monthDay: number): void {
    const { before, passed, latest, leapYears } = this;
    if (isNear(last, monthDay)) {
      this.passed += yearStep(last, monthDay);
    } else if (before !== undefined && isReturn(before.monthDay, monthDay)) {
      this.passed = before.passed + yearStep(before.monthDay, monthDay);
      this.latest = before.latest;
      this.leapYears = before.leapYears;
      this.before = undefined;
    } else {
      this.before = { monthDay: last, passed, latest, leapYears, records: 0 };
      this.passed += yearStep(last, monthDay);
    }
  }
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
  const steps = new YearSteps();
  const lastDay = (first: number): number => {
    const { year, monthDay } = steps.latest;
    return daysFromCivil(first + year, Math.floor(monthDay / 100), monthDay % 100);
  };
  /** First years in which every 29 February exists, latest first. */
  const candidates = (around: Instant): number[] => {
    if (steps.latest.monthDay === 0) return [];
    const start = Number(around.slice(0, 4)) - steps.latest.year + 1;
    return Array.from({ length: 10 }, (_, back) => start - back).filter((first) =>
      steps.leapYears.every((after) => isLeapYear(first + after)),
    );
  };
  return {
    see(monthDay) {
      steps.see(monthDay);
    },
    get passed() {
      return steps.passed;
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
  const steps = new YearSteps();
  let first: number | undefined;
  return {
    read(month, day, secondOfDay, nanos) {
      if (day < 1 || day > daysInMonth(2000, month)) return undefined;
      const monthDay = month * 100 + day;
      first ??= facts.firstYear ?? startYear(facts, monthDay);
      steps.see(monthDay);
      const year = first + steps.passed;
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
