/** A Node stream as a source: read once, decompressed when it is compressed. */
import { onceSource, replay } from '../intake/bytes-source.js';
import { checkFacts } from '../intake/facts.js';
import { codingOf } from '../intake/magic.js';
import type { Facts, Source, SpillStore } from '../model/source.js';
import { decompress } from './decompress.js';
import { toBytes } from './inputs.js';
import { unpackLimits } from './limits.js';

/**
 * For bytes that must not be kept: `openEvidence` keeps a stream in a temporary folder, hashes it and opens archives.
 * @param input Bytes that come by once: a socket, a pipe, a web stream.
 * @param name Shown as path; its SHA-256 gives the source id, since the bytes cannot be hashed before they are used.
 */
export function streamSource(input: AsyncIterable<Uint8Array | string>, name: string, facts: Facts = {}, spill?: () => SpillStore): Source {
  return { ...onceSource(plain(input), name, undefined, checkFacts(facts)), spill };
}

async function* plain(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  const { head, open } = replay(toBytes(input));
  const kind = codingOf(await head());
  yield* kind === undefined ? open() : decompress(kind, open(), unpackLimits);
}
