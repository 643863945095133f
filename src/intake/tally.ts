import type { Instant } from '../model/event.js';
import type { Problem, ProblemCode } from '../model/problem.js';

/**
 * What became of the frames of one source. Always: `frames = decoded + merged + rejected + ignored`
 * once the source has been read to its end.
 */
export interface Tally {
  /** Records cut out of the bytes. */
  frames: number;
  /** Frames that gave at least one event. */
  decoded: number;
  /** Frames that went into the event of another frame. */
  merged: number;
  /** Frames that gave a Problem and no event. */
  rejected: number;
  /** Frames that say nothing by their nature (blank lines, comments, headers). */
  ignored: number;
  events: number;
  /** Problems of each kind, warnings beside events included. */
  problems: Partial<Record<ProblemCode, number>>;
  /** The first problems, at most 1,000; `onProblem` sees all. */
  samples: Problem[];
  first?: Instant;
  last?: Instant;
}

export const KEPT_PROBLEMS = 50;

export function newTally(): Tally {
  return { frames: 0, decoded: 0, merged: 0, rejected: 0, ignored: 0, events: 0, problems: {}, samples: [] };
}

export function countProblem(tally: Tally, problem: Problem): void {
  tally.problems[problem.code] = (tally.problems[problem.code] ?? 0) + 1;
  if (tally.samples.length < KEPT_PROBLEMS) tally.samples.push(problem);
}

/** Counts a problem and tells the one who listens. */
export function reportProblem(tally: Tally, problem: Problem, onProblem: ((problem: Problem) => void) | undefined): void {
  countProblem(tally, problem);
  onProblem?.(problem);
}

/** All problems, whatever their kind. */
export function problemCount(tally: Tally): number {
  return Object.values(tally.problems).reduce((sum, n) => sum + n, 0);
}
