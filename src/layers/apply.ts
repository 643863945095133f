/**
 * Lays a layer over a tree.
 * {@link https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#applying-changesets | Applying changesets}
 */
import type { ByteString } from './byte-string.js';
import { Draft, type DraftNode } from './draft.js';
import { IMPLIED_FOLDER, type Inode } from './inode.js';
import type { Layer, LayerEntry } from './layer.js';
import { layerLimits } from './limits.js';
import { readMarks, type Marks, type Semantics } from './marks.js';
import type { Note, NoteKind } from './notes.js';
import { redirectOf } from './overlay-attributes.js';
import { cleanPath, joinPath, parentOf } from './path.js';
import { findNode, type Superseded, type Tree, type TreeNode } from './tree.js';

export interface ApplyOptions {
  /** Default is `oci`. */
  readonly semantics?: Semantics;
  /** Symbolic links followed for one path. Default is 40. */
  readonly hops?: number;
}

export interface Applied {
  readonly tree: Tree;
  readonly notes: readonly Note[];
}

/** @returns The tree with the layer on top; the one given is not changed. */
export function applyLayer(tree: Tree, layer: Layer, options: ApplyOptions = {}): Applied {
  const applying = new Applying(tree.root, layer, options.semantics ?? 'oci', options.hops ?? layerLimits.hops);
  const root = applying.run();
  return {
    tree: {
      root,
      layers: [...tree.layers, layer],
      roots: [...tree.roots, root],
      superseded: [...tree.superseded, ...applying.superseded],
    },
    notes: applying.notes,
  };
}

class Applying {
  readonly notes: Note[];
  readonly superseded: Superseded[] = [];
  private readonly draft: Draft;
  private readonly marks: Marks;
  /** Paths of the layer's own entries and the folders these are in; for what is no folder, where it is written first. */
  private readonly own = new Map<ByteString, 'folder' | number>();

  constructor(
    private readonly lower: TreeNode,
    private readonly layer: Layer,
    private readonly semantics: Semantics,
    private readonly hops: number,
  ) {
    this.draft = new Draft(lower, layer.index);
    this.marks = readMarks(layer, semantics);
    this.notes = [...this.marks.notes];
  }

  run(): TreeNode {
    if (this.marks.whiteouts.size > 0 || this.marks.opaques.length > 0) {
      this.noteOwnPaths();
      for (const path of this.marks.opaques) this.hideFolder(path);
      for (const [path, offset] of this.marks.whiteouts) this.remove(path, offset);
    }
    for (const entry of this.marks.nodes) this.place(entry);
    return this.draft.root;
  }

  private noteOwnPaths(): void {
    for (const { path, inode, offset } of this.marks.nodes) {
      if (inode?.type === 'directory') this.own.set(path, 'folder');
      else if (!this.own.has(path)) this.own.set(path, offset);
      for (let folder = parentOf(path); folder !== '' && this.own.get(folder) !== 'folder'; folder = parentOf(folder))
        this.own.set(folder, 'folder');
    }
  }

  private hideFolder(path: ByteString): void {
    if (path === '') return this.draft.empty(this.draft.openRoot());
    const parent = this.lowerParent(path);
    const node = parent?.children.get(path.slice(path.lastIndexOf('/') + 1));
    if (parent !== undefined && node?.children !== undefined)
      this.draft.empty(this.draft.open(parent, path.slice(path.lastIndexOf('/') + 1), node));
    else if (this.semantics === 'overlay') this.implyFolder(path);
  }

  private remove(path: ByteString, offset: number): void {
    const own = this.own.get(path);
    if (own === 'folder') {
      this.note(
        'whiteout-and-folder',
        path,
        'what lower layers have in it is gone by the image specification; docker, containerd and podman still show it',
      );
      if (this.semantics === 'overlay') return;
    } else if (own !== undefined && own < offset && this.layer.form === 'tar') {
      this.note('file-and-whiteout', path, 'kept here; docker, containerd and podman refuse the layer');
    }
    const parent = this.lowerParent(path);
    if (parent !== undefined) parent.children.delete(path.slice(path.lastIndexOf('/') + 1));
    else if (this.semantics === 'overlay' && this.layer.form === 'tar') this.implyFolder(parentOf(path));
  }

  /** The lower folder that a removal works in; undefined, and noted, when there is none. */
  private lowerParent(path: ByteString): DraftNode | undefined {
    let node = this.draft.openRoot();
    const folder = parentOf(path);
    if (folder === '') return node;
    for (const part of folder.split('/')) {
      const child = node.children.get(part);
      if (child?.children === undefined) {
        const linked = child?.inode.type === 'symlink';
        if (linked)
          this.note(
            'lower-symlink-parent',
            path,
            'a removal: not followed here, umoci follows it, docker and containerd put a folder in the place of the link',
          );
        else if (this.layer.form === 'tar')
          this.note('whiteout-without-parent', path, 'nothing here; docker, containerd and podman make the folder');
        return undefined;
      }
      node = this.draft.open(node, part, child);
    }
    return node;
  }

  private implyFolder(path: ByteString): void {
    // What stands in its place was noted with the removal that needs it.
    const noted = this.notes.length;
    this.openFolder(path, path);
    this.notes.length = noted;
  }

