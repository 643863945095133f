import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf } from '../../src/formats/time.js';
import { collect } from '../../src/timeline/collect.js';
import { timeline } from '../../src/timeline/timeline.js';
import { chunked, logSource, memoryStore } from './events.js';

const iso = (second: number, nanos: number): string => instantOf(1_714_500_000 + second, nanos) as string;

/** Lists of times, as disordered as can be, for a handful of sources. */
const disorder = fc.array(fc.array(fc.tuple(fc.nat(50), fc.constantFrom(0, 1, 999, 1000, 123_456_789)), { maxLength: 60 }), {
  minLength: 1,
  maxLength: 5,
});

const textOf = (times: readonly (readonly [number, number])[], file: number): string =>
  times.map(([second, nanos], i) => `${iso(second, nanos)} host prog[${file}]: line ${file}.${i}\n`).join('');

describe('timeline', () => {
  it('equals a stable sort of everything, for any disorder, any number of sources and any spill size', async () => {
    await fc.assert(
      fc.asyncProperty(disorder, fc.constantFrom(1, 2000, 20_000, Infinity), async (files, runBytes) => {
        const store = memoryStore();
        const sources = files.map((times, file) => logSource(`${file}.log`, textOf(times, file), { parser: 'syslog', spill: () => store }));
        const read = await collect(timeline(sources, { runBytes, fold: false }));
        const expected = files
          .flatMap((times, file) => times.map(([second, nanos], i) => ({ time: iso(second, nanos), message: `line ${file}.${i}` })))
          .map((item, order) => ({ ...item, order }))
          .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.order - b.order));
        expect(read.events.map(({ time, message }) => ({ time, message }))).toEqual(
          expected.map(({ time, message }) => ({ time, message })),
        );
        expect(store.removed).toBe(store.runs.size > 0);
      }),
      { numRuns: 150 },
    );
  });

  it('tells the same by events, lines and bytes, folded or not, in a window or not, whatever the memory and the chunks', async () => {
    // Few texts and few times: twins within files and between them.
    const few = fc.array(fc.tuple(fc.nat(4), fc.constantFrom(0, 1, 400_000_000), fc.constantFrom('x', 'y', 'größer')), { maxLength: 25 });
    const inputs = fc.array(few, { minLength: 1, maxLength: 4 });
    const settings = fc.record({ fold: fc.boolean(), from: fc.option(fc.nat(3)), to: fc.option(fc.nat(5)) });
    await fc.assert(
      fc.asyncProperty(inputs, settings, fc.integer({ min: 1, max: 300 }), async (files, { fold, from, to }, chunk) => {
        const texts = files.map((list) => list.map(([second, nanos, text]) => `${iso(second, nanos)} host prog[7]: ${text}\n`).join(''));
        const options = { fold, from: from === null ? undefined : iso(from, 0), to: to === null ? undefined : iso(to, 0) };
        const sources = (size: number): ReturnType<typeof logSource>[] =>
          texts.map((text, i) => chunked(logSource(`${i}.log`, text, { parser: 'syslog', spill: memoryStore }), size));
        const read = (size: number, runBytes: number): ReturnType<typeof timeline> => timeline(sources(size), { ...options, runBytes });
        const expected = (await collect(read(2 ** 20, Infinity))).events.map((event) => JSON.stringify(event));
        for (const runBytes of [1, 700, Infinity]) {
          expect((await collect(read(chunk, runBytes))).events.map((event) => JSON.stringify(event))).toEqual(expected);
          const lines: string[] = [];
          for await (const batch of read(chunk, runBytes).lines()) lines.push(...batch);
          expect(lines).toEqual(expected);
          const bytes: Uint8Array[] = [];
          for await (const part of read(chunk, runBytes).ndjson()) bytes.push(part.slice());
          expect(Buffer.concat(bytes).toString()).toBe(expected.map((line) => `${line}\n`).join(''));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same events and the same lines whether or not it had to spill', async () => {
    const text = textOf(
      Array.from({ length: 500 }, (_, i) => [(i * 37) % 101, i] as const),
      1,
    );
    const inMemory: string[] = [];
    for await (const lines of timeline([logSource('a.log', text)]).lines()) inMemory.push(...lines);
    const spilled: string[] = [];
    const store = memoryStore();
    // Batches end with chunks: small ones make many runs.
    const bytes = new TextEncoder().encode(text);
    async function* open(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
    }
    for await (const lines of timeline([logSource('a.log', text, { open, spill: () => store })], { runBytes: 10_000 }).lines())
      spilled.push(...lines);
    expect(store.runs.size).toBeGreaterThan(5);
    expect(spilled).toEqual(inMemory);
  });

  it('shows a window, and counts what lies outside of it', async () => {
    const text = textOf(
      [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
      1,
    );
    const stream = timeline([logSource('a.log', text)], { from: iso(2, 0), to: iso(3, 0) });
    expect((await collect(stream)).events.map((event) => event.message)).toEqual(['line 1.1']);
    expect(stream.coverage[0]?.tally.events).toBe(3);
  });

  it('refuses to be read twice, and times that are none', async () => {
    const stream = timeline([logSource('a.log', textOf([[1, 0]], 1))]);
    await collect(stream);
    await expect(collect(stream)).rejects.toMatchObject({ code: 'used' });
    expect(() => timeline([], { from: 'yesterday' })).toThrow(RangeError);
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(collect(timeline([logSource('a.log', textOf([[1, 0]], 1))], { signal: stop.signal }))).rejects.toThrow('enough');
  });

  it('reads bytes that lie in two places once', async () => {
    const text = textOf([[1, 0]], 1);
    const stream = timeline([logSource('a.log', text, { id: 'same' }), logSource('b.log', text, { id: 'same' })]);
    expect((await collect(stream)).length).toBe(1);
    expect(stream.coverage[1]?.sameAs).toBe('a.log');
  });

  it('counts a source that no parser knows', async () => {
    const stream = timeline([logSource('x.bin', '\u0001\u0002nonsense')]);
    expect((await collect(stream)).length).toBe(0);
    expect(stream.coverage[0]?.tally.problems).toEqual({ 'unknown-format': 1 });
  });
});
