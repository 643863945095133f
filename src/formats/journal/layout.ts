/**
 * The bytes of a journal file: where header and objects keep what.
 * {@link https://systemd.io/JOURNAL_FILE_FORMAT/}, src/libsystemd/sd-journal/journal-def.h at v257.
 * All numbers are little endian; offsets count from the file's start; objects stand at multiples of 8.
 */

export const SIGNATURE = 'LPKSHHRH';

/** Bytes of the oldest header that we read (systemd 38). */
export const OLDEST_HEADER = 208;

export const HEADER = {
  compatible: 8,
  incompatible: 12,
  state: 16,
  fileId: 24,
  machineId: 40,
  seqnumId: 72,
  headerSize: 88,
  arenaSize: 96,
  tailObject: 136,
  entries: 152,
  tailSeqnum: 160,
  headSeqnum: 168,
  entryArray: 176,
} as const;

export const COMPATIBLE_SEALED = 1;

export const INCOMPATIBLE = { xz: 1, lz4: 2, keyedHash: 4, zstd: 8, compact: 16 } as const;
/** All incompatible flags that we know. */
export const KNOWN_INCOMPATIBLE = 31;

export const STATES = ['offline', 'online', 'archived'] as const;

export const OBJECT = { data: 1, field: 2, entry: 3, dataHashTable: 4, fieldHashTable: 5, entryArray: 6, tag: 7 } as const;

/** Bytes of an object's own header: type, flags, six reserved bytes, size. */
export const OBJECT_HEADER = 16;

/** Smallest size of each type of object (bytes), by type number. */
export const LEAST_SIZE = [0, 65, 41, 64, 32, 32, 24, 64] as const;

/** Bits of an object's flags: how its payload is compressed. */
export const COMPRESSED = { xz: 1, lz4: 2, zstd: 4 } as const;

export const DATA = { hash: 16, payload: 64, compactPayload: 72 } as const;
export const ENTRY = { seqnum: 16, realtime: 24, monotonic: 32, bootId: 40, xorHash: 56, items: 64 } as const;
export const ENTRY_ARRAY = { next: 16, items: 24 } as const;

/** Fields of one entry: journald takes no more. src/libsystemd/sd-journal/journal-importer.h, ENTRY_FIELD_COUNT_MAX */
export const MOST_FIELDS = 1024;
