/** Many sources, one order: reads, sorts, merges and folds, in bounded memory. */
import { parseInstant } from '../intake/facts.js';
import { planReadings, type Coverage, type PlanOptions } from '../intake/plan.js';
import type { Event } from '../model/event.js';
import type { Source } from '../model/source.js';
import { entryOf, eventOf, joinLines, lineOf, type Entry } from './entry.js';
import { folder, type Folder } from './fold.js';
import { gatherEntries, gatherEvents, Spilling, type Gather, type GatherInput, type Window } from './gather.js';
import { markOf } from './mark.js';
import { mergeRuns } from './merge.js';
import type { Run } from './run.js';

export interface TimelineOptions extends PlanOptions {
  /** First moment shown: an RFC 3339 time with offset. What lies before is read and counted, not shown. */
  readonly from?: string;
  /** The moment after the last one shown. */
  readonly to?: string;
  /** Tell a record that was collected twice once, with both origins. Default is true. */
  readonly fold?: boolean;
  /**
   * Events kept in memory before a sorted run is written out, in bytes (of objects: estimated). Default is 64 MiB. Has no effect
   * on sources that offer no place to spill.
   */
  readonly runBytes?: number;
  /**
   * Reads the sources for `lines()` and `ndjson()`: `evidence.gather` of evidence opened with workers does it in several threads.
   * Default is to read in this thread. The result is the same.
   */
  readonly gather?: Gather;
}

/** A timeline on its way: go through it once, by events, batches or lines. */
export interface TimelineStream extends AsyncIterable<Event> {
  /** Events in order, up to some thousands at once: several times faster than one by one. */
  batches(): AsyncIterable<Event[]>;
  /** The same as lines of JSON, without line ends. */
  lines(): AsyncIterable<string[]>;
  /** The same as NDJSON in UTF-8, some hundred lines at once: the fastest way to a file, and the one with the least memory. */
  ndjson(): AsyncIterable<Uint8Array>;
  /** What became of each source. Complete once the timeline has been read to its end. */
  readonly coverage: readonly Coverage[];
  /** Records recognised as second tellings so far. */
  readonly folded: number;
}

/**
 * @throws RangeError with code `time` when `from` or `to` is no time; Error with code `used` when gone through twice.
 * @example
 * for await (const event of timeline(evidence.sources)) console.log(event.time, event.action);
 */
export function timeline(sources: Iterable<Source>, options: TimelineOptions = {}): TimelineStream {
  const list = [...sources];
  const window = windowOf(options);
  let coverage: readonly Coverage[] = [];
  let folding: Folder | undefined;
  let used = false;
  const sourceNumber = numbering(list);

  /** Reads all evidence into runs and merges them; what was spilled is removed in the end. */
  async function* merged<T>(gather: (input: GatherInput) => Promise<Run<T>[]>): AsyncGenerator<T[], void, undefined> {
    if (used) throw misuse('used', 'this timeline has been read already', 'call timeline() again, or collect() it once');
    used = true;
    const plan = await planReadings(list, options);
    coverage = plan.coverage;
    folding = options.fold !== false && coverage.length > 1 ? folder() : undefined;
    const spill = new Spilling(list);
    try {
      const runs = await gather({ readings: plan.readings, window, spill, options, marks: folding !== undefined, sourceNumber });
      for await (const batch of mergeRuns(runs)) {
        options.signal?.throwIfAborted();
        yield batch;
      }
    } finally {
      await spill.remove();
    }
  }

  async function* entries(): AsyncGenerator<Entry[], void, undefined> {
    for await (const batch of merged(options.gather ?? gatherEntries)) yield folding === undefined ? batch : folding.push(batch);
    if (folding !== undefined) yield folding.end();
  }

  async function* batches(): AsyncGenerator<Event[], void, undefined> {
    const entry = (event: Event): Entry => entryOf(event, markOf(event), sourceNumber(event.origin.source));
    for await (const batch of merged(gatherEvents)) {
      const ready = folding === undefined ? batch : folding.push(batch.map(entry)).map(eventOf);
      if (ready.length > 0) yield ready;
    }
    const rest = folding?.end().map(eventOf) ?? [];
    if (rest.length > 0) yield rest;
  }

  return {
    batches,
    async *lines() {
      for await (const batch of entries()) if (batch.length > 0) yield batch.map(lineOf);
    },
    async *ndjson() {
      for await (const batch of entries()) yield* joinLines(batch);
    },
    async *[Symbol.asyncIterator]() {
      for await (const batch of batches()) yield* batch;
    },
    get coverage() {
      return coverage;
    },
    get folded() {
      return folding?.folded ?? 0;
    },
  };
}

/** Numbers of sources by their ids, in the order given. */
function numbering(sources: readonly Source[]): (id: string) => number {
  const numbers = new Map<string, number>();
  for (const { id } of sources) if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
  return (id) => numbers.get(id) ?? 0;
}

function windowOf({ from, to }: TimelineOptions): Window {
  return { start: from === undefined ? '' : parseInstant(from), end: to === undefined ? '~' : parseInstant(to) };
}

function misuse(code: string, message: string, hint: string): Error {
  return Object.assign(new Error(message), { code, hint });
}
