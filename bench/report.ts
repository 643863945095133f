/** Measurements as tables: for the terminal and for `docs/benchmarks.md`. */
import { readFileSync, statSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Measurement } from './measure.js';
import type { Scenario, Target } from './scenario.js';

export interface Result {
  readonly scenario: Scenario;
  readonly files: readonly string[];
  readonly measured: ReadonlyMap<string, readonly Measurement[]>;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

interface Summary {
  readonly name: string;
  readonly seconds: number;
  readonly megabytes?: number;
  readonly count?: number;
  readonly keptBytes?: number;
  readonly absent?: string;
}

function summaryOf(name: string, list: readonly Measurement[]): Summary {
  const absent = list.find((one) => one.absent !== undefined)?.absent;
  const last = list.at(-1);
  const megabytes = last?.megabytes === undefined ? undefined : Math.max(...list.map((one) => one.megabytes ?? 0));
  return { name, seconds: median(list.map(({ seconds }) => seconds)), megabytes, count: last?.count, keptBytes: last?.keptBytes, absent };
}

const summariesOf = ({ measured }: Result): Summary[] => [...measured].map(([name, list]) => summaryOf(name, list));

interface Verdict {
  readonly what: string;
  readonly value: string;
  readonly target: string;
  readonly met: boolean | undefined;
}

function judge(target: Target, summaries: readonly Summary[]): Verdict {
  const find = (name: string | undefined): Summary | undefined => summaries.find((one) => one.name === name && one.absent === undefined);
  const ours = find(target.ours);
  const { against, atLeast, keptBytes, megabytes, perSecond } = target;
  if (against !== undefined && atLeast !== undefined) {
    const ratio = (find(against)?.seconds ?? Number.NaN) / (ours?.seconds ?? Number.NaN);
    return verdict(`${target.ours} against ${against}`, ratio, `${ratio.toFixed(2)} ×`, `≥ ${atLeast} ×`, ratio >= atLeast);
  }
  if (keptBytes !== undefined) {
    const each = (ours?.keptBytes ?? Number.NaN) / (ours?.count ?? Number.NaN);
    return verdict(`${target.ours}, memory of an event`, each, `${Math.round(each)} bytes`, `≤ ${keptBytes} bytes`, each <= keptBytes);
  }
  if (perSecond !== undefined) {
    const speed = (ours?.count ?? Number.NaN) / (ours?.seconds ?? Number.NaN);
    return verdict(
      `${target.ours}, events in a second`,
      speed,
      `${(speed / 1e6).toFixed(1)} M`,
      `≥ ${perSecond / 1e6} M`,
      speed >= perSecond,
    );
  }
  const peak = ours?.megabytes ?? Number.NaN;
  return verdict(`${target.ours}, most memory`, peak, `${Math.round(peak)} MB`, `≤ ${megabytes} MB`, peak <= (megabytes ?? 0));
}

function verdict(what: string, number: number, value: string, target: string, met: boolean): Verdict {
  return Number.isNaN(number) ? { what, value: 'not measured', target, met: undefined } : { what, value, target, met };
}

const MET: Readonly<Record<string, string>> = { true: 'yes', false: '**no**', undefined: '–' };

function bytesOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

function rowsOf(result: Result): string[][] {
  const summaries = summariesOf(result);
  const first = summaries.find(({ absent }) => absent === undefined);
  const bytes = bytesOf(result.files);
  return summaries.map(({ name, seconds, megabytes, count, absent }) => {
    if (absent !== undefined) return [name, `absent: ${absent}`, '', '', ''];
    return [
      name,
      ((first?.seconds ?? Number.NaN) / seconds).toFixed(2),
      bytes === 0 ? '' : `${Math.round(bytes / 1e6 / seconds)}`,
      count === undefined ? '' : ((seconds * 1e6) / count).toFixed(2),
      megabytes === undefined ? '' : String(Math.round(megabytes)),
    ];
  });
}

const COLUMNS = ['', '× the first', 'MB/s', 'µs an item', 'peak MB'];

export function printTable(result: Result): string {
  const { scenario } = result;
  const rows = [COLUMNS, ...rowsOf(result)];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const table = rows.map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '));
  const verdicts = scenario.targets.map((target) => judge(target, summariesOf(result)));
  const lines = verdicts.map(
    ({ what, value, target, met }) => `  ${met === true ? 'met' : met === false ? 'MISSED' : '–'}: ${what}: ${value}, target ${target}`,
  );
  return [`\n${scenario.title} (${scenario.id})`, ...table, ...lines].join('\n');
}

export function reportOf(results: readonly Result[], { scale, rounds }: { scale: number; rounds: number }): string {
  const notes = readFileSync(new URL('notes.md', import.meta.url), 'utf8');
  const verdicts = results.flatMap((result) =>
    result.scenario.targets.map((target) => ({ result, ...judge(target, summariesOf(result)) })),
  );
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench` (`bench/run.ts`): the same bytes for everybody, in turns, each measurement in a process of its own, medians.',
    'Only ratios within one run mean anything: they are what carries over to other machines.',
    '',
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${process.platform} ${process.arch}; ` +
      `inputs made by \`bench/generate.ts\` at scale ${scale}; ${rounds} rounds.`,
    '',
    '## Targets',
    '',
    '| job | measured | target | met |',
    '|---|---|---|---|',
    ...verdicts.map(
      ({ result, what, value, target, met }) => `| ${result.scenario.title}: ${what} | ${value} | ${target} | ${MET[String(met)]} |`,
    ),
    '',
    '## Measurements',
    ...results.flatMap((result) => [
      '',
      `### ${result.scenario.title}`,
      '',
      `${result.files.length === 0 ? 'No input.' : `${Math.round(bytesOf(result.files) / 1e6)} MB.`}`,
      '',
      `| ${COLUMNS.map((column) => column || 'who').join(' | ')} |`,
      `|${COLUMNS.map((_, i) => (i === 0 ? '---' : '--:')).join('|')}|`,
      ...rowsOf(result).map((row) => `| ${row.join(' | ')} |`),
    ]),
    '',
    notes.trimEnd(),
    '',
  ].join('\n');
}
