/** Sorts a layer's entries: what is there, what is removed from the layers below, what hides a whole folder of them. */
import type { ByteString } from './byte-string.js';
import type { Layer, LayerEntry } from './layer.js';
import type { Note, NoteKind } from './notes.js';
import { isOpaque } from './overlay-attributes.js';
import { baseName, joinPath, parentOf } from './path.js';

/**
 * `oci`: as the image specification says. `overlay`: as docker, containerd and podman do it on Linux with an overlay.
 * Where the two differ, a {@link Note} says so.
 */
export type Semantics = 'oci' | 'overlay';

export interface Marks {
  /** What is there, in the layer's order. */
  readonly nodes: readonly LayerEntry[];
  /** Paths that are removed from the layers below, and where in the layer that is written. */
  readonly whiteouts: ReadonlyMap<ByteString, number>;
  /** Folders of which the layers below show nothing. */
  readonly opaques: readonly ByteString[];
  readonly notes: readonly Note[];
}

const PREFIX = '.wh.';
const OPAQUE = '.wh..wh..opq';
const META_PREFIX = '.wh..wh.';

/** What eStargz adds to a layer. {@link https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md} */
const TOC = 'stargz.index.json';
const TOC_FILES: ReadonlySet<ByteString> = new Set([TOC, '.prefetch.landmark', '.no.prefetch.landmark']);

export function readMarks(layer: Layer, semantics: Semantics): Marks {
  if (layer.form === 'flat')
    return { nodes: layer.entries.filter((entry) => entry.afterEnd !== true), whiteouts: new Map(), opaques: [], notes: [] };
  const sorter = new Sorter(layer, semantics);
  for (const entry of layer.entries) sorter.sort(entry);
  return sorter;
}

class Sorter implements Marks {
  readonly nodes: LayerEntry[] = [];
  readonly whiteouts = new Map<ByteString, number>();
  readonly opaques: ByteString[] = [];
  readonly notes: Note[] = [];
  private devices: boolean | undefined;

  constructor(
    private readonly layer: Layer,
    private readonly semantics: Semantics,
  ) {}

  sort(entry: LayerEntry): void {
    const { path } = entry;
    if (entry.afterEnd === true) return this.note('after-end', path, 'tools do not show it');
    if (entry.escapes === true)
      this.note('escaping-path', path, 'confined to the root here; docker refuses the layer, containerd confines it');
    else if (entry.written !== undefined) this.note('dots-in-path', path, `written ${entry.written}`);
    if (this.layer.form === 'upper') this.sortUpper(entry);
    else this.sortTar(entry);
  }

  private sortTar(entry: LayerEntry): void {
    const { path } = entry;
    const name = baseName(path);
    if (name.startsWith(PREFIX)) return this.sortWhiteout(entry, name);
    if (TOC_FILES.has(path) && this.hasToc())
      return this.note('table-of-contents', path, 'not shown here nor by snapshotters that know the format; others show it as a file');
    if (
      path.includes(PREFIX) &&
      parentOf(path)
        .split('/')
        .some((part) => part.startsWith(PREFIX))
    )
      return this.note('whiteout-in-path', path, 'not shown here; runtimes show a folder with the name of a removal');
    if (isNullDevice(entry)) {
      this.note('device-whiteout', path, 'a device here; docker, containerd and podman take it for the removal of the path');
      if (this.semantics === 'overlay') return void this.whiteouts.set(path, entry.offset);
    }
    if (isOpaque(entry.overlay)) {
      this.note('opaque-attribute', path, 'nothing by the image specification and containerd; docker and podman hide what is below');
      if (this.semantics === 'overlay') this.opaques.push(path);
    }
    this.nodes.push(entry);
  }

  private sortWhiteout({ path, offset }: LayerEntry, name: ByteString): void {
    const folder = parentOf(path);
    if (name === OPAQUE) {
      if (folder === '')
        this.note('opaque-root', '', 'all lower layers are hidden by the image specification; docker, containerd and podman ignore it');
      if (folder !== '' || this.semantics === 'oci') this.opaques.push(folder);
      return;
    }
    if (name.startsWith(META_PREFIX)) return this.note('whiteout-meta', path, 'passed over by all');
    const hidden = name.slice(PREFIX.length);
    if (hidden === '' || hidden === '.' || hidden === '..')
      return this.note('invalid-whiteout', path, 'nothing is removed here; runtimes refuse it or do what they can');
    this.whiteouts.set(joinPath(folder, hidden), offset);
  }

  private sortUpper(entry: LayerEntry): void {
    if (isNullDevice(entry) || isExtendedWhiteout(entry)) return void this.whiteouts.set(entry.path, entry.offset);
    if (isOpaque(entry.overlay)) this.opaques.push(entry.path);
    const name = baseName(entry.path);
    // fuse-overlayfs writes these where it may make no devices; a kernel overlay shows them as plain files.
    if (name === OPAQUE && !this.hasDevices()) return void this.opaques.push(parentOf(entry.path));
    if (name.startsWith(PREFIX))
      this.note('whiteout-name-in-upper', entry.path, 'a file here; committing the container or fuse-overlayfs makes it a removal');
    this.nodes.push(entry);
  }

  /** The table is the last entry, and is one. */
  private hasToc(): boolean {
    const last = this.layer.entries.at(-1);
    return last?.path === TOC && last.inode?.content?.[0] === 0x7b;
  }

  private hasDevices(): boolean {
    this.devices ??= this.layer.entries.some(isNullDevice);
    return this.devices;
  }

  private note(kind: NoteKind, path: ByteString, detail: string): void {
    this.notes.push({ kind, path, layer: this.layer.index, detail });
  }
}

export function isNullDevice({ inode }: LayerEntry): boolean {
  return inode?.type === 'char-device' && inode.major === 0 && inode.minor === 0;
}

/** Since kernel 6.7 an empty file with the attribute removes a path too. */
function isExtendedWhiteout({ inode, overlay }: LayerEntry): boolean {
  return overlay?.has('whiteout') === true && inode?.type === 'file' && inode.size === 0;
}
