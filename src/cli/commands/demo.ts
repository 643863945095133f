/** `kubewitness demo`: the timeline of the incident that comes with the package. */
import path from 'node:path';
import { openEvidence } from '../../node/evidence.js';
import { collect } from '../../timeline/collect.js';
import { timeline } from '../../timeline/timeline.js';
import type { Command } from '../io.js';
import { packageRoot } from '../package.js';
import { formatSources, sourceReport } from '../source-report.js';
import { summarize } from '../summary.js';

const evidenceFolder = path.join(packageRoot, 'fixtures/demo/evidence');

export const demo: Command = {
  usage: '',
  summary: 'the timeline of a bundled incident',
  options: [],
  async run(_args, io) {
    const evidence = await openEvidence(evidenceFolder, { signal: io.signal });
    try {
      const stream = timeline(evidence.sources, { signal: io.signal });
      const events = await collect(stream);
      io.out(formatSources(sourceReport(stream.coverage, evidence.problems)));
      io.out('\n' + events.table({ width: 150, origins: true }) + '\n');
      io.err(summarize(evidence, stream));
      return 0;
    } finally {
      await evidence.close();
    }
  },
};
