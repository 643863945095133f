/** The account of all sources, for people. */
import { decodeLatin1, parseHex } from '../formats/bytes.js';
import { visible } from '../timeline/visible.js';
import type { SourceReport, SourceRow } from './source-report.js';

/** Problems shown in full for each source. */
const SHOWN = 3;

export function formatSources({ sources, problems }: SourceReport): string {
  const blocks = sources.map((row) => [visible(row.path), ...describeRow(row).map((line) => `    ${line}`)].join('\n'));
  const told = new Set(sources.map(({ id, path }) => `${id}\0${path}`));
  const unopened = problems
    .filter(({ origin }) => !told.has(`${origin.source}\0${origin.path}`))
    .map(({ origin, code, message }) => `  ${code}: ${visible(origin.path)}: ${visible(message)}`);
  const parts = unopened.length > 0 ? [...blocks, ['not read:', ...unopened].join('\n')] : blocks;
  return parts.length === 0 ? 'nothing there\n' : parts.join('\n\n') + '\n';
}

function describeRow(row: SourceRow): string[] {
  return [...describeBytes(row), ...describeReading(row), ...describeProblems(row)];
}

function describeBytes({ size, sha256, modified, wrappings = [] }: SourceRow): string[] {
  const hash = sha256 === undefined ? 'sha256 not known: not read to its end' : `sha256 ${sha256}`;
  const written = modified === undefined ? '' : `  last written ${modified.slice(0, 19)}Z`;
  return [
    `${hash}  ${size ?? '?'} bytes${written}`,
    ...wrappings.map(({ path, kind, sha256: outer }) => `inside ${kind} ${visible(path)}${outer === undefined ? '' : `  sha256 ${outer}`}`),
  ];
}

function describeReading(row: SourceRow): string[] {
  if (row.size === 0) return ['empty'];
  if (row.sameAs !== undefined) return [`the same bytes as ${visible(row.sameAs)}: read once`];
  if (row.parser === undefined) return [`NOT UNDERSTOOD: no parser knows this format${begins(row.beginning)}`];
  const rival = row.runnerUp === undefined ? '' : `; next best ${row.runnerUp.parser} ${row.runnerUp.confidence}`;
  const lines = [`${row.parser} (${row.confidence ?? '?'}: ${row.because ?? ''}${rival})`];
  if (row.after !== undefined) lines.push(`read after ${row.after.map(visible).join(', ')}`);
  if (row.yearFrom !== undefined) lines.push(`years ${YEARS[row.yearFrom] ?? row.yearFrom}`);
  lines.push(
    `${row.first ?? 'no time'} … ${row.last ?? 'no time'}`,
    `${row.records} records = ${row.decoded} decoded + ${row.merged} merged + ${row.rejected} rejected + ${row.ignored} ignored; ${row.events} events`,
  );
  return lines;
}

/** What a file of an unknown kind begins with: often its name for those who know it. */
function begins(hex: string | undefined): string {
  const bytes = hex === undefined ? undefined : parseHex(hex);
  return bytes === undefined ? '' : `; it begins "${visible(decodeLatin1(bytes))}"`;
}

function describeProblems({ problems, samples }: SourceRow): string[] {
  const kinds = Object.entries(problems).map(([code, count]) => `${count} ${code}`);
  if (kinds.length === 0) return [];
  const shown = samples.slice(0, SHOWN).map(({ origin, code, message }) => {
    const place = origin.line !== undefined ? `line ${origin.line}` : origin.parser === '' ? 'file' : `@${origin.offset}`;
    return `  ${place}: ${code}: ${visible(message)}`;
  });
  return [`problems: ${kinds.join(', ')}`, ...shown];
}

const YEARS: Readonly<Record<string, string>> = {
  facts: 'as given',
  name: 'from the date in the names of the files',
  collected: 'counted back from the time of collection',
  archive: 'from the time the archive keeps of the file',
  'other-evidence': 'from dated evidence beside it',
  file: 'from the file’s own time',
  nothing: 'NOT KNOWN: shown in 1970',
};
