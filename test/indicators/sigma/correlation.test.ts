/** Sigma correlation rules specification 2.1.0. */
import { describe, expect, it } from 'vitest';
import { loadRules, type AnyRecord, type Sample } from '../../../src/indicators/sigma/index.js';
import { codesOf, load } from './rules.js';

/** Base rules: `kind` decides which one matches. */
const BASE = ['fail', 'success', 'recon', 'third']
  .map((name) => `title: ${name}\nname: ${name}\nlogsource: {product: test}\ndetection:\n  sel: {kind: ${name}}\n  condition: sel\n---\n`)
  .join('');

function correlation(body: string, head = 'title: correlated'): string {
  return `${head}\ncorrelation:\n${body
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;
}

const seconds = (second: number) => new Date(1_714_557_600_000 + second * 1000).toISOString();

/** `[second, kind, fields]` */
type Row = readonly [second: number, kind: string, fields?: AnyRecord];

function samples(rows: readonly Row[]): Sample[] {
  return rows.map(([second, kind, fields]) => ({ time: seconds(second), record: { kind, user: 'bob', ...fields } }));
}

function alerts(rules: string, rows: readonly Row[]) {
  const all = samples(rows);
  return [...load(BASE + rules).correlate(all)].map((alert) => ({
    title: alert.rule.title,
    group: alert.group,
    first: all.findIndex((sample) => sample.time === alert.first),
    last: all.findLastIndex((sample) => sample.time === alert.last),
    count: alert.count,
    value: alert.value,
    events: alert.events.map((event) => all.indexOf(event)),
  }));
}

const every = (count: number, step: number, kind = 'fail', from = 0, fields?: AnyRecord): Row[] =>
  Array.from({ length: count }, (_, i) => [from + i * step, kind, fields]);

describe('event_count', () => {
  const rule = correlation('type: event_count\nrules: [fail]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 3}');

  it('gives one alert for a maximal burst, with all of its events', () => {
    expect(alerts(rule, every(6, 2))).toEqual([
      { title: 'correlated', group: { user: 'bob' }, first: 0, last: 5, count: 6, value: 6, events: [0, 1, 2, 3, 4, 5] },
    ]);
    // 20 events, never more than 6 in ten seconds.
    expect(alerts(rule, every(20, 2))).toMatchObject([{ first: 0, last: 19, count: 20, value: 6 }]);
  });

  it('gives none below the bound, and none when events are too far apart', () => {
    expect(alerts(rule, every(2, 1))).toEqual([]);
    expect(alerts(rule, every(10, 6))).toEqual([]);
    expect(alerts(rule, every(10, 5.001))).toEqual([]);
  });

  it('counts events exactly a timespan apart together', () => {
    expect(alerts(rule, every(3, 5))).toMatchObject([{ count: 3 }]);
  });

  it('slides: a burst may lie across any boundary', () => {
    expect(
      alerts(rule, [
        [0, 'fail'],
        [9, 'fail'],
        [11, 'fail'],
        [12, 'fail'],
      ]),
    ).toMatchObject([{ first: 1, last: 3, count: 3 }]);
  });

  it('keeps bursts apart that share no event', () => {
    expect(alerts(rule, [...every(3, 1), ...every(3, 1, 'fail', 100)])).toMatchObject([
      { first: 0, last: 2 },
      { first: 3, last: 5 },
    ]);
  });

  it('counts each group apart, and drops events without the field', () => {
    expect(
      alerts(rule, [
        [0, 'fail'],
        [1, 'fail', { user: 'eve' }],
        [2, 'fail'],
        [3, 'fail', { user: null }],
        [4, 'fail', { user: undefined }],
        [5, 'success'],
      ]),
    ).toEqual([]);
    expect(alerts(rule, [...every(3, 1), ...every(3, 1, 'fail', 1, { user: 'eve' })])).toMatchObject([
      { group: { user: 'bob' } },
      { group: { user: 'eve' } },
    ]);
  });

  it('counts an event of two matching rules once', () => {
    const both = `title: any\nname: any\nlogsource: {product: test}\ndetection:\n  sel: {kind|exists: true}\n  condition: sel\n---\n`;
    const rules = both + correlation('type: event_count\nrules: [fail, any]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 3}');
    expect(alerts(rules, every(2, 1))).toEqual([]);
    expect(alerts(rules, every(3, 1))).toMatchObject([{ count: 3 }]);
  });

  it('groups by several fields together, or by none', () => {
    const two = correlation('type: event_count\nrules: [fail]\ngroup-by: [user, host]\ntimespan: 10s\ncondition: {gte: 2}');
    expect(
      alerts(two, [
        [0, 'fail', { host: 'a' }],
        [1, 'fail', { host: 'b' }],
        [2, 'fail', { host: 'a' }],
      ]),
    ).toMatchObject([{ group: { user: 'bob', host: 'a' }, events: [0, 2] }]);
    const none = correlation('type: event_count\nrules: fail\ntimespan: 10s\ncondition: {gte: 2}');
    expect(
      alerts(none, [
        [0, 'fail', { user: 'a' }],
        [1, 'fail', { user: 'b' }],
      ]),
    ).toMatchObject([{ group: {}, count: 2 }]);
  });

  it('puts an event with a list of values into each of their groups', () => {
    expect(alerts(rule, every(3, 1, 'fail', 0, { user: ['a', 'b'] })).map((alert) => alert.group)).toEqual([{ user: 'a' }, { user: 'b' }]);
  });

  it('judges upper bounds by windows that are as full as they get', () => {
    const few = correlation('type: event_count\nrules: [fail]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gt: 1, lte: 3}');
    expect(alerts(few, every(3, 1))).toMatchObject([{ count: 3, value: 3 }]);
    expect(alerts(few, every(5, 1))).toEqual([]);
    expect(alerts(few, every(1, 1))).toEqual([]);
    const exact = correlation('type: event_count\nrules: [fail]\ngroup-by: [user]\ntimespan: 10s\ncondition: {eq: 2}');
    expect(alerts(exact, [...every(2, 1), ...every(3, 1, 'fail', 50), ...every(2, 1, 'fail', 90)])).toMatchObject([
      { first: 0, last: 1 },
      { first: 5, last: 6 },
    ]);
    const other = correlation('type: event_count\nrules: [fail]\ngroup-by: [user]\ntimespan: 10s\ncondition: {neq: 2}');
    expect(alerts(other, every(2, 1))).toEqual([]);
    expect(alerts(other, every(3, 1))).toHaveLength(1);
  });
});

describe('value_count', () => {
  const rule = correlation('type: value_count\nrules: [fail]\ngroup-by: [ip]\ntimespan: 1m\ncondition: {field: user, gte: 3}');
  const from = (user: unknown): AnyRecord => ({ ip: '10.0.0.1', user });

  it('counts distinct values', () => {
    expect(
      alerts(rule, [
        [0, 'fail', from('a')],
        [1, 'fail', from('a')],
        [2, 'fail', from('b')],
        [3, 'fail', from('c')],
      ]),
    ).toEqual([{ title: 'correlated', group: { ip: '10.0.0.1' }, first: 0, last: 3, count: 4, value: 3, events: [0, 1, 2, 3] }]);
    expect(
      alerts(rule, [
        [0, 'fail', from('a')],
        [1, 'fail', from('a')],
        [2, 'fail', from('b')],
        [63, 'fail', from('c')],
      ]),
    ).toEqual([]);
  });

  it('does not count events without the field', () => {
    expect(
      alerts(rule, [
        [0, 'fail', from('a')],
        [1, 'fail', from(null)],
        [2, 'fail', from('b')],
      ]),
    ).toEqual([]);
  });

  it('takes several fields as one value', () => {
    const pairs = correlation('type: value_count\nrules: [fail]\ngroup-by: [ip]\ntimespan: 1m\ncondition: {field: [user, port], gte: 3}');
    expect(
      alerts(pairs, [
        [0, 'fail', { ...from('a'), port: 1 }],
        [1, 'fail', { ...from('a'), port: 2 }],
        [2, 'fail', { ...from('b'), port: 1 }],
        [3, 'fail', from('c')],
      ]),
    ).toMatchObject([{ value: 3, count: 3 }]);
  });
});

describe('temporal', () => {
  const rule = correlation('type: temporal\nrules: [fail, success, recon]\ngroup-by: [user]\ntimespan: 10s');

  it('needs all rules, in any order', () => {
    expect(
      alerts(rule, [
        [0, 'recon'],
        [1, 'success'],
        [9, 'fail'],
      ]),
    ).toMatchObject([{ count: 3, value: 3 }]);
    expect(
      alerts(rule, [
        [0, 'recon'],
        [1, 'success'],
        [2, 'recon'],
      ]),
    ).toEqual([]);
    expect(
      alerts(rule, [
        [0, 'recon'],
        [1, 'success'],
        [11, 'fail'],
      ]),
    ).toEqual([]);
    expect(
      alerts(rule, [
        [0, 'recon'],
        [1, 'success'],
        [2, 'fail', { user: 'eve' }],
      ]),
    ).toEqual([]);
  });

  it('needs as many as the condition says', () => {
    const two = correlation('type: temporal\nrules: [fail, success, recon]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 2}');
    expect(
      alerts(two, [
        [0, 'recon'],
        [1, 'success'],
      ]),
    ).toMatchObject([{ value: 2 }]);
  });

  it('resolves aliases to each rule’s own fields', () => {
    const aliased = correlation(
      'type: temporal\nrules: [fail, success]\ngroup-by: [internal, remote]\ntimespan: 10s\naliases:\n  internal:\n    fail: destination.ip\n    success: source.ip\n  remote:\n    fail: source.ip\n    success: destination.ip',
    );
    const a: AnyRecord = { source: { ip: '1' }, destination: { ip: '2' } };
    const b: AnyRecord = { source: { ip: '2' }, destination: { ip: '1' } };
    expect(
      alerts(aliased, [
        [0, 'fail', a],
        [1, 'success', b],
      ]),
    ).toMatchObject([{ group: { internal: '2', remote: '1' } }]);
    expect(
      alerts(aliased, [
        [0, 'fail', a],
        [1, 'success', a],
      ]),
    ).toEqual([]);
  });
});

describe('temporal_ordered', () => {
  const rule = correlation('type: temporal_ordered\nrules: [recon, fail, success]\ngroup-by: [user]\ntimespan: 10s');

  it('needs all rules in their order, within the timespan', () => {
    expect(
      alerts(rule, [
        [0, 'recon'],
        [1, 'fail'],
        [2, 'success'],
      ]),
    ).toMatchObject([{ count: 3, value: 3 }]);
    expect(
      alerts(rule, [
        [0, 'fail'],
        [1, 'recon'],
        [2, 'success'],
      ]),
    ).toEqual([]);
    expect(
      alerts(rule, [
        [0, 'recon'],
        [5, 'fail'],
        [11, 'success'],
      ]),
    ).toEqual([]);
    expect(
      alerts(rule, [
        [0, 'recon'],
        [5, 'fail'],
        [6, 'recon'],
        [7, 'fail'],
        [14, 'success'],
      ]),
    ).toMatchObject([{ value: 3 }]);
  });

  it('does not take one event for two steps', () => {
    const any = `title: any\nname: any\nlogsource: {product: test}\ndetection:\n  sel: {kind|exists: true}\n  condition: sel\n---\n`;
    const two = any + correlation('type: temporal_ordered\nrules: [any, success]\ngroup-by: [user]\ntimespan: 10s');
    expect(alerts(two, [[0, 'success']])).toEqual([]);
    expect(
      alerts(two, [
        [0, 'recon'],
        [1, 'success'],
      ]),
    ).toMatchObject([{ count: 2 }]);
  });

  it('takes events of the same moment in the order they come', () => {
    expect(
      alerts(rule, [
        [0, 'recon'],
        [0, 'fail'],
        [0, 'success'],
      ]),
    ).toHaveLength(1);
  });

  it('may ask for a part of the chain', () => {
    const part = correlation('type: temporal_ordered\nrules: [recon, fail, success]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 2}');
    expect(
      alerts(part, [
        [0, 'recon'],
        [1, 'success'],
      ]),
    ).toMatchObject([{ value: 2 }]);
    expect(
      alerts(part, [
        [0, 'success'],
        [1, 'recon'],
      ]),
    ).toEqual([]);
  });
});

describe('metrics', () => {
  const metric = (type: string, condition: string) =>
    correlation(`type: ${type}\nrules: [fail]\ngroup-by: [user]\ntimespan: 1m\ncondition: {field: n, ${condition}}`);
  const rows = (...numbers: unknown[]): Row[] => numbers.map((n, i) => [i, 'fail', { n }]);

  it.each([
    ['value_sum', 'gt: 9', [1, 2, 7], 10],
    ['value_sum', 'gt: 10', [1, 2, 7], undefined],
    ['value_sum', 'gte: 10', ['4', 'x', null, '6'], 10],
    ['value_avg', 'gte: 3', [1, 5], 3],
    ['value_avg', 'gte: 3', [1, 4], undefined],
    ['value_avg', 'lt: 3', [1, 4], 2.5],
    ['value_min', 'lte: 2', [5, 2, 9], 2],
    ['value_max', 'gte: 9', [5, 2, 9], 9],
    ['value_median', 'gte: 3', [1, 3, 100], 3],
    ['value_median', 'eq: 2', [1, 3], 2],
    ['value_percentile', 'percentile: 90, gte: 90', Array.from({ length: 11 }, (_, i) => i * 10), 90],
    ['value_percentile', 'percentile: 50, gte: 51', Array.from({ length: 11 }, (_, i) => i * 10), undefined],
    ['value_percentile', 'lte: 10', [...Array.from({ length: 9 }, () => 'usual'), 'rare'], 10],
    ['value_percentile', 'lt: 10', [...Array.from({ length: 9 }, () => 'usual'), 'rare'], undefined],
  ] as const)('%s %s of %j is %s', (type, condition, numbers, expected) => {
    expect(alerts(metric(type, condition), rows(...numbers)).map((alert) => alert.value)).toEqual(expected === undefined ? [] : [expected]);
  });

  it('lets go of what is too old', () => {
    expect(
      alerts(metric('value_sum', 'gt: 9'), [
        [0, 'fail', { n: 5 }],
        [61, 'fail', { n: 5 }],
      ]),
    ).toEqual([]);
  });
});

describe('correlations of correlations', () => {
  // The specification's own example: many failures, then a success of the same user.
  const chain =
    correlation('type: event_count\nrules: [fail]\ngroup-by: [user]\ntimespan: 10m\ncondition: {gte: 10}', 'title: many\nname: many') +
    '---\n' +
    correlation('type: temporal_ordered\nrules: [many, success]\ngroup-by: [user]\ntimespan: 10m', 'title: guessed');

  it('take a correlation’s burst for a hit', () => {
    expect(alerts(chain, [...every(12, 10), [130, 'success']])).toEqual([
      {
        title: 'guessed',
        group: { user: 'bob' },
        first: 0,
        last: 12,
        count: 13,
        value: 2,
        events: Array.from({ length: 13 }, (_, i) => i),
      },
    ]);
    expect(alerts(chain, [...every(9, 10), [130, 'success']])).toEqual([]);
    expect(alerts(chain, [[0, 'success'], ...every(12, 10, 'fail', 1)])).toEqual([]);
    expect(alerts(chain, [...every(12, 10), [130, 'success', { user: 'eve' }]])).toEqual([]);
  });

  it('measure from the end of a long burst', () => {
    expect(alerts(chain, [...every(120, 30), [3600, 'success']])).toHaveLength(1);
  });

  it('may be written in any order', () => {
    const [inner = '', outer = ''] = chain.split('---\n');
    expect(alerts(`${outer}---\n${inner}`, [...every(12, 10), [130, 'success']])).toHaveLength(1);
  });

  it('silence the rules they are made of, unless generate says otherwise', () => {
    const quiet = load(BASE + chain);
    expect(quiet.match({ kind: 'fail' })).toEqual([]);
    expect(quiet.match({ kind: 'fail' }, { includeReferred: true })).toHaveLength(1);
    expect(quiet.match({ kind: 'recon' })).toHaveLength(1);
    const loud = load(BASE + correlation('type: event_count\nrules: [fail]\ngenerate: true\ntimespan: 10m\ncondition: {gte: 10}'));
    expect(loud.match({ kind: 'fail' })).toHaveLength(1);
  });
});

describe('correlating streams', () => {
  const rule = correlation('type: event_count\nrules: [fail]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 3}');

  it('takes async iterables, zones, and nanoseconds', async () => {
    async function* stream(): AsyncGenerator<Sample> {
      yield { time: '2024-05-01T10:00:00.000000001Z', record: { kind: 'fail', user: 'a' } };
      yield { time: '2024-05-01T12:00:01+02:00', record: { kind: 'fail', user: 'a' } };
      yield { time: '2024-05-01T10:00:09.999999999Z', record: { kind: 'fail', user: 'a' } };
    }
    const found = [];
    for await (const alert of load(BASE + rule).correlate(stream())) found.push(alert);
    expect(found).toMatchObject([
      { count: 3, first: '2024-05-01T10:00:00.000000001Z', last: '2024-05-01T10:00:09.999999999Z', rules: { fail: 3 } },
    ]);
  });

  it('gives the same for an array in any order', () => {
    const rows = every(6, 2);
    const sorted = alerts(rule, rows);
    const shuffled = [...load(BASE + rule).correlate(samples([rows[3], rows[0], rows[5], rows[1], rows[4], rows[2]] as Row[]))];
    expect(shuffled.map((alert) => [alert.first, alert.count])).toEqual([[seconds(0), sorted[0]?.count]]);
  });

  it('puts late events where they belong', () => {
    const correlator = load(BASE + rule).correlator();
    for (const second of [0, 4, 2]) correlator.push({ time: seconds(second), record: { kind: 'fail', user: 'a' } });
    expect(correlator.end()).toMatchObject([{ first: seconds(0), last: seconds(4), count: 3 }]);
  });

  it('gives an alert as soon as its burst is over', () => {
    const correlator = load(BASE + rule).correlator();
    for (const sample of samples(every(3, 1))) expect(correlator.push(sample)).toEqual([]);
    expect(correlator.push({ time: seconds(60), record: { kind: 'other' } })).toHaveLength(1);
    expect(correlator.end()).toEqual([]);
  });

  it('counts all, but lists only so many', () => {
    const [alert] = load(BASE + rule).correlate(samples(every(50, 1)), { maxEvents: 5 });
    expect(alert).toMatchObject({ count: 50 });
    expect(alert?.events).toHaveLength(5);
  });

  it('leaves out what has no time', () => {
    const correlator = load(BASE + rule).correlator();
    for (const time of ['', 'yesterday', '2024-13-01T00:00:00Z']) correlator.push({ time, record: { kind: 'fail', user: 'a' } });
    expect(correlator.untimed).toBe(3);
    expect(correlator.end()).toEqual([]);
  });

  it('is quick with many groups and long windows', () => {
    const set = load(
      BASE + correlation('type: value_count\nrules: [fail]\ngroup-by: [user]\ntimespan: 1d\ncondition: {field: n, gte: 1000000}'),
    );
    const start = performance.now();
    const all = Array.from({ length: 100_000 }, (_, i): Sample => ({
      time: seconds(i),
      record: { kind: 'fail', user: `u${i % 1000}`, n: i },
    }));
    expect([...set.correlate(all)]).toEqual([]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('reading correlations', () => {
  it.each([
    ['no type', 'rules: [fail]\ntimespan: 1m\ncondition: {gte: 1}', 'missing-field'],
    ['an unknown type', 'type: magic\nrules: [fail]\ntimespan: 1m\ncondition: {gte: 1}', 'bad-value'],
    ['no rules', 'type: event_count\ntimespan: 1m\ncondition: {gte: 1}', 'missing-field'],
    ['no timespan', 'type: event_count\nrules: [fail]\ncondition: {gte: 1}', 'missing-field'],
    ['a timespan that is none', 'type: event_count\nrules: [fail]\ntimespan: soon\ncondition: {gte: 1}', 'bad-value'],
    ['a timespan of nothing', 'type: event_count\nrules: [fail]\ntimespan: 0m\ncondition: {gte: 1}', 'bad-value'],
    ['no condition', 'type: event_count\nrules: [fail]\ntimespan: 1m', 'missing-field'],
    ['an unknown comparison', 'type: event_count\nrules: [fail]\ntimespan: 1m\ncondition: {about: 1}', 'bad-value'],
    ['no field to count', 'type: value_count\nrules: [fail]\ntimespan: 1m\ncondition: {gte: 1}', 'missing-field'],
    [
      'a percentile out of range',
      'type: value_percentile\nrules: [fail]\ntimespan: 1m\ncondition: {field: n, percentile: 101, gte: 1}',
      'bad-value',
    ],
    ['a rule that is not there', 'type: event_count\nrules: [nope]\ntimespan: 1m\ncondition: {gte: 1}', 'unknown-rule'],
    ['a condition over rule names', 'type: temporal\nrules: [fail, success]\ntimespan: 1m\ncondition: fail and not success', 'unsupported'],
  ])('refuses %s', (_, body, code) => {
    expect(codesOf(BASE + correlation(body))[0]).toBe(code);
  });

  it('refuses circles', () => {
    const a = correlation('type: temporal\nrules: [b]\ntimespan: 1m', 'title: a\nname: a');
    const b = correlation('type: temporal\nrules: [a]\ntimespan: 1m', 'title: b\nname: b');
    const set = loadRules(`${BASE}${a}---\n${b}`);
    expect(set.correlations).toEqual([]);
    expect(set.errors.map((error) => error.code)).toContain('correlation-cycle');
  });
});
