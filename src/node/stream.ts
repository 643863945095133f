/** A Node stream as a source: read once, decompressed when it is compressed. */
import { onceSource, replay } from '../intake/bytes-source.js';
import { compressionOf } from '../intake/magic.js';
import type { Facts, Source, SpillStore } from '../model/source.js';
import { decompress } from './decompress.js';
import { unpackLimits } from './limits.js';

/**
 * @param input Bytes that come by once: standard input, a socket, a web stream. Archives need a file.
 * @param name Shown as path; its SHA-256 gives the source id, since the bytes cannot be hashed before they are used.
 */
export function streamSource(input: AsyncIterable<Uint8Array | string>, name: string, facts: Facts = {}, spill?: () => SpillStore): Source {
  return { ...onceSource(plain(input), name, undefined, facts), spill };
}

async function* plain(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  const { head, open } = replay(toBytes(input));
  const kind = compressionOf(await head());
  yield* kind === undefined ? open() : decompress(kind, open(), unpackLimits.ratio);
}

async function* toBytes(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
