/** Layers from bytes in memory, and trees as lines of text. */
import { hexOf, toText } from '../../src/layers/byte-string.js';
import type { LayerSource } from '../../src/layers/inputs/image-source.js';
import type { Semantics } from '../../src/layers/marks.js';
import type { Bytes } from '../../src/layers/platform.js';
import { readTree, type ReadTree } from '../../src/layers/read-tree.js';
import { walkTree, type TreeNode } from '../../src/layers/tree.js';
import { layersPlatform } from '../../src/node/layers-platform.js';
import { tarOf, type Written } from './tar-writer.js';

export function bytesOf(buffer: Uint8Array): Bytes {
  return {
    size: buffer.length,
    async *open(from = 0) {
      for (let at = from; at < buffer.length; at += 65_536) yield buffer.subarray(at, at + 65_536);
    },
  };
}

export function layerOf(entries: readonly Written[] | Uint8Array, form: LayerSource['form'] = 'tar', name = 'layer.tar'): LayerSource {
  const buffer = entries instanceof Uint8Array ? entries : tarOf(entries);
  return { name, form, content: { tar: bytesOf(buffer) } };
}

export function readLayers(layers: readonly LayerSource[], semantics: Semantics = 'oci'): Promise<ReadTree> {
  return readTree(layers, { platform: layersPlatform, semantics });
}

/** Paths that are there, files with their content's first hex digits left out: `d etc`, `f etc/passwd`, `l bin -> usr/bin`. */
export function listing(root: TreeNode): string[] {
  return [...walkTree(root)].slice(1).map(([path, { inode }]) => {
    const letter = inode.type === 'directory' ? 'd' : inode.type === 'symlink' ? 'l' : inode.type === 'file' ? 'f' : inode.type[0];
    return `${letter} ${toText(path)}${inode.linkTarget === undefined ? '' : ` -> ${inode.linkTarget}`}`;
  });
}

/** Everything that is recorded of each path, one line each: what two ways of packing one image must agree on. */
export function facts(root: TreeNode): string[] {
  const links = new Map<unknown, string>();
  return [...walkTree(root)].map(([path, { inode }]) => {
    const first = links.get(inode) ?? path;
    links.set(inode, first);
    const xattrs = [...(inode.xattrs ?? [])].map(([name, value]) => `${name}=${hexOf(value)}`).sort();
    return [
      JSON.stringify(path),
      inode.type,
      inode.type === 'symlink' ? '' : inode.mode.toString(8),
      inode.uid,
      inode.gid,
      inode.type === 'file' ? inode.size : '',
      inode.type === 'directory' && inode.implied === true ? '' : inode.seconds,
      inode.sha256 ?? '',
      inode.linkTarget ?? '',
      inode.major === undefined ? '' : `${inode.major}:${inode.minor ?? 0}`,
      first === path ? '' : `= ${first}`,
      ...xattrs,
    ].join(' ');
  });
}
