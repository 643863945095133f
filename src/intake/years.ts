/**
 * Finds the year in which a log begins that writes none. In this order: a date in the files' names, the examiner's word (`collected`)
 * or the time an archive keeps of the file when that is earlier, evidence beside it that writes its years, the file's own time;
 * else the year stays openly unknown.
 */
import { yearScan, type YearScan } from '../formats/year.js';
import type { Instant } from '../model/event.js';
import type { Frame, FrameSink, Parser } from '../model/parser.js';
import type { Source } from '../model/source.js';
import { defaultLimits, newReading, readEvents, type ReadOptions } from './read.js';
import { parseRotatedName } from './rotation.js';
import { reportProblem } from './tally.js';
import type { Coverage } from './plan.js';

export type YearBasis = 'facts' | 'name' | 'collected' | 'archive' | 'other-evidence' | 'file' | 'nothing';

type Placed = { -readonly [K in keyof Coverage]: Coverage[K] };

/** Sets `facts.firstYear` on the sources of every rotated set that needs one. */
export async function placeYears(sets: readonly (readonly Placed[])[], options: ReadOptions): Promise<void> {
  const waiting: { set: readonly Placed[]; scan: YearScan }[] = [];
  const dated: (readonly Placed[])[] = [];
  for (const set of sets) {
    const first = set[0] as Placed;
    const parser = first.parser as Parser;
    if (parser.monthDay === undefined) {
      dated.push(set);
      continue;
    }
    if (first.source.facts.firstYear !== undefined) {
      mark(set, first.source.facts.firstYear, 'facts');
      continue;
    }
    const scanned = await scanYears(parser, set, options);
    if (scanned === undefined) dated.push(set);
    else if (!place(set, scanned)) waiting.push({ set, scan: scanned.scan });
  }
  if (waiting.length === 0) return;
  const near = await lastTime(dated, options);
  for (const { set, scan } of waiting) placeLoosely(set, scan, near, options);
}

/** By what is certain: a date in a name, the collection time, the time inside an archive. No record is later than either of these. */
function place(set: readonly Placed[], { scan, named }: Scanned): boolean {
  if (mark(set, named, 'name')) return true;
  const last = (set[set.length - 1] as Placed).source;
  const { collected } = last.facts;
  const inArchive = last.wrappings?.some(({ kind }) => kind === 'tar' || kind === 'zip') === true;
  const byArchive = inArchive && last.modified !== undefined ? scan.firstYear(last.modified) : undefined;
  const byCollection = collected === undefined ? undefined : scan.firstYear(collected);
  // A log that ended years before it was collected.
  if (byArchive !== undefined && byArchive < (byCollection ?? Infinity)) return mark(set, byArchive, 'archive');
  return mark(set, byCollection, 'collected');
}

function placeLoosely(set: readonly Placed[], scan: YearScan, near: Instant | undefined, options: ReadOptions): void {
  const last = (set[set.length - 1] as Placed).source;
  if (near !== undefined && mark(set, scan.firstYearNear(near), 'other-evidence')) return;
  if (last.modified !== undefined && mark(set, scan.firstYear(last.modified), 'file')) return;
  for (const item of set) {
    item.yearFrom = 'nothing';
    const { source, parser } = item;
    reportProblem(
      item.tally,
      {
        code: 'time',
        message: 'the records write no year and nothing else tells it: they are shown in 1970; say when the evidence was collected',
        origin: { source: source.id, path: source.name, parser: (parser as Parser).id, offset: 0, length: 0 },
      },
      options.onProblem,
    );
  }
}

function mark(set: readonly Placed[], firstYear: number | undefined, basis: YearBasis): boolean {
  if (firstYear === undefined) return false;
  for (const item of set) {
    item.yearFrom = basis;
    item.source = { ...item.source, facts: { ...item.source.facts, firstYear } };
  }
  return true;
}

interface Scanned {
  readonly scan: YearScan;
  /** The first year, as the date in the name of the newest file that has one tells. */
  readonly named?: number;
}

/** Follows the months through a rotated set. @returns undefined when its records write their years. */
async function scanYears(parser: Parser, set: readonly Placed[], options: ReadOptions): Promise<Scanned | undefined> {
  const scan = yearScan();
  let named: number | undefined;
  let found = false;
  let frames = 0;
  const sink: FrameSink<Frame> = {
    frame(frame) {
      frames++;
      const monthDay = frame.text === undefined ? undefined : parser.monthDay?.(frame.text);
      if (monthDay === undefined) return;
      found = true;
      scan.see(monthDay);
    },
    damaged: () => undefined,
  };
  for (const { source } of set) {
    const framer = parser.framing({ ...defaultLimits, ...options.limits });
    try {
      for await (const chunk of source.once === true ? headOnly(source) : source.open()) {
        options.signal?.throwIfAborted();
        framer.push(chunk, sink);
        // A log that writes its years does so from the start.
        if (!found && frames > YEARLESS_WITHIN) return undefined;
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      void error; // the same failure is reported when the events are read
    }
    framer.end(sink);
    const { date } = parseRotatedName(source.name);
    if (date !== undefined) named = scan.firstYearNear(date) ?? named;
  }
  return found ? { scan, named } : undefined;
}

/** A log that has no yearless record among its first ones is taken to have none. */
const YEARLESS_WITHIN = 10_000;

async function* headOnly(source: Source): AsyncGenerator<Uint8Array> {
  if (source.head !== undefined) yield await source.head();
}

/** The latest time that the beginnings of these sets tell of. */
async function lastTime(sets: readonly (readonly Placed[])[], options: ReadOptions): Promise<Instant | undefined> {
  let last: Instant | undefined;
  for (const set of sets) {
    const { source, parser } = set[set.length - 1] as Placed;
    const beginning: Source = { ...source, open: () => beginningOf(source) };
    for await (const batch of readEvents(newReading(parser as Parser, [beginning]), { signal: options.signal, limits: options.limits })) {
      for (const event of batch) {
        const sure = event.timeQuality === undefined || event.timeQuality === 'assumed-zone';
        if (sure && (last === undefined || event.time > last)) last = event.time;
      }
    }
  }
  return last;
}

const BEGINNING = 65536;

async function* beginningOf(source: Source): AsyncGenerator<Uint8Array> {
  if (source.once === true) return yield* headOnly(source);
  let left = BEGINNING;
  for await (const chunk of source.open()) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
