/**
 * Times as `ausearch -i` writes them: the date in the form of its user's locale, then `hh:mm:ss.mmm:serial`, both local.
 * {@link https://github.com/linux-audit/audit-userspace/blob/v3.0.9/src/ausearch-report.c | output_interpreted_record()}
 */
import { daysFromCivil, daysInMonth } from '../time.js';

/** Which of day and month comes first; a locale keeps to one. */
export type DateOrder = 'month-first' | 'day-first';

export interface LocalStamp {
  /** Seconds since 1970 as if the local time were UTC. */
  readonly localSecond: number;
  readonly nanos: number;
  readonly serial: number;
  readonly order: DateOrder;
  /** The text itself tells the order. */
  readonly sure: boolean;
}

// 05/01/24 10:11:12.123:456      05/01/2024 10:11:12.123:456      01.05.2024 …      2024-05-01 …      2024年05月01日 …      01/05/24 …
const STAMP =
  /^(?<a>\d{1,4})(?<mark>[/.年-]) ?(?<b>\d{1,2})[/.月-] ?(?<c>\d{1,4})\.?日? (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)\.(?<millis>\d{3}):(?<serial>\d{1,12})$/;

/**
 * Dotted dates have the day first, four-digit years at the start the month; with slashes the month comes first
 * (C and American locales) unless that is impossible or `known` says otherwise.
 */
export function parseDateOrder(stamp: string, known?: DateOrder): LocalStamp | undefined {
  const groups = STAMP.exec(stamp)?.groups;
  if (groups === undefined) return undefined;
  const of = (key: string): number => Number(groups[key]);
  const [a, b, c] = [of('a'), of('b'), of('c')];
  const yearFirst = (groups['a'] as string).length === 4;
  const dayFirst = groups['mark'] !== '/' || a > 12 || (b <= 12 && known === 'day-first');
  const [year, month, day] = yearFirst ? [a, b, c] : dayFirst ? [fullYear(c), b, a] : [fullYear(c), a, b];
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return undefined;
  const [hour, minute, second] = [of('hour'), of('minute'), of('second')];
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return {
    localSecond: daysFromCivil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second,
    nanos: of('millis') * 1e6,
    serial: of('serial'),
    order: dayFirst ? 'day-first' : 'month-first',
    sure: !yearFirst && (a > 12 || b > 12),
  };
}

/** Two digits as C's `%y` means them: 69–99 are the last century. */
function fullYear(year: number): number {
  return year >= 100 ? year : year < 69 ? 2000 + year : 1900 + year;
}
