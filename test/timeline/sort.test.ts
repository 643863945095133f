import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../src/formats/time.js';
import { keysOf, sortedIndex } from '../../src/timeline/sort.js';
import { eventAt } from './events.js';

describe('sortedIndex', () => {
  it('is a stable sort by instant over all years', () => {
    const instants = fc
      .tuple(fc.integer({ min: -62135596800, max: 253402300799 }), fc.nat(999_999_999))
      .map(([s, n]) => instantOf(s, n) as string);
    const near = fc.tuple(fc.nat(3), fc.nat(3)).map(([s, n]) => instantOf(1_700_000_000 + s, n) as string);
    fc.assert(
      fc.property(fc.array(fc.oneof(instants, near), { maxLength: 200 }), (times) => {
        const expected = times.map((time, i) => ({ time, i })).sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.i - b.i));
        expect([...sortedIndex(keysOf(times.map((time) => eventAt(time))))]).toEqual(expected.map(({ i }) => i));
      }),
    );
  });

  it('puts a leap second behind its :59 and before the next minute', () => {
    const times = ['2017-01-01T00:00:00.000000000Z', '2016-12-31T23:59:60.500000000Z', '2016-12-31T23:59:59.999999999Z'];
    expect([...sortedIndex(keysOf(times.map((time) => eventAt(time))))]).toEqual([2, 1, 0]);
  });
});
