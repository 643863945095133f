/** One changed path, as rules look at it. */
import { toText, type ByteString } from '../byte-string.js';
import type { Difference } from '../diff.js';
import type { Inode } from '../inode.js';
import type { ChangeLayer } from '../change.js';

export interface Subject {
  /** Path inside the root, without leading slash: bytes. */
  readonly path: ByteString;
  readonly change: 'added' | 'modified' | 'deleted';
  readonly before?: Inode;
  readonly after?: Inode;
  readonly what: ReadonlySet<string>;
  /** Content or link target are new: the path gives something else than before. */
  readonly rewritten: boolean;
  readonly layer?: ChangeLayer;
}

export function subjectOf({ path, before, after, what }: Difference, layer?: ChangeLayer): Subject {
  const set = new Set<string>(what);
  const change = before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified';
  const rewritten = change === 'added' || set.has('content') || set.has('linkTarget') || set.has('type');
  return { path, change, before: before?.inode, after: after?.inode, what: set, rewritten: rewritten && change !== 'deleted', layer };
}

export function isFile(inode: Inode | undefined): inode is Inode {
  return inode?.type === 'file';
}

/** Content that was kept, as text. */
export function contentText(inode: Inode | undefined): string | undefined {
  return inode?.content === undefined ? undefined : new TextDecoder().decode(inode.content);
}

export function shown(path: ByteString): string {
  return `/${toText(path)}`;
}
