/**
 * A file system as a tree of names. Laying a layer over a tree copies only the folders it touches:
 * the tree before stays whole, and what both share is the same object, so that comparing them costs only what differs.
 */
import type { ByteString } from './byte-string.js';
import { IMPLIED_FOLDER, type Inode } from './inode.js';
import type { Layer } from './layer.js';
import { joinPath } from './path.js';

export interface TreeNode {
  readonly inode: Inode;
  /** Number of the layer that last set it. */
  readonly layer: number;
  /** Folders only. */
  readonly children?: ReadonlyMap<ByteString, TreeNode>;
}

/** A content that a later entry of the same layer took the place of: tools show only the last one. */
export interface Superseded {
  readonly path: ByteString;
  readonly inode: Inode;
  readonly layer: number;
}

export interface Tree {
  readonly root: TreeNode;
  /** Lowest first. */
  readonly layers: readonly Layer[];
  /** The tree after each layer. */
  readonly roots: readonly TreeNode[];
  readonly superseded: readonly Superseded[];
}

export const EMPTY_ROOT: TreeNode = { inode: IMPLIED_FOLDER, layer: -1, children: new Map() };

export const emptyTree: Tree = { root: EMPTY_ROOT, layers: [], roots: [], superseded: [] };

/** The node at a path; symbolic links are not followed. */
export function findNode(root: TreeNode, path: ByteString): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  if (path === '') return node;
  for (const name of path.split('/')) {
    node = node?.children?.get(name);
    if (node === undefined) return undefined;
  }
  return node;
}

/**
 * The node at a path as a process in the container would open it: symbolic links are followed, `/` being the tree's root.
 * @param hops Links followed at most.
 */
export function resolveNode(root: TreeNode, path: ByteString, hops = 40): { node: TreeNode; path: ByteString } | undefined {
  const parts = path.split('/');
  let stack: { name: ByteString; node: TreeNode }[] = [];
  let left = hops;
  while (parts.length > 0) {
    const part = parts.shift() as string;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      stack.pop();
      continue;
    }
    const node: TreeNode | undefined = (stack.at(-1)?.node ?? root).children?.get(part);
    if (node === undefined) return undefined;
    if (node.inode.type === 'symlink') {
      if (left-- === 0) return undefined;
      const target = node.inode.linkTarget ?? '';
      if (target.startsWith('/')) stack = [];
      parts.unshift(...target.split('/'));
    } else stack.push({ name: part, node });
  }
  return { node: stack.at(-1)?.node ?? root, path: stack.map(({ name }) => name).join('/') };
}

/** Every path and its node, folders before what is in them, names in the order of their bytes. */
export function* walkTree(root: TreeNode, path: ByteString = ''): Generator<readonly [ByteString, TreeNode]> {
  yield [path, root];
  if (root.children === undefined) return;
  for (const name of sortedNames(root.children)) {
    const child = root.children.get(name);
    if (child !== undefined) yield* walkTree(child, joinPath(path, name));
  }
}

export function sortedNames(children: ReadonlyMap<ByteString, TreeNode>): ByteString[] {
  return [...children.keys()].sort(byBytes);
}

/** Byte strings compare as their bytes do. */
export function byBytes(a: ByteString, b: ByteString): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names that share a file, for the files that have several. */
export function linkSets(root: TreeNode): ReadonlyMap<Inode, readonly ByteString[]> {
  const sets = new Map<Inode, ByteString[]>();
  for (const [path, { inode }] of walkTree(root)) {
    if (inode.linked !== true) continue;
    const set = sets.get(inode);
    if (set === undefined) sets.set(inode, [path]);
    else set.push(path);
  }
  return sets;
}
