import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegex, type CompiledRegex } from '../../../src/indicators/sigma/regex/compile.js';
import { loadRules } from '../../../src/indicators/sigma/index.js';
import { ruleOf } from './rules.js';

const NONE = { i: false, m: false, s: false };

function compiled(source: string, flags = NONE): CompiledRegex {
  const regex = compileRegex(source, flags);
  if ('code' in regex) throw new Error(regex.message);
  return regex;
}

/** Milliseconds: others work on the machine at the same time. */
function fastest(run: () => void): number {
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

describe('regular expressions', () => {
  it.each([
    [String.raw`net\s+group`, 'native'],
    [String.raw`\\[a-zA-Z]{8}\.tmp$`, 'native'],
    [String.raw`.*foo.*`, 'native'],
    [String.raw`^C:\\Users\\[^\\]+\\NTUSER\.DAT$`, 'native'],
    ['a(?!b)', 'native'],
    ['^a+b$', 'native'],
    ['a+b', 'native'],
    [String.raw`\s+$`, 'native'],
    ['^a+b+$', 're2'],
    ['^(a+)+$', 're2'],
    ['(a|a)*b', 're2'],
    ['foo.*bar', 're2'],
    ['aa+b', 're2'],
    ['(a|ab|b){0,30}c', 're2'],
    ['^a*a*$', 're2'],
    ['[[:alpha:]]', 're2'],
    [String.raw`\Ax\z`, 're2'],
    ['(?i:a)b', 're2'],
    ['.{1,400}x.{1,400}y', 're2'],
  ])('runs %s with %s', (source, engine) => {
    expect(compiled(source).engine).toBe(engine);
  });

  // What each of them would take for ever on with a backtracking engine, or a quadratic time.
  const N = 100_000;
  it.each([
    ['^(a+)+$', `${'a'.repeat(N)}!`],
    ['(a|a)*b', 'a'.repeat(N)],
    ['(a|aa)+$', `${'a'.repeat(N)}!`],
    ['(.*)*x', 'y'.repeat(N)],
    ['a+b', 'a'.repeat(N)],
    [String.raw`\s+$`, `${' '.repeat(N)}x`],
    ['foo.*bar', 'foo'.repeat(N / 3)],
    [String.raw`net\s+group`, `net${' '.repeat(N)}`],
    [String.raw`net\s+group`, 'net '.repeat(N / 4)],
    ['^a+b+$', `${'a'.repeat(N / 2)}${'b'.repeat(N / 2)}!`],
    [String.raw`\\[^\\]+\\x`, String.raw`\a`.repeat(N / 2)],
    ['.{900}x', 'y'.repeat(N)],
    [String.raw`^(([a-z])+.)+[A-Z]([a-z])+$`, 'a'.repeat(N)],
    [String.raw`(?i)(set).*&&\s?set.*(environment|invoke|\$\{?input).*&&.*"`, 'set && set environment '.repeat(N / 23)],
  ])('ends %s in time', (source, text) => {
    const regex = compiled(source);
    expect(fastest(() => regex.test(text))).toBeLessThan(500);
  });

  it('ends a rule with a hostile expression in time, explanation and all', () => {
    const set = loadRules(ruleOf(`a:\n  f|re: '^(a+)+$'\ncondition: a`));
    expect(fastest(() => expect(set.match({ f: `${'a'.repeat(50_000)}!` })).toEqual([]))).toBeLessThan(100);
    expect(set.match({ f: 'a'.repeat(50_000) })).toHaveLength(1);
  });

  it('says what both engines would say, whichever runs', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      String.raw`\d`,
      String.raw`\w`,
      String.raw`\s`,
      'ab',
      '(a|b)',
      '(?:ab|c)',
      String.raw`\.`,
    );
    const quantified = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '+?')).map((parts) => parts.join(''));
    const source = fc
      .tuple(fc.constantFrom('', '^'), fc.array(quantified, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '$'))
      .map(([start, middle, end]) => start + middle.join('') + end);
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '.', 'A'), maxLength: 14 });
    fc.assert(
      fc.property(
        fc.tuple(source, fc.option(source)).map(([a, b]) => (b === null ? a : `${a}|${b}`)),
        text,
        fc.boolean(),
        (pattern, value, i) => {
          const regex = compiled(pattern, { ...NONE, i });
          const expected = new RegExp(pattern, i ? 'i' : '').test(value);
          expect([pattern, value, regex.test(value)]).toEqual([pattern, value, expected]);
          expect(regex.find(value) !== undefined).toBe(expected);
          // What the index relies on.
          if (expected && regex.literals !== undefined)
            expect(regex.literals.some((literal) => value.toLowerCase().includes(literal))).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
