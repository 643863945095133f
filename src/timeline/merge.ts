/** k-way merge of sorted runs. Equal times come in the order of the runs, and within a run in its own order: the merge is stable. */
import type { Item, Run } from './run.js';

/** Items handed on at once. */
const BATCH = 2048;

interface Cursor {
  readonly order: number;
  readonly run: Run;
  items: readonly Item[];
  at: number;
}

function before(a: Cursor, b: Cursor): boolean {
  const x = a.items[a.at] as Item;
  const y = b.items[b.at] as Item;
  return x.second !== y.second ? x.second < y.second : x.nanos !== y.nanos ? x.nanos < y.nanos : a.order < b.order;
}

/** Puts the cursor at `hole` back in its place among its children (binary heap, least on top). */
function sink(heap: Cursor[], hole: number): void {
  const cursor = heap[hole] as Cursor;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Cursor, heap[child] as Cursor)) child++;
    if (!before(heap[child] as Cursor, cursor)) break;
    heap[hole] = heap[child] as Cursor;
    hole = child;
  }
  heap[hole] = cursor;
}

export async function* mergeRuns(runs: readonly Run[]): AsyncGenerator<Item[], void, undefined> {
  const heap: Cursor[] = [];
  for (const [order, run] of runs.entries()) {
    const items = await run.next();
    if (items !== undefined && items.length > 0) heap.push({ order, run, items, at: 0 });
  }
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i);
  let batch: Item[] = [];
  while (heap.length > 0) {
    const top = heap[0] as Cursor;
    batch.push(top.items[top.at] as Item);
    if (++top.at >= top.items.length && !(await refill(top))) {
      const last = heap.pop() as Cursor;
      if (heap.length > 0) heap[0] = last;
    }
    if (heap.length > 1) sink(heap, 0);
    if (batch.length >= BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function refill(cursor: Cursor): Promise<boolean> {
  const items = await cursor.run.next();
  cursor.items = items ?? [];
  cursor.at = 0;
  return cursor.items.length > 0;
}
