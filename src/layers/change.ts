/** A difference as people and other programs get it: text, hex digits and instants. */
import { decodeLatin1, isAscii } from '../formats/bytes.js';
import { decodeCapabilities, formatCapabilities } from '../formats/tar/index.js';
import { instantOf } from '../formats/time.js';
import type { Instant } from '../model/event.js';
import { hexOf, toHex, toText, type ByteString } from './byte-string.js';
import type { Difference } from './diff.js';
import type { Inode, InodeType } from './inode.js';
import type { LayerInfo } from './layer.js';
import { findNode, type Tree } from './tree.js';

export interface FileState {
  readonly type: InodeType;
  /** Octal, four digits: `0755`, `4755`. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Bytes; files only. */
  readonly size?: number;
  /** Absent for folders that nobody recorded, and for times no calendar has. */
  readonly mtime?: Instant;
  readonly sha256?: string;
  readonly linkTarget?: string;
  /** `major:minor` */
  readonly device?: string;
  readonly xattrs?: readonly Attribute[];
  /** All names of the file, where they differ between the sides. */
  readonly hardlinks?: readonly string[];
}

export interface Attribute {
  readonly name: string;
  /** Capabilities as getcap writes them, other values as text when they are printable ASCII. */
  readonly value?: string;
  /** Hex digits of any other value. */
  readonly hex?: string;
}

export interface ChangeLayer {
  readonly index: number;
  readonly name: string;
  readonly digest?: string;
  readonly diffId?: string;
  /** The command of the image's history that made it. */
  readonly createdBy?: string;
  readonly created?: string;
}

export interface Change {
  /** Absolute inside the container; what is not UTF-8 is replaced by U+FFFD. */
  readonly path: string;
  /** Bytes of a path that is not UTF-8. */
  readonly pathHex?: string;
  readonly change: 'added' | 'modified' | 'deleted';
  /** The later type; of a deleted path, the one it had. */
  readonly type: InodeType;
  /** What differs: `content`, `mode`, `uid`, `xattr:security.capability` … Empty for added and deleted paths. */
  readonly what: readonly string[];
  /** What could not be compared, because one side does not say. */
  readonly unknown?: readonly string[];
  readonly before?: FileState;
  readonly after?: FileState;
  /** The layer that did it, where the target has layers. */
  readonly layer?: ChangeLayer;
  /** `runtime`: files that the container runtime itself makes. `folder-time`: only a folder's time differs. */
  readonly class?: 'runtime' | 'folder-time';
  /** In an overlay's upper folder: true, edited in place; false, made anew; absent, not known. */
  readonly copiedUp?: boolean;
}

const NO_MOUNTS: ReadonlySet<ByteString> = new Set();

/**
 * @param target The tree that the later side comes from: it knows its layers.
 * @param mounts Paths where the runtime mounts something: it makes these folders and files itself.
 */
export function toChange(difference: Difference, target: Tree, mounts = NO_MOUNTS): Change {
  const { path, before, after, what, unknown } = difference;
  const later = after ?? before;
  const layer = target.layers[after === undefined ? (deletingLayer(path, target) ?? -1) : after.layer];
  const onlyTime = what.length === 1 && what[0] === 'mtime' && after?.inode.type === 'directory';
  return {
    path: `/${toText(path)}`,
    pathHex: toHex(path),
    change: before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified',
    type: later?.inode.type ?? 'other',
    what: what.map(toText),
    unknown: unknown,
    before: before === undefined ? undefined : fileState(before.inode, difference.linksBefore),
    after: after === undefined ? undefined : fileState(after.inode, difference.linksAfter),
    layer: layer === undefined ? undefined : changeLayer(layer),
    class: isRuntimePath(path) || mounts.has(path) ? 'runtime' : onlyTime ? 'folder-time' : undefined,
    copiedUp: after?.inode.copiedUp,
  };
}

/** The layer after which a path is gone. */
export function deletingLayer(path: ByteString, { roots }: Tree): number | undefined {
  for (let index = roots.length - 1; index > 0; index--) {
    const [above, below] = [roots[index], roots[index - 1]];
    if (above === undefined || below === undefined) continue;
    if (findNode(above, path) === undefined && findNode(below, path) !== undefined) return index;
  }
  return undefined;
}

export function changeLayer({ index, name, digest, diffId, history }: LayerInfo): ChangeLayer {
  return { index, name, digest, diffId, createdBy: history?.createdBy, created: history?.created };
}

export function fileState(inode: Inode, links?: readonly ByteString[]): FileState {
  const { type, uid, gid, linkTarget, xattrs, sha256 } = inode;
  return {
    type,
    mode: inode.mode.toString(8).padStart(4, '0'),
    uid,
    gid,
    size: type === 'file' ? inode.size : undefined,
    mtime: mtimeOf(inode),
    sha256,
    linkTarget: linkTarget === undefined ? undefined : toText(linkTarget),
    device: inode.major === undefined ? undefined : `${inode.major}:${inode.minor ?? 0}`,
    xattrs: xattrs === undefined ? undefined : [...xattrs].map(([name, value]) => attribute(name, value)),
    hardlinks: links === undefined ? undefined : links.map((path) => `/${toText(path)}`),
  };
}

export function mtimeOf(inode: Inode): Instant | undefined {
  return inode.implied === true ? undefined : instantOf(inode.seconds, inode.nanoseconds ?? 0);
}

function attribute(name: ByteString, value: Uint8Array): Attribute {
  const capabilities = name === 'security.capability' ? decodeCapabilities(value) : undefined;
  if (capabilities !== undefined) return { name, value: formatCapabilities(capabilities), hex: hexOf(value) };
  const text = decodeLatin1(value);
  return isAscii(text) && !/[\0-\x1f\x7f]/.test(text) ? { name: toText(name), value: text } : { name: toText(name), hex: hexOf(value) };
}

const RUNTIME_FILES: ReadonlySet<ByteString> = new Set([
  '.dockerenv',
  '.dockerinit',
  'etc/hostname',
  'etc/hosts',
  'etc/resolv.conf',
  'etc/mtab',
  'run/.containerenv',
  'run/secrets',
  'dev',
  'proc',
  'sys',
]);
/** Not `dev`: a file in it beside the runtime's own is a hiding place. */
const RUNTIME_FOLDERS = /^(?:proc|sys)\//;
const RUNTIME_DEVICES = /^dev\/(?:console|core|fd|full|mqueue|null|ptmx|pts|random|shm|stderr|stdin|stdout|tty|urandom|zero)$/;

/** Whether a container runtime makes it, in every container. */
export function isRuntimePath(path: ByteString): boolean {
  return RUNTIME_FILES.has(path) || RUNTIME_FOLDERS.test(path) || RUNTIME_DEVICES.test(path);
}
