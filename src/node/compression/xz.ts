/** xz, by the WebAssembly build of xz-embedded in the optional package xz-decompress. {@link https://tukaani.org/xz/xz-file-format.txt} */
import { Failure, messageOf } from '../../intake/failure.js';
import { load } from './load.js';

/** Bytes handed over at once: the package drops what it made of a piece when it finds damage in it. */
const PIECE = 512;
/** A stream ends with this, at a multiple of four bytes. */
const FOOTER = [0x59, 0x5a] as const;

/** `enum xz_ret` of xz-embedded, as the package's messages give it. */
const REASONS: Readonly<Record<string, Failure>> = {
  3: new Failure('limit', 'the compressed data need more memory than there is'),
  4: new Failure('limit', 'the compressed data need a larger dictionary than is allowed'),
  5: new Failure('integrity', 'bytes behind the compressed data are none'),
  6: new Failure('unsupported', 'the compressed data use options that are not known'),
  7: new Failure('integrity', 'the compressed data are damaged'),
  8: new Failure('truncated', 'the compressed data end before they are complete'),
};

/**
 * The package works on one stream at a time: read it to its end, or return, before the next is opened.
 * @throws Failure after all that could be read.
 */
export async function* unxz(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const module = await load(() => import('xz-decompress'), 'xz-decompress');
  // A CommonJS package: its exports are on `default` in Node, and beside it under bundlers.
  const { XzReadableStream } = (module.default as typeof module.default | undefined) ?? module;
  const stream = new XzReadableStream(webStream(pieces(input)));
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // The chunk is a view of the decoder's memory.
      if (value.length > 0) yield value.slice();
    }
  } catch (error) {
    const code = /error code (?<code>\d)$/.exec(messageOf(error))?.groups?.code;
    throw (code === undefined ? undefined : REASONS[code]) ?? error;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Cut where streams may end, so that what stands behind one is never in the same piece. */
async function* pieces(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let base = 0;
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length;) {
      const end = endOfPiece(chunk, at, base);
      yield chunk.slice(at, end);
      at = end;
    }
    base += chunk.length;
  }
}

function endOfPiece(chunk: Uint8Array, from: number, base: number): number {
  const most = Math.min(chunk.length, from + PIECE);
  for (let at = from + 4 - ((base + from) % 4); at <= most; at += 4)
    if (chunk[at - 2] === FOOTER[0] && chunk[at - 1] === FOOTER[1]) return at;
  return most;
}

function webStream(input: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await input.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => void input.return(undefined),
  });
}
