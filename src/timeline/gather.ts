/** Reads evidence into sorted runs, in bounded memory: what does not fit is written out. */
import { readEvents, type Reading, type ReadOptions } from '../intake/read.js';
import type { Event, Instant } from '../model/event.js';
import type { Source, SpillStore } from '../model/source.js';
import type { Entry } from './entry.js';
import { EntryList } from './entry-list.js';
import { memoryRun, spilledRun, storedRun, type Run } from './run.js';

/** Reads all readings into runs, in the order of the readings. */
export type Gather = (input: GatherInput) => Promise<Run<Entry>[]>;

/** Times shown: not before `start`, and before `end`. An Instant's text is in order of time. */
export interface Window {
  readonly start: Instant;
  readonly end: Instant;
}

export interface GatherInput {
  readonly readings: readonly Reading[];
  readonly window: Window;
  readonly spill: Spilling;
  readonly options: ReadOptions & { readonly runBytes?: number };
  /** Events need marks: something may be folded. */
  readonly marks: boolean;
  readonly sourceNumber: (id: string) => number;
}

/** Memory of a run (bytes). The whole program takes about 250 MiB more, most of it garbage on its way out. */
export const RUN_BYTES = 64 * 1024 * 1024;
/** An event object beside the text of its record (bytes, on the safe side): 500–1,100 are measured, text included. */
const EVENT_BYTES = 900;
/** Bytes in memory for each byte of a record, without and with its raw text. */
const TEXT = 1;
const RAW = 3;

/** Where runs lie that do not fit in memory: one store for the whole timeline. */
export class Spilling {
  private readonly make: (() => SpillStore) | undefined;
  private opened: SpillStore | undefined;
  private count = 0;

  constructor(sources: readonly Source[]) {
    this.make = sources.find((source) => source.spill !== undefined)?.spill;
  }

  /** Nowhere to spill: everything is kept in memory. */
  get possible(): boolean {
    return this.make !== undefined;
  }

  get store(): SpillStore {
    if (this.make === undefined) throw new TypeError('there is no place to spill');
    return (this.opened ??= this.make());
  }

  nextNumber(): number {
    return this.count++;
  }

  async remove(): Promise<void> {
    await this.opened?.remove();
  }
}

export function inWindow({ time }: Event, { start, end }: Window): boolean {
  return time >= start && time < end;
}

/** Runs in the order of the readings, so that a stable merge keeps it for equal times. */
export async function gatherEvents({ readings, window, spill, options }: GatherInput): Promise<Run<Event>[]> {
  const most = spill.possible ? (options.runBytes ?? RUN_BYTES) : Infinity;
  const perByte = options.raw === true ? RAW : TEXT;
  const runs: Run<Event>[] = [];
  let events: Event[] = [];
  let bytes = 0;
  for (const reading of readings) {
    for await (const batch of readEvents(reading, options)) {
      for (const event of batch) {
        if (!inWindow(event, window)) continue;
        events.push(event);
        bytes += EVENT_BYTES + perByte * event.origin.length;
      }
      if (bytes < most) continue;
      runs.push(await spilledRun(events, spill.store, spill.nextNumber()));
      events = [];
      bytes = 0;
    }
  }
  if (events.length > 0) runs.push(memoryRun(events));
  return runs;
}

/** The same with every event written as its line at once. */
export async function gatherEntries({ readings, window, spill, options, marks, sourceNumber }: GatherInput): Promise<Run<Entry>[]> {
  const most = spill.possible ? (options.runBytes ?? RUN_BYTES) : Infinity;
  const runs: Run<Entry>[] = [];
  const list = new EntryList({ marks, sourceNumber });
  for (const reading of readings) {
    for await (const batch of readEvents(reading, options)) {
      for (const event of batch) if (inWindow(event, window)) list.add(event);
      if (list.bytes < most) continue;
      const number = spill.nextNumber();
      await spill.store.write(number, list.encoded());
      list.clear();
      runs.push(storedRun(spill.store, number));
    }
  }
  if (list.count > 0) runs.push(list.run());
  return runs;
}
