/**
 * Sparse files: which bytes of the file are in the archive; the rest are zeros.
 * {@link https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html | Sparse formats}
 */
import { GNU_SPARSE } from './layout.js';
import { decodeNumber } from './numbers.js';
import type { PaxRecord } from './pax.js';

/** A stretch of the file that has bytes. */
export interface SparsePart {
  readonly offset: number;
  readonly length: number;
}

/** Parts in a header or extension block, until the first empty one. */
export function decodeGnuParts(block: Uint8Array, at: number, count: number): SparsePart[] {
  const parts: SparsePart[] = [];
  for (let i = 0; i < count; i++) {
    const place = at + i * GNU_SPARSE.partBytes;
    if (block[place] === 0) break;
    const offset = decodeNumber(block, place, 12);
    const length = decodeNumber(block, place + 12, 12);
    if (offset === undefined || length === undefined) break;
    parts.push({ offset, length });
  }
  return parts;
}

/** The maps of formats 0.0 (a record per number) and 0.1 (one list): undefined when the records have none. */
export function paxParts(records: readonly PaxRecord[]): SparsePart[] | undefined {
  const list = records.findLast(([key]) => key === 'GNU.sparse.map')?.[1];
  if (list !== undefined) return pairUp(list.split(','));
  const numbers = records.filter(([key]) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes').map(([, value]) => value);
  return numbers.length === 0 ? undefined : pairUp(numbers);
}

/** Format 1.0 keeps its map before the content: decimal lines, the first one counts the parts. */
export class SparseMapReader {
  private text = '';
  private numbers: string[] = [];
  private wanted = 1;

  /** @returns The parts once the map is complete; undefined: more blocks are needed; `bad`: it is no map. */
  block(latin1: string): SparsePart[] | 'bad' | undefined {
    this.text += latin1;
    const lines = this.text.split('\n');
    this.text = lines.pop() ?? '';
    for (const line of lines) {
      if (this.numbers.length === this.wanted) break;
      if (!/^\d{1,16}$/.test(line)) return 'bad';
      this.numbers.push(line);
      if (this.numbers.length === 1) this.wanted = 1 + 2 * Number(line);
    }
    if (this.numbers.length === this.wanted) return pairUp(this.numbers.slice(1));
    return this.text.length > 16 ? 'bad' : undefined;
  }
}

function pairUp(numbers: readonly string[]): SparsePart[] {
  const parts: SparsePart[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) parts.push({ offset: decimal(numbers[i]), length: decimal(numbers[i + 1]) });
  return parts;
}

function decimal(text: string | undefined): number {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
}

/** Parts follow each other, lie inside the file, and are as many bytes as are stored. */
export function isSound(parts: readonly SparsePart[], size: number, stored: number): boolean {
  let end = 0;
  let sum = 0;
  for (const { offset, length } of parts) {
    if (!(offset >= end && length >= 0 && Number.isSafeInteger(offset + length))) return false;
    end = offset + length;
    sum += length;
  }
  return end <= size && sum === stored;
}
