/** Content that a later layer hides and that is still there to be taken out: removed, replaced, written over in one layer, or behind an archive's end. */
import type { ByteString } from './byte-string.js';
import { diffTrees } from './diff.js';
import type { Inode, Place } from './inode.js';
import type { LayerContent, LayerInfo } from './layer.js';
import type { Bytes } from './platform.js';
import { EMPTY_ROOT, findNode, type Tree } from './tree.js';

export interface HiddenContent {
  readonly path: ByteString;
  readonly inode: Inode;
  /** The layer that has it. */
  readonly layer: LayerInfo;
  /** The layer that hides it; absent: it was never shown. */
  readonly hiddenBy?: LayerInfo;
  readonly how: 'removed' | 'replaced' | 'written-over' | 'behind-the-end';
}

/** Files whose content is in no layer's final view, lowest layer first. */
export function findHidden(tree: Tree): HiddenContent[] {
  const hidden: HiddenContent[] = [];
  const { layers, roots } = tree;
  for (const [index, root] of roots.entries()) {
    const layer = layers[index];
    if (layer === undefined) continue;
    for (const { path, before, after } of index === 0 ? [] : diffTrees(roots[index - 1] ?? EMPTY_ROOT, root)) {
      const from = before === undefined ? undefined : layers[before.layer];
      if (before === undefined || from === undefined || before.inode.type !== 'file' || before.inode.size === 0) continue;
      if (after?.inode.type === 'file' && after.inode.sha256 === before.inode.sha256) continue;
      hidden.push({ path, inode: before.inode, layer: from, hiddenBy: layer, how: after === undefined ? 'removed' : 'replaced' });
    }
    for (const { path, inode } of tree.superseded.filter((one) => one.layer === index))
      hidden.push({ path, inode, layer, hiddenBy: layer, how: 'written-over' });
    for (const { path, inode, afterEnd } of layer.entries)
      if (afterEnd === true && inode?.type === 'file') hidden.push({ path, inode, layer, how: 'behind-the-end' });
  }
  return hidden.filter(({ path, inode }) => findNode(tree.root, path)?.inode.sha256 !== inode.sha256 || inode.sha256 === undefined);
}

/**
 * Opens a file's content in the layer it lies in.
 * @param decompress Gives a layer's tar as plain bytes.
 * @returns undefined when the layer is not at hand.
 */
export function openContent(
  place: Place,
  source: LayerContent | undefined,
  decompress: (input: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> | undefined {
  if (source === undefined) return undefined;
  if ('member' in source) return place.member === undefined ? undefined : source.member(place.member)?.open();
  return stretch(source.tar, place, decompress);
}

/** Stored bytes of sparse files come without their holes. */
async function* stretch(
  tar: Bytes,
  { offset, stored }: Place,
  decompress: (input: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let skip = offset;
  let left = stored;
  for await (const chunk of decompress(tar.open())) {
    if (left <= 0) return;
    if (skip >= chunk.length) {
      skip -= chunk.length;
      continue;
    }
    const part = chunk.subarray(skip, skip + left);
    skip = 0;
    left -= part.length;
    yield part;
  }
}
