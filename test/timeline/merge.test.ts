import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRuns } from '../../src/timeline/merge.js';
import type { Run } from '../../src/timeline/run.js';

interface Item {
  readonly second: number;
  readonly nanos: number;
  readonly run: number;
  readonly at: number;
}

/** A run that hands out its items in blocks of the given sizes, now at once and now later. */
function runOf(items: readonly Item[], sizes: readonly number[], late: boolean): Run<Item> {
  let from = 0;
  let turn = 0;
  return {
    next() {
      if (from >= items.length) return undefined;
      const part = items.slice(from, (from += sizes[turn++ % sizes.length] ?? 1));
      const block = {
        seconds: Float64Array.from(part, ({ second }) => second),
        nanos: Uint32Array.from(part, ({ nanos }) => nanos),
        items: part,
      };
      return late && turn % 2 === 0 ? Promise.resolve(block) : block;
    },
  };
}

const order = (a: Item, b: Item): number => a.second - b.second || a.nanos - b.nanos || a.run - b.run || a.at - b.at;

describe('merging', () => {
  it('equals a stable sort of all runs one after the other, whatever their number, sizes and blocks', async () => {
    const keys = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, 1, 999_999_999)), { maxLength: 40 });
    const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }).filter((list) => list.some((size) => size > 0));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(keys, sizes, fc.boolean()), { maxLength: 20 }), async (given) => {
        const runs = given.map(([list]) => list.toSorted(([a, b], [c, d]) => a - c || b - d));
        const items = runs.map((list, run) => list.map(([second, nanos], at): Item => ({ second, nanos, run, at })));
        const merged: Item[] = [];
        for await (const batch of mergeRuns(given.map(([, size, late], i) => runOf(items[i] ?? [], size, late)))) merged.push(...batch);
        expect(merged).toEqual(items.flat().toSorted(order));
      }),
      { numRuns: 300 },
    );
  });
});
