/** What the examiner says, checked before anything is read with it. */
import { parseRfc3339 } from '../formats/time.js';
import { zoneClock } from '../formats/zone.js';
import type { Instant } from '../model/event.js';
import type { Facts } from '../model/source.js';

/**
 * @returns The same with `collected` as an Instant, and nothing else that the object may hold.
 * @throws RangeError with code `time` or `time-zone`.
 */
export function checkFacts({ host, timeZone, collected, firstYear }: Facts): Facts {
  if (timeZone !== undefined) zoneClock(timeZone);
  return { host, timeZone, collected: collected === undefined ? undefined : parseInstant(collected), firstYear };
}

/** @throws RangeError with code `time`. */
export function parseInstant(text: string): Instant {
  const instant = parseRfc3339(text);
  if (instant !== undefined) return instant;
  throw Object.assign(new RangeError(`"${text}" is not a time`), {
    code: 'time',
    hint: 'write it as 2024-05-01T10:11:12Z or with an offset: 2024-05-01T12:11:12+02:00',
  });
}
