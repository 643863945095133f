/** Errors that say which kind of Problem they are. */
import { problemCodes, type ProblemCode } from '../model/problem.js';

/**
 * Why evidence could not be read further. A source's `open()` may throw it after the last good byte: what came before is kept,
 * and the Problem gets this code.
 */
export class Failure extends Error {
  constructor(
    readonly code: ProblemCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The code that an error carries, if it is one of ours; `unreadable` for anything else. */
export function problemCodeOf(error: unknown): ProblemCode {
  const code = (error as { code?: unknown } | undefined)?.code;
  return problemCodes.find((known) => known === code) ?? 'unreadable';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
