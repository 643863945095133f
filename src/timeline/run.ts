/** Sorted runs: stretches of events in time order, in memory or written out as lines of JSON. */
import { lines } from '../formats/framing/lines.js';
import type { Event } from '../model/event.js';
import type { SpillStore } from '../model/source.js';
import { keysOf, permuteKeys, sortedIndex, type Keys } from './sort.js';

/** An event on its way through the merge: as an object, as its JSON text, or both. */
export interface Item {
  second: number;
  nanos: number;
  event?: Event;
  line?: string;
}

export interface Run {
  readonly keys: Keys;
  /** The run's next items, in order, as many as come cheaply; undefined when it has ended. */
  next(): Promise<readonly Item[] | undefined> | readonly Item[] | undefined;
}

/** Items handed from a run to the merge at once. */
const BATCH = 1024;

/** Sorts events into a run in memory; equal times keep their order. */
export function memoryRun(events: readonly Event[]): Run {
  const { keys, sorted } = sortEvents(events);
  let at = 0;
  return {
    keys,
    next() {
      if (at >= sorted.length) return undefined;
      const end = Math.min(at + BATCH, sorted.length);
      const items: Item[] = [];
      for (; at < end; at++) items.push({ second: keys.seconds[at] as number, nanos: keys.nanos[at] as number, event: sorted[at] });
      return items;
    },
  };
}

/** Sorts events into a run and writes it out; only the keys (12 bytes an event) stay in memory. */
export async function spilledRun(events: readonly Event[], store: SpillStore, number: number): Promise<Run> {
  const { keys, sorted } = sortEvents(events);
  await store.write(number, encode(sorted));
  let bytes: AsyncIterator<Uint8Array> | undefined;
  const framer = lines({ recordBytes: 2 ** 30, wholeBytes: 0 });
  let found: string[] = [];
  let at = 0;
  const sink = { frame: (line: { text: string }) => void found.push(line.text), damaged: () => undefined };
  return {
    keys,
    async next() {
      bytes ??= store.read(number)[Symbol.asyncIterator]();
      while (found.length === 0) {
        const chunk = await bytes.next();
        if (chunk.done === true) return undefined;
        framer.push(chunk.value, sink);
      }
      const items = found.map((line): Item => ({ second: keys.seconds[at] as number, nanos: keys.nanos[at++] as number, line }));
      found = [];
      return items;
    },
  };
}

const encoder = new TextEncoder();

function* encode(events: readonly Event[]): Generator<Uint8Array> {
  for (let at = 0; at < events.length; at += BATCH) {
    let text = '';
    for (const event of events.slice(at, at + BATCH)) text += JSON.stringify(event) + '\n';
    yield encoder.encode(text);
  }
}

function sortEvents(events: readonly Event[]): { keys: Keys; sorted: Event[] } {
  const keys = keysOf(events);
  const index = sortedIndex(keys);
  return { keys: permuteKeys(keys, index), sorted: Array.from(index, (i) => events[i] as Event) };
}
