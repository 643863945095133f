/** Our own way through evidence, as users take it: opened and hashed, identified, planned, read. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { readEvents } from '../../src/intake/read.js';
import { planReadings } from '../../src/intake/plan.js';
import { openEvidence } from '../../src/node/index.js';
import { collect } from '../../src/timeline/collect.js';
import { timeline } from '../../src/timeline/timeline.js';
import type { Outcome } from '../scenario.js';

const COLLECTED = '2024-06-01T00:00:00Z';

/** Every event once, in the order of the bytes. */
export async function readAll(files: readonly string[]): Promise<Outcome> {
  const evidence = await openEvidence(files, { collected: COLLECTED });
  const { readings } = await planReadings(evidence.sources);
  let count = 0;
  for (const reading of readings) for await (const batch of readEvents(reading)) count += batch.length;
  await evidence.close();
  return { count };
}

/** The sorted timeline as objects. */
export async function sortInMemory(files: readonly string[]): Promise<Outcome> {
  const evidence = await openEvidence(files, { collected: COLLECTED });
  const before = usedHeap();
  const events = await collect(timeline(evidence.sources, { runBytes: Infinity }));
  await evidence.close();
  return { count: events.length, keptBytes: usedHeap() - before };
}

function usedHeap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** The sorted timeline as a file. */
export async function sortToFile(files: readonly string[], workers = 0): Promise<Outcome> {
  const evidence = await openEvidence(files, { collected: COLLECTED, workers });
  const stream = timeline(evidence.sources, { gather: evidence.gather, fold: false });
  const out = createWriteStream(outputFile(), { highWaterMark: 1 << 20 });
  for await (const bytes of stream.ndjson()) await write(out, bytes);
  await ended(out);
  await evidence.close();
  return { count: stream.coverage.reduce((sum, { tally }) => sum + tally.events, 0) };
}

/** Where results are written: given by the run, removed by it. */
export function outputFile(): string {
  return process.env['BENCH_OUT'] ?? '/dev/null';
}

export async function write(out: WriteStream, data: string | Uint8Array): Promise<void> {
  if (!out.write(data)) await once(out, 'drain');
}

export async function ended(out: WriteStream): Promise<void> {
  out.end();
  await once(out, 'close');
}
