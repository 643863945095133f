import { describe, expect, it } from 'vitest';
import { formatRuleError, loadRules } from '../../../src/indicators/sigma/index.js';
import { codesOf, load, ruleOf } from './rules.js';

const selection = (text: string) => ruleOf(`selection:\n  ${text}\ncondition: selection`);

describe('loading rules', () => {
  it.each([
    ['an unknown modifier', selection('f|contain: x'), 'unknown-modifier'],
    ['an empty modifier', selection('f|: x'), 'unknown-modifier'],
    ['an empty list of values', selection('f: []'), 'empty-list'],
    ['an empty list of keywords', ruleOf('selection: []\ncondition: selection'), 'empty-list'],
    ['an empty map', ruleOf('selection: {}\ncondition: selection'), 'empty-list'],
    ['a placeholder without a value', selection(`f|expand: '%x%'`), 'unresolved-placeholder'],
    ['an expression that is none', selection(`f|re: 'a(b'`), 'bad-regex'],
    ['a backreference', selection(String.raw`f|re: '(a)\1'`), 'unsupported-regex'],
    ['a lookahead without bounds', selection(`f|re: 'a(?=.*b).*c'`), 'unsupported-regex'],
    ['an inline flag that is not supported', selection(`f|re: '(?x)a b'`), 'unsupported-regex'],
    ['a network that is none', selection('f|cidr: 10.0.0.0/33'), 'bad-cidr'],
    ['a host name for a network', selection('f|cidr: localhost'), 'bad-cidr'],
    ['a network that comes late', selection('f|contains|cidr: 10.0.0.0/8'), 'modifier-misuse'],
    ['base64 of wildcards', selection(`f|base64: 'a*b'`), 'modifier-misuse'],
    ['a flag without re', selection('f|i: a'), 'modifier-misuse'],
    ['more than a text', selection('f|gt: abc'), 'modifier-misuse'],
    ['exists of a text', selection('f|exists: maybe'), 'modifier-misuse'],
    ['contains of null', selection('f|contains: null'), 'modifier-misuse'],
    ['a null keyword', ruleOf('selection:\n  - null\ncondition: selection'), 'bad-value'],
    ['a map as a value', selection('f: {g: 1}'), 'bad-value'],
    ['a list within a list of values', selection('f: [[1]]'), 'bad-value'],
    ['too many dashes', selection(`f|windash: '-a -b -c -d -e -f'`), 'limit'],
    ['no title', ruleOf('a:\n  f: 1\ncondition: a').replace('title: test', 'author: me'), 'missing-field'],
    ['no logsource', ruleOf('a:\n  f: 1\ncondition: a').replace('logsource:\n  product: test\n', ''), 'missing-field'],
    ['an empty logsource', ruleOf('a:\n  f: 1\ncondition: a').replace('product: test', 'definition: test'), 'missing-field'],
    ['no detection', 'title: x\nlogsource: {product: y}\n', 'missing-field'],
    ['no condition', ruleOf('a:\n  f: 1'), 'missing-field'],
    ['no search identifier', ruleOf('condition: a'), 'missing-field'],
    ['a condition that is a map', ruleOf('a:\n  f: 1\ncondition: {a: 1}'), 'bad-value'],
    ['text that is no YAML', 'title: [', 'yaml'],
    ['a list', '- a\n- b\n', 'yaml'],
    ['a key that is there twice', ruleOf('a:\n  f: 1\na:\n  g: 1\ncondition: a'), 'yaml'],
    ['rule collections', 'action: global\ntitle: x\n---\ndetection: {}\n', 'unsupported'],
  ])('refuses %s', (_, text, code) => {
    expect(codesOf(text)[0]).toBe(code);
  });

  it('tells file, line and column', () => {
    const { errors } = loadRules([{ path: 'rules/a.yml', text: ruleOf('selection:\n  f|contans: x\ncondition: selection', 'id: abc') }]);
    expect(errors.map(formatRuleError)).toEqual(['rules/a.yml:7:5: unknown-modifier: unknown modifier "contans"']);
    expect(errors[0]?.rule).toBe('abc');
  });

  it('suggests the modifier that was meant', () => {
    expect(loadRules(selection('f|starts_with: x')).errors[0]?.hint).toBe('did you mean startswith?');
  });

  it('keeps the good rules of a file with a bad one', () => {
    const good = ruleOf('a:\n  f: 1\ncondition: a');
    const set = loadRules(`${good}---\n${selection('f|nope: x')}---\n${good.replace('test', 'other')}`);
    expect(set.rules.map((rule) => rule.title)).toEqual(['test', 'other']);
    expect(set.errors).toHaveLength(1);
  });

  it('reports all faults of one rule', () => {
    expect(codesOf(ruleOf('a:\n  f|nope: 1\n  g|re: "("\ncondition: b'))).toEqual(['unknown-modifier', 'bad-regex', 'unknown-identifier']);
  });

  it('takes the first of two rules with one id', () => {
    const rule = ruleOf('a:\n  f: 1\ncondition: a', 'id: 929a690e-bef0-4204-a928-ef5e620d6fcc');
    const set = loadRules([
      { path: 'a.yml', text: rule },
      {
        path: 'b.yml',
        text: rule
          .toUpperCase()
          .replace('TITLE', 'title')
          .replace('ID:', 'id:')
          .replace('LOGSOURCE', 'logsource')
          .replace('PRODUCT', 'product')
          .replace('DETECTION', 'detection')
          .replace('CONDITION', 'condition'),
      },
    ]);
    expect(set.rules).toHaveLength(1);
    expect(set.errors.map((error) => [error.code, error.path, error.message])).toEqual([
      ['duplicate-id', 'b.yml', expect.stringContaining('a.yml:1')],
    ]);
  });

  it('reads what a rule says about itself', () => {
    const [rule] = load(
      ruleOf(
        'a:\n  f: 1\ncondition: a',
        'id: x\nname: n\nstatus: test\nlevel: High\nauthor: me\ndate: 2024-01-02\ntags:\n  - attack.t1059.004\n  - attack.privilege_escalation\n  - attack.defense-impairment\n  - attack.s0002\n  - cve.2024-1\n  - attack.T9999\nreferences:\n  - https://example.org\nfalsepositives:\n  - Unknown\nfields: [f]',
      ),
    ).rules;
    expect(rule).toMatchObject({
      id: 'x',
      name: 'n',
      status: 'test',
      level: 'high',
      date: '2024-01-02',
      techniques: ['T1059.004', 'T9999'],
      tactics: ['privilege-escalation', 'defense-impairment'],
      references: ['https://example.org'],
      falsePositives: ['Unknown'],
      fields: ['f'],
      logsource: { product: 'test' },
      conditions: ['a'],
      line: 1,
    });
  });

  it('warns of a level that is not known and goes on', () => {
    const set = load(ruleOf('a:\n  f: 1\ncondition: a', 'level: huge'));
    expect(set.warnings.map((warning) => warning.code)).toEqual(['bad-value']);
    expect(set.rules[0]?.level).toBeUndefined();
  });

  it('unfolds aliases, and merges', () => {
    const set = load(ruleOf('base: &b\n  f: 1\nother:\n  <<: *b\n  g: 2\ncondition: other'));
    expect(set.match({ f: 1, g: 2 })).toHaveLength(1);
    expect(set.match({ g: 2 })).toHaveLength(0);
  });

  it('refuses aliases that unfold without end', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array.from({ length: 10 }, () => `*l${i}`).join(', ')}]`);
    const start = performance.now();
    expect(codesOf(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toEqual(['alias-bomb']);
    expect(codesOf('a: &a [*a]\n')).toEqual(['alias-bomb']);
    expect(codesOf(`a: &a x\nb: [${'*a, '.repeat(50_000)}]\n`)).toEqual(['missing-field', 'missing-field', 'missing-field']);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('survives brackets without end', () => {
    expect(codesOf(`title: ${'['.repeat(100_000)}`)[0]).toMatch(/yaml|alias-bomb/);
    expect(codesOf(`title: ${'{a: '.repeat(20_000)}`)[0]).toMatch(/yaml|alias-bomb/);
  });

  it('reads nothing from nothing', () => {
    expect(codesOf('')).toEqual([]);
    expect(codesOf('---\n---\n')).toEqual([]);
  });
});

describe('log sources', () => {
  const rule = (title: string, logsource: string) => ruleOf('a:\n  f: 1\ncondition: a', `logsource: {${logsource}}`).replace('test', title);
  const set = load(
    [
      rule('linux', 'product: linux'),
      rule('auditd', 'product: linux, service: auditd'),
      rule('process', 'category: process_creation, product: linux'),
      rule('k8s', 'product: kubernetes, service: audit'),
      rule('k8s-application', 'category: application, product: kubernetes, service: audit'),
      rule('web', 'category: webserver'),
    ].join('---\n'),
  );
  const titles = (logsource: Parameters<typeof set.knows>[0]) => set.match({ f: 1 }, { logsource }).map((match) => match.rule.title);

  it('takes rules that ask for nothing else than what the record is', () => {
    expect(titles({ product: 'linux', service: 'auditd' })).toEqual(['linux', 'auditd']);
    expect(titles({ product: 'linux' })).toEqual(['linux']);
    expect(titles({ product: 'Linux', category: 'process_creation' })).toEqual(['linux', 'process']);
    expect(titles({ product: 'windows' })).toEqual([]);
  });

  it('knows both spellings of the Kubernetes audit log', () => {
    for (const logsource of [
      { product: 'kubernetes', service: 'audit' },
      { category: 'application', product: 'kubernetes', service: 'audit' },
    ]) {
      expect(titles(logsource)).toEqual(['k8s', 'k8s-application']);
    }
  });

  it('tries every rule without one', () => {
    expect(set.match({ f: 1 })).toHaveLength(6);
  });

  it('tells whether a rule asks for a kind of log', () => {
    expect(set.knows({ category: 'webserver', product: 'nginx' })).toBe(true);
    expect(set.knows({ category: 'dns' })).toBe(false);
  });
});

describe('explanations', () => {
  it('tell selection, field, value and where it is', () => {
    const set = load(
      ruleOf(
        `selection:\n  Image|endswith:\n    - /curl\n    - /wget\n  CommandLine|contains|all:\n    - 'http*://'\n    - ' -o '\nfilter:\n  User: root\ncondition: selection and not filter`,
      ),
    );
    const [match] = set.match({ Image: '/usr/bin/WGET', CommandLine: 'wget HTTPS://x -o y', User: 'bob' });
    expect(match?.explanation).toEqual({
      conditions: ['selection and not filter'],
      evidence: [
        { selection: 'selection', field: 'Image', modifiers: ['endswith'], value: '*/wget', matched: '/WGET', offset: 8 },
        {
          selection: 'selection',
          field: 'CommandLine',
          modifiers: ['contains', 'all'],
          value: '*http*://*',
          matched: 'HTTPS://',
          offset: 5,
        },
        { selection: 'selection', field: 'CommandLine', modifiers: ['contains', 'all'], value: '* -o *', matched: ' -o ', offset: 14 },
      ],
      absent: ['filter'],
    });
  });

  it('name the field of a keyword, and the line', () => {
    const set = load(ruleOf('keywords:\n  - evil\ncondition: keywords'));
    expect(set.match({ a: { b: ['x', 'so Evil'] } })[0]?.explanation.evidence).toEqual([
      { selection: 'keywords', field: 'a.b.1', modifiers: [], value: 'evil', matched: 'Evil', offset: 3 },
    ]);
    expect(set.match({}, { line: 'evil!' })[0]?.explanation.evidence).toMatchObject([{ field: 'line', matched: 'evil', offset: 0 }]);
  });

  it('tell all selections that hold, and the place behind a letter that grows when lowered', () => {
    const set = load(ruleOf(`s_1:\n  f|contains: abc\ns_2:\n  f|re: b.\ns_3:\n  g: null\ns_4:\n  g: 1\ncondition: 1 of s_*`));
    expect(set.match({ f: 'İİ abc' })[0]?.explanation.evidence).toEqual([
      { selection: 's_1', field: 'f', modifiers: ['contains'], value: '*abc*', matched: 'abc', offset: 3 },
      { selection: 's_2', field: 'f', modifiers: ['re'], value: 'b.', matched: 'bc', offset: 4 },
      { selection: 's_3', field: 'g', modifiers: [], value: 'null' },
    ]);
  });

  it('show what a field is when it must be something else', () => {
    const set = load(ruleOf(`a:\n  f|neq: x\ncondition: a`));
    expect(set.match({ f: 'y' })[0]?.explanation.evidence).toEqual([
      { selection: 'a', field: 'f', modifiers: ['neq'], value: 'x', matched: 'y' },
    ]);
  });

  it('count what each rule cost', () => {
    const set = load(ruleOf('a:\n  f: abc\ncondition: a'), { timing: true });
    set.match({ f: 'abc' });
    set.match({ f: 'x' });
    expect(set.usage()).toMatchObject([{ evaluated: 1, hits: 1, milliseconds: expect.any(Number) }]);
  });
});
