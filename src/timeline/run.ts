/** Sorted runs: stretches of events in order of time, in memory or written out. */
import type { Event } from '../model/event.js';
import type { SpillStore } from '../model/source.js';
import { BlockReader, encodeBlocks, type Block } from './block.js';
import { entryOf, eventOf, lineOf, type Entry } from './entry.js';
import { encodeText } from '../formats/bytes.js';
import { keysOf, permuteKeys, sortedIndex } from './sort.js';

export interface Run<T> {
  /** The run's next items, in order, as many as come cheaply; undefined when it has ended. */
  next(): Promise<Block<T> | undefined> | Block<T> | undefined;
}

/** Sorts events into a run in memory; equal times keep their order. */
export function memoryRun(events: readonly Event[]): Run<Event> {
  let block: Block<Event> | undefined = sortEvents(events);
  return {
    next() {
      const all = block;
      block = undefined;
      return all;
    },
  };
}

/** Sorts events into a run and writes it out. */
export async function spilledRun(events: readonly Event[], store: SpillStore, number: number): Promise<Run<Event>> {
  await store.write(number, encodeBlocks(written(sortEvents(events).items)));
  return eventRun(storedRun(store, number));
}

/** A run that lies in a store as blocks. */
export function storedRun(store: SpillStore, number: number): Run<Entry> {
  let reader: BlockReader | undefined;
  return {
    next: () => (reader ??= new BlockReader(store.read(number))).next(),
  };
}

/** A run whose blocks are in memory as bytes. */
export function encodedRun(chunks: readonly Uint8Array[]): Run<Entry> {
  const reader = new BlockReader(chunks);
  return { next: () => reader.next() };
}

/** The same run with its events as objects. */
export function eventRun(run: Run<Entry>): Run<Event> {
  return {
    async next() {
      const block = await run.next();
      return block === undefined ? undefined : { ...block, items: block.items.map(eventOf) };
    },
  };
}

function* written(events: Iterable<Event>): Generator<Entry> {
  for (const event of events) {
    const entry = entryOf(event, 0, 0);
    const bytes = encodeText(lineOf(entry) + '\n');
    yield { ...entry, event: undefined, bytes, end: bytes.length };
  }
}

function sortEvents(events: readonly Event[]): Block<Event> {
  const keys = keysOf(events);
  const index = sortedIndex(keys);
  const items: Event[] = [];
  for (const i of index) items.push(events[i] as Event);
  return { ...permuteKeys(keys, index), items };
}
