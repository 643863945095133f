/** Compressed streams to bytes: gzip by Node itself, the others by packages that are loaded when the first such file shows up. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Compression } from '../intake/magic.js';
import { LimitError, RATIO_FROM } from './limits.js';

type Bytes = AsyncIterable<Uint8Array>;

const OUTPUT_CHUNK = 1 << 18;

/**
 * @param ratio Most bytes out per byte in, once 256 MiB have come out.
 * @throws while reading: LimitError; Error with code `missing-package`; what the decompressor says of damaged data.
 */
export async function* decompress(kind: Compression, input: Bytes, ratio: number): AsyncGenerator<Uint8Array> {
  let bytesIn = 0;
  let bytesOut = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of input) {
      bytesIn += chunk.length;
      yield chunk;
    }
  }
  for await (const chunk of DECOMPRESSORS[kind](counted())) {
    bytesOut += chunk.length;
    if (bytesOut > RATIO_FROM && bytesOut > bytesIn * ratio) {
      throw new LimitError(`decompression stopped: ${bytesOut} bytes from ${bytesIn}, more than ${ratio} to 1`);
    }
    yield chunk;
  }
}

const DECOMPRESSORS: Record<Compression, (input: Bytes) => Bytes> = { gzip, zstd, xz, bzip2 };

async function* gzip(input: Bytes): AsyncGenerator<Uint8Array> {
  const source = Readable.from(input, { objectMode: false, highWaterMark: 1 << 20 });
  const gunzip = createGunzip({ chunkSize: OUTPUT_CHUNK });
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function* zstd(input: Bytes): AsyncGenerator<Uint8Array> {
  const { Decompress } = await load(() => import('fzstd'), 'fzstd');
  let out: Uint8Array[] = [];
  const stream = new Decompress((chunk) => void out.push(chunk));
  for await (const chunk of input) {
    stream.push(chunk);
    yield* out;
    out = [];
  }
  stream.push(new Uint8Array(0), true);
  yield* out;
}

async function* xz(input: Bytes): AsyncGenerator<Uint8Array> {
  const { XzReadableStream } = await load(() => import('xz-decompress'), 'xz-decompress');
  const stream = new XzReadableStream(Readable.toWeb(Readable.from(input, { objectMode: false })) as ReadableStream<Uint8Array>);
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* bzip2(input: Bytes): AsyncGenerator<Uint8Array> {
  const module = await load(() => import('unbzip2-stream'), 'unbzip2-stream');
  const source = Readable.from(input, { objectMode: false });
  const stream = new Readable({ objectMode: false }).wrap(source.pipe(module.default()));
  source.on('error', (error) => stream.destroy(error));
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
    stream.destroy();
  }
}

async function load<T>(loading: () => Promise<T>, name: string): Promise<T> {
  try {
    return await loading();
  } catch (cause) {
    throw Object.assign(new Error(`reading this compression needs the package ${name}`, { cause }), {
      code: 'missing-package',
      hint: `npm install ${name}`,
    });
  }
}
