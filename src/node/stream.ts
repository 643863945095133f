/** A stream as a source: read once, its beginning kept for identification. */
import { createHash } from 'node:crypto';
import { HEAD_BYTES } from '../intake/head.js';
import { compressionOf } from '../intake/magic.js';
import type { Facts, Source, SpillStore } from '../model/source.js';
import { decompress } from './decompress.js';
import { unpackLimits } from './limits.js';

/**
 * A Node or web stream, or any bytes that come by once. Compressed streams are decompressed; archives need a file.
 * @param name Shown as path; its SHA-256 gives the source id, since the bytes cannot be hashed before they are used.
 */
export function streamSource(input: AsyncIterable<Uint8Array | string>, name: string, facts: Facts = {}, spill?: () => SpillStore): Source {
  const chunks = toBytes(input)[Symbol.asyncIterator]();
  const early: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  const fill = async (): Promise<void> => {
    while (!ended && size <= HEAD_BYTES) {
      const { done, value } = await chunks.next();
      if (done === true) ended = true;
      else {
        early.push(value);
        size += value.length;
      }
    }
  };
  async function* all(): AsyncGenerator<Uint8Array> {
    await fill();
    yield* early.splice(0);
    while (!ended) {
      const { done, value } = await chunks.next();
      if (done === true) return;
      yield value;
    }
  }
  const plain = async (): Promise<Uint8Array> => {
    await fill();
    return Buffer.concat(early);
  };
  return {
    id: createHash('sha256').update(name).digest('hex').slice(0, 16),
    name,
    facts,
    once: true,
    spill,
    async head() {
      const head = await plain();
      const kind = compressionOf(head);
      if (kind === undefined) return head;
      const parts: Uint8Array[] = [];
      try {
        for await (const part of decompress(kind, each([head]), unpackLimits.ratio)) parts.push(part);
      } catch (error) {
        // The head ends in the middle of the compressed data: what came out before is enough.
        void error;
      }
      return Buffer.concat(parts);
    },
    async *open() {
      const kind = compressionOf(await plain());
      yield* kind === undefined ? all() : decompress(kind, all(), unpackLimits.ratio);
    },
  };
}

async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function* toBytes(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
