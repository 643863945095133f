/**
 * The promises every parser keeps. One call per parser:
 * ```ts
 * testParser(parser);
 * ```
 * reads `fixtures/<parser id>/`: each `<case>.<ext>` has a `<case>.expected.json` of `{ events, problems }`
 * and may have a `<case>.facts.json`. Write goldens with UPDATE_GOLDENS=1, then read them before you commit them.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { newReading, readEvents } from '../src/intake/read.js';
import { problemCount, type Tally } from '../src/intake/tally.js';
import { headOf } from '../src/intake/head.js';
import type { Event } from '../src/model/event.js';
import type { Parser } from '../src/model/parser.js';
import type { Problem } from '../src/model/problem.js';
import { eventSchema, problemSchema } from '../src/model/schema.js';
import type { Facts, Source } from '../src/model/source.js';
import { parsers } from '../src/parsers/registry.js';

export interface Read {
  events: Event[];
  problems: Problem[];
  tallies: readonly Tally[];
}

/** Reads bytes with one parser, cut into the given chunks (default: one). */
export async function readBytes(
  parser: Parser,
  bytes: Uint8Array | readonly Uint8Array[],
  facts: Facts = {},
  options: { raw?: boolean; name?: string } = {},
): Promise<Read> {
  const chunks = bytes instanceof Uint8Array ? [bytes] : bytes;
  const name = options.name ?? 'evidence';
  const source: Source = {
    id: '0123456789abcdef',
    name,
    facts,
    async *open() {
      yield* chunks;
    },
  };
  const reading = newReading(parser, [source]);
  const problems: Problem[] = [];
  const events: Event[] = [];
  for await (const batch of readEvents(reading, { raw: options.raw, onProblem: (problem) => problems.push(problem) }))
    events.push(...batch);
  return { events, problems, tallies: reading.tallies };
}

export function readText(parser: Parser, text: string, facts?: Facts): Promise<Read> {
  return readBytes(parser, new TextEncoder().encode(text), facts);
}

export interface ConformanceOptions {
  /** Folder of fixtures. Default is `fixtures/<parser id>`. */
  readonly fixtures?: string;
  /** A record may span lines, so an origin may hold line feeds, and noise between lines may join a neighbour. Default is false. */
  readonly multiline?: boolean;
  /** Skip the identification test: the folder holds a program's messages in some envelope, or one of several shapes. Default is false. */
  readonly identified?: boolean;
}

interface Fixture {
  readonly name: string;
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly facts: Facts;
  readonly golden: string;
}

function findFixtures(folder: string): Fixture[] {
  return readdirSync(folder)
    .filter((file) => !file.endsWith('.json.md') && file !== 'README.md' && !/\.(?:expected|facts)\.json$/.test(file))
    .map((file) => {
      const name = file.replace(/\.[^.]+$/, '');
      const factsFile = path.join(folder, `${name}.facts.json`);
      return {
        name,
        file,
        bytes: new Uint8Array(readFileSync(path.join(folder, file))),
        facts: existsSync(factsFile) ? (JSON.parse(readFileSync(factsFile, 'utf8')) as Facts) : {},
        golden: path.join(folder, `${name}.expected.json`),
      };
    });
}

const withoutHost = ({ events, problems }: Read): { events: Event[]; problems: Problem[] } => ({ events, problems });
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export function expectBooksToBalance(read: Read): void {
  for (const tally of read.tallies) expect(tally.frames).toBe(tally.decoded + tally.merged + tally.rejected + tally.ignored);
  const sum = (pick: (tally: Tally) => number): number => read.tallies.reduce((total, tally) => total + pick(tally), 0);
  expect(sum((tally) => tally.events)).toBe(read.events.length);
  expect(sum(problemCount)).toBe(read.problems.length);
  expect(read.problems.filter((problem) => /^the decoder (?:failed|gave no account)/.test(problem.message))).toEqual([]);
}

/** Deterministic: the same cuts on every run. */
function randomCuts(bytes: Uint8Array, seed: number, biggest: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let state = seed >>> 0;
  for (let at = 0; at < bytes.length;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const size = 1 + (state % biggest);
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}

/** Every position of a small fixture; evenly spread ones of a large one. */
function positions(length: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(length / most));
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
}

