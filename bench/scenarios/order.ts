import { mergeRuns } from '../../src/timeline/merge.js';
import type { Block } from '../../src/timeline/block.js';
import type { Run } from '../../src/timeline/run.js';
import { permuteKeys, sortedIndex, type Keys } from '../../src/timeline/sort.js';
import { seeded } from '../generate/random.js';
import type { Contender, Outcome, Scenario } from '../scenario.js';

const MILLION = 1_000_000;

/** Times of a busy hour: seconds and nanoseconds. */
function keys(count: number, seed: number): Keys {
  const random = seeded(seed);
  const seconds = new Float64Array(count);
  const nanos = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    seconds[i] = 1_714_521_600 + random.int(3600);
    nanos[i] = random.int(1_000_000) * 1000;
  }
  return { seconds, nanos };
}

/** Several sets: the first one in a process is sorted by code that is not compiled yet. */
let sets: Keys[] = [];
const makeSets = (): void => void (sets = Array.from({ length: 8 }, (_, i) => keys(MILLION, 7 + i)));

const radix: Contender = {
  name: 'radix index',
  setUp: makeSets,
  run: () => ({ count: sets.reduce((sum, set) => sum + sortedIndex(set).length, 0) }),
};
const arraySort: Contender = {
  name: 'Array.sort of an index with a comparator',
  setUp: makeSets,
  run: () => ({ count: sets.reduce((sum, set) => sum + sortByComparator(set).length, 0) }),
};

function sortByComparator({ seconds, nanos }: Keys): number[] {
  const index = Array.from({ length: seconds.length }, (_, i) => i);
  return index.sort((a, b) => (seconds[a] as number) - (seconds[b] as number) || (nanos[a] as number) - (nanos[b] as number));
}

export const sorting: Scenario = {
  id: 'sort',
  title: 'Eight times a million sort keys in order, stable',
  inputs: [],
  contenders: [radix, arraySort],
  targets: [{ ours: radix.name, against: arraySort.name, atLeast: 5 }],
};

const RUNS = 16;
let runs: Block<object>[] = [];
const makeRuns = (): void => void (runs = Array.from({ length: RUNS }, (_, run) => sortedRun(run)));

function sortedRun(run: number): Block<object> {
  const unordered = keys(MILLION / RUNS, run + 100);
  const index = sortedIndex(unordered);
  return { ...permuteKeys(unordered, index), items: Array.from(index, (i) => ({ run, i })) };
}

async function merge(): Promise<Outcome> {
  let count = 0;
  const inputs = runs.map((block): Run<object> => {
    let given = false;
    return {
      next() {
        if (given) return undefined;
        given = true;
        return block;
      },
    };
  });
  for await (const batch of mergeRuns(inputs)) count += batch.length;
  return { count };
}

const merging: Contender = { name: 'merge', setUp: makeRuns, run: merge };
const concatenating: Contender = {
  name: 'concatenation, unsorted',
  setUp: makeRuns,
  run: () => ({ count: runs.flatMap(({ items }) => items).length }),
};

export const mergeRunsScenario: Scenario = {
  id: 'merge',
  title: 'A million events of 16 sorted runs merged',
  inputs: [],
  contenders: [merging, concatenating],
  targets: [{ ours: merging.name, perSecond: 5_000_000 }],
};
