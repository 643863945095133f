import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeWith, run } from '../second-opinions/tools.js';
import { xxh32 } from '../../src/node/compression/xxh32.js';
import { xxh64 } from '../../src/node/compression/xxh64.js';

/** In pieces of odd sizes. */
function pieces(bytes: Uint8Array, push: (part: Uint8Array) => void): void {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 53 || 1) push(bytes.subarray(at, at + size));
}

const bytes = fc.uint8Array({ maxLength: 300 });

// The programs write the checksum of what they compress at the end of their files.
describeWith(['zstd', 'lz4'], 'checksums', ({ zstd, lz4 }) => {
  it('are those that zstd writes', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        const sum = xxh64();
        pieces(content, (part) => sum.push(part));
        const file = run(zstd, ['-q', '-c', '--check'], { input: content });
        expect(sum.endLow()).toBe(file.readUInt32LE(file.length - 4));
      }),
      { numRuns: 40 },
    );
  });

  it('are those that lz4 writes', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        const sum = xxh32();
        pieces(content, (part) => sum.push(part));
        const file = run(lz4, ['-q', '-c'], { input: content });
        expect(sum.end()).toBe(file.readUInt32LE(file.length - 4));
      }),
      { numRuns: 40 },
    );
  });
});
