import type { Origin } from './origin.js';

/** What can be wrong with a piece of evidence. A closed list: the wording is in the message. */
export const problemCodes = [
  /** The record does not follow its format. */
  'malformed',
  /** The record or file ends before it should. */
  'truncated',
  /** Understood as a format, but a variant that is not read. */
  'unsupported',
  /** One of our limits was reached; the rest was not read. */
  'limit',
  /** A checksum, hash or sequence does not fit: bytes or records were changed or lost. */
  'integrity',
  /** Bytes that are not the text they should be (invalid UTF-8, NULs). */
  'encoding',
  /** A time is missing, impossible or cannot be placed. */
  'time',
  /** No parser knows this evidence. */
  'unknown-format',
  /** The evidence could not be read at all. */
  'unreadable',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** Something in the evidence that could not be taken as it is. Counted, kept, never thrown. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly origin: Origin;
}
