import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockReader, encodeBlocks } from '../../src/timeline/block.js';
import { lineOf, type Entry } from '../../src/timeline/entry.js';

function entryOfLine(line: string, i: number): Entry {
  const bytes = new TextEncoder().encode(`..${line}\n...`);
  return {
    second: i * 1e9 - 62_135_596_800,
    nanos: (i * 977) % 2e9,
    mark: 2 ** 32 - 1 - i,
    source: i % 3,
    bytes,
    start: 2,
    end: bytes.length - 3,
  };
}

const plain = ({ second, nanos, mark, source, ...rest }: Entry): unknown => ({
  second,
  nanos,
  mark,
  source,
  line: lineOf({ second, nanos, mark, source, ...rest }),
});

async function readAll(chunks: Iterable<Uint8Array>): Promise<Entry[]> {
  const reader = new BlockReader(chunks);
  const entries: Entry[] = [];
  for (let block = await reader.next(); block !== undefined; block = await reader.next()) {
    expect([...block.seconds]).toEqual(block.items.map(({ second }) => second));
    expect([...block.nanos]).toEqual(block.items.map(({ nanos }) => nanos));
    entries.push(...block.items);
  }
  return entries;
}

describe('blocks', () => {
  it('come back as they were written, however the bytes are cut', async () => {
    const lines = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('ü'.repeat(40_000))), { maxLength: 600 });
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 5000 }), async (texts, size) => {
        const entries = texts.map(entryOfLine);
        const whole = Buffer.concat([...encodeBlocks(entries)]);
        const cut = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) => whole.subarray(i * size, (i + 1) * size));
        expect((await readAll(cut)).map(plain)).toEqual(entries.map(plain));
      }),
      { numRuns: 60 },
    );
  });

  it('are not taken for whole when the end is missing', async () => {
    const [block] = [...encodeBlocks([entryOfLine('{}', 1)])] as [Uint8Array];
    for (let end = 1; end < block.length; end++) await expect(readAll([block.subarray(0, end)])).rejects.toThrow('cut short');
  });
});
