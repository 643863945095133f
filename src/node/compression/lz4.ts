/**
 * LZ4 frames. The checksum of the content is looked at, those of single blocks (`lz4 -BX`) are not.
 * {@link https://github.com/lz4/lz4/blob/v1.9.4/doc/lz4_Frame_format.md}
 */
import { Failure } from '../../intake/failure.js';
import { ByteReader } from '../byte-reader.js';
import { xxh32 } from './xxh32.js';

const MAGIC = 0x184d2204;
const SKIPPABLE = 0x184d2a5;
/** Blocks may point back this far into the one before. */
const HISTORY = 65536;
const SHORTEST_MATCH = 4;
const UNCOMPRESSED = 0x80000000;

interface FrameHeader {
  /** Largest block, decompressed (bytes). */
  readonly blockSize: number;
  readonly linked: boolean;
  readonly blockChecksums: boolean;
  readonly checksum: boolean;
}

/** @throws Failure after all that could be read. */
export async function* unlz4(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(input);
  try {
    for (let frames = 0; ; frames++) {
      const start = await reader.take(4);
      if (start.length === 0) return;
      const magic = start.length < 4 ? 0 : little(start);
      if (magic >>> 4 === SKIPPABLE) await need(reader, little(await need(reader, 4)));
      else if (magic === MAGIC) yield* blocks(reader, await readHeader(reader));
      else throw new Failure('integrity', frames === 0 ? 'not an LZ4 frame' : 'bytes behind the compressed data are none');
    }
  } finally {
    await reader.close();
  }
}

async function readHeader(reader: ByteReader): Promise<FrameHeader> {
  const [flags, descriptor] = (await need(reader, 2)) as unknown as [number, number];
  const kind = (descriptor >> 4) & 7;
  if (flags >> 6 !== 1 || kind < 4) throw new Failure('unsupported', 'an LZ4 frame of an unknown version');
  if ((flags & 1) !== 0) throw new Failure('unsupported', 'an LZ4 frame that needs a dictionary');
  // Content size, then the header's checksum.
  await need(reader, ((flags & 8) === 0 ? 0 : 8) + 1);
  return { blockSize: 4 ** kind * 256, linked: (flags & 32) === 0, blockChecksums: (flags & 16) !== 0, checksum: (flags & 4) !== 0 };
}

async function* blocks(reader: ByteReader, header: FrameHeader): AsyncGenerator<Uint8Array, void, undefined> {
  const { blockSize, linked, blockChecksums, checksum } = header;
  let history: Uint8Array = new Uint8Array(0);
  const sum = xxh32();
  for (;;) {
    const size = little(await need(reader, 4));
    if (size === 0) break;
    const length = size % UNCOMPRESSED;
    if (length > blockSize) throw damaged();
    const block = await reader.take(length);
    const cut = block.length < length;
    const { out, broken } = size >= UNCOMPRESSED ? { out: block, broken: false } : decodeBlock(block, history, blockSize);
    if (checksum) sum.push(out);
    yield out;
    if (cut) throw new Failure('truncated', 'the compressed data end before they are complete');
    if (broken) throw damaged();
    if (linked) history = lastOf(history, out);
    if (blockChecksums) await need(reader, 4);
  }
  if (checksum && little(await need(reader, 4)) !== sum.end())
    throw new Failure('integrity', 'the checksum does not fit the decompressed bytes');
}

function lastOf(history: Uint8Array, block: Uint8Array): Uint8Array {
  if (block.length >= HISTORY) return block.slice(-HISTORY);
  const kept = history.subarray(Math.max(0, history.length - (HISTORY - block.length)));
  const joined = new Uint8Array(kept.length + block.length);
  joined.set(kept);
  joined.set(block, kept.length);
  return joined;
}

/**
 * As much of the block as can be decoded.
 * {@link https://github.com/lz4/lz4/blob/v1.9.4/doc/lz4_Block_format.md}
 */
function decodeBlock(block: Uint8Array, history: Uint8Array, most: number): { out: Uint8Array; broken: boolean } {
  const base = history.length;
  const out = new Uint8Array(base + most);
  out.set(history);
  let from = 0;
  let to = base;
  const extended = (length: number): number => {
    let sum = length;
    if (length !== 15) return sum;
    for (let more = 255; more === 255 && from < block.length; sum += more) more = block[from++] as number;
    return sum;
  };
  const soFar = (broken: boolean): { out: Uint8Array; broken: boolean } => ({ out: out.subarray(base, to), broken });
  while (from < block.length) {
    const token = block[from++] as number;
    const literals = extended(token >> 4);
    if (to + literals > out.length) return soFar(true);
    const found = block.subarray(from, from + literals);
    out.set(found, to);
    if (found.length < literals) {
      to += found.length;
      return soFar(true);
    }
    from += literals;
    to += literals;
    // The last sequence has no match.
    if (from === block.length) break;
    if (from + 2 > block.length) return soFar(true);
    const distance = (block[from] as number) | ((block[from + 1] as number) << 8);
    from += 2;
    const length = extended(token & 15) + SHORTEST_MATCH;
    if (distance === 0 || distance > to || to + length > out.length) return soFar(true);
    for (const end = to + length; to < end; to++) out[to] = out[to - distance] as number;
  }
  return soFar(false);
}

async function need(reader: ByteReader, count: number): Promise<Uint8Array> {
  const bytes = await reader.take(count);
  if (bytes.length < count) throw new Failure('truncated', 'the compressed data end before they are complete');
  return bytes;
}

function little(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

function damaged(): Failure {
  return new Failure('integrity', 'the compressed data are damaged');
}
