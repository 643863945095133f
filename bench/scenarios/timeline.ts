import { parseOnly, plainToFile, usualToFile } from '../baselines/audit.js';
import { duckdbPackage, sortWithDuckDb } from '../baselines/duckdb.js';
import { sortInMemory, sortToFile } from '../baselines/ours.js';
import type { Contender, Scenario } from '../scenario.js';

const bare: Contender = { name: 'JSON.parse per line, result dropped', run: parseOnly };
const inMemory: Contender = { name: 'kubewitness, in memory', run: sortInMemory };
const toFile: Contender = { name: 'kubewitness, to a file', run: (files) => sortToFile(files) };
const withWorkers: Contender = { name: 'kubewitness, to a file, two workers', run: (files) => sortToFile(files, 2) };
const plain: Contender = { name: 'plain JavaScript', run: plainToFile };
const usual: Contender = { name: 'ndjson, zod, date-fns', run: usualToFile };
const duck = (threads: number): Contender => ({
  name: `DuckDB, ${threads} thread${threads === 1 ? '' : 's'}`,
  packages: [duckdbPackage],
  run: (files) => sortWithDuckDb(files, threads),
});
const [duckOne, duckTwo] = [duck(1), duck(2)];

export const timelineInMemory: Scenario = {
  id: 'timeline-memory',
  title: 'Audit log to a sorted timeline in memory',
  inputs: [['audit', 0.5, 1]],
  contenders: [bare, inMemory],
  targets: [
    { ours: inMemory.name, against: bare.name, atLeast: 0.9 },
    { ours: inMemory.name, keptBytes: 500 },
  ],
};

export const timelineToFile: Scenario = {
  id: 'timeline-file',
  title: 'Audit log to a sorted NDJSON file',
  inputs: [['audit', 0.5, 1]],
  contenders: [bare, toFile, duckOne, plain, usual],
  targets: [
    { ours: toFile.name, against: duckOne.name, atLeast: 0.85 },
    { ours: toFile.name, against: usual.name, atLeast: 4 },
  ],
};

export const timelineWorkers: Scenario = {
  id: 'timeline-workers',
  title: 'Audit logs of two API servers to one sorted NDJSON file',
  inputs: [
    ['audit', 0.25, 2],
    ['audit', 0.25, 3],
  ],
  contenders: [toFile, withWorkers, duckTwo],
  targets: [
    { ours: withWorkers.name, against: toFile.name, atLeast: 1.4 },
    { ours: withWorkers.name, against: duckTwo.name, atLeast: 1 },
  ],
};
