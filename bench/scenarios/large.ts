import { sortToFile } from '../baselines/ours.js';
import type { Contender, Scenario } from '../scenario.js';

const ours: Contender = { name: 'kubewitness, to a file', run: (files) => sortToFile(files) };

/** One size of the same evidence: the cost of an event must not depend on it. */
const ofSize = (id: string, size: string, part: number): Scenario => ({
  id,
  title: `Audit log of ${size} to a sorted NDJSON file`,
  inputs: [['audit', part, 1]],
  contenders: [ours],
  targets: [{ ours: ours.name, megabytes: 512 }],
});

export const small = ofSize('size-50MB', '50 MB', 0.1);
export const large = ofSize('size-500MB', '500 MB', 1);
/** Only with `--large`: takes 15 GB of disk. */
export const huge = ofSize('size-5GB', '5 GB', 10);
