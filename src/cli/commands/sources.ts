/** `kubewitness sources`: what each file is, why, and what became of it. */
import { openEvidence } from '../../node/evidence.js';
import { timeline } from '../../timeline/timeline.js';
import { visibleJson } from '../../timeline/visible.js';
import { checkParser, evidenceHelp, evidenceOptions, factsOf, parseCommand, requirePaths, UsageError } from '../arguments.js';
import type { Command } from '../io.js';
import { sourceReport } from '../source-report.js';
import { formatSources } from '../source-text.js';

const options = { ...evidenceOptions, format: { type: 'string', default: 'table' } } as const;

export const sources: Command = {
  usage: 'PATH…',
  summary: 'what each file is and why, its hash, first and last time, events and problems',
  options: [['--format FORMAT', 'table, json (default table)'], ...evidenceHelp],
  async run(args, io) {
    const { values, positionals } = parseCommand(args, options);
    if (values.format !== 'table' && values.format !== 'json') throw new UsageError(`there is no format "${values.format}"`);
    checkParser(values.parser);
    const evidence = await openEvidence(requirePaths(positionals), { ...factsOf(values), signal: io.signal });
    try {
      const stream = timeline(evidence.sources, { parser: values.parser, fold: false, signal: io.signal, runBytes: Infinity, to: NEVER });
      for await (const batch of stream.batches()) void batch;
      const report = sourceReport(stream.coverage, evidence.problems);
      io.out(values.format === 'json' ? visibleJson(JSON.stringify(report, null, 2)) + '\n' : formatSources(report));
      const read = report.sources.some(({ parser, size }) => parser !== undefined || size === 0);
      return read || report.sources.length + report.problems.length === 0 ? 0 : 3;
    } finally {
      await evidence.close();
    }
  },
};

/** Everything is read and counted, nothing is kept for showing. */
const NEVER = '0001-01-01T00:00:00Z';
