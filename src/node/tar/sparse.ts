/**
 * Sparse members: the archive holds the written stretches of a file only (lastlog, journals). Between them lie zeros.
 * {@link https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html | GNU sparse formats}
 */
import { decodeLatin1 } from '../../formats/bytes.js';
import { Failure } from '../../intake/failure.js';
import type { ByteReader } from '../byte-reader.js';
import type { UnpackLimits } from '../limits.js';
import { BLOCK, decodeNumber } from './header.js';
import { paxNumber, paxValue, type PaxRecords } from './pax.js';

export interface SparseMap {
  /** Bytes of the file, holes counted. */
  readonly realSize: number;
  readonly stretches: readonly (readonly [offset: number, size: number])[];
  /** Bytes of the member's body that the map took. */
  readonly taken: number;
}

/** Stretches looked at, at most: 24 bytes each in the archive. */
const MOST_STRETCHES = 1_000_000;

/** Old GNU format: four stretches in the header, 21 more in each block behind it. Those blocks are not counted in the member's size. */
export async function readOldMap(header: Uint8Array, reader: ByteReader): Promise<SparseMap | undefined> {
  const realSize = decodeNumber(header, 483, 12);
  const stretches: [number, number][] = [];
  let more = takeEntries(header, 386, 4, stretches) && header[482] === 1;
  while (more && stretches.length < MOST_STRETCHES) {
    const block = await reader.take(BLOCK);
    if (block.length < BLOCK) break;
    more = takeEntries(block, 0, 21, stretches) && block[504] === 1;
  }
  return realSize === undefined || !inOrder(stretches, realSize) ? undefined : { realSize, stretches, taken: 0 };
}

function takeEntries(block: Uint8Array, at: number, count: number, into: [number, number][]): boolean {
  for (let i = 0; i < count; i++) {
    const offset = decodeNumber(block, at + 24 * i, 12);
    const size = decodeNumber(block, at + 24 * i + 12, 12);
    if (offset === undefined || size === undefined) return false;
    if (offset === 0 && size === 0 && i > 0) return false;
    into.push([offset, size]);
  }
  return true;
}

export function isPaxSparse(records: PaxRecords): boolean {
  return records.some(([key]) => key === 'GNU.sparse.major' || key === 'GNU.sparse.map' || key === 'GNU.sparse.offset');
}

/** PAX formats 0.0 and 0.1 write the map into the records, 1.0 at the head of the body. */
export async function readPaxMap(records: PaxRecords, reader: ByteReader, size: number): Promise<SparseMap | undefined> {
  const realSize = paxNumber(records, 'GNU.sparse.realsize') ?? paxNumber(records, 'GNU.sparse.size');
  if (realSize === undefined) return undefined;
  if (paxNumber(records, 'GNU.sparse.major') === 1) return readBodyMap(reader, realSize, size);
  const map = paxValue(records, 'GNU.sparse.map');
  const numbers =
    map === undefined
      ? records.filter(([key]) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes').map(([, value]) => decodeLatin1(value))
      : decodeLatin1(map).split(',');
  return mapOf(numbers, realSize, 0);
}

/** A count, then offsets and sizes, one decimal number a line, filled up to whole blocks. */
async function readBodyMap(reader: ByteReader, realSize: number, size: number): Promise<SparseMap | undefined> {
  let text = '';
  for (let taken = 0; taken < size;) {
    const block = await reader.take(BLOCK);
    taken += block.length;
    text += decodeLatin1(block);
    const lines = text.split('\n');
    const count = lines.length > 1 && /^\d{1,7}$/.test(lines[0] as string) ? Number(lines[0]) : Number.NaN;
    if (!(count <= MOST_STRETCHES) || block.length < BLOCK) return undefined;
    if (lines.length > 2 * count + 1) return mapOf(lines.slice(1, 2 * count + 1), realSize, taken);
  }
  return undefined;
}

function mapOf(numbers: readonly string[], realSize: number, taken: number): SparseMap | undefined {
  if (numbers.length % 2 !== 0 || !numbers.every((text) => /^\d{1,15}$/.test(text))) return undefined;
  const stretches = Array.from({ length: numbers.length / 2 }, (_, i): [number, number] => [
    Number(numbers[2 * i]),
    Number(numbers[2 * i + 1]),
  ]);
  return inOrder(stretches, realSize) ? { realSize, stretches, taken } : undefined;
}

function inOrder(stretches: readonly (readonly [number, number])[], realSize: number): boolean {
  let end = 0;
  for (const [offset, size] of stretches) {
    if (offset < end) return false;
    end = offset + size;
  }
  return end <= realSize;
}

const ZEROS = new Uint8Array(1 << 16);

/**
 * The file as it was, holes filled.
 * @throws Failure with code `limit` when the holes are out of all proportion.
 */
export async function* fillHoles(
  body: AsyncIterable<Uint8Array>,
  { realSize, stretches }: SparseMap,
  limits: Pick<UnpackLimits, 'ratio' | 'ratioFrom'>,
): AsyncGenerator<Uint8Array> {
  const stored = stretches.reduce((sum, [, size]) => sum + size, 0);
  const most = Math.max(limits.ratioFrom, stored * limits.ratio);
  // The last entry stands for the file's end.
  const waiting = [...stretches.filter(([, size]) => size > 0), [realSize, 0] as const];
  let at = 0;
  let next = 0;
  /** Zeros up to the next stretch. */
  function* hole(): Generator<Uint8Array> {
    const end = (waiting[next] as readonly [number, number])[0];
    while (at < end) {
      if (at >= most)
        throw new Failure('limit', `a sparse file of ${realSize} bytes, of which ${stored} are written: the first ${at} were read`);
      const zeros = ZEROS.subarray(0, Math.min(ZEROS.length, end - at, most - at));
      at += zeros.length;
      yield zeros;
    }
  }
  for await (const chunk of body) {
    for (let from = 0; from < chunk.length && next < waiting.length;) {
      yield* hole();
      const [offset, size] = waiting[next] as readonly [number, number];
      const part = chunk.subarray(from, from + offset + size - at);
      if (part.length === 0) break;
      yield part;
      at += part.length;
      from += part.length;
      if (at === offset + size) next++;
    }
  }
  // The archive ended within a stretch: that has been told.
  if (next < waiting.length - 1) return;
  yield* hole();
}
