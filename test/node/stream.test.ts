import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { streamSource } from '../../src/node/stream.js';
import { collect } from '../../src/timeline/collect.js';
import { timeline } from '../../src/timeline/timeline.js';
import { authLog } from './evidence.js';

it('reads a stream once, decompressed when it is compressed, under an id made of its name', async () => {
  for (const bytes of [Buffer.from(authLog(50)), gzipSync(authLog(50))]) {
    const source = streamSource(Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]), 'socket');
    const stream = timeline([source]);
    expect(await collect(stream)).toHaveLength(50);
    expect(source.id).toBe(streamSource(Readable.from([]), 'socket').id);
  }
});

it('keeps what came before a compressed stream broke', async () => {
  const bytes = gzipSync(authLog(5000));
  const stream = timeline([streamSource(Readable.from([bytes.subarray(0, bytes.length >> 1)]), 'socket')]);
  expect((await collect(stream)).length).toBeGreaterThan(1000);
  expect(stream.coverage[0]?.tally.problems).toMatchObject({ truncated: 1 });
});

it('checks the facts', () => {
  expect(() => streamSource(Readable.from([]), 'x', { collected: 'soon' })).toThrow(RangeError);
});
