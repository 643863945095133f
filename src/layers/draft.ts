/** A tree while a layer is laid over it: folders are copied when they are first touched. */
import type { ByteString } from './byte-string.js';
import type { Inode } from './inode.js';
import type { TreeNode } from './tree.js';

/** A folder that this layer may change. */
export interface DraftNode extends TreeNode {
  inode: Inode;
  layer: number;
  readonly children: Map<ByteString, TreeNode>;
}

export class Draft {
  private readonly top: DraftNode;
  private readonly copies = new Set<TreeNode>();
  /** Nodes that the layer itself has an entry for, or implies. */
  private readonly own = new Set<TreeNode>();
  private recentPath: ByteString | undefined;
  private recentNode: DraftNode | undefined;

  constructor(
    lower: TreeNode,
    private readonly layer: number,
  ) {
    this.top = { inode: lower.inode, layer: lower.layer, children: new Map(lower.children) };
  }

  get root(): TreeNode {
    return this.top;
  }

  openRoot(): DraftNode {
    return this.top;
  }

  setRoot(inode: Inode): void {
    this.top.inode = inode;
    this.top.layer = this.layer;
  }

  /** A child folder, copied unless it is a copy already. */
  open(parent: DraftNode, name: ByteString, child: TreeNode): DraftNode {
    if (this.copies.has(child)) return child as DraftNode;
    const copy: DraftNode = { inode: child.inode, layer: child.layer, children: new Map(child.children) };
    this.copies.add(copy);
    parent.children.set(name, copy);
    return copy;
  }

  /** Whether this layer wrote the node (a copied folder is not written by it). */
  isOwn(node: TreeNode): boolean {
    return this.own.has(node);
  }

  empty(folder: DraftNode): void {
    folder.children.clear();
    this.forget();
  }

  /**
   * Puts a node under a name. A folder over a folder keeps its children; anything else takes the place of all that was there.
   * @param children What a renamed folder brings along instead.
   */
  set(parent: DraftNode, name: ByteString, inode: Inode, before: TreeNode | undefined, children?: TreeNode['children']): TreeNode {
    if (inode.type === 'directory' && before?.children !== undefined && children === undefined) {
      const folder = this.open(parent, name, before);
      folder.inode = inode;
      folder.layer = this.layer;
      this.own.add(folder);
      return folder;
    }
    const node: TreeNode =
      inode.type === 'directory' ? { inode, layer: this.layer, children: new Map(children) } : { inode, layer: this.layer };
    if (node.children !== undefined) this.copies.add(node);
    if (before?.children !== undefined || children !== undefined) this.forget();
    this.own.add(node);
    parent.children.set(name, node);
    return node;
  }

  /** Entries of one folder follow each other: the last folder is found without a walk. */
  recent(path: ByteString): DraftNode | undefined {
    return path === this.recentPath ? this.recentNode : undefined;
  }

  remember(path: ByteString, node: DraftNode): void {
    this.recentPath = path;
    this.recentNode = node;
  }

  private forget(): void {
    this.recentPath = undefined;
  }
}
