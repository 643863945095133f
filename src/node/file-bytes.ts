/** A file on disk that can be read from any byte on; the next chunk is fetched while the last one is worked on. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Bytes } from '../layers/platform.js';
import type { FilePath } from './files.js';

const CHUNK = 1 << 20;
/** A FIFO put in a file's place must not block. Missing on Windows, like the next. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** A link put in a file's place must not be followed. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/**
 * @param size Bytes that it has, as far as known.
 * @param follow Follow a link: only where the examiner named the file.
 */
export function fileBytes(file: FilePath, size?: number, follow = false): Bytes {
  return { size, open: (from, length) => readAhead(file, from ?? 0, length ?? Infinity, follow) };
}

async function* readAhead(file: FilePath, from: number, length: number, follow: boolean): AsyncGenerator<Uint8Array> {
  const handle = await open(file, follow ? FLAGS : FLAGS | NO_FOLLOW);
  const end = from + length;
  let next: Promise<Uint8Array> | undefined;
  try {
    let at = from;
    next = readAt(handle, at, end);
    for (;;) {
      const chunk = await next;
      next = undefined;
      if (chunk.length === 0) return;
      at += chunk.length;
      if (at < end && chunk.length > 0) next = readAt(handle, at, end);
      yield chunk;
      if (next === undefined) return;
    }
  } finally {
    // A read that nobody waits for any more must end before the file is closed.
    await next?.catch(() => undefined);
    await handle.close();
  }
}

async function readAt(handle: FileHandle, at: number, end: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK, end - at));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
  return buffer.subarray(0, bytesRead);
}
