/** Journal entries to the journal export format, which `systemd-journal-remote` turns into `.journal` files. {@link https://systemd.io/JOURNAL_EXPORT_FORMATS/} */

/** A value is text or bytes; a field may stand more than once. */
export type JournalFields = readonly (readonly [name: string, value: string | Uint8Array])[];

export interface JournalEntry {
  /** Microseconds since 1970. */
  readonly realtime: number;
  /** Microseconds since boot. */
  readonly monotonic: number;
  /** 32 hex digits. */
  readonly boot: string;
  readonly fields: JournalFields;
}

/** All in the length-prefixed form, which holds any bytes, but the entry's own addresses. */
export function toExportFormat(entries: readonly JournalEntry[]): Buffer {
  return Buffer.concat(entries.map(encodeEntry));
}

function encodeEntry({ realtime, monotonic, boot, fields }: JournalEntry): Buffer {
  const head = `__REALTIME_TIMESTAMP=${realtime}\n__MONOTONIC_TIMESTAMP=${monotonic}\n_BOOT_ID=${boot}\n`;
  return Buffer.concat([Buffer.from(head), ...fields.map(encodeField), Buffer.from('\n')]);
}

function encodeField([name, value]: JournalFields[number]): Buffer {
  const bytes = Buffer.from(value as string);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, bytes, Buffer.from('\n')]);
}
