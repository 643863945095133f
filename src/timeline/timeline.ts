/** Many sources, one order: reads, sorts, merges and folds, in bounded memory. */
import { parseRfc3339 } from '../formats/time.js';
import { planReadings, type Coverage, type PlanOptions } from '../intake/plan.js';
import { readEvents, type Reading } from '../intake/read.js';
import type { Event, Instant } from '../model/event.js';
import type { Source, SpillStore } from '../model/source.js';
import { folder, type Folder } from './fold.js';
import { mergeRuns } from './merge.js';
import { memoryRun, spilledRun, type Item, type Run } from './run.js';

export interface TimelineOptions extends PlanOptions {
  /** First moment shown: an RFC 3339 time with offset. What lies before is read and counted, not shown. */
  readonly from?: string;
  /** The moment after the last one shown. */
  readonly to?: string;
  /** Tell a record that was collected twice once, with both origins. Default is true. */
  readonly fold?: boolean;
  /**
   * Events kept in memory before a sorted run is written out, in estimated bytes. Default is 96 MiB. Has no effect
   * on sources that offer no place to spill.
   */
  readonly runBytes?: number;
}

/** A timeline on its way: go through it once, by events, batches or lines. */
export interface TimelineStream extends AsyncIterable<Event> {
  /** Events in order, up to some thousands at once: several times faster than one by one. */
  batches(): AsyncIterable<Event[]>;
  /** The same as NDJSON, without line ends: what was spilled is passed on as it is. */
  lines(): AsyncIterable<string[]>;
  /** What became of each source. Complete once the timeline has been read to its end. */
  readonly coverage: readonly Coverage[];
  /** Records recognised as second tellings so far. */
  readonly folded: number;
}

/** Memory of an event beside its text (bytes), and what an event costs per byte of its record: estimates on the safe side. */
const EVENT_BYTES = 600;
const RUN_BYTES = 96 * 1024 * 1024;

/**
 * @throws RangeError with code `time` when `from` or `to` is no time; Error with code `used` when gone through twice.
 * @example
 * for await (const event of timeline(evidence.sources)) console.log(event.time, event.action);
 */
export function timeline(sources: Iterable<Source>, options: TimelineOptions = {}): TimelineStream {
  const list = [...sources];
  const within = windowOf(options);
  let coverage: readonly Coverage[] = [];
  let folding: Folder | undefined;
  let used = false;

  async function* items(): AsyncGenerator<Item[], void, undefined> {
    if (used) throw misuse('used', 'this timeline has been read already', 'call timeline() again, or collect() it once');
    used = true;
    const plan = await planReadings(list, options);
    coverage = plan.coverage;
    const spill = new Spilling(list, options.runBytes ?? RUN_BYTES);
    try {
      const runs = await readRuns(plan.readings, spill, within, options);
      folding = options.fold !== false && coverage.length > 1 ? folder() : undefined;
      for await (const batch of mergeRuns(runs)) {
        options.signal?.throwIfAborted();
        const ready = folding === undefined ? batch : folding.push(batch);
        if (ready.length > 0) yield ready;
      }
      const rest = folding?.end() ?? [];
      if (rest.length > 0) yield rest;
    } finally {
      await spill.remove();
    }
  }

  async function* batches(): AsyncGenerator<Event[], void, undefined> {
    for await (const batch of items()) yield batch.map((item) => item.event ?? (JSON.parse(item.line as string) as Event));
  }

  return {
    batches,
    async *lines() {
      for await (const batch of items()) yield batch.map((item) => item.line ?? JSON.stringify(item.event));
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

/** Runs that did not fit in memory, and the place where they lie. */
class Spilling {
  private readonly store: (() => SpillStore) | undefined;
  private opened: SpillStore | undefined;
  private count = 0;

  constructor(
    sources: readonly Source[],
    readonly runBytes: number,
  ) {
    this.store = sources.find((source) => source.spill !== undefined)?.spill;
  }

  async run(events: readonly Event[]): Promise<Run> {
    if (this.store === undefined) return memoryRun(events);
    this.opened ??= this.store();
    return spilledRun(events, this.opened, this.count++);
  }

  async remove(): Promise<void> {
    await this.opened?.remove();
  }
}

/** Reads everything into sorted runs: in the order of the sources, so that a stable merge keeps it for equal times. */
async function readRuns(readings: readonly Reading[], spill: Spilling, within: Window, options: TimelineOptions): Promise<Run[]> {
  const runs: Run[] = [];
  let events: Event[] = [];
  let bytes = 0;
  for (const reading of readings) {
    for await (const batch of readEvents(reading, options)) {
      for (const event of batch) {
        if (!within(event.time)) continue;
        events.push(event);
        bytes += EVENT_BYTES + (options.raw === true ? 3 : 1) * event.origin.length;
      }
      if (bytes < spill.runBytes) continue;
      runs.push(await spill.run(events));
      events = [];
      bytes = 0;
    }
  }
  if (events.length > 0) runs.push(memoryRun(events));
  return runs;
}

type Window = (time: Instant) => boolean;

function windowOf({ from, to }: TimelineOptions): Window {
  if (from === undefined && to === undefined) return () => true;
  const start = from === undefined ? '' : parseInstant(from);
  const end = to === undefined ? '~' : parseInstant(to);
  return (time) => time >= start && time < end;
}

/** @throws RangeError with code `time`. */
export function parseInstant(text: string): Instant {
  const instant = parseRfc3339(text);
  if (instant !== undefined) return instant;
  throw Object.assign(new RangeError(`"${text}" is not a time`), {
    code: 'time',
    hint: 'write it as 2024-05-01T10:11:12Z or with an offset: 2024-05-01T12:11:12+02:00',
  });
}

function misuse(code: string, message: string, hint: string): Error {
  return Object.assign(new Error(message), { code, hint });
}
