/** Sorted runs of a timeline, one after the other in one file of the evidence's temporary folder: one open file, however many runs. */
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { SpillStore } from '../model/source.js';
import type { Spool } from './spool.js';

/** Bytes written at once. */
const WRITE = 1 << 20;
/** Bytes read at once for each run: together no more than this, where hundreds of runs are read side by side. */
const READ = 1 << 17;
const READ_TOGETHER = 1 << 25;
const READ_LEAST = 1 << 14;

interface Place {
  readonly start: number;
  readonly end: number;
}

export function spillStore(spool: Spool): SpillStore {
  const places = new Map<number, Place>();
  let opened: Promise<{ file: string; handle: FileHandle }> | undefined;
  let size = 0;
  /** Ends with the last write: runs of several threads come at once. */
  let turn: Promise<void> = Promise.resolve();

  const openFile = async (): Promise<{ file: string; handle: FileHandle }> => {
    const file = await spool.newFile();
    return { file, handle: await open(file, 'wx+', 0o600) };
  };

  const append = async (run: number, chunks: Iterable<Uint8Array>): Promise<void> => {
    const { handle } = await (opened ??= openFile());
    const start = size;
    for (const chunk of gathered(chunks)) {
      await writeAll(handle, chunk, size);
      size += chunk.length;
    }
    places.set(run, { start, end: size });
  };

  return {
    write(run, chunks) {
      turn = turn.then(() => append(run, chunks));
      return turn;
    },
    async *read(run) {
      const place = places.get(run);
      if (place === undefined || opened === undefined) throw new RangeError(`run ${run} was not written`);
      const { handle } = await opened;
      const most = Math.max(READ_LEAST, Math.min(READ, Math.floor(READ_TOGETHER / places.size)));
      for (let at = place.start; at < place.end;) {
        const buffer = Buffer.allocUnsafeSlow(Math.min(most, place.end - at));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
    async remove() {
      await turn.catch(() => undefined);
      if (opened === undefined) return;
      const { file, handle } = await opened;
      opened = undefined;
      places.clear();
      await handle.close();
      await rm(file, { force: true });
    },
  };
}

/** Small chunks joined. What is yielded is valid until the next one. */
function* gathered(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  const whole = Buffer.allocUnsafeSlow(WRITE);
  let filled = 0;
  for (const chunk of chunks) {
    if (filled + chunk.length > WRITE && filled > 0) {
      yield whole.subarray(0, filled);
      filled = 0;
    }
    if (chunk.length > WRITE) yield chunk;
    else {
      whole.set(chunk, filled);
      filled += chunk.length;
    }
  }
  if (filled > 0) yield whole.subarray(0, filled);
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < chunk.length) done += (await handle.write(chunk, done, chunk.length - done, position + done)).bytesWritten;
}
