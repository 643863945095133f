/** The index only ever leaves out rules that cannot match: what it finds is what a plain reading of the rules finds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AhoCorasick } from '../../../src/indicators/sigma/aho-corasick.js';
import { loadRules, type AnyRecord } from '../../../src/indicators/sigma/index.js';

type Plain = string | number | boolean | null;
type Detection = Record<string, Plain | readonly Plain[]> | readonly (Plain | Record<string, Plain | readonly Plain[]>)[];

/** Wildcards as a regular expression: not how the engine does it. */
function wild(text: string): string {
  return text.replace(/\\([*?\\])|[\s\S]/g, (whole, escaped: string | undefined) =>
    escaped === undefined ? (whole === '*' ? '[^]*' : whole === '?' ? '[^]' : whole.replace(/[\\^$.*+?()[\]{}|]/, '\\$&')) : `\\${escaped}`,
  );
}

const AROUND: Readonly<Record<string, readonly [string, string]>> = {
  contains: ['[^]*', '[^]*'],
  startswith: ['', '[^]*'],
  endswith: ['[^]*', ''],
};

function valueHolds(actual: unknown, wanted: Plain, modifiers: readonly string[]): boolean {
  if (Array.isArray(actual)) return actual.some((one) => valueHolds(one, wanted, modifiers));
  if (wanted === null) return actual === undefined || actual === null;
  if (actual === undefined || actual === null) return false;
  const text = typeof actual === 'object' ? JSON.stringify(actual) : String(actual);
  if (modifiers.includes('re')) return new RegExp(String(wanted)).test(text);
  if (modifiers.includes('gt')) return /^-?\d+(?:\.\d+)?$/.test(text) && Number(text) > Number(wanted);
  const placed = modifiers.find((name) => AROUND[name] !== undefined);
  if (typeof wanted === 'number' && placed === undefined)
    return text === String(wanted) || (/^-?\d+(?:\.\d+)?$/.test(text) && Number(text) === wanted);
  const [before, after] = AROUND[placed ?? ''] ?? ['', ''];
  return new RegExp(`^${before}${wild(String(wanted))}${after}$`, modifiers.includes('cased') ? '' : 'i').test(text);
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

function selectionHolds(detection: Detection, record: AnyRecord): boolean {
  if (Array.isArray(detection)) {
    return (detection as readonly (Plain | Record<string, Plain>)[]).some((one) =>
      typeof one === 'object' && one !== null
        ? selectionHolds(one, record)
        : texts(record).some((text) => valueHolds(text, one, ['contains'])),
    );
  }
  return Object.entries(detection as Record<string, Plain | readonly Plain[]>).every(([key, wanted]) => {
    const [field = '', ...modifiers] = key.split('|');
    const each = (Array.isArray(wanted) ? wanted : [wanted]).map((one: Plain) => valueHolds(record[field], one, modifiers));
    const holds = modifiers.includes('all') ? each.every(Boolean) : each.some(Boolean);
    return modifiers.includes('neq') ? !holds : holds;
  });
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '/', ' ', '-', '1', 'é', '.'), maxLength: 6 });
const plainText = word.filter((text) => text !== '');
const pattern = fc
  .tuple(plainText, fc.constantFrom('', '', '*', '?', String.raw`\*`), fc.oneof(fc.constant(''), plainText))
  .map((parts) => parts.join(''));
const value: fc.Arbitrary<Plain> = fc.oneof(
  { weight: 6, arbitrary: pattern },
  { weight: 1, arbitrary: fc.integer({ min: -3, max: 120 }) },
  { weight: 1, arbitrary: fc.boolean() },
);
const field = fc.constantFrom('f', 'g', 'h');
const item = fc
  .oneof(
    fc.tuple(
      field,
      fc.constantFrom('', '|contains', '|startswith', '|endswith', '|contains|cased', '|cased', '|neq', '|contains|neq'),
      fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 4 })),
    ),
    fc.tuple(field, fc.constantFrom('|contains|all', '|startswith|all'), fc.array(pattern, { minLength: 2, maxLength: 3 })),
    fc.tuple(field, fc.constant('|re'), fc.constantFrom('a+b', '^A', 'b$', '[ab]1', '(a|/)b', '-(a|b)', 'a.*b.*a', 'é')),
    fc.tuple(field, fc.constant('|gt'), fc.integer({ min: -2, max: 100 })),
    fc.tuple(field, fc.constant(''), fc.constant(null)),
  )
  .map(([name, modifiers, wanted]): [string, Plain | readonly Plain[]] => [name + modifiers, wanted]);
