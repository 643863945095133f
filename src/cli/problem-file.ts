/** `--problems FILE`: every problem as a line of JSON, written as it comes, so that millions of them take no memory. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Problem } from '../model/problem.js';

export interface ProblemFile {
  readonly write: (problem: Problem) => void;
  close(): void;
}

/** Characters kept before they are written. */
const BUFFER = 1 << 16;

/** @throws Error with code `output` when the file cannot be written. */
export function openProblemFile(file: string): ProblemFile {
  const handle = openForWriting(file);
  let waiting = '';
  const flush = (): void => {
    const bytes = Buffer.from(waiting);
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    waiting = '';
  };
  return {
    write(problem) {
      waiting += JSON.stringify(problem) + '\n';
      if (waiting.length > BUFFER) flush();
    },
    close() {
      flush();
      closeSync(handle);
    },
  };
}

function openForWriting(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(new Error(`problems cannot be written: ${reason}`, { cause }), {
      code: 'output',
      hint: 'give --problems a file that can be written',
    });
  }
}
