/** k-way merge of sorted runs. Equal times come in the order of the runs, and within a run in its own order: the merge is stable. */
import type { Run } from './run.js';
import type { Block } from './block.js';

/** Items handed on at once. */
const BATCH = 2048;

interface Cursor<T> {
  readonly order: number;
  readonly run: Run<T>;
  block: Block<T>;
  at: number;
  /** Keys of the item at `at`. */
  second: number;
  nanos: number;
}

function before<T>(a: Cursor<T>, b: Cursor<T>): boolean {
  return a.second !== b.second ? a.second < b.second : a.nanos !== b.nanos ? a.nanos < b.nanos : a.order < b.order;
}

/** Puts the cursor at `hole` back in its place among its children (binary heap, least on top). */
function sink<T>(heap: Cursor<T>[], hole: number): void {
  const cursor = heap[hole] as Cursor<T>;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Cursor<T>, heap[child] as Cursor<T>)) child++;
    if (!before(heap[child] as Cursor<T>, cursor)) break;
    heap[hole] = heap[child] as Cursor<T>;
    hole = child;
  }
  heap[hole] = cursor;
}

export async function* mergeRuns<T>(runs: readonly Run<T>[]): AsyncGenerator<T[], void, undefined> {
  const heap: Cursor<T>[] = [];
  for (const [order, run] of runs.entries()) {
    const block = await nextBlock(run);
    if (block !== undefined) heap.push(place({ order, run, block, at: 0, second: 0, nanos: 0 }));
  }
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i);
  let batch: T[] = [];
  while (heap.length > 0) {
    const top = heap[0] as Cursor<T>;
    batch.push(top.block.items[top.at] as T);
    if (++top.at < top.block.items.length) place(top);
    else {
      const block = await nextBlock(top.run);
      if (block !== undefined) {
        top.block = block;
        top.at = 0;
        place(top);
      } else {
        const last = heap.pop() as Cursor<T>;
        if (heap.length > 0) heap[0] = last;
      }
    }
    if (heap.length > 1) sink(heap, 0);
    if (batch.length >= BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function place<T>(cursor: Cursor<T>): Cursor<T> {
  cursor.second = cursor.block.seconds[cursor.at] as number;
  cursor.nanos = cursor.block.nanos[cursor.at] as number;
  return cursor;
}

/** The next block that holds something. */
async function nextBlock<T>(run: Run<T>): Promise<Block<T> | undefined> {
  for (;;) {
    const block = await run.next();
    if (block === undefined || block.items.length > 0) return block;
  }
}
