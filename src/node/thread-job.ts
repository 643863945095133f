/** What the main thread and its workers say to each other: plain data and bytes. */
import type { Limits } from '../model/parser.js';
import type { Problem } from '../model/problem.js';
import type { Facts } from '../model/source.js';
import type { Tally } from '../intake/tally.js';
import type { Window } from '../timeline/gather.js';
import type { Place } from './place.js';

/** One reading, to be read from its files. */
export interface Job {
  readonly parser: string;
  readonly sources: readonly { readonly id: string; readonly name: string; readonly facts: Facts; readonly place: Place }[];
  readonly raw: boolean;
  readonly limits?: Partial<Limits>;
  readonly window: Window;
  readonly marks: boolean;
  readonly sourceNumbers: ReadonlyMap<string, number>;
  /** Memory of one run (bytes). */
  readonly runBytes: number;
  readonly wantsProblems: boolean;
}

export type FromMain = { readonly job: Job } | { readonly taken: true };

/** Runs and problems are answered with `taken`: a worker that is far ahead waits. */
export type FromWorker =
  | { readonly run: readonly Uint8Array[] }
  | { readonly problems: readonly Problem[] }
  | { readonly tallies: readonly Tally[] }
  | { readonly failure: unknown };
