/** Two images, containers or file systems, and what differs. */
import type { Problem } from '../model/problem.js';
import { toByteString } from './byte-string.js';
import { isRuntimePath, toChange, type Change } from './change.js';
import { diffTrees, type Difference } from './diff.js';
import type { LayerSource, Mismatch } from './inputs/image-source.js';
import type { Layer } from './layer.js';
import type { Note } from './notes.js';
import { cleanPath } from './path.js';
import type { ReadTreeOptions } from './read-one-layer.js';
import { readTree, type ReadTree } from './read-tree.js';

export interface CompareOptions extends ReadTreeOptions {
  /**
   * Lay the target's layers over the base's: they say what was changed, not all there is.
   * `auto`: when the target is one layer whose entries show that. Default is false.
   */
  readonly overBase?: boolean | 'auto';
  /** Also tell of folders of which only the time differs. Default is false. */
  readonly folderTimes?: boolean;
  /** Paths inside the container where volumes and other things of the node are mounted: what is in them is not in any layer. */
  readonly mounts?: readonly string[];
  /** Also tell of files that every container runtime makes. Default is true: they are marked. */
  readonly runtimeFiles?: boolean;
}

export interface Comparison {
  readonly base: ReadTree;
  readonly target: ReadTree;
  /** In the order of the paths. */
  readonly differences: readonly Difference[];
  readonly changes: readonly Change[];
  /** Oddities of both sides' layers; see `describeNote`. */
  readonly notes: readonly Note[];
  readonly mismatches: readonly Mismatch[];
  readonly problems: readonly Problem[];
  /** What this comparison cannot show, in sentences. */
  readonly blind: readonly string[];
}

/**
 * @param base Layers of the side that was before, lowest first.
 * @param target Layers of the later side.
 */
export async function compareLayers(
  base: readonly LayerSource[],
  target: readonly LayerSource[],
  options: CompareOptions,
): Promise<Comparison> {
  const cache = options.cache ?? new Map<string, Layer>();
  const mounts = new Set((options.mounts ?? []).map((path) => cleanPath(toByteString(path)).path));
  const before = await readTree(base, { ...options, cache });
  const after = await readTarget(base, target, { ...options, cache });
  const xattrsKnown = [...before.tree.layers, ...after.tree.layers].every((layer) => layer.xattrsKnown);
  const all = diffTrees(before.tree.root, after.tree.root, { folderTimes: options.folderTimes, xattrsKnown });
  const differences = options.runtimeFiles === false ? all.filter(({ path }) => !isRuntimePath(path)) : all;
  return {
    base: before,
    target: after,
    differences,
    changes: differences.map((difference) => toChange(difference, after.tree, mounts)),
    notes: [...before.notes, ...after.notes],
    mismatches: [...before.mismatches, ...after.mismatches],
    problems: [...before.problems, ...after.problems],
    blind: blindSpots(before, after, xattrsKnown, options.mounts ?? []),
  };
}

async function readTarget(base: readonly LayerSource[], target: readonly LayerSource[], options: CompareOptions): Promise<ReadTree> {
  const over = [...base, ...target];
  if (options.overBase === true) return readTree(over, options);
  const alone = await readTree(target, options);
  const partial = target.length === 1 && alone.tree.layers[0]?.form !== 'flat';
  return options.overBase === 'auto' && partial ? readTree(over, options) : alone;
}

function blindSpots(before: ReadTree, after: ReadTree, xattrsKnown: boolean, mounts: readonly string[]): string[] {
  const blind: string[] = [];
  if (!xattrsKnown)
    blind.push(
      'Extended attributes of a folder are not visible here: file capabilities and overlay marks may be missing. A tar made with --xattrs shows them.',
    );
  const own = mounts.filter((path) => !USUAL_MOUNTS.test(path));
  if (own.length > 0) blind.push(`Volumes and bind mounts are not in any layer: ${own.slice(0, 20).join(', ')}.`);
  const missing = [...before.mismatches, ...after.mismatches].filter(({ kind }) => kind === 'missing').length;
  if (missing > 0) blind.push(`${missing} layers or documents are missing: what they hold or remove is not known.`);
  return blind;
}

/** Mounts of every container, which hold nothing that lasts. */
const USUAL_MOUNTS = /^\/(?:proc|sys|dev)(?:\/|$)|^\/run$/;
