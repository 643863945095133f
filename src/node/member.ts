/** What archives hold, whatever kind they are. */
import { decodeLatin1, decodeStrictUtf8 } from '../formats/bytes.js';
import type { Instant } from '../model/event.js';
import type { ProblemCode } from '../model/problem.js';

/** A file in an archive, or something else that has a name there. Its bytes must be read before the next member is asked for. */
export interface Member {
  /** As the archive writes it; may be anything. */
  readonly name: string;
  readonly modified?: Instant;
  /** Absent: not read. `open` may throw a Failure after the last good byte. */
  readonly bytes?: AsyncIterable<Uint8Array>;
  /** Why there are no bytes: `a symlink, not a file`. */
  readonly because?: string;
}

/** A stretch of the archive that is not in order. What follows is still read. */
export interface Flaw {
  readonly code: ProblemCode;
  readonly message: string;
}

export type Members = AsyncGenerator<Member | Flaw, void, undefined>;

export function isFlaw(item: Member | Flaw): item is Flaw {
  return 'code' in item;
}

/** UTF-8 when it is, else byte for byte. */
export function decodeName(bytes: Uint8Array): string {
  return decodeStrictUtf8(bytes) ?? decodeLatin1(bytes);
}

/** Longest name shown (UTF-16 units): PAX names may be as long as memory. */
const LONGEST_NAME = 4096;

export function isLongName(name: string): boolean {
  return name.length > LONGEST_NAME;
}

/** The beginning and the end, where the file's own name is. */
export function shortenName(name: string): string {
  return isLongName(name) ? `${name.slice(0, LONGEST_NAME / 2)}…${name.slice(-LONGEST_NAME / 4)}` : name;
}

/** Whether a careless program would write the member outside of its folder. */
export function leavesFolder(name: string): boolean {
  return name.startsWith('/') || name.startsWith('\\') || /^[A-Za-z]:[\\/]/.test(name) || name.split(/[\\/]/).includes('..');
}
