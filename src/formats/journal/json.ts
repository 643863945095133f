/**
 * One entry of `journalctl -o json`: strings; bytes as an array of numbers; a repeated field as an array of either; null for what was too large.
 * {@link https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format}
 */
import { decodeStrictUtf8, decodeUtf8 } from '../bytes.js';
import { addField, entryOf, isFieldName, type FieldValue, type JournalEntry } from './entry.js';

export interface JsonEntry {
  readonly entry: JournalEntry;
  /** Members that are no journal field. */
  readonly odd: readonly string[];
}

const some = (names: string[]): string[] | undefined => (names.length === 0 ? undefined : names);

/** @returns undefined when it is no journal entry. */
export function readJournalJson(value: unknown): JsonEntry | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = new Map<string, FieldValue>();
  const addresses = new Map<string, string>();
  const binary: string[] = [];
  const omitted: string[] = [];
  const odd: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (!isFieldName(name)) odd.push(name);
    else if (member === null) omitted.push(name);
    else if (name.startsWith('__')) {
      if (typeof member === 'string' || typeof member === 'number') addresses.set(name, String(member));
      else odd.push(name);
    } else if (!addMember(fields, binary, name, member)) odd.push(name);
  }
  if (fields.size === 0 && addresses.size === 0) return undefined;
  return { entry: entryOf(fields, addresses, { binary: some(binary), omitted: some(omitted) }), odd };
}

function addMember(fields: Map<string, FieldValue>, binary: string[], name: string, member: unknown): boolean {
  if (typeof member === 'string') {
    fields.set(name, member);
    return true;
  }
  if (typeof member === 'number' || typeof member === 'boolean') {
    fields.set(name, String(member));
    return true;
  }
  if (!Array.isArray(member)) return false;
  if (isBytes(member)) return addBytes(fields, binary, name, member);
  return member.every((value) => typeof value === 'string' || isBytes(value))
    ? member.every((value: unknown) => {
        if (typeof value !== 'string') return addBytes(fields, binary, name, value as number[]);
        addField(fields, name, value);
        return true;
      })
    : false;
}

function isBytes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((byte) => typeof byte === 'number' && byte >= 0 && byte <= 255 && Number.isInteger(byte));
}

function addBytes(fields: Map<string, FieldValue>, binary: string[], name: string, values: number[]): boolean {
  const bytes = Uint8Array.from(values);
  const text = decodeStrictUtf8(bytes);
  addField(fields, name, text ?? decodeUtf8(bytes));
  if (text === undefined) binary.push(name);
  return true;
}
