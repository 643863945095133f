/** PAX extended headers: `<length> <key>=<value>\n`, lengths in bytes, values any bytes. */
import { decodeLatin1 } from '../bytes.js';

/** Key and value, one UTF-16 unit per byte. An empty value takes an earlier record back. */
export type PaxRecord = readonly [key: string, value: string];

/** Digits of a record's length that can be meant: 10^9 bytes are past every limit. */
const LENGTH_DIGITS = 10;

/** @returns The records before the first one that is out of order, and what is wrong with that one. */
export function decodePax(bytes: Uint8Array): { records: PaxRecord[]; damage?: string } {
  const text = decodeLatin1(bytes);
  const records: PaxRecord[] = [];
  let at = 0;
  while (at < text.length) {
    // Writers pad with NULs when they shorten a header in place.
    if (text.charCodeAt(at) === 0) return { records };
    const blank = text.indexOf(' ', at);
    const digits = blank < 0 || blank - at > LENGTH_DIGITS ? '' : text.slice(at, blank);
    const end = /^\d+$/.test(digits) ? at + Number(digits) : 0;
    if (end <= blank + 2 || end > text.length || text[end - 1] !== '\n')
      return { records, damage: `PAX record at byte ${at} does not end where it says` };
    const equals = text.indexOf('=', blank + 1);
    if (equals < 0 || equals >= end || equals === blank + 1) return { records, damage: `PAX record at byte ${at} has no key` };
    records.push([text.slice(blank + 1, equals), text.slice(equals + 1, end - 1)]);
    at = end;
  }
  return { records };
}

/** Lays records over others: later ones win, empty values remove. */
export function layOver(under: ReadonlyMap<string, string>, records: readonly PaxRecord[]): ReadonlyMap<string, string> {
  if (records.length === 0) return under;
  const merged = new Map(under);
  for (const [key, value] of records) {
    if (value === '' && !key.startsWith('SCHILY.xattr.')) merged.delete(key);
    else merged.set(key, value);
  }
  return merged;
}
