/** One journal entry, whichever form it came in: binary file, export, JSON, verbose text. */

/** Text; bytes that are no UTF-8 with replacement characters. A field that stands more than once has all its values in order. */
export type FieldValue = string | readonly string[];

export interface JournalEntry {
  /** When journald received it, microseconds since 1970. Absent: not told, or impossible. */
  readonly realtime?: number;
  /** Microseconds since boot, as recorded. */
  readonly monotonic?: string;
  /** 32 hex digits. */
  readonly bootId?: string;
  /** Decimal. */
  readonly seqnum?: string;
  /** 32 hex digits: the numbers of one series share it. */
  readonly seqnumId?: string;
  /** What the sender and journald wrote, without the entry's own addresses (`__…`). */
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** Fields whose bytes are not UTF-8. */
  readonly binary?: readonly string[];
  /** Fields that the writer of the export left out for their size. */
  readonly omitted?: readonly string[];
}

/** What journald takes as a name. src/basic/journal-importer.c, journal_field_valid() */
const NAME = /^[A-Z_][A-Z0-9_]{0,63}$/;

export function isFieldName(name: string): boolean {
  return NAME.test(name);
}

/** The field's first value. */
export function fieldOf(entry: JournalEntry, name: string): string | undefined {
  const value = entry.fields.get(name);
  return typeof value === 'string' || value === undefined ? value : value[0];
}

/** Collects the fields of one entry. */
export function addField(fields: Map<string, FieldValue>, name: string, value: string): void {
  const before = fields.get(name);
  if (before === undefined) fields.set(name, value);
  else if (typeof before === 'string') fields.set(name, [before, value]);
  else (before as string[]).push(value);
}

// s=b315fa9e86dd45c1ac4c44e55f57551d;i=1a;b=b0071000…a1;m=5b8d83;t=6176169b6e183;x=22e728ac43e25408
const CURSOR =
  /^s=(?<s>[0-9a-f]{32});i=(?<i>[0-9a-f]{1,16});b=(?<b>[0-9a-f]{32});m=(?<m>[0-9a-f]{1,16});t=(?<t>[0-9a-f]{1,13});x=[0-9a-f]{1,16}$/;

const hex = (digits: string | undefined): string | undefined => (digits === undefined ? undefined : String(BigInt(`0x${digits}`)));

/** The entry of a text form: addresses from their own fields, else from the cursor. */
export function entryOf(
  fields: Map<string, FieldValue>,
  addresses: ReadonlyMap<string, string>,
  odd: { binary?: readonly string[]; omitted?: readonly string[] },
): JournalEntry {
  const cursor = CURSOR.exec(addresses.get('__CURSOR') ?? '')?.groups;
  const realtime = addresses.get('__REALTIME_TIMESTAMP') ?? hex(cursor?.['t']);
  const bootId = fields.get('_BOOT_ID') ?? cursor?.['b'];
  return {
    realtime: realtime !== undefined && /^\d{1,16}$/.test(realtime) ? Number(realtime) : undefined,
    monotonic: addresses.get('__MONOTONIC_TIMESTAMP') ?? hex(cursor?.['m']),
    bootId: typeof bootId === 'string' ? bootId : bootId?.[0],
    seqnum: addresses.get('__SEQNUM') ?? hex(cursor?.['i']),
    seqnumId: addresses.get('__SEQNUM_ID') ?? cursor?.['s'],
    fields,
    binary: odd.binary,
    omitted: odd.omitted,
  };
}
