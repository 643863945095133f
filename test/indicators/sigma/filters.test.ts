/** Sigma filters specification 2.1.0. */
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../../src/indicators/sigma/index.js';
import { codesOf, load } from './rules.js';

const RULE =
  'title: rule\nid: 6f3e2987-db24-4c78-a860-b4f4095a7095\nname: rar\nlogsource: {category: process_creation, product: linux}\ndetection:\n  selection: {Image|endswith: /rar}\n  condition: selection\n---\n';

function filter(body: string, logsource = 'category: process_creation, product: linux'): string {
  return `title: admins\nlogsource: {${logsource}}\nfilter:\n${body
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;
}

const admin = { Image: '/usr/bin/rar', User: 'ADM_bob' };
const other = { Image: '/usr/bin/rar', User: 'bob' };
const hits = (text: string, record: Record<string, unknown>) => load(RULE + text).match(record).length;

describe('filters', () => {
  it.each([['6F3E2987-db24-4c78-a860-b4f4095a7095'], ['rar'], ['any'], ['[other-rule, rar]']])('exclude by not, for rules: %s', (rules) => {
    const text = filter(`rules: ${rules}\nselection:\n  User|startswith: adm_\ncondition: not selection`);
    expect([hits(text, admin), hits(text, other)]).toEqual([0, 1]);
  });

  it('are joined to the rule with and', () => {
    const text = filter('rules: [rar]\nselection:\n  User|startswith: adm_\ncondition: selection');
    expect([hits(text, admin), hits(text, other)]).toEqual([1, 0]);
  });

  it('have search identifiers of their own', () => {
    const text = filter('rules: [rar]\nselection:\n  User: bob\nselection_2:\n  User: eve\ncondition: not 1 of selection*');
    expect([hits(text, admin), hits(text, other)]).toEqual([1, 0]);
  });

  it('are for rules of their log source only', () => {
    const body = 'rules: any\nselection:\n  User: bob\ncondition: not selection';
    expect(hits(filter(body, 'product: linux'), other)).toBe(0);
    expect(hits(filter(body, 'product: windows'), other)).toBe(1);
    expect(hits(filter(body, 'product: linux, service: auditd'), other)).toBe(1);
  });

  it('add up', () => {
    const one = filter('rules: any\nselection:\n  User: bob\ncondition: not selection');
    const two = filter('rules: any\nselection:\n  User|startswith: adm_\ncondition: not selection');
    expect([
      hits(`${one}---\n${two}`, admin),
      hits(`${one}---\n${two}`, other),
      hits(`${one}---\n${two}`, { Image: '/rar', User: 'eve' }),
    ]).toEqual([0, 0, 1]);
  });

  it('show in the explanation', () => {
    const set = load(RULE + filter('rules: any\nselection:\n  User: root\ncondition: not selection'));
    const [match] = set.match(other);
    expect(match?.rule.filters).toEqual(['admins']);
    expect(match?.explanation.absent).toEqual(['admins: selection']);
  });

  it('warn of rules that are not there, or of another log source', () => {
    expect(loadRules(RULE + filter('rules: [nope]\ns: {a: 1}\ncondition: s')).warnings.map((one) => one.code)).toEqual(['unknown-rule']);
    expect(loadRules(RULE + filter('rules: [rar]\ns: {a: 1}\ncondition: s', 'product: windows')).warnings.map((one) => one.code)).toEqual([
      'unknown-rule',
    ]);
  });

  it.each([
    ['no rules', 's: {a: 1}\ncondition: s', 'missing-field'],
    ['an empty list of rules', 'rules: []\ns: {a: 1}\ncondition: s', 'empty-list'],
    ['no condition', 'rules: any\ns: {a: 1}', 'missing-field'],
    ['an unknown search identifier', 'rules: any\ns: {a: 1}\ncondition: t', 'unknown-identifier'],
    ['an unknown modifier', 'rules: any\ns: {a|x: 1}\ncondition: s', 'unknown-modifier'],
  ])('are refused with %s', (_, body, code) => {
    expect(codesOf(RULE + filter(body))).toEqual([code]);
  });
});
