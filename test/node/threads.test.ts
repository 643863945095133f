import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/model/problem.js';
import { openEvidence } from '../../src/node/evidence.js';
import { timeline, type TimelineOptions } from '../../src/timeline/timeline.js';

let folder = '';
const left = (): string[] => readdirSync(tmpdir()).filter((name) => /^kubewitness-[A-Za-z\d]{6}$/.test(name));

const lines = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join('');
const time = (i: number): string => new Date(Date.UTC(2024, 4, 1) + ((i * 7919) % 50_000)).toISOString();

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kubewitness-threads-'));
  const syslog = (file: string): string =>
    lines(3000, (i) => `${time(i)} host-${file} app[${i % 9}]: größer ${i}\n${i % 500 === 0 ? 'no header\n' : ''}`);
  writeFileSync(path.join(folder, 'a.log'), syslog('a'));
  writeFileSync(path.join(folder, 'b.log'), syslog('b'));
  writeFileSync(path.join(folder, 'b-again.log'), `${syslog('b')}\n`);
  writeFileSync(path.join(folder, 'c.log.gz'), gzipSync(syslog('c')));
  writeFileSync(
    path.join(folder, 'd.log.1'),
    lines(50, (i) => `May  1 00:00:${String(i).padStart(2, '0')} d sshd[1]: Invalid user x from 10.0.0.1 port ${i + 1}\n`),
  );
  writeFileSync(
    path.join(folder, 'd.log'),
    lines(50, (i) => `May  2 00:00:${String(i).padStart(2, '0')} d sshd[1]: Invalid user x from 10.0.0.1 port ${i + 1}\n`),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(workers: number, options: TimelineOptions = {}): Promise<{ text: string; problems: Problem[]; tallies: unknown[] }> {
  const problems: Problem[] = [];
  // Bytes in memory cannot be opened by another thread.
  const memory = {
    name: 'memory.log',
    bytes: new TextEncoder().encode(lines(200, (i) => `${time(i)} host-m app[1]: here ${i}\n`) + 'no header\n'),
  };
  const evidence = await openEvidence([path.join(folder, 'a.log'), memory, folder], { collected: '2024-06-01T00:00:00Z', workers });
  try {
    const stream = timeline(evidence.sources, { ...options, gather: evidence.gather, onProblem: (problem) => problems.push(problem) });
    const parts: Uint8Array[] = [];
    for await (const bytes of stream.ndjson()) parts.push(bytes.slice());
    return { text: Buffer.concat(parts).toString(), problems, tallies: stream.coverage.map(({ tally }) => tally) };
  } finally {
    await evidence.close();
  }
}

describe('reading in threads', () => {
  it('gives the same bytes, problems and books as reading in one, spilled or not', async () => {
    const before = left();
    for (const options of [
      {},
      { fold: false },
      { runBytes: 100_000 },
      { from: '2024-05-01T00:00:10Z', to: '2024-05-01T00:00:20Z', raw: true },
    ]) {
      const expected = await read(0, options);
      expect(expected.text.split('\n').length).toBeGreaterThan(1000);
      expect(expected.problems.length).toBeGreaterThan(10);
      for (const workers of [1, 3]) expect(await read(workers, options)).toEqual(expected);
    }
    expect(left()).toEqual(before);
  }, 120_000);

  it('stops when told to', async () => {
    const stop = new AbortController();
    const reading = read(2, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 5);
    await expect(reading).rejects.toThrow('enough');
  });
});
