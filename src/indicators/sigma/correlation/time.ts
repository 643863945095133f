/** Times of samples as numbers. Windows are seconds long: a double's 0.2 µs are enough. */

// 2024-05-01T10:11:12.123456789Z     2024-05-01T12:11:12+02:00
const RFC3339 = /^(?<day>\d{4}-\d\d-\d\d)[Tt ](?<clock>\d\d:\d\d:\d\d)(?:[.,](?<fraction>\d{1,12}))?(?<zone>[Zz]|[+-]\d\d:?\d\d)$/;

/** @returns Milliseconds since 1970 with a fraction; undefined for what is no RFC 3339 time. */
export function parseTime(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const { day, clock, fraction, zone } = RFC3339.exec(text)?.groups ?? {};
  if (zone === undefined) return undefined;
  const colon = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const seconds = Date.parse(`${day}T${clock}${colon}`);
  if (Number.isNaN(seconds)) return undefined;
  return seconds + (fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000);
}