export function testParser(parser: Parser, options: ConformanceOptions = {}): void {
  const folder = options.fixtures ?? `fixtures/${parser.id}`;
  const fixtures = findFixtures(folder);
  describe(`${parser.id} keeps the promises of a parser (${folder})`, () => {
    it('has fixtures, and a README that says where they come from', () => {
      expect(fixtures.length).toBeGreaterThan(0);
      expect(existsSync(path.join(folder, 'README.md'))).toBe(true);
    });
    describe.each(fixtures)('$file', (fixture) => testFixture(parser, fixture, options));
  });
}

function testFixture(parser: Parser, fixture: Fixture, options: ConformanceOptions): void {
  const read = (bytes: Uint8Array | Uint8Array[] = fixture.bytes): Promise<Read> =>
    readBytes(parser, bytes, fixture.facts, { name: fixture.file });

  it('gives the golden events and problems', async () => {
    const result = asJson(withoutHost(await read()));
    if (process.env.UPDATE_GOLDENS === '1') writeFileSync(fixture.golden, JSON.stringify(result, null, 2) + '\n');
    expect(result).toEqual(JSON.parse(readFileSync(fixture.golden, 'utf8')));
  });

  it('gives events and problems that fit the schema and survive JSON', async () => {
    const { events, problems } = await read();
    for (const event of events) {
      expect(eventSchema.safeParse(event).error?.issues ?? []).toEqual([]);
      expect(asJson(event)).toEqual(event);
    }
    for (const problem of problems) expect(problemSchema.safeParse(problem).error?.issues ?? []).toEqual([]);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
  });

  it('keeps books that balance', async () => {
    expectBooksToBalance(await read());
  });

  it('points every origin at its record', async () => {
    const { events, problems } = await read();
    for (const origin of [
      ...events.flatMap((event) => [event.origin, ...(event.also ?? [])]),
      ...problems.map((problem) => problem.origin),
    ]) {
      expect(origin.offset + origin.length).toBeLessThanOrEqual(fixture.bytes.length);
      if (origin.line === undefined) continue;
      const before = fixture.bytes.subarray(0, origin.offset);
      expect(before.reduce((feeds, byte) => feeds + (byte === 10 ? 1 : 0), 1)).toBe(origin.line);
      const record = fixture.bytes.subarray(origin.offset, origin.offset + origin.length);
      if (options.multiline !== true) expect(record.includes(10)).toBe(false);
    }
    for (const event of events) expect(event.origin.length).toBeGreaterThan(0);
  });

  it('gives the same however the bytes are cut into chunks', async () => {
    const whole = withoutHost(await read());
    const single = Array.from(fixture.bytes, (_, i) => fixture.bytes.subarray(i, i + 1));
    for (const chunks of [single, randomCuts(fixture.bytes, 1, 7), randomCuts(fixture.bytes, 2, 100), randomCuts(fixture.bytes, 3, 4096)]) {
      expect(withoutHost(await read(chunks))).toEqual(whole);
    }
  });

  it('bears being cut short anywhere', { timeout: 60_000 }, async () => {
    for (const end of positions(fixture.bytes.length, 400)) expectBooksToBalance(await read(fixture.bytes.subarray(0, end)));
  });

  it('bears noise anywhere', { timeout: 60_000 }, async () => {
    const at = positions(fixture.bytes.length, 200);
    for (const noise of [[0x00], [0xff], [0x0a], [0x22], [0x80, 0x0a, 0x7b]]) {
      for (const position of at) {
        const noisy = fixture.bytes.slice();
        noisy.set(noise.slice(0, noisy.length - position), position);
        const result = await read(noisy);
        expectBooksToBalance(result);
        for (const event of result.events) expect(eventSchema.safeParse(event).error?.issues ?? []).toEqual([]);
      }
    }
  });

  it('depends on no time zone of the analyst', async () => {
    const zone = process.env.TZ;
    const results: unknown[] = [];
    for (const tz of ['UTC', 'Asia/Kathmandu', 'America/St_Johns']) {
      process.env.TZ = tz;
      results.push(withoutHost(await read()));
    }
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  if (options.identified === false) return;
  it('is identified as this kind of evidence and no other', () => {
    const head = headOf(fixture.bytes);
    const score = parser.matches(fixture.file, head);
    expect(score).toBeGreaterThan(0);
    for (const other of parsers) {
      if (other.id !== parser.id)
        expect({ parser: other.id, score: other.matches(fixture.file, head) }).toSatisfy((rival: { score: number }) => rival.score < score);
    }
  });
}
