/** Local times of a named zone or fixed offset to UTC. Uses the platform's zone data, never the analyst's own zone. */

/** Seconds east of UTC at a UTC second. */
type Offset = (utcSecond: number) => number;

const FIXED = /^(?:UTC|GMT|Z)?(?:([+-])([01]\d|2[0-3]):?([0-5]\d))?$/;

/** @throws RangeError with code `time-zone` when the zone is not known. */
function offsetOf(zone: string): Offset {
  const fixed = FIXED.exec(zone);
  if (fixed !== null) {
    const east = (fixed[1] === '-' ? -60 : 60) * (Number(fixed[2] ?? 0) * 60 + Number(fixed[3] ?? 0));
    return () => east;
  }
  const format = zoneFormat(zone);
  const known = new Map<number, number>();
  return (utcSecond) => {
    // Zones change on quarter hours of UTC.
    const bucket = Math.floor(utcSecond / 900);
    let east = known.get(bucket);
    if (east === undefined) {
      if (known.size > 4096) known.clear();
      east = readOffset(format.format(bucket * 900_000));
      known.set(bucket, east);
    }
    return east;
  };
}

function zoneFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
  } catch (cause) {
    throw Object.assign(new RangeError(`unknown time zone "${zone}"`, { cause }), {
      code: 'time-zone',
      hint: 'use an IANA name such as Europe/Berlin, or an offset such as +02:00',
    });
  }
}

/** `1/1/2024, GMT+02:00` to seconds east. Old local mean times carry seconds. */
function readOffset(text: string): number {
  const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (match === null || match[1] === undefined) return 0;
  const east = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return match[1] === '-' ? -east : east;
}

const DAY = 86400;
/** A clock that shows an hour twice goes on from its last record; records may be this late (seconds). */
const LATE = 300;

/**
 * Converts seconds of a local clock (counted as if it were UTC) to UTC seconds.
 * An hour that the clock shows twice is taken as the pass that goes on from the last record; one that it skips, as the time before the jump.
 */
export function zoneClock(zone: string): (localSecond: number) => number {
  const offset = offsetOf(zone);
  let last = Number.NEGATIVE_INFINITY;
  return (localSecond) => {
    const before = localSecond - offset(localSecond - DAY);
    const after = localSecond - offset(localSecond + DAY);
    let utc = before;
    if (before !== after) {
      const beforeFits = before + offset(before) === localSecond;
      const afterFits = after + offset(after) === localSecond;
      if (afterFits && (!beforeFits || (after > before && before < last - LATE))) utc = after;
    }
    last = utc;
    return utc;
  };
}
