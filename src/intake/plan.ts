/** Decides how a set of sources is read: which parser, which files are one rotated log, which are the same bytes twice, which year. */
import type { Parser } from '../model/parser.js';
import type { ProblemCode } from '../model/problem.js';
import type { Source } from '../model/source.js';
import { messageOf, problemCodeOf } from './failure.js';
import { HEAD_BYTES, headOf } from './head.js';
import { identify, parserById, type Candidate } from './identify.js';
import { newReading, type Reading, type ReadOptions } from './read.js';
import { groupRotated } from './rotation.js';
import { newTally, reportProblem, type Tally } from './tally.js';
import { placeYears, type YearBasis } from './years.js';

/** What is known of one source, and what became of it. */
export interface Coverage {
  readonly source: Source;
  /** Absent: no parser knows these bytes, or there are none. */
  readonly parser?: Parser;
  /** 0–1; 1 when the caller chose the parser. */
  readonly confidence?: number;
  readonly runnerUp?: Candidate;
  /** Name of an earlier source with the same bytes: read once only. */
  readonly sameAs?: string;
  /** Names of the files read before this one as parts of the same log, the nearest last, eight at most. */
  readonly after?: readonly string[];
  /** Where the year comes from, for formats that leave it out. */
  readonly yearFrom?: YearBasis;
  /** The first bytes (at most 32) of what no parser knows. */
  readonly beginning?: Uint8Array;
  /** Complete when the events have been read to the end. */
  readonly tally: Tally;
}

export interface Plan {
  readonly readings: readonly Reading[];
  /** One per source, in the order given. */
  readonly coverage: readonly Coverage[];
}

export interface PlanOptions extends ReadOptions {
  /** Read every source with this parser, whatever it looks like. */
  readonly parser?: string;
}

type Judged = { -readonly [K in keyof Coverage]: Coverage[K] };

/** @throws Error with code `unknown-parser`; the signal's reason. */
export async function planReadings(sources: Iterable<Source>, options: PlanOptions = {}): Promise<Plan> {
  const coverage: Judged[] = [];
  const names = new Map<string, string>();
  for (const source of sources) {
    options.signal?.throwIfAborted();
    const sameAs = source.size === 0 ? undefined : names.get(source.id);
    if (sameAs === undefined) names.set(source.id, source.name);
    coverage.push(sameAs === undefined ? await judge(source, options) : { source, sameAs, tally: newTally() });
  }
  const known = coverage.filter((item) => item.parser !== undefined);
  const sets = groupRotated(
    known,
    (item) => item.source.name,
    (item) => (item.parser as Parser).id,
  );
  const readings: Reading[] = [];
  for (const set of sets) readings.push(joinSet(set));
  await placeYears(sets, options);
  return { readings: readings.map((reading, i) => withSources(reading, sets[i] as Judged[])), coverage };
}

/** Files of a set that each one names: all of a large set would be the square of it. */
const NAMED = 8;

function joinSet(set: readonly Judged[]): Reading {
  for (const [index, item] of set.entries()) {
    if (index > 0) item.after = set.slice(Math.max(0, index - NAMED), index).map((earlier) => earlier.source.name);
  }
  const reading = newReading(
    (set[0] as Judged).parser as Parser,
    set.map((item) => item.source),
  );
  for (const [index, item] of set.entries()) item.tally = reading.tallies[index] as Tally;
  return reading;
}

/** Sources get their years after they have been grouped. */
function withSources(reading: Reading, set: readonly Judged[]): Reading {
  return { ...reading, sources: set.map((item) => item.source) };
}

const BEGINNING = 32;

async function judge(source: Source, options: PlanOptions): Promise<Judged> {
  const tally = newTally();
  const chosen = options.parser ?? source.parser;
  if (chosen !== undefined) return { source, parser: parserById(chosen), confidence: 1, tally };
  if (source.size === 0) return { source, tally };
  const { bytes, error } = await readHead(source);
  options.signal?.throwIfAborted();
  const { best, runnerUp } = bytes.length === 0 ? {} : identify(source.name, headOf(bytes));
  // When there is a parser, the same error ends its reading, and is told then.
  if (error !== undefined && best === undefined) report(tally, source, problemCodeOf(error), messageOf(error), options);
  if (bytes.length > 0 && best === undefined) report(tally, source, 'unknown-format', 'no parser knows these bytes', options);
  const beginning = best === undefined && bytes.length > 0 ? bytes.slice(0, BEGINNING) : undefined;
  return { source, parser: best?.parser, confidence: best?.confidence, runnerUp, beginning, tally };
}

function report(tally: Tally, source: Source, code: ProblemCode, message: string, options: PlanOptions): void {
  const origin = { source: source.id, path: source.name, parser: '', offset: 0, length: source.size ?? 0 };
  reportProblem(tally, { code, message, origin }, options.onProblem);
}

/** The first bytes, and the error that ended them early. */
async function readHead(source: Source): Promise<{ bytes: Uint8Array; error?: unknown }> {
  const head = new Uint8Array(HEAD_BYTES + 1);
  let size = 0;
  try {
    if (source.head !== undefined) return { bytes: await source.head() };
    for await (const chunk of source.open()) {
      const part = chunk.subarray(0, head.length - size);
      head.set(part, size);
      size += part.length;
      if (size === head.length) break;
    }
  } catch (error) {
    return { bytes: head.subarray(0, size), error: error ?? 'no reason given' };
  }
  return { bytes: head.subarray(0, size) };
}
