/** Numbers in tar headers: octal digits, or GNU's base-256 for what octal cannot hold. */

/**
 * @returns 0 for an empty field; undefined when it is neither octal nor base-256.
 * Numbers past 2^53 lose their last digits, which tells the caller enough: no file is that large.
 */
export function decodeNumber(block: Uint8Array, at: number, length: number): number | undefined {
  const first = block[at] as number;
  return (first & 0x80) !== 0 ? decodeBase256(block, at, length) : decodeOctal(block, at, length);
}

/** Big endian, two's complement over the whole field; the topmost bit only says that it is base-256. */
function decodeBase256(block: Uint8Array, at: number, length: number): number {
  const negative = ((block[at] as number) & 0x40) !== 0;
  const flip = negative ? 0xff : 0;
  let value = ((block[at] as number) ^ flip) & 0x7f;
  for (let i = at + 1; i < at + length; i++) value = value * 256 + ((block[i] as number) ^ flip);
  return negative ? -value - 1 : value;
}

/** Blanks and NULs around the digits; some writers end with a blank, some with NUL, some with neither. */
function decodeOctal(block: Uint8Array, at: number, length: number): number | undefined {
  const end = at + length;
  let i = at;
  while (i < end && isBlank(block[i] as number)) i++;
  let value = 0;
  for (; i < end; i++) {
    const digit = (block[i] as number) - 48;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  // What stands behind a NUL is nobody's: old writers left their stack there.
  if (i < end && block[i] === 0) return value;
  while (i < end && isBlank(block[i] as number)) i++;
  return i === end ? value : undefined;
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 0;
}

export interface TarTime {
  /** Unix seconds, rounded down. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

// -1.5   1714558272.123456789   1714558272
const DECIMAL = /^(?<sign>-?)(?<whole>\d{1,15})(?:\.(?<fraction>\d{0,40}))?$/;

/** Decimal seconds of a PAX record; digits past the ninth are cut. */
export function parseDecimalTime(text: string): TarTime | undefined {
  const parts = DECIMAL.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const whole = Number(parts.whole);
  const nanoseconds = Number((parts.fraction ?? '').slice(0, 9).padEnd(9, '0'));
  if (parts.sign !== '-') return { seconds: whole, nanoseconds };
  return nanoseconds === 0 ? { seconds: 0 - whole, nanoseconds: 0 } : { seconds: -whole - 1, nanoseconds: 1e9 - nanoseconds };
}

/** Decimal digits of a PAX record (size, uid, gid). */
export function parseDecimal(text: string): number | undefined {
  return /^-?\d{1,20}$/.test(text) ? Number(text) : undefined;
}
