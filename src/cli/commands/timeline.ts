/** `kubewitness timeline`: events in order, as text or for machines. */
import { openEvidence, type Evidence } from '../../node/evidence.js';
import { csvHeader, csvRow } from '../../timeline/csv.js';
import { formatRow } from '../../timeline/table.js';
import { visibleJson } from '../../timeline/visible.js';
import { timeline as readTimeline, type TimelineStream } from '../../timeline/timeline.js';
import { checkParser, checkTime, evidenceHelp, evidenceOptions, factsOf, parseCommand, requirePaths, UsageError } from '../arguments.js';
import type { Command, Io } from '../io.js';
import { openProblemFile } from '../problem-file.js';
import { summarize } from '../summary.js';

const HOST_WIDTH = 12;

const options = {
  ...evidenceOptions,
  format: { type: 'string', default: 'table' },
  from: { type: 'string' },
  to: { type: 'string' },
  raw: { type: 'boolean', default: false },
  origins: { type: 'boolean', default: false },
  'no-fold': { type: 'boolean', default: false },
  problems: { type: 'string' },
  workers: { type: 'string' },
} as const;

type Writer = (stream: TimelineStream, io: Io, settings: { origins: boolean }) => Promise<void>;

const writers: Readonly<Record<string, Writer>> = { table: writeTable, ndjson: writeNdjson, csv: writeCsv };

export const timeline: Command = {
  usage: 'PATH…',
  summary: 'every event of all evidence, in order of time',
  options: [
    ['--format FORMAT', `${Object.keys(writers).join(', ')} (default table)`],
    ...evidenceHelp,
    ['--from TIME', 'the first moment shown'],
    ['--to TIME', 'the moment after the last one shown'],
    ['--raw', 'keep each record’s text in the event (ndjson)'],
    ['--origins', 'show file and line of each event (table)'],
    ['--no-fold', 'show a record twice when it was collected twice'],
    ['--workers N', 'read in N threads (ndjson, several large sources); the result is the same'],
    ['--problems FILE', 'write every problem to FILE as NDJSON'],
  ],
  async run(args, io) {
    const { values, positionals } = parseCommand(args, options);
    const write = Object.hasOwn(writers, values.format) ? writers[values.format] : undefined;
    if (write === undefined) throw new UsageError(`there is no format "${values.format}"`);
    const paths = requirePaths(positionals);
    const { from, to, raw, parser } = values;
    // What is wrong with the options is said before hours of reading.
    checkTime(from);
    checkTime(to);
    checkParser(parser);
    const workers = workersOf(values.workers);
    const problems = values.problems === undefined ? undefined : openProblemFile(values.problems);
    const onProblem = problems?.write;
    let evidence: Evidence | undefined;
    try {
      evidence = await openEvidence(paths, { ...factsOf(values), onProblem, workers, signal: io.signal });
      const { gather } = evidence;
      const stream = readTimeline(evidence.sources, {
        from,
        to,
        raw,
        parser,
        fold: !values['no-fold'],
        onProblem,
        gather,
        signal: io.signal,
      });
      await write(stream, io, { origins: values.origins });
      io.err(summarize(evidence, stream));
      return exitCode(evidence, stream);
    } finally {
      await evidence?.close();
      problems?.close();
    }
  },
};

/** Most threads asked for: more only cost memory. */
const MOST_WORKERS = 64;

function workersOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const count = /^\d{1,3}$/.test(text) ? Number(text) : -1;
  if (count < 0 || count > MOST_WORKERS) throw new UsageError(`--workers takes a number from 0 to ${MOST_WORKERS}`);
  return count;
}

/** 3 when there was evidence and none of it could be read. */
function exitCode(evidence: Evidence, stream: TimelineStream): number {
  const read = stream.coverage.some(({ parser, source }) => parser !== undefined || source.size === 0);
  return !read && (evidence.problems.length > 0 || stream.coverage.length > 0) ? 3 : 0;
}

async function writeTable(stream: TimelineStream, io: Io, { origins }: { origins: boolean }): Promise<void> {
  const width = io.width === undefined ? 240 : Math.max(40, io.width - 33 - HOST_WIDTH);
  for await (const batch of stream.batches()) {
    io.out(batch.map((event) => formatRow(event, HOST_WIDTH, { width, origins }) + '\n').join(''));
    await io.drained();
  }
}

const decoder = new TextDecoder();

async function writeNdjson(stream: TimelineStream, io: Io): Promise<void> {
  for await (const bytes of stream.ndjson()) {
    io.out(io.width === undefined ? bytes : visibleJson(decoder.decode(bytes)));
    await io.drained();
  }
}

async function writeCsv(stream: TimelineStream, io: Io): Promise<void> {
  io.out(csvHeader + '\n');
  for await (const batch of stream.batches()) {
    io.out(batch.map((event) => csvRow(event) + '\n').join(''));
    await io.drained();
  }
}
