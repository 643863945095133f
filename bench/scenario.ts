/** What a benchmark is: the same job on the same bytes, done by us and by others. */
import type { Kind } from './generate.js';

/** What a contender found: compared only where it must be the same. */
export interface Outcome {
  /** Records, events or members dealt with. */
  readonly count: number;
  /** Bytes of memory that the result keeps, where that is asked. */
  readonly keptBytes?: number;
}

export interface Contender {
  readonly name: string;
  /** Makes what the job needs: not timed. */
  readonly setUp?: () => void;
  /** Job in this process. */
  readonly run?: (files: readonly string[]) => Promise<Outcome> | Outcome;
  /** Job of another program: its arguments. */
  readonly command?: (files: readonly string[]) => readonly string[];
  /** Packages that are installed for it on the fly, with their versions. */
  readonly packages?: readonly string[];
}

export interface Target {
  readonly ours: string;
  /** Contender that is compared with; absent for a bound of its own. */
  readonly against?: string;
  /** Least speed as a multiple of the other's. */
  readonly atLeast?: number;
  /** Least items in a second. */
  readonly perSecond?: number;
  /** Most bytes kept for each event. */
  readonly keptBytes?: number;
  /** Most memory while running (MB). */
  readonly megabytes?: number;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Kind, part of its usual size, seed. */
  readonly inputs: readonly (readonly [kind: Kind, part: number, seed: number])[];
  readonly contenders: readonly Contender[];
  readonly targets: readonly Target[];
}
