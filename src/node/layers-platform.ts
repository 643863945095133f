/** Node's hashes and decompressors for layers. */
import crypto, { createHash } from 'node:crypto';
import { codingOf } from '../intake/magic.js';
import type { HashName, Platform } from '../layers/platform.js';
import { decompress } from './decompress.js';
import { unpackLimits } from './limits.js';

type OneShot = (name: string, bytes: Uint8Array) => string;

/** Missing in the types of Node 20; there since 20.12. */
const oneShot = (crypto as unknown as { hash?: OneShot }).hash;

export const layersPlatform: Platform = {
  hasher(name: HashName) {
    const hash = createHash(name);
    return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('hex') };
  },
  hash: oneShot,
  async *decompress(input) {
    const chunks = input[Symbol.asyncIterator]();
    try {
      const early: Uint8Array[] = [];
      for (let size = 0; size < 16;) {
        const { done, value } = await chunks.next();
        if (done === true) break;
        early.push(value);
        size += value.length;
      }
      const coding = codingOf(Buffer.concat(early).subarray(0, 64));
      // A tar may begin with any byte of a name: a byte order mark says nothing here.
      const kind = coding?.startsWith('utf') === true ? undefined : coding;
      const all = rejoined(early, chunks);
      yield* kind === undefined ? all : decompress(kind, all, unpackLimits);
    } finally {
      await chunks.return?.();
    }
  },
};

async function* rejoined(early: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* early;
  for (;;) {
    const { done, value } = await rest.next();
    if (done === true) return;
    yield value;
  }
}