  private place(entry: LayerEntry): void {
    const { path } = entry;
    if (path === '') {
      if (entry.inode?.type === 'directory') this.draft.setRoot(entry.inode);
      return;
    }
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const parent = this.openFolder(slash < 0 ? '' : path.slice(0, slash), path);
    if (parent === undefined) return;
    const before = parent.children.get(name);
    const inode = entry.inode === undefined ? this.linkTarget(entry, parent, name) : this.finish(entry, entry.inode, before);
    if (inode === undefined) return;
    if (before !== undefined && this.draft.isOwn(before) && before.inode.implied !== true) this.noteDuplicate(path, before, inode);
    this.draft.set(parent, name, inode, before, this.redirected(entry));
  }

  private noteDuplicate(path: ByteString, before: TreeNode, inode: Inode): void {
    if (before.inode.type === 'directory' && inode.type === 'directory') return;
    this.note('duplicate-entry', path, 'the last one counts here and for containerd; docker refuses the layer');
    if (before.inode.type === 'file' && before.inode.sha256 !== inode.sha256)
      this.superseded.push({ path, inode: before.inode, layer: this.layer.index });
  }

  /** What a hard link shares; undefined when it leads to nothing. */
  private linkTarget(entry: LayerEntry, parent: DraftNode, name: ByteString): Inode | undefined {
    const target = entry.link ?? '';
    const node = findNode(this.draft.root, target);
    if (node === undefined || node.inode.type === 'directory') {
      const removed = this.marks.whiteouts.has(target);
      const detail = removed ? 'nothing here; for docker, containerd and podman it removes the path' : `nothing here: ${target}`;
      this.note(removed ? 'hardlink-to-whiteout' : 'hardlink-nowhere', entry.path, detail);
      if (removed && this.semantics === 'overlay') parent.children.delete(name);
      return undefined;
    }
    if (!this.draft.isOwn(node))
      this.note('hardlink-to-lower', entry.path, 'leads there here; docker, containerd and podman refuse the layer');
    node.inode.linked = true;
    return node.inode;
  }

  /** A file whose upper copy holds only its attributes has its content from below. */
  private finish(entry: LayerEntry, inode: Inode, before: TreeNode | undefined): Inode {
    if (this.layer.form !== 'upper') return inode;
    const copiedUp = this.layer.xattrsKnown ? entry.overlay?.has('origin') === true : undefined;
    if (entry.overlay?.has('metacopy') !== true) return copiedUp === undefined ? inode : { ...inode, copiedUp };
    const redirect = redirectOf(entry.overlay);
    const below = redirect === undefined ? before : findNode(this.lower, this.besideOrFromRoot(entry.path, redirect));
    if (below?.inode.type !== 'file') this.note('metacopy-without-content', entry.path, 'its content is not known');
    const { sha256, md5, sha1, format, content, place, size = inode.size } = below?.inode ?? {};
    return { ...inode, sha256, md5, sha1, format, content, place, size, copiedUp };
  }

  /** The children that a renamed folder brings along. */
  private redirected(entry: LayerEntry): TreeNode['children'] | undefined {
    const redirect = this.layer.form === 'upper' && entry.inode?.type === 'directory' ? redirectOf(entry.overlay) : undefined;
    if (redirect === undefined) return undefined;
    const from = findNode(this.lower, this.besideOrFromRoot(entry.path, redirect));
    if (from?.children === undefined) this.note('redirect-nowhere', entry.path, `leads to ${redirect}`);
    return from?.children;
  }

  private besideOrFromRoot(path: ByteString, redirect: ByteString): ByteString {
    return cleanPath(redirect.startsWith('/') ? redirect : joinPath(parentOf(path), redirect)).path;
  }

  /**
   * The folder at a path, made where it is missing.
   * A link of this very layer is followed inside the root, as all tools do; one of a lower layer is replaced by a folder.
   */
  private openFolder(folder: ByteString, path: ByteString): DraftNode | undefined {
    let node = this.draft.openRoot();
    if (folder === '') return node;
    const quick = this.draft.recent(folder);
    if (quick !== undefined) return quick;
    const parts = folder.split('/');
    const trail: DraftNode[] = [];
    let followed = 0;
    while (parts.length > 0) {
      const part = parts.shift() as string;
      if (part === '' || part === '.') continue;
      if (part === '..') {
        node = trail.pop() ?? node;
        continue;
      }
      const child = node.children.get(part);
      if (child?.inode.type === 'symlink' && this.draft.isOwn(child)) {
        const target = child.inode.linkTarget ?? '';
        if (followed++ === 0) this.note('own-symlink-parent', path, `followed inside the root, to ${target}: some tools refuse it`);
        if (followed > this.hops) return undefined;
        if (target.startsWith('/')) {
          trail.length = 0;
          node = this.draft.openRoot();
        }
        parts.unshift(...target.split('/'));
        continue;
      }
      trail.push(node);
      if (child?.children !== undefined) node = this.draft.open(node, part, child);
      else {
        if (child?.inode.type === 'symlink')
          this.note(
            'lower-symlink-parent',
            path,
            'a folder takes the place of the link here and for docker and containerd; umoci follows it',
          );
        else if (child !== undefined) this.note('parent-not-folder', path, 'a folder takes its place here; runtimes refuse the layer');
        node = this.draft.set(node, part, IMPLIED_FOLDER, undefined) as DraftNode;
      }
    }
    if (followed === 0) this.draft.remember(folder, node);
    return node;
  }

  private note(kind: NoteKind, path: ByteString, detail: string): void {
    this.notes.push({ kind, path, layer: this.layer.index, detail });
  }
}
