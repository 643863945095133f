import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzipSmall } from '../../src/formats/inflate.js';

const LIMIT = 1 << 20;

describe('gunzipSmall', () => {
  it('reads what zlib writes, at every level', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 3000 }),
          fc.string().map((text) => new TextEncoder().encode(text.repeat(200))),
        ),
        fc.integer({ min: 0, max: 9 }),
        (bytes, level) => {
          expect(gunzipSmall(gzipSync(bytes, { level }), LIMIT)).toEqual(new Uint8Array(bytes));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads a header with a name, a comment and more', () => {
    const body = deflateRawSync('hello');
    const header = [0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3, 2, 0, 1, 2, 97, 0, 98, 0, 0, 0];
    expect(new TextDecoder().decode(gunzipSmall(new Uint8Array([...header, ...body, 0, 0, 0, 0, 0, 0, 0, 0]), LIMIT))).toBe('hello');
  });

  it('gives nothing for what is broken or becomes too large, and does not hang', () => {
    const bomb = gzipSync(Buffer.alloc(5 << 20));
    expect(gunzipSmall(bomb, LIMIT)).toBeUndefined();
    const good = gzipSync('some text '.repeat(300));
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), fc.nat({ max: good.length }), (at, byte, end) => {
        const bad = new Uint8Array(good.subarray(0, end));
        if (at < bad.length) bad[at] = byte;
        const result = gunzipSmall(bad, LIMIT);
        expect(result === undefined || result.length <= LIMIT).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
