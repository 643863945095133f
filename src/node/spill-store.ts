/** Sorted runs of a timeline, written to the temporary folder of the evidence they come from. */
import { rm, open } from 'node:fs/promises';
import type { SpillStore } from '../model/source.js';
import { readFile, type Spool } from './spool.js';

export function spillStore(spool: Spool): SpillStore {
  const files = new Map<number, string>();
  return {
    async write(run, chunks) {
      const file = await spool.newFile();
      files.set(run, file);
      const handle = await open(file, 'wx', 0o600);
      try {
        for (const chunk of chunks) await handle.write(chunk);
      } finally {
        await handle.close();
      }
    },
    read(run) {
      const file = files.get(run);
      if (file === undefined) throw new RangeError(`run ${run} was not written`);
      return readFile(file);
    },
    async remove() {
      await Promise.all([...files.values()].map((file) => rm(file, { force: true })));
      files.clear();
    },
  };
}
