/** A data object's payload: `NAME=value`, unpacked within limits and held against its hash. */
import { Decompress, decompress } from 'fzstd';
import { concatBytes } from '../bytes.js';
import type { Damage } from '../../model/parser.js';
import { COMPRESSED, DATA } from './layout.js';
import { decodeLz4Block } from './lz4.js';
import { readU64, type JournalObject, type JournalView } from './view.js';

/** Largest field unpacked (bytes): journald itself takes at most 768 MiB, and writes core dumps elsewhere. */
const LARGEST = 64 * 1024 * 1024;

export interface Payload {
  readonly bytes?: Uint8Array;
  /** Why there are none. */
  readonly fault?: Damage;
}

/** All that may be unpacked of one file (bytes): a small file must not become endless work. */
export interface Budget {
  left: number;
}

export function readPayload(journal: JournalView, at: number, object: JournalObject, budget: Budget): Payload {
  const start = at + (journal.compact ? DATA.compactPayload : DATA.payload);
  const packed = journal.bytes.subarray(start, at + object.size);
  if (packed.length === 0) return { fault: { code: 'integrity', message: 'a field without bytes' } };
  if (object.flags === 0) return { bytes: packed };
  if (object.flags === COMPRESSED.xz) return { fault: { code: 'unsupported', message: 'a field compressed with XZ was not read' } };
  const size = object.flags === COMPRESSED.lz4 ? lz4Size(packed) : object.flags === COMPRESSED.zstd ? zstdSize(packed) : -1;
  if (size === -1) return { fault: { code: 'integrity', message: 'a field whose compression is broken' } };
  if (size > Math.min(LARGEST, budget.left))
    return {
      fault: { code: 'limit', message: `a compressed field of ${size} bytes was not read: the limit is ${Math.min(LARGEST, budget.left)}` },
    };
  const bytes = object.flags === COMPRESSED.lz4 ? decodeLz4Block(packed.subarray(8), size) : decodeZstd(packed, size, budget.left);
  if (bytes === undefined || bytes.length === 0) return { fault: { code: 'integrity', message: 'a field whose compression is broken' } };
  budget.left -= bytes.length;
  return { bytes };
}

function lz4Size(packed: Uint8Array): number {
  if (packed.length < 9) return -1;
  return readU64(new DataView(packed.buffer, packed.byteOffset, 8), 0);
}

/** Content size in a frame's header; 0 when it is not told. {@link https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1.1} */
function zstdSize(packed: Uint8Array): number {
  if (packed.length < 6) return -1;
  const descriptor = packed[4] as number;
  const single = (descriptor & 32) !== 0;
  const flag = descriptor >> 6;
  const width = flag === 0 ? (single ? 1 : 0) : 1 << flag;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] as number);
  if (packed.length < at + width) return -1;
  let size = 0;
  for (let i = width - 1; i >= 0; i--) size = size * 256 + (packed[at + i] as number);
  return width === 2 ? size + 256 : size;
}

function decodeZstd(packed: Uint8Array, size: number, left: number): Uint8Array | undefined {
  try {
    if (size > 0) return decompress(packed, new Uint8Array(size));
    const parts: Uint8Array[] = [];
    let total = 0;
    const stream = new Decompress((part) => {
      total += part.length;
      if (total > Math.min(LARGEST, left)) throw new RangeError('too large');
      parts.push(part.slice());
    });
    stream.push(packed, true);
    return parts.length === 0 ? undefined : concatBytes(parts);
  } catch {
    return undefined;
  }
}
