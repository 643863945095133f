/** Compressed and encoded streams to plain bytes, within a ratio. Packages are loaded when the first file that needs them shows up. */
import { Failure } from '../intake/failure.js';
import type { Coding } from '../intake/magic.js';
import { unbzip2 } from './compression/bzip2.js';
import { gunzip } from './compression/gzip.js';
import { unlz4 } from './compression/lz4.js';
import { fromUtf16 } from './compression/utf16.js';
import { unxz } from './compression/xz.js';
import { unzstd } from './compression/zstd.js';
import type { UnpackLimits } from './limits.js';

type Bytes = AsyncIterable<Uint8Array>;

const DECODERS: Record<Coding, (input: Bytes) => Bytes> = {
  gzip: gunzip,
  zstd: unzstd,
  xz: unxz,
  bzip2: unbzip2,
  lz4: unlz4,
  'utf-16le': (input) => fromUtf16(input, 'utf-16le'),
  'utf-16be': (input) => fromUtf16(input, 'utf-16be'),
};

/** @throws Failure while reading, always after the last byte that could be had. */
export async function* decompress(
  kind: Coding,
  input: Bytes,
  limits: Pick<UnpackLimits, 'ratio' | 'ratioFrom'>,
): AsyncGenerator<Uint8Array> {
  let bytesIn = 0;
  let bytesOut = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of input) {
      bytesIn += chunk.length;
      yield chunk;
    }
  }
  for await (const chunk of DECODERS[kind](counted())) {
    bytesOut += chunk.length;
    if (bytesOut > limits.ratioFrom && bytesOut > bytesIn * limits.ratio)
      throw new Failure('limit', `decompression stopped: more than ${limits.ratio} bytes out of one, past ${limits.ratioFrom}`);
    yield chunk;
  }
}
