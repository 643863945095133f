/**
 * Zstandard, frame by frame: the decoder gets one frame at a time, so that the cut, the end and what stands behind it are known exactly.
 * {@link https://www.rfc-editor.org/rfc/rfc8878 | RFC 8878}
 */
import { Failure, messageOf } from '../../intake/failure.js';
import { ByteReader } from '../byte-reader.js';
import { load } from './load.js';
import { xxh64 } from './xxh64.js';

const MAGIC = 0xfd2fb528;
/** Skippable frames: 0x184D2A50 to 0x184D2A5F, section 3.1.2. */
const SKIPPABLE = 0x184d2a5;
/** Largest window allowed (bytes): the decoder moves all of it for every block. `zstd` itself refuses more than this without `--long`. */
const LARGEST_WINDOW = 128 * 2 ** 20;
const BLOCK_HEADER = 3;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

interface FrameHeader {
  readonly bytes: Uint8Array;
  readonly window: number;
  readonly checksum: boolean;
}

/** @throws Failure after all that could be read. */
export async function* unzstd(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await load(() => import('fzstd'), 'fzstd');
  const reader = new ByteReader(input);
  try {
    for (let frames = 0; ; frames++) {
      const start = await reader.peek(8);
      if (start.length === 0) return;
      const view = new DataView(start.buffer, start.byteOffset, start.length);
      const magic = start.length < 4 ? 0 : view.getUint32(0, true);
      if (magic >>> 4 === SKIPPABLE && start.length === 8) {
        await passOver(reader, 8 + view.getUint32(4, true));
        continue;
      }
      if (magic !== MAGIC) throw foreign(frames, reader.position);
      const out: Uint8Array[] = [];
      const decoder = new Decompress((chunk) => void out.push(chunk));
      yield* frame(reader, decoder, out);
    }
  } finally {
    await reader.close();
  }
}

function foreign(frames: number, position: number): Failure {
  return new Failure('integrity', frames === 0 ? 'not a zstd frame' : `bytes behind the compressed data at ${position} are none`);
}

async function passOver(reader: ByteReader, size: number): Promise<void> {
  if ((await reader.skip(size)) < size) throw new Failure('truncated', 'the compressed data end within a skippable frame');
}

async function* frame(
  reader: ByteReader,
  decoder: { push(chunk: Uint8Array, final?: boolean): void },
  out: Uint8Array[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const header = await readHeader(reader);
  if (header.window > LARGEST_WINDOW)
    throw new Failure('limit', `the compressed data need a window of ${header.window} bytes, more than ${LARGEST_WINDOW}`);
  const sum = header.checksum ? xxh64() : undefined;
  let part = header.bytes;
  for (let last = false; !last;) {
    const block = await readBlock(reader);
    last = block.last;
    try {
      if (part.length > 0) decoder.push(part);
      part = new Uint8Array(0);
      decoder.push(block.bytes);
    } catch (error) {
      yield* out.splice(0);
      throw new Failure('integrity', `the compressed data are damaged: ${messageOf(error)}`, { cause: error });
    }
    for (const chunk of out) sum?.push(chunk);
    yield* out.splice(0);
  }
  if (sum === undefined) return;
  const written = await reader.take(4);
  if (written.length < 4) throw cut();
  if (little(written) !== sum.endLow()) throw new Failure('integrity', 'the checksum does not fit the decompressed bytes');
}

/** Section 3.1.1.1. */
async function readHeader(reader: ByteReader): Promise<FrameHeader> {
  const start = await reader.peek(6);
  if (start.length < 6) throw cut();
  const flags = start[4] as number;
  const single = (flags & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3] as number;
  const sizeFlag = flags >> 6;
  const sizeBytes = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
  const length = 5 + (single ? 0 : 1) + dictionary + sizeBytes;
  const bytes = await reader.take(length);
  if (bytes.length < length) throw cut();
  const descriptor = start[5] as number;
  const base = 2 ** (10 + (descriptor >> 3));
  const window = single ? little(bytes.subarray(length - sizeBytes)) : base + (base / 8) * (descriptor & 7);
  return { bytes, window, checksum: (flags & 4) !== 0 };
}

async function readBlock(reader: ByteReader): Promise<{ bytes: Uint8Array; last: boolean }> {
  const header = await reader.peek(BLOCK_HEADER);
  if (header.length < BLOCK_HEADER) throw cut();
  const fields = little(header);
  const kind = (fields >> 1) & 3;
  if (kind === RESERVED_BLOCK) throw new Failure('integrity', 'the compressed data are damaged: a block of the reserved kind');
  const size = BLOCK_HEADER + (kind === RLE_BLOCK ? 1 : fields >> 3);
  const bytes = await reader.take(size);
  if (bytes.length < size) throw cut();
  return { bytes, last: (fields & 1) === 1 };
}

function little(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

function cut(): Failure {
  return new Failure('truncated', 'the compressed data end before they are complete');
}
