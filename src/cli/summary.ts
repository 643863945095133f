/** The last words on standard error: what was read, and what was not understood. */
import type { Evidence } from '../node/evidence.js';
import type { TimelineStream } from '../timeline/timeline.js';
import { countProblems } from './source-report.js';

export function summarize({ problems }: Evidence, { coverage, folded }: TimelineStream): string {
  const sum = (pick: (item: (typeof coverage)[number]) => number): number => coverage.reduce((total, item) => total + pick(item), 0);
  const unknown = coverage.filter(({ parser, sameAs, source }) => parser === undefined && sameAs === undefined && source.size !== 0).length;
  const counts = [
    `${plural(coverage.length, 'source')}`,
    `${sum(({ tally }) => tally.frames)} records`,
    `${sum(({ tally }) => tally.events)} events`,
    `${folded} told twice and folded`,
    `${plural(countProblems(coverage) + problems.length, 'problem')}`,
  ];
  const missing = unknown === 0 ? '' : `${plural(unknown, 'source')} not understood: see kubewitness sources\n`;
  return `${counts.join(', ')}\n${missing}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
