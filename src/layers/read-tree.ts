/** Reads the layers of an image or container, checks them against what is said of them, and lays them over each other. */
import type { Problem } from '../model/problem.js';
import { applyLayer } from './apply.js';
import type { LayerSource, Mismatch } from './inputs/image-source.js';
import { layerLimits } from './limits.js';
import type { Note } from './notes.js';
import { readLayer, type ReadTreeOptions } from './read-one-layer.js';
import { EMPTY_ROOT, emptyTree, type Tree } from './tree.js';

export interface ReadTree {
  readonly tree: Tree;
  readonly notes: readonly Note[];
  readonly mismatches: readonly Mismatch[];
  readonly problems: readonly Problem[];
}

/** @param sources Lowest first. */
export async function readTree(sources: readonly LayerSource[], options: ReadTreeOptions): Promise<ReadTree> {
  const limits = { ...layerLimits, ...options.limits };
  let tree: Tree = emptyTree;
  const notes: Note[] = [];
  const mismatches: Mismatch[] = [];
  const problems: Problem[] = [];
  for (const [index, source] of sources.slice(0, limits.layers).entries()) {
    options.signal?.throwIfAborted();
    const { layer, mismatches: found } = await readLayer(source, index, options);
    const below = source.whole === true ? { ...tree, root: EMPTY_ROOT } : tree;
    const applied = applyLayer(below, layer, { semantics: options.semantics, hops: limits.hops });
    tree = applied.tree;
    notes.push(...applied.notes);
    mismatches.push(...found);
    problems.push(...layer.problems);
  }
  if (sources.length > limits.layers)
    mismatches.push({ kind: 'unreadable', message: `${sources.length} layers: only the first ${limits.layers} were read` });
  return { tree, notes, mismatches, problems };
}
