/**
 * Sorted entries as bytes: what spilled runs consist of, and what workers hand over. A block holds the sort keys of some hundred
 * entries as arrays, and their lines behind them; nothing is parsed to merge them. Only read by the program that wrote it.
 *
 *     count u32 | bytes of lines u32 | seconds f64 × count | nanos, marks, sources, lengths u32 × count each | lines
 */
import type { Entry } from './entry.js';
import { copyLines } from './entry.js';

/** Sorted items with their keys beside them. */
export interface Block<T> {
  readonly seconds: Float64Array;
  readonly nanos: Uint32Array;
  readonly items: readonly T[];
}

const HEADER = 8;
/** Bytes beside the line. */
const PER_ENTRY = 24;
/** A block ends with the entry that reaches one of these. */
const ENTRIES = 256;
const LINE_BYTES = 1 << 16;

/** @returns One chunk of bytes for each block. */
export function* encodeBlocks(entries: Iterable<Entry>): Generator<Uint8Array> {
  let some: Entry[] = [];
  let size = 0;
  for (const entry of entries) {
    some.push(entry);
    size += entry.end - entry.start;
    if (some.length < ENTRIES && size < LINE_BYTES) continue;
    yield encodeBlock(some, size);
    some = [];
    size = 0;
  }
  if (some.length > 0) yield encodeBlock(some, size);
}

function encodeBlock(entries: readonly Entry[], lineBytes: number): Uint8Array {
  const count = entries.length;
  const buffer = new ArrayBuffer(HEADER + count * PER_ENTRY + lineBytes);
  new Uint32Array(buffer, 0, 2).set([count, lineBytes]);
  const { seconds, nanos, marks, sources, lengths, lines } = viewsOf(buffer, count);
  for (let i = 0; i < count; i++) {
    const entry = entries[i] as Entry;
    seconds[i] = entry.second;
    nanos[i] = entry.nanos;
    marks[i] = entry.mark;
    sources[i] = entry.source;
    lengths[i] = entry.end - entry.start;
  }
  copyLines(entries, lines, 0);
  return new Uint8Array(buffer);
}

interface Views {
  readonly seconds: Float64Array;
  readonly nanos: Uint32Array;
  readonly marks: Uint32Array;
  readonly sources: Uint32Array;
  readonly lengths: Uint32Array;
  readonly lines: Uint8Array;
}

function viewsOf(buffer: ArrayBuffer, count: number): Views {
  const words = (index: number): Uint32Array => new Uint32Array(buffer, HEADER + count * (8 + 4 * index), count);
  return {
    seconds: new Float64Array(buffer, HEADER, count),
    nanos: words(0),
    marks: words(1),
    sources: words(2),
    lengths: words(3),
    lines: new Uint8Array(buffer, HEADER + count * PER_ENTRY),
  };
}

/** Reads blocks from bytes in chunks of any size. */
export class BlockReader {
  private readonly chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  private chunk: Uint8Array = new Uint8Array(0);
  private at = 0;

  constructor(input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.chunks = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
  }

  /** @throws RangeError when the bytes end inside a block: somebody touched the temporary folder. */
  async next(): Promise<Block<Entry> | undefined> {
    const header = new Uint8Array(HEADER);
    const found = await this.fill(header);
    if (found === 0) return undefined;
    const [count, lineBytes] = new Uint32Array(header.buffer) as unknown as [number, number];
    const block = new Uint8Array(HEADER + count * PER_ENTRY + lineBytes);
    const rest = block.subarray(HEADER);
    if (found < HEADER || (await this.fill(rest)) < rest.length) throw new RangeError('a temporary file was cut short');
    return decodeBlock(block.buffer, count);
  }

  /** @returns Bytes put into `target`: fewer than it holds at the end only. */
  private async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.at >= this.chunk.length) {
        const { done, value } = await this.chunks.next();
        if (done === true) return filled;
        this.chunk = value;
        this.at = 0;
      }
      const part = this.chunk.subarray(this.at, this.at + target.length - filled);
      target.set(part, filled);
      this.at += part.length;
      filled += part.length;
    }
    return filled;
  }
}

function decodeBlock(buffer: ArrayBuffer, count: number): Block<Entry> {
  const { seconds, nanos, marks, sources, lengths, lines } = viewsOf(buffer, count);
  const items: Entry[] = [];
  let start = 0;
  for (let i = 0; i < count; i++) {
    const end = start + (lengths[i] as number);
    items.push({
      second: seconds[i] as number,
      nanos: nanos[i] as number,
      mark: marks[i] as number,
      source: sources[i] as number,
      event: undefined,
      bytes: lines,
      start,
      end,
    });
    start = end;
  }
  return { seconds, nanos, items };
}
