/** The account of all sources, for people and for machines. The JSON shape is API. */
import type { Coverage } from '../intake/plan.js';
import { problemCount } from '../intake/tally.js';
import type { Instant } from '../model/event.js';
import type { Problem } from '../model/problem.js';
import type { Wrapping } from '../model/source.js';
import { visible } from '../timeline/visible.js';

export interface SourceRow {
  readonly path: string;
  readonly id: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly wrappings?: readonly Wrapping[];
  readonly parser?: string;
  /** What gives the format away. */
  readonly because?: string;
  readonly confidence?: number;
  readonly runnerUp?: { readonly parser: string; readonly confidence: number };
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
  readonly problems: Readonly<Partial<Record<string, number>>>;
  /** The first problems in full. */
  readonly samples: readonly Problem[];
}

export interface SourceReport {
  readonly sources: readonly SourceRow[];
  /** What could not be opened or unpacked. */
  readonly problems: readonly Problem[];
}

const SAMPLES = 20;

export function sourceReport(coverage: readonly Coverage[], problems: readonly Problem[]): SourceReport {
  return { sources: coverage.map(toRow), problems };
}

function toRow({ source, parser, confidence, runnerUp, sameAs, after, yearFrom, tally }: Coverage): SourceRow {
  return {
    path: source.name,
    id: source.id,
    size: source.size,
    sha256: source.sha256,
    wrappings: source.wrappings,
    parser: parser?.id,
    because: parser?.signs,
    confidence: confidence === undefined ? undefined : round(confidence),
    runnerUp: runnerUp === undefined ? undefined : { parser: runnerUp.parser.id, confidence: round(runnerUp.confidence) },
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
    problems: tally.problems,
    samples: tally.samples.slice(0, SAMPLES),
  };
}

function round(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}

export function formatSources({ sources, problems }: SourceReport): string {
  const blocks = sources.map((row) => [visible(row.path), ...describeRow(row).map((line) => `    ${line}`)].join('\n'));
  const unopened = problems.map(({ origin, code, message }) => `  ${code}: ${visible(origin.path)}: ${visible(message)}`);
  const parts = [...blocks];
  if (unopened.length > 0) parts.push(['not read:', ...unopened].join('\n'));
  return parts.join('\n\n') + '\n';
}

function describeRow(row: SourceRow): string[] {
  const lines: string[] = [];
  if (row.size === 0) return ['empty'];
  lines.push(row.sha256 === undefined ? 'sha256 not known before the end of a stream' : `sha256 ${row.sha256}  ${row.size ?? '?'} bytes`);
  for (const { path, kind, sha256 } of row.wrappings ?? [])
    lines.push(`inside ${kind} ${visible(path)}${sha256 === undefined ? '' : `  sha256 ${sha256}`}`);
  if (row.sameAs !== undefined) return [...lines, `the same bytes as ${visible(row.sameAs)}: read once`];
  if (row.parser === undefined) return [...lines, 'NOT UNDERSTOOD: no parser knows this format'];
  const rival = row.runnerUp === undefined ? '' : `; next best ${row.runnerUp.parser} ${row.runnerUp.confidence}`;
  lines.push(`${row.parser} (${row.confidence ?? '?'}: ${row.because ?? ''}${rival})`);
  if (row.after !== undefined) lines.push(`read after ${row.after.map(visible).join(', ')}`);
  if (row.yearFrom !== undefined) lines.push(`years ${YEARS[row.yearFrom] ?? row.yearFrom}`);
  lines.push(`${row.first ?? 'no time'} … ${row.last ?? 'no time'}`);
  lines.push(
    `${row.records} records = ${row.decoded} decoded + ${row.merged} merged + ${row.rejected} rejected + ${row.ignored} ignored; ${row.events} events`,
  );
  const kinds = Object.entries(row.problems).map(([code, count]) => `${count} ${code}`);
  if (kinds.length > 0) lines.push(`problems: ${kinds.join(', ')}`);
  for (const { origin, code, message } of row.samples.slice(0, 3))
    lines.push(`  ${origin.line === undefined ? `@${origin.offset}` : `line ${origin.line}`}: ${code}: ${visible(message)}`);
  return lines;
}

const YEARS: Readonly<Record<string, string>> = {
  facts: 'as given',
  collected: 'counted back from the time of collection',
  archive: 'from the time the archive keeps of the file',
  'other-evidence': 'from dated evidence beside it',
  file: 'from the file’s own time',
  nothing: 'NOT KNOWN: shown in 1970',
};

/** For tests and the summary: all problems of all sources. */
export function countProblems(coverage: readonly Coverage[]): number {
  return coverage.reduce((sum, { tally }) => sum + problemCount(tally), 0);
}
