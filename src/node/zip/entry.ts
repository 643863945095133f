/** One member's compressed bytes to its content, checked. */
import { crc32 } from 'node:zlib';
import { Failure, messageOf } from '../../intake/failure.js';
import type { Coding } from '../../intake/magic.js';
import { ByteReader } from '../byte-reader.js';
import { inflate } from '../compression/inflate.js';
import { decompress } from '../decompress.js';
import type { UnpackLimits } from '../limits.js';

/** Compression methods, section 4.4.5. {@link https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT | APPNOTE} */
const STORED = 0;
const DEFLATED = 8;
const METHODS: Readonly<Record<number, Coding>> = { 12: 'bzip2', 93: 'zstd', 95: 'xz' };

/** Reads with the methods that archivers use. */
export function isKnownMethod(method: number): boolean {
  return method === STORED || method === DEFLATED || Object.hasOwn(METHODS, method);
}

/** What the archive says the member's bytes are like. */
export interface Claim {
  readonly method: number;
  readonly crc32?: number;
  readonly size?: number;
  readonly compressedSize: number;
}

/** @throws Failure after the last byte that could be had: damage, a cut, a checksum or length that does not fit. */
export async function* readEntry(
  raw: AsyncIterable<Uint8Array>,
  claim: Claim,
  limits: Pick<UnpackLimits, 'ratio' | 'ratioFrom'>,
): AsyncGenerator<Uint8Array> {
  const check = newCheck();
  for await (const chunk of decode(raw, claim, limits)) {
    check.push(chunk);
    if (check.size > limits.ratioFrom && check.size > claim.compressedSize * limits.ratio)
      throw new Failure('limit', `decompression stopped: more than ${limits.ratio} bytes out of one, past ${limits.ratioFrom}`);
    yield chunk;
  }
  check.end(claim);
}

function decode(
  raw: AsyncIterable<Uint8Array>,
  { method }: Claim,
  limits: Pick<UnpackLimits, 'ratio' | 'ratioFrom'>,
): AsyncIterable<Uint8Array> {
  if (method === STORED) return raw;
  return method === DEFLATED ? inflateAll(raw) : decompress(METHODS[method] as Coding, raw, limits);
}

async function* inflateAll(raw: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(raw);
  try {
    if ((yield* inflateFrom(reader)) === 'cut') throw new Failure('truncated', 'the compressed data end before they are complete');
  } finally {
    await reader.close();
  }
}

/** Inflates, with damage told as a Failure. */
export async function* inflateFrom(reader: ByteReader): AsyncGenerator<Uint8Array, 'ended' | 'cut', undefined> {
  try {
    return yield* inflate(reader);
  } catch (error) {
    throw new Failure('integrity', `the compressed data are damaged: ${messageOf(error)}`, { cause: error });
  }
}

export interface Check {
  readonly size: number;
  push(chunk: Uint8Array): void;
  /** @throws Failure with code `integrity`. */
  end(claim: Pick<Claim, 'crc32' | 'size'>): void;
}

export function newCheck(): Check {
  let sum = 0;
  let size = 0;
  return {
    get size() {
      return size;
    },
    push(chunk) {
      sum = crc32(chunk, sum);
      size += chunk.length;
    },
    end(claim) {
      if (claim.size !== undefined && claim.size !== size)
        throw new Failure('integrity', `the member has ${size} bytes, its archive says ${claim.size}`);
      if (claim.crc32 !== undefined && claim.crc32 !== sum)
        throw new Failure('integrity', 'the checksum of the member does not fit its bytes');
    },
  };
}
