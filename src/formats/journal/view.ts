/** A journal file's bytes with every access checked, and its header. */
import { decodeLatin1 } from '../bytes.js';
import { COMPATIBLE_SEALED, HEADER, INCOMPATIBLE, LEAST_SIZE, OBJECT, OBJECT_HEADER, OLDEST_HEADER, STATES } from './layout.js';

const TWO_32 = 4294967296;

export interface JournalView {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly headerSize: number;
  readonly compact: boolean;
  readonly incompatible: number;
  readonly sealed: boolean;
  readonly state: string;
  /** The key of keyed hashes. Absent: lookup3. */
  readonly key?: Uint8Array;
  readonly seqnumId: string;
  /** Entries that the header counts. */
  readonly entries: number;
  /** Offset of the last object; 0: none. */
  readonly tailObject: number;
  /** Offset of the first list of entries; 0: none. */
  readonly entryArray: number;
}

export interface JournalObject {
  readonly type: number;
  readonly flags: number;
  /** Bytes, header included, padding not. */
  readonly size: number;
}

/** 64 bits as a number: exact up to 2^53, beyond it only good for "too large". */
export function readU64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
}

/** 64 bits as decimal digits, always exact. */
export function readDecimal(view: DataView, at: number): string {
  const value = readU64(view, at);
  return Number.isSafeInteger(value) ? String(value) : String(view.getBigUint64(at, true));
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** 16 bytes as 32 hex digits. */
export function readId(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = at; i < at + 16; i++) text += HEX[bytes[i] as number] as string;
  return text;
}

/** @returns undefined when the bytes are too few for any header. The signature is the caller's to judge. */
export function openJournal(bytes: Uint8Array): JournalView | undefined {
  if (bytes.length < OLDEST_HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const incompatible = view.getUint32(HEADER.incompatible, true);
  const state = bytes[HEADER.state] as number;
  const headerSize = readU64(view, HEADER.headerSize);
  return {
    bytes,
    view,
    headerSize: headerSize >= OLDEST_HEADER && headerSize <= 4096 && headerSize % 8 === 0 ? headerSize : OLDEST_HEADER,
    compact: (incompatible & INCOMPATIBLE.compact) !== 0,
    incompatible,
    sealed: (view.getUint32(HEADER.compatible, true) & COMPATIBLE_SEALED) !== 0,
    state: STATES[state] ?? String(state),
    key: (incompatible & INCOMPATIBLE.keyedHash) === 0 ? undefined : bytes.slice(HEADER.fileId, HEADER.fileId + 16),
    seqnumId: readId(bytes, HEADER.seqnumId),
    entries: readU64(view, HEADER.entries),
    tailObject: readU64(view, HEADER.tailObject),
    entryArray: readU64(view, HEADER.entryArray),
  };
}

export function signatureOf(bytes: Uint8Array): string {
  return decodeLatin1(bytes.subarray(0, 8));
}

/** The object at an offset, or undefined when none can stand there. */
export function objectAt(journal: JournalView, at: number): JournalObject | undefined {
  const { bytes, view } = journal;
  if (!(at >= journal.headerSize && at % 8 === 0 && at + OBJECT_HEADER <= bytes.length)) return undefined;
  const type = bytes[at] as number;
  const flags = bytes[at + 1] as number;
  if (type < OBJECT.data || type > OBJECT.tag || flags > 7) return undefined;
  // Six reserved bytes are zero.
  if (view.getUint16(at + 2, true) !== 0 || view.getUint32(at + 4, true) !== 0) return undefined;
  const size = readU64(view, at + 8);
  if (size < (LEAST_SIZE[type] as number) || at + size > bytes.length) return undefined;
  return { type, flags, size };
}
