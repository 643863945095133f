/** Raw deflate data out of a reader that goes on behind it. */
import { createInflateRaw, type InflateRaw } from 'node:zlib';
import type { ByteReader } from '../byte-reader.js';

const OUTPUT_CHUNK = 1 << 18;
/** Bytes handed over at once: zlib drops what it made of a piece when it finds damage in it, so pieces are small. */
const PIECE = 1 << 15;

/**
 * Inflates up to the end of the deflate stream and leaves the reader right behind it.
 * @returns `cut` when the input ended first: all that was in it has been given out.
 * @throws What zlib says of damaged data; the reader then stands behind the damaged piece.
 */
export async function* inflate(reader: ByteReader): AsyncGenerator<Uint8Array, 'ended' | 'cut', undefined> {
  const stream = createInflateRaw({ chunkSize: OUTPUT_CHUNK });
  const out: Uint8Array[] = [];
  stream.on('data', (chunk: Uint8Array) => void out.push(chunk));
  // Errors come by the write's callback as well.
  stream.on('error', () => undefined);
  let given = 0;
  try {
    for (;;) {
      const piece = await reader.some(PIECE);
      if (piece === undefined) {
        const complete = await isComplete(stream);
        yield* out;
        return complete ? 'ended' : 'cut';
      }
      given += piece.length;
      await written(stream, piece);
      const unused = given - stream.bytesWritten;
      if (unused > 0) {
        reader.giveBack(piece.subarray(piece.length - unused));
        await ended(stream);
        yield* out;
        return 'ended';
      }
      yield* out.splice(0);
    }
  } finally {
    stream.destroy();
  }
}

function written(stream: InflateRaw, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.write(piece, (error) => {
      stream.off('error', reject);
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}

/** Waits until all that was inflated has been handed out. */
function ended(stream: InflateRaw): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stream.readableEnded) return resolve();
    stream.once('end', resolve).once('error', reject);
  });
}

/** Tells zlib that no more comes: it knows whether that is the end. All output has been handed out before. */
async function isComplete(stream: InflateRaw): Promise<boolean> {
  const end = ended(stream);
  stream.end();
  try {
    await end;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR') return false;
    throw error;
  }
}
