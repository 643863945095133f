/** Bounds on what evidence may make us do. Reaching one gives a Problem, never a crash. */
import { Failure } from '../intake/failure.js';

export interface UnpackLimits {
  /** Archives inside archives, compressed files counted too. Default is 8. */
  readonly depth: number;
  /** Files and members of all archives together. Default is 200,000. */
  readonly entries: number;
  /** Most bytes out of one compressed (or, in a sparse file, stored) byte. Default is 250. */
  readonly ratio: number;
  /**
   * Bytes out of one stream below which no ratio is suspicious: a journal full of NULs shrinks a thousandfold. Default is 256 MiB.
   * For all that one file given holds, archives inside archives, eight times as many.
   */
  readonly ratioFrom: number;
  /** Bytes unpacked from archives in all. Default is 256 GiB. */
  readonly unpackedBytes: number;
  /** Members of archives kept in memory in all; beyond, they are put into a temporary folder. Default is 64 MiB. */
  readonly memoryBytes: number;
}

export const unpackLimits: UnpackLimits = {
  depth: 8,
  entries: 200_000,
  ratio: 250,
  ratioFrom: 256 * 2 ** 20,
  unpackedBytes: 256 * 2 ** 30,
  memoryBytes: 64 * 2 ** 20,
};

/** Streams' worth of {@link UnpackLimits.ratioFrom} that one file given may hold. */
const STREAMS = 8;

/** What may come out of one file given, all archives in it together: what each of many members may hold is no bound for their sum. */
export interface Allowance {
  /** @throws Failure with code `limit`. */
  take(bytes: number): void;
  /** Nothing more may be unpacked. */
  readonly spent: boolean;
}

/** @param size Bytes of the file given. */
export function allowanceFor(size: number, { ratio, ratioFrom }: UnpackLimits): Allowance {
  const most = Math.max(size * ratio, ratioFrom * STREAMS);
  let taken = 0;
  return {
    take(bytes) {
      taken += bytes;
      if (taken > most) throw new Failure('limit', `unpacking stopped: more than ${most} bytes out of ${size}`);
    },
    get spent() {
      return taken > most;
    },
  };
}
