/** Bounds on what evidence may make us do. Reaching one gives a Problem, never a crash. */
export interface UnpackLimits {
  /** Archives inside archives, compressed files counted too. Default is 8. */
  readonly depth: number;
  /** Files and members of all archives together. Default is 200,000. */
  readonly entries: number;
  /** Decompressed bytes of one stream per compressed byte, looked at past 256 MiB. Default is 250. */
  readonly ratio: number;
  /** Bytes unpacked from archives in all. Default is 256 GiB. */
  readonly unpackedBytes: number;
  /** Members of archives kept in memory in all; beyond, they are put into a temporary folder. Default is 64 MiB. */
  readonly memoryBytes: number;
}

export const unpackLimits: UnpackLimits = {
  depth: 8,
  entries: 200_000,
  ratio: 250,
  unpackedBytes: 256 * 2 ** 30,
  memoryBytes: 64 * 2 ** 20,
};

/** Decompressed bytes below which no ratio is suspicious: a journal file of NULs shrinks a thousandfold. */
export const RATIO_FROM = 256 * 2 ** 20;

/** Reading stopped at one of the limits. */
export class LimitError extends Error {
  readonly code = 'limit';
}
