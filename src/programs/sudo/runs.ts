/** Runs that sudo's JSON told of: the record of a command's end has its uuid and nothing else of it. */
import type { Reading } from '../program.js';

/** Runs whose end may still come; the oldest goes first. */
const CAPACITY = 4096;

export interface Runs {
  /** Notes a run; gives the end of one what is known of its beginning. */
  complete(reading: Reading): Reading;
}

export function newRuns(): Runs {
  const runs = new Map<string, Reading>();
  return {
    complete(reading) {
      const uuid = reading.details?.uuid;
      if (typeof uuid !== 'string') return reading;
      if (reading.action !== 'process.end') {
        if (runs.size >= CAPACITY) runs.delete(runs.keys().next().value as string);
        if (reading.outcome === 'success') runs.set(uuid, reading);
        return reading;
      }
      const run = runs.get(uuid);
      runs.delete(uuid);
      if (run === undefined) return reading;
      const { exitCode, signal } = reading.process ?? {};
      return { ...reading, actor: run.actor, target: run.target, process: { ...run.process, exitCode, signal } };
    },
  };
}
