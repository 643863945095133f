/**
 * Lines made to be slow: real records of every fixture with long runs of one character, where patterns that backtrack take their
 * square or worse. No clock is read: what is slow does not finish within the time of a test. A record before and one behind always survive.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { headOf } from '../../src/intake/head.js';
import { identify } from '../../src/intake/identify.js';
import type { Parser } from '../../src/model/parser.js';
import { expectBooksToBalance, readText, type Read } from '../conformance.js';

/** Characters of a run. */
const LENGTH = 50_000;
const LINES = 10;
const RUNS = [
  ' ',
  '\t',
  '"',
  "'",
  '\\',
  '\\"',
  '{',
  '[',
  '(',
  'a',
  '0',
  'a ',
  'a=',
  '=',
  ',',
  ':',
  ';',
  '/',
  '%',
  '<',
  '0.',
  'é',
  '\u0001',
  '{"a":',
  '1,',
  '-',
];

interface Lines {
  readonly file: string;
  readonly parser: Parser;
  readonly lines: readonly string[];
}

const facts = { collected: '2024-06-01T00:00:00.000000000Z' };

/** Text fixtures with the parser that knows them, and some of their lines: the longest of each shape. */
function findLines(folder: string): Lines[] {
  return readdirSync(folder)
    .filter((file) => !/\.(?:json|md)$/.test(file) || /(?<!expected|facts)\.json$/.test(file))
    .map((file) => path.join(folder, file))
    .filter((file) => statSync(file).isFile())
    .flatMap((file): Lines[] => {
      const bytes = readFileSync(file);
      const { best } = identify(file, headOf(bytes));
      if (best === undefined || bytes.includes(0)) return [];
      const shapes = new Map<string, string>();
      for (const line of bytes.toString().split('\n')) {
        const shape = line.replace(/[0-9a-f]+/g, '').slice(0, 60);
        if (line.length > 20 && line.length > (shapes.get(shape)?.length ?? 0)) shapes.set(shape, line);
      }
      const lines = [...shapes.values()];
      const step = Math.max(1, Math.floor(lines.length / LINES));
      return [{ file, parser: best.parser, lines: lines.filter((_, i) => i % step === 0).slice(0, LINES) }];
    });
}

/** The run before, behind and inside of the line: in its middle, and in its last word. */
function* attacks(line: string): Generator<string> {
  const places = [0, Math.floor(line.length / 2), line.lastIndexOf(' ') + 1, line.length];
  for (const [i, run] of RUNS.entries()) {
    // Every run at every place would take minutes: each line gets all runs, and each run all places over the lines.
    const at = places[(i + line.length) % places.length] as number;
    yield line.slice(0, at) + run.repeat(LENGTH / run.length) + line.slice(at);
  }
}

/** Lines that give an event by themselves, whatever stands around them. */
async function findNeighbours({ parser, lines }: Lines): Promise<readonly [string, string] | undefined> {
  for (const first of lines) {
    for (const second of lines) {
      const text = `${first}\n${second}\n`;
      if (first !== second && survives(await readText(parser, text, facts), text.length - second.length - 1)) return [first, second];
    }
  }
  return undefined;
}

/** Whether the record at the beginning and the one at `last` are told of. */
function survives({ events }: Read, last: number): boolean {
  const offsets = new Set(events.flatMap(({ origin, also = [] }) => [origin, ...also]).map(({ offset }) => offset));
  return offsets.has(0) && offsets.has(last);
}

const folders = readdirSync('fixtures', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => path.join('fixtures', entry.name))
  .filter((folder) => findLines(folder).length > 0);

describe.each(folders)('%s', (folder) => {
  it('is read in bounded time with long runs anywhere, and loses no neighbour', { timeout: 240_000 }, async () => {
    for (const found of findLines(folder)) {
      const neighbours = await findNeighbours(found);
      for (const line of found.lines) {
        for (const attack of attacks(line)) {
          const text = neighbours === undefined ? `${attack}\n` : `${neighbours[0]}\n${attack}\n${neighbours[1]}\n`;
          const read = await readText(found.parser, text, facts);
          expectBooksToBalance(read);
          if (neighbours === undefined) continue;
          const last = Buffer.byteLength(text) - Buffer.byteLength(neighbours[1]) - 1;
          expect({ file: found.file, attack: shown(attack), survives: survives(read, last) }).toEqual({
            file: found.file,
            attack: shown(attack),
            survives: true,
          });
        }
      }
    }
  });
});

/** The run in short. */
function shown(attack: string): string {
  return `${attack.slice(0, 80)}…${attack.slice(-80)}`;
}
