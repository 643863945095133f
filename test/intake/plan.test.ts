import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/intake/bytes-source.js';
import { Failure } from '../../src/intake/failure.js';
import { planReadings } from '../../src/intake/plan.js';
import type { Source } from '../../src/model/source.js';
import { collect } from '../../src/timeline/collect.js';
import { timeline } from '../../src/timeline/timeline.js';
import { authLog } from '../node/evidence.js';

const source = (open: () => AsyncIterable<Uint8Array>, more: Partial<Source> = {}): Source => ({
  id: 'x',
  name: 'auth.log',
  facts: {},
  open,
  ...more,
});

describe('a plan', () => {
  it('says what each source is, how sure that is, and what it would be otherwise', async () => {
    const text = authLog(5);
    const { coverage } = await planReadings([bytesSource(text, { name: 'auth.log' })]);
    expect(coverage[0]).toMatchObject({
      parser: { id: 'syslog', signs: expect.stringContaining('syslog') },
      confidence: expect.any(Number),
    });
    const { runnerUp, confidence = 0 } = coverage[0] ?? {};
    if (runnerUp !== undefined) expect(runnerUp.confidence).toBeLessThanOrEqual(confidence);
  });

  it('looks at the bytes, not at the name', async () => {
    const { coverage } = await planReadings([
      bytesSource(authLog(5), { name: 'audit.json' }),
      bytesSource('{"kind":"x"}', { name: 'auth.log' }),
    ]);
    expect(coverage.map(({ parser }) => parser?.id)).toEqual(['syslog', undefined]);
  });

  it('takes the examiner’s word for it, and refuses a parser that there is not', async () => {
    const { coverage } = await planReadings([bytesSource('anything', { parser: 'syslog' })]);
    expect(coverage[0]).toMatchObject({ parser: { id: 'syslog' }, confidence: 1 });
    await expect(planReadings([bytesSource('x')], { parser: 'nope' })).rejects.toMatchObject({
      code: 'unknown-parser',
      hint: expect.stringContaining('syslog'),
    });
  });

  it('keeps the first bytes of what it does not understand', async () => {
    const { coverage } = await planReadings([bytesSource(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 1, 2, 3))]);
    expect(coverage[0]?.beginning).toEqual(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 1, 2, 3));
    expect(coverage[0]?.tally.problems).toEqual({ 'unknown-format': 1 });
  });

  it('names the nearest files of a large set only', async () => {
    const files = Array.from({ length: 40 }, (_, i) => bytesSource(authLog(1, 'h', i), { name: `auth.log.${i + 1}` }));
    const { coverage } = await planReadings(files);
    expect(coverage[0]?.after).toEqual(Array.from({ length: 8 }, (_, i) => `auth.log.${9 - i}`));
  });
});

describe('sources that break', () => {
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(authLog(3));
    throw new Failure('truncated', 'the tape ended');
  };

  it('are read up to there, and the problem has the code that they gave', async () => {
    const stream = timeline([source(broken)]);
    expect(await collect(stream)).toHaveLength(3);
    expect(stream.coverage[0]?.tally).toMatchObject({
      problems: { truncated: 1 },
      samples: [{ message: 'reading stopped: the tape ended' }],
    });
  });

  it('are told when nothing could be read', async () => {
    const stream = timeline([
      source(async function* () {
        yield new Uint8Array(0);
        throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
      }),
    ]);
    expect(await collect(stream)).toHaveLength(0);
    expect(stream.coverage[0]?.tally.problems).toEqual({ unreadable: 1 });
  });

  it('are read up to there as streams, too', async () => {
    const stream = timeline([bytesSource(broken(), { name: 'auth.log' })]);
    expect(await collect(stream)).toHaveLength(3);
    expect(stream.coverage[0]?.tally.problems).toEqual({ truncated: 1 });
  });
});

describe('facts', () => {
  it('are checked before anything is read', () => {
    expect(() => bytesSource('', { collected: 'soon' })).toThrow(expect.objectContaining({ code: 'time' }));
    expect(() => bytesSource('', { timeZone: 'Nowhere' })).toThrow(expect.objectContaining({ code: 'time-zone' }));
    expect(bytesSource('', { collected: '2024-05-01T12:00:00+02:00' }).facts.collected).toBe('2024-05-01T10:00:00.000000000Z');
  });
});
