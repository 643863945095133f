/** `kubewitness demo`: the incident that comes with the package, from its files to its story. */
import path from 'node:path';
import { openEvidence } from '../../node/evidence.js';
import { collect } from '../../timeline/collect.js';
import { timeline } from '../../timeline/timeline.js';
import { isStep } from '../demo/story.js';
import { formatEvidence, formatGaps, formatStory } from '../demo/text.js';
import type { Command } from '../io.js';
import { packageRoot } from '../package.js';
import { summarize } from '../summary.js';

/** What an examiner knows beside the files: where the node's clock stood, and when the files were taken. `fixtures/demo/README.md` tells. */
export const demoFacts = { timeZone: 'America/Los_Angeles', collected: '2026-11-25T05:12:37Z' } as const;
export const demoEvidence = path.join(packageRoot, 'fixtures/demo/evidence');

export const demo: Command = {
  usage: '',
  summary: 'the timeline of a bundled incident',
  options: [],
  async run(_args, io) {
    const evidence = await openEvidence(demoEvidence, { ...demoFacts, signal: io.signal });
    try {
      const stream = timeline(evidence.sources, { signal: io.signal });
      const events = await collect(stream);
      const steps = events.where(isStep);
      io.out(`${INTRODUCTION}\n\n`);
      io.out(`EVIDENCE\n${formatEvidence(stream.coverage)}\n\n`);
      io.out(`STORY: ${steps.length} of ${events.length} events, 25 November 2026, in UTC; below each, where it is written\n`);
      io.out(`${formatStory(steps.events)}\n\n`);
      io.out(`NOT UNDERSTOOD, NOT WHOLE\n${formatGaps(stream.coverage, evidence.problems)}\n\n`);
      io.out(`${nextSteps()}\n`);
      io.err(summarize(evidence, stream));
      return 0;
    } finally {
      await evidence.close();
    }
  },
};

const INTRODUCTION = `An evening at a small cluster. Somebody tries passwords at node-1, gets in with a stolen key, becomes root, uses a kubeconfig
that lies on the node, runs commands in a pod, takes the node's disk through another pod, and stops the logs.
Real programs wrote these files (fixtures/demo/README.md); one is cut short, one record is torn, and the intruder's own files are no logs.
auth.log and kubelet.log tell neither year nor zone: both come from what the examiner knows,
zone ${demoFacts.timeZone} and collected ${demoFacts.collected}. Such times bear a ~.`;

function nextSteps(): string {
  const folder = path.relative(process.cwd(), demoEvidence) || '.';
  const facts = `--zone ${demoFacts.timeZone} --collected ${demoFacts.collected}`;
  return [
    'TRY NEXT',
    `  kubewitness timeline ${folder} ${facts} --origins`,
    '      every event, with the benign evening around it; --format ndjson for machines',
    `  kubewitness sources ${folder} ${facts}`,
    '      why each file was read as it was, its SHA-256, first and last time, and every count',
    '  kubewitness timeline YOUR-EVIDENCE.tar.gz',
  ].join('\n');
}
