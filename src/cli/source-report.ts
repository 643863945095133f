/** The account of all sources, for machines. The JSON shape is API; `source-text.ts` is the same for people. */
import type { Coverage } from '../intake/plan.js';
import { problemCount } from '../intake/tally.js';
import type { Instant } from '../model/event.js';
import type { Problem } from '../model/problem.js';
import type { Wrapping } from '../model/source.js';

export interface SourceRow {
  readonly path: string;
  readonly id: string;
  readonly size?: number;
  readonly sha256?: string;
  /** When the file was last written, as the file system or archive tells. */
  readonly modified?: Instant;
  readonly wrappings?: readonly Wrapping[];
  readonly parser?: string;
  /** What gives the format away. */
  readonly because?: string;
  readonly confidence?: number;
  readonly runnerUp?: { readonly parser: string; readonly confidence: number };
  /** The first bytes, in hex digits, of what no parser knows. */
  readonly beginning?: string;
  readonly sameAs?: string;
  readonly after?: readonly string[];
  readonly yearFrom?: string;
  readonly first?: Instant;
  readonly last?: Instant;
  readonly records: number;
  readonly decoded: number;
  readonly merged: number;
  readonly rejected: number;
  readonly ignored: number;
  readonly events: number;
  /** By code, those of unpacking it among them. */
  readonly problems: Readonly<Partial<Record<string, number>>>;
  /** The first problems in full. */
  readonly samples: readonly Problem[];
}

export interface SourceReport {
  readonly sources: readonly SourceRow[];
  /** What could not be opened or unpacked: all of it, with what is counted at its source too. */
  readonly problems: readonly Problem[];
}

const SAMPLES = 20;

export function sourceReport(coverage: readonly Coverage[], problems: readonly Problem[]): SourceReport {
  const bySource = new Map<string, Problem[]>();
  for (const problem of problems) {
    const key = keyOf(problem.origin.source, problem.origin.path);
    const known = bySource.get(key);
    if (known === undefined) bySource.set(key, [problem]);
    else known.push(problem);
  }
  return { sources: coverage.map((item) => toRow(item, bySource.get(keyOf(item.source.id, item.source.name)) ?? [])), problems };
}

function keyOf(source: string, path: string): string {
  return `${source}\0${path}`;
}

function toRow(
  { source, parser, confidence, runnerUp, beginning, sameAs, after, yearFrom, tally }: Coverage,
  opening: readonly Problem[],
): SourceRow {
  return {
    path: source.name,
    id: source.id,
    size: source.size,
    sha256: source.sha256,
    modified: source.modified,
    wrappings: source.wrappings,
    parser: parser?.id,
    because: parser?.signs,
    confidence: confidence === undefined ? undefined : round(confidence),
    runnerUp: runnerUp === undefined ? undefined : { parser: runnerUp.parser.id, confidence: round(runnerUp.confidence) },
    beginning: beginning === undefined ? undefined : Buffer.from(beginning).toString('hex'),
    sameAs,
    after,
    yearFrom,
    first: tally.first,
    last: tally.last,
    records: tally.frames,
    decoded: tally.decoded,
    merged: tally.merged,
    rejected: tally.rejected,
    ignored: tally.ignored,
    events: tally.events,
    problems: counted(tally.problems, opening),
    samples: [...opening, ...tally.samples].slice(0, SAMPLES),
  };
}

function counted(problems: SourceRow['problems'], more: readonly Problem[]): SourceRow['problems'] {
  const sums = { ...problems };
  for (const { code } of more) sums[code] = (sums[code] ?? 0) + 1;
  return sums;
}

function round(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}

/** All problems of all sources, met while reading. */
export function countProblems(coverage: readonly Coverage[]): number {
  return coverage.reduce((sum, { tally }) => sum + problemCount(tally), 0);
}
