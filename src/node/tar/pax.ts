/**
 * Extended headers: `30 mtime=1714521600.123456789\n`. The length counts the whole record, so values may hold anything.
 * {@link https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03 | pax Extended Header}
 */
import { decodeLatin1 } from '../../formats/bytes.js';

/** In the order written: GNU's sparse maps repeat their keys. */
export type PaxRecords = readonly (readonly [key: string, value: Uint8Array])[];

const SPACE = 32;
const EQUALS = 61;
const LF = 10;

/** Records up to the first that is broken. */
export function decodePax(bytes: Uint8Array): PaxRecords {
  const records: [string, Uint8Array][] = [];
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(SPACE, at);
    if (blank < 0 || blank - at > 10) break;
    const length = Number(decodeLatin1(bytes, at, blank));
    const end = at + length;
    if (!Number.isInteger(length) || end <= blank || end > bytes.length || bytes[end - 1] !== LF) break;
    const equals = bytes.indexOf(EQUALS, blank);
    if (equals < 0 || equals >= end) break;
    records.push([decodeLatin1(bytes, blank + 1, equals), bytes.slice(equals + 1, end - 1)]);
    at = end;
  }
  return records;
}

/** The last record of a key counts. */
export function paxValue(records: PaxRecords, key: string): Uint8Array | undefined {
  return records.findLast(([name]) => name === key)?.[1];
}

export function paxNumber(records: PaxRecords, key: string): number | undefined {
  const value = paxValue(records, key);
  const text = value === undefined ? '' : decodeLatin1(value);
  return /^-?\d{1,15}(?:\.\d{1,12})?$/.test(text) ? Number(text) : undefined;
}
