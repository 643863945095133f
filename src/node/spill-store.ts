/** Sorted runs of a timeline, one after the other in one file of the evidence's temporary folder: one open file, however many runs. */
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { SpillStore } from '../model/source.js';
import type { Spool } from './spool.js';

/** Bytes written at once, and read at once for each run: hundreds of runs are read side by side. */
const WRITE = 1 << 20;
const READ = 1 << 17;

interface Place {
  readonly start: number;
  readonly end: number;
}

export function spillStore(spool: Spool): SpillStore {
  const places = new Map<number, Place>();
  let opened: Promise<{ file: string; handle: FileHandle }> | undefined;
  let size = 0;

  const openFile = async (): Promise<{ file: string; handle: FileHandle }> => {
    const file = await spool.newFile();
    return { file, handle: await open(file, 'wx+', 0o600) };
  };

  return {
    async write(run, chunks) {
      const { handle } = await (opened ??= openFile());
      const start = size;
      for (const chunk of gathered(chunks)) {
        await writeAll(handle, chunk, size);
        size += chunk.length;
      }
      places.set(run, { start, end: size });
    },
    async *read(run) {
      const place = places.get(run);
      if (place === undefined || opened === undefined) throw new RangeError(`run ${run} was not written`);
      const { handle } = await opened;
      for (let at = place.start; at < place.end;) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(Math.min(READ, place.end - at)), 0, undefined, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
    async remove() {
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