const map = fc.array(item, { minLength: 1, maxLength: 3 }).map((entries) => Object.fromEntries(entries));
const detection: fc.Arbitrary<Detection> = fc.oneof(
  { weight: 4, arbitrary: map },
  { weight: 1, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(pattern, { minLength: 1, maxLength: 3 }) },
);

/** Conditions over the selections a, b and c, and what they mean. */
const CONDITIONS: readonly (readonly [string, (a: boolean, b: boolean, c: boolean) => boolean])[] = [
  ['a', (a) => a],
  ['a and b', (a, b) => a && b],
  ['a or b', (a, b) => a || b],
  ['a and not b', (a, b) => a && !b],
  ['not a', (a) => !a],
  ['not (a or b) or c', (a, b, c) => !(a || b) || c],
  ['1 of them', (a, b, c) => a || b || c],
  ['2 of them', (a, b, c) => Number(a) + Number(b) + Number(c) >= 2],
  ['all of them', (a, b, c) => a && b && c],
  ['(a or b) and c', (a, b, c) => (a || b) && c],
];
const rule = fc.record({ selections: fc.tuple(detection, detection, detection), condition: fc.constantFrom(...CONDITIONS) });
const scalar = fc.oneof(
  { weight: 5, arbitrary: word as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, 0, 1, 11, 5.5, '1.0', '-1') },
);
const record = fc.dictionary(
  fc.constantFrom('f', 'g', 'h', 'x'),
  fc.oneof({ weight: 5, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) }),
  { noNullPrototype: true },
) as fc.Arbitrary<AnyRecord>;

describe('the index', () => {
  it('finds what a plain reading of random rules finds in random records', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 8 }), fc.array(record, { minLength: 1, maxLength: 10 }), (rules, records) => {
        const set = loadRules(
          rules.map(({ selections: [a, b, c], condition }, i) => ({
            path: `${i}`,
            text: JSON.stringify({ title: String(i), logsource: { product: 'x' }, detection: { a, b, c, condition: condition[0] } }),
          })),
        );
        expect(set.errors).toEqual([]);
        for (const one of records) {
          const expected = rules.flatMap(({ selections: [a, b, c], condition }, i) =>
            condition[1](selectionHolds(a, one), selectionHolds(b, one), selectionHolds(c, one)) ? [String(i)] : [],
          );
          const found = set.match(one);
          expect(found.map((match) => match.rule.title)).toEqual(expected);
          expect(set.match(one, { logsource: { product: 'x', service: 'y' } })).toEqual(found);
          // Evidence quotes the record.
          for (const { explanation } of found)
            for (const { matched, offset, field: name } of explanation.evidence)
              if (matched !== undefined && offset !== undefined && name !== undefined && typeof one[name] === 'string')
                expect((one[name] as string).slice(offset, offset + matched.length)).toBe(matched);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('finds all places of all texts', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '😀'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 8 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'é', '😀'), maxLength: 20 }),
        (sought, text) => {
          const hits: number[] = [];
          const count = new AhoCorasick(sought).scan(text, hits);
          const found = new Set(Array.from({ length: count / 2 }, (_, i) => `${hits[2 * i]} ${hits[2 * i + 1]}`));
          const expected = new Set(
            sought.flatMap((one, id) =>
              Array.from({ length: text.length }, (_, at) => at)
                .filter((at) => text.startsWith(one, at))
                .map((at) => `${id} ${at + one.length}`),
            ),
          );
          expect(found).toEqual(expected);
        },
      ),
    );
  });

  it('is not thrown off by any record', () => {
    const set = loadRules([
      { path: 'a', text: 'title: a\nlogsource: {product: x}\ndetection:\n  k: [evil, 1]\n  s: {a.b.c|contains: x}\n  condition: k or s\n' },
    ]);
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (any) => void set.match(any as AnyRecord)));
    let deep: unknown = 'evil';
    for (let i = 0; i < 50_000; i++) deep = i % 2 === 0 ? [deep] : { a: deep };
    expect(set.match({ deep })).toHaveLength(1);
    expect(set.match({ a: { b: { c: deep } } })).toHaveLength(1);
  });
});
