/**
 * Parts of a time, as written: no zone is applied.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-appendix-modifiers.html#time-modifiers | Sigma modifiers, Time}
 */

export const timeUnits = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimeUnit = (typeof timeUnits)[number];

// 2024-05-01T10:11:12.123Z     2024-05-01 10:11     2024-05-01
const WRITTEN = /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[T ](?<hour>\d\d):(?<minute>\d\d)(?::|$|[Z+.,-]))?/i;
// 1714558272     1714558272.123     1714558272123
const EPOCH = /^\d{9,16}(?:\.\d{1,9})?$/;

/** @returns undefined for what is no time, or a date when a time of day is asked for. */
export function timePart(value: unknown, unit: TimeUnit): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value);
  const written = WRITTEN.exec(text)?.groups ?? (EPOCH.test(text) ? WRITTEN.exec(epochText(Number(text)))?.groups : undefined);
  if (written === undefined) return undefined;
  if (unit === 'week') return isoWeek(Number(written['year']), Number(written['month']), Number(written['day']));
  const part = written[unit];
  return part === undefined ? undefined : Number(part);
}

/** Seconds, milliseconds or microseconds since 1970, by size. */
function epochText(epoch: number): string {
  const milliseconds = epoch < 1e11 ? epoch * 1000 : epoch < 1e14 ? epoch : epoch / 1000;
  return new Date(milliseconds).toISOString();
}

const DAY = 86_400_000;

/** Weeks begin on Monday; the first one holds the year's first Thursday (ISO 8601). */
function isoWeek(year: number, month: number, day: number): number {
  const date = Date.UTC(year, month - 1, day);
  const weekday = (new Date(date).getUTCDay() + 6) % 7;
  const thursday = date + (3 - weekday) * DAY;
  const january = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - january) / (7 * DAY)) + 1;
}
