/** Regular files, opened so that nothing in a folder of evidence can lead elsewhere or make us wait. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Failure } from '../intake/failure.js';
import type { UnpackLimits } from './limits.js';

/** A path as bytes where its name is not UTF-8. */
export type FilePath = string | Buffer;

const CHUNK = 1 << 20;
/** A FIFO put in a file's place must not block; a link in its place must not be followed. Missing on Windows. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

export interface FileOptions {
  /** Bytes to read at most: what a growing file gets later is not evidence of that moment. Default is all. */
  readonly size?: number;
  /** Follow a link: only where the examiner named it. Default is false. */
  readonly follow?: boolean;
}

/** @throws What the system says; Failure with code `integrity` when the file is shorter than it was. */
export async function* readFile(file: FilePath, { size = Infinity, follow = false }: FileOptions = {}): AsyncGenerator<Uint8Array> {
  const handle = await open(file, follow ? FLAGS : FLAGS | NO_FOLLOW);
  try {
    if (!(await handle.stat()).isFile()) throw new Failure('unsupported', 'not a regular file: not read');
    yield* readHandle(handle, size);
  } finally {
    await handle.close();
  }
}

async function* readHandle(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size;) {
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK, size - at));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) {
      if (size !== Infinity) throw new Failure('integrity', `the file has shrunk from ${size} to ${at} bytes while it was read`);
      return;
    }
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** What a file's size is worth reading: holes of sparse files are zeros that nobody wrote. */
export function readableSize(size: number, allocated: number, { ratio, ratioFrom }: Pick<UnpackLimits, 'ratio' | 'ratioFrom'>): number {
  return Math.min(size, Math.max(ratioFrom, allocated * ratio));
}
