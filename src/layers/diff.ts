/** What differs between two trees. What they share is one object and costs nothing to compare. */
import type { ByteString } from './byte-string.js';
import type { Inode } from './inode.js';
import { joinPath } from './path.js';
import { byBytes, linkSets, type TreeNode } from './tree.js';

/** What of a file differs; `xattr:` is followed by the attribute's name. */
export type Aspect =
  'type' | 'mode' | 'uid' | 'gid' | 'linkTarget' | 'device' | 'size' | 'content' | 'mtime' | 'hardlinks' | `xattr:${ByteString}`;

export interface Difference {
  readonly path: ByteString;
  /** Absent: added. */
  readonly before?: TreeNode;
  /** Absent: deleted. */
  readonly after?: TreeNode;
  /** Empty for added and deleted paths. */
  readonly what: readonly Aspect[];
  /** What could not be compared: one of the two sides does not say. */
  readonly unknown?: readonly ('content' | 'xattrs')[];
  /** Names that share the file, where that differs. */
  readonly linksBefore?: readonly ByteString[];
  readonly linksAfter?: readonly ByteString[];
}

export interface DiffOptions {
  /** Also tell of folders of which only the modification time differs. Default is false: it does so in every folder that anything changed in. */
  readonly folderTimes?: boolean;
  /** False when one of the sides cannot show extended attributes. Default is true. */
  readonly xattrsKnown?: boolean;
}

/** @returns In the order of the paths; a deleted or added folder is followed by all that is in it. */
export function diffTrees(before: TreeNode, after: TreeNode, options: DiffOptions = {}): Difference[] {
  const differ = new Differ(options);
  differ.compare('', before, after);
  return withLinks(differ.found, before, after);
}

class Differ {
  readonly found: Difference[] = [];
  private readonly xattrsKnown: boolean;

  constructor(private readonly options: DiffOptions) {
    this.xattrsKnown = options.xattrsKnown ?? true;
  }

  compare(path: ByteString, before: TreeNode | undefined, after: TreeNode | undefined): void {
    if (before === after) return;
    if (before !== undefined && after !== undefined) this.compareNodes(path, before, after);
    else this.found.push({ path, before, after, what: [] });
    const names = new Set<ByteString>();
    for (const [name, child] of before?.children ?? []) if (after?.children?.get(name) !== child) names.add(name);
    for (const name of after?.children?.keys() ?? []) if (before?.children?.has(name) !== true) names.add(name);
    for (const name of [...names].sort(byBytes))
      this.compare(joinPath(path, name), before?.children?.get(name), after?.children?.get(name));
  }

  private compareNodes(path: ByteString, before: TreeNode, after: TreeNode): void {
    if (before.inode === after.inode) return;
    const what = aspects(before.inode, after.inode, this.xattrsKnown);
    const onlyTime = what.length === 1 && what[0] === 'mtime' && after.inode.type === 'directory';
    if (onlyTime && this.options.folderTimes !== true) return;
    const unknown = this.unknownOf(before.inode, after.inode);
    if (what.length > 0 || unknown?.includes('content') === true) this.found.push({ path, before, after, what, unknown });
  }

  private unknownOf(before: Inode, after: Inode): Difference['unknown'] {
    const content =
      before.type === 'file' &&
      after.type === 'file' &&
      before.size === after.size &&
      (before.sha256 === undefined || after.sha256 === undefined);
    if (!content && this.xattrsKnown) return undefined;
    return [...(content ? (['content'] as const) : []), ...(this.xattrsKnown ? [] : (['xattrs'] as const))];
  }
}

function aspects(before: Inode, after: Inode, xattrsKnown: boolean): Aspect[] {
  if (before.type !== after.type) return ['type'];
  const what: Aspect[] = [];
  if (before.type === 'file') {
    if (before.size !== after.size) what.push('size');
    const bothHashed = before.sha256 !== undefined && after.sha256 !== undefined;
    if (bothHashed ? before.sha256 !== after.sha256 : before.size !== after.size) what.push('content');
  }
  if (before.linkTarget !== after.linkTarget) what.push('linkTarget');
  if (before.major !== after.major || before.minor !== after.minor) what.push('device');
  // Nobody recorded the attributes of implied folders.
  if (before.implied === true || after.implied === true) return what;
  if (before.mode !== after.mode && before.type !== 'symlink') what.push('mode');
  if (before.uid !== after.uid) what.push('uid');
  if (before.gid !== after.gid) what.push('gid');
  if (!sameTime(before, after)) what.push('mtime');
  if (xattrsKnown) addAttributes(what, before.xattrs, after.xattrs);
  return what;
}

/** At the coarser precision of the two: image layers have whole seconds, containers have nanoseconds. */
function sameTime(before: Inode, after: Inode): boolean {
  if (before.seconds !== after.seconds) return false;
  return before.nanoseconds === undefined || after.nanoseconds === undefined || before.nanoseconds === after.nanoseconds;
}

function addAttributes(what: Aspect[], before: Inode['xattrs'], after: Inode['xattrs']): void {
  if (before === undefined && after === undefined) return;
  for (const name of [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].sort(byBytes)) {
    const [a, b] = [before?.get(name), after?.get(name)];
    if (a === undefined || b === undefined || !sameBytes(a, b)) what.push(`xattr:${name}`);
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** A changed set of hard links is a change of each name that stays. */
function withLinks(found: Difference[], before: TreeNode, after: TreeNode): Difference[] {
  const sets = { before: namesByPath(before), after: namesByPath(after) };
  if (sets.before.size === 0 && sets.after.size === 0) return found;
  const byPath = new Map(found.map((difference) => [difference.path, difference]));
  for (const path of new Set([...sets.before.keys(), ...sets.after.keys()])) {
    const linksBefore = sets.before.get(path)?.links ?? [path];
    const linksAfter = sets.after.get(path)?.links ?? [path];
    if (linksBefore.join('\0') === linksAfter.join('\0')) continue;
    const known = byPath.get(path);
    const nodes = known ?? { path, before: nodeAt(before, path), after: nodeAt(after, path), what: [] };
    if (nodes.before === undefined || nodes.after === undefined) continue;
    byPath.set(path, { ...nodes, what: [...nodes.what, 'hardlinks'], linksBefore, linksAfter });
  }
  return [...byPath.values()].sort((a, b) => byBytes(sortKey(a.path), sortKey(b.path)));
}

function namesByPath(root: TreeNode): Map<ByteString, { links: readonly ByteString[] }> {
  const names = new Map<ByteString, { links: readonly ByteString[] }>();
  for (const links of linkSets(root).values()) if (links.length > 1) for (const path of links) names.set(path, { links });
  return names;
}

function nodeAt(root: TreeNode, path: ByteString): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const part of path.split('/')) node = node?.children?.get(part);
  return node;
}

/** Folders stand right before what is in them: `/` sorts before every byte of a name. */
function sortKey(path: ByteString): string {
  return path.replaceAll('/', '\0');
}
