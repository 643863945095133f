/** Sigma rules specification 2.1, Condition. */
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../../src/indicators/sigma/index.js';
import { codesOf, load, ruleOf } from './rules.js';

/** Which of these fields are 1 decides which selections hold. */
const SELECTIONS = 'a:\n  a: 1\nb:\n  b: 1\nsel_x:\n  x: 1\nsel_y:\n  y: 1\n_z:\n  z: 1\n';

function holds(condition: string, fields: string): boolean {
  const record = Object.fromEntries([...fields].map((field) => [field, 1]));
  return load(ruleOf(`${SELECTIONS}condition: ${condition}`)).match(record).length === 1;
}

describe('conditions', () => {
  it.each([
    ['a and b', 'ab', true],
    ['a and b', 'a', false],
    ['a or b', 'b', true],
    ['not a', '', true],
    ['not a', 'a', false],
    ['not not a', 'a', true],
    ['a or b and sel_x', 'a', true],
    ['(a or b) and sel_x', 'a', false],
    ['(a or b) and sel_x', 'bx', true],
    ['not a and b', 'b', true],
    ['not (a and b)', 'a', true],
    ['not a or b', 'ab', true],
    ['a AND NOT b', 'a', true],
    ['1 of sel_*', 'y', true],
    ['1 of sel_*', 'a', false],
    ['any of sel_*', 'x', true],
    ['all of sel_*', 'x', false],
    ['all of sel_*', 'xy', true],
    ['1 of *_x', 'x', true],
    ['1 of s*l_x', 'x', true],
    ['1 of them', 'z', false],
    ['1 of them', 'b', true],
    ['all of them', 'abxy', true],
    ['all of them', 'abx', false],
    ['2 of them', 'ay', true],
    ['2 of them', 'az', false],
    ['1 of _*', 'z', true],
    ['1 of *', 'z', true],
    ['2 of sel_*', 'xy', true],
    ['1 of sel_x', 'x', true],
    ['a and not 1 of sel_*', 'a', true],
    ['a and not 1 of sel_*', 'ax', false],
    ['not 1 of them', '', true],
    ['(((a)))', 'a', true],
    ['(a)and(b)', 'ab', true],
  ])('%s with %s: %s', (condition, fields, expected) => {
    expect(holds(condition, fields)).toBe(expected);
  });

  it('links a list of conditions with or', () => {
    const set = load(ruleOf(`${SELECTIONS}condition:\n  - a and b\n  - sel_x`));
    expect(set.match({ x: 1 })).toHaveLength(1);
    expect(set.match({ a: 1 })).toHaveLength(0);
  });

  it.each([
    ['a and', 'condition-syntax'],
    ['a b', 'condition-syntax'],
    ['(a', 'condition-syntax'],
    ['a)', 'condition-syntax'],
    ['and a', 'condition-syntax'],
    ['all of', 'condition-syntax'],
    ['0 of them', 'condition-syntax'],
    ['some of them', 'condition-syntax'],
    ['nope', 'unknown-identifier'],
    ['1 of nope*', 'unknown-identifier'],
    ['a | count() > 5', 'unsupported-aggregation'],
    ['a|near b', 'unsupported-aggregation'],
    ['a | count(user) by ip > 5', 'unsupported-aggregation'],
  ])('refuses %s as %s', (condition, code) => {
    expect(codesOf(ruleOf(`${SELECTIONS}condition: ${condition}`))).toEqual([code]);
  });

  it('names the aggregation and what replaces it', () => {
    const [error] = loadRules(ruleOf(`${SELECTIONS}condition: a | count(user) by ip > 5`)).errors;
    expect(error?.message).toContain('| count');
    expect(error?.hint).toContain('event_count');
    expect(error).toMatchObject({ path: 'rules', line: 15, column: 16 });
  });

  it('says when so many of them can never be', () => {
    const set = load(ruleOf(`${SELECTIONS}condition: 3 of sel_*`));
    expect(set.warnings.map((warning) => warning.code)).toEqual(['condition-syntax']);
  });

  it('is not fooled by thousands of brackets', () => {
    expect(codesOf(ruleOf(`a:\n  a: 1\ncondition: ${'('.repeat(50_000)}a`))).toEqual(['limit']);
    expect(codesOf(ruleOf(`a:\n  a: 1\ncondition: ${'('.repeat(500)}a${')'.repeat(500)}`))).toEqual(['condition-syntax']);
  });
});
