/** bzip2, by the optional package unbzip2-stream: whole blocks of up to 900,000 bytes, or nothing of a block. */
import { Failure, messageOf } from '../../intake/failure.js';
import { load } from './load.js';

const PIECE = 1 << 16;

/** @throws Failure after all that could be read. */
export async function* unbzip2(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { default: open } = await load(() => import('unbzip2-stream'), 'unbzip2-stream');
  const stream = open();
  let out: Uint8Array[] = [];
  let failure: Failure | undefined;
  let size = 0;
  // The package works while it is written to, and tells at once.
  stream.on('data', (chunk: Uint8Array) => {
    size += chunk.length;
    out.push(chunk);
  });
  stream.on('error', (error: unknown) => {
    failure ??= failureOf(messageOf(error), size);
  });
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length && failure === undefined; at += PIECE) {
      stream.write(chunk.subarray(at, at + PIECE));
      yield* out;
      out = [];
    }
    if (failure !== undefined) break;
  }
  if (failure === undefined) stream.end();
  yield* out;
  if (failure !== undefined) throw failure;
}

/** The package reads on past its input's end, and then finds an undefined byte. */
const CUT = /undefined|prematurely/;

function failureOf(message: string, size: number): Failure {
  if (/No magic number/.test(message) && size > 0) return new Failure('integrity', 'bytes behind the compressed data are none');
  if (CUT.test(message)) return new Failure('truncated', `the compressed data end before they are complete, after ${size} bytes`);
  return new Failure('integrity', `the compressed data are damaged after ${size} bytes: ${message}`);
}
