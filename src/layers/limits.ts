/** Bounds on what a layer may make us do. Reaching one gives a Problem, never a crash. */
export interface LayerLimits {
  /** Entries of one layer. Default is 5,000,000. */
  readonly entries: number;
  /** Bytes of a path. Default is 4096, Linux's own. */
  readonly pathBytes: number;
  /** Folders inside folders. Default is 512. */
  readonly depth: number;
  /** Decompressed bytes of one layer. Default is 64 GiB. */
  readonly layerBytes: number;
  /** Bytes of one file that is hashed. Default is 16 GiB. */
  readonly hashBytes: number;
  /** Bytes of all contents kept in memory, per layer. Default is 256 MiB. */
  readonly keptBytes: number;
  /** Layers of one image. Default is 1024. */
  readonly layers: number;
  /** Indexes inside indexes. Default is 8. */
  readonly nesting: number;
  /** Symbolic links followed for one path, as in Linux. Default is 40. */
  readonly hops: number;
  /** Bytes of a JSON document (manifest, config). Default is 64 MiB. */
  readonly jsonBytes: number;
}

export const layerLimits: LayerLimits = {
  entries: 5_000_000,
  pathBytes: 4096,
  depth: 512,
  layerBytes: 64 * 2 ** 30,
  hashBytes: 16 * 2 ** 30,
  keptBytes: 256 * 2 ** 20,
  layers: 1024,
  nesting: 8,
  hops: 40,
  jsonBytes: 64 * 2 ** 20,
};
