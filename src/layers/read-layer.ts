/** Reads one layer's tar: entries with their hashes, in order. */
import { concatBytes } from '../formats/bytes.js';
import { TarReader, type TarEntry, type TarSink } from '../formats/tar/index.js';
import type { Problem, ProblemCode } from '../model/problem.js';
import { contentFormat, FORMAT_BYTES } from './content-format.js';
import type { Inode } from './inode.js';
import type { LayerEntry } from './layer.js';
import type { LayerLimits } from './limits.js';
import { partAttributes } from './overlay-attributes.js';
import { cleanPath } from './path.js';
import type { Hasher, HashName, Platform } from './platform.js';
import { wantedBytes } from './wanted.js';

export interface ReadLayerOptions {
  readonly platform: Platform;
  readonly limits: LayerLimits;
  /** Number of the layer in its tree. */
  readonly index: number;
  /** Path of the layer in the evidence, for the origin of problems. */
  readonly name: string;
  /** Further hashes of every file, for package databases. */
  readonly alsoHash?: readonly Exclude<HashName, 'sha256'>[];
}

type Digests = { -readonly [Name in HashName]?: string };

/** Gathers the entries of a tar that is pushed into {@link reader}. */
export class LayerReader implements TarSink {
  readonly entries: LayerEntry[] = [];
  readonly problems: Problem[] = [];
  readonly reader: TarReader;
  private readonly hashes: readonly HashName[];
  private current: TarEntry | undefined;
  private hashers: Hasher[] | undefined;
  private digests: Digests = {};
  private head: Uint8Array | undefined;
  private seen = 0;
  private kept: Uint8Array[] | undefined;
  private keptBytes = 0;

  constructor(private readonly options: ReadLayerOptions) {
    this.hashes = ['sha256', ...(options.alsoHash ?? [])];
    this.reader = new TarReader(this, { entries: options.limits.entries });
  }

  entry(entry: TarEntry): void {
    this.current = entry;
    this.hashers = undefined;
    this.digests = {};
    this.head = undefined;
    this.seen = 0;
    const wanted = entry.type === 'file' ? wantedBytes(entry.name) : 0;
    this.kept = entry.size <= wanted && this.keptBytes + entry.size <= this.options.limits.keptBytes ? [] : undefined;
  }

  data(chunk: Uint8Array): void {
    const { current } = this;
    if (current?.type !== 'file') return;
    if (this.seen < FORMAT_BYTES) this.addToHead(chunk);
    this.kept?.push(chunk.slice());
    const { hash, hasher } = this.options.platform;
    if (this.seen === 0 && chunk.length === current.size && hash !== undefined) {
      for (const name of this.hashes) this.digests[name] = hash(name, chunk);
    } else if (current.size <= this.options.limits.hashBytes) {
      this.hashers ??= this.hashes.map((name) => hasher(name));
      for (const one of this.hashers) one.update(chunk);
    }
    this.seen += chunk.length;
  }

  close(complete: boolean): void {
    const entry = this.current;
    this.current = undefined;
    if (entry !== undefined) this.add(entry, complete);
  }

  problem(code: ProblemCode, message: string, offset: number, length: number): void {
    this.problems.push({ code, message, origin: { source: '', path: this.options.name, parser: 'layers', offset, length } });
  }

  private add(entry: TarEntry, complete: boolean): void {
    const { limits } = this.options;
    const { path, escapes, dots } = cleanPath(entry.name);
    if (entry.name.length > limits.pathBytes || (path.length > 2 * limits.depth && path.split('/').length > limits.depth)) {
      this.problem('limit', `a path of ${entry.name.length} bytes: the entry was left out`, entry.offset, entry.dataOffset - entry.offset);
      return;
    }
    const { own, overlay } = partAttributes(entry.xattrs);
    // One literal each: spreading costs more than hashing a small file.
    const hardLink = entry.type === 'hardlink';
    this.entries.push({
      path,
      offset: entry.offset,
      link: hardLink ? cleanPath(entry.linkName).path : undefined,
      inode: hardLink ? undefined : this.inodeOf(entry, own, complete),
      written: dots ? entry.name : undefined,
      escapes: escapes ? true : undefined,
      afterEnd: entry.afterEnd,
      overlay,
    });
  }

  private inodeOf(entry: TarEntry, xattrs: Inode['xattrs'], complete: boolean): Inode {
    const type = entry.type === 'hardlink' ? 'other' : entry.type;
    const device = type === 'char-device' || type === 'block-device';
    if (type === 'file' && complete) this.finishDigests(entry);
    const { sha256, md5, sha1 } = this.digests;
    const content = complete && this.kept !== undefined ? concatBytes(this.kept) : undefined;
    if (content !== undefined) this.keptBytes += content.length;
    return {
      type,
      mode: entry.mode & 0o7777,
      uid: entry.uid,
      gid: entry.gid,
      size: entry.size,
      seconds: entry.seconds,
      nanoseconds: entry.nanoseconds,
      linkTarget: type === 'symlink' ? entry.linkName : undefined,
      major: device ? entry.major : undefined,
      minor: device ? entry.minor : undefined,
      xattrs,
      sha256,
      md5,
      sha1,
      format: this.head === undefined ? undefined : contentFormat(this.head),
      content,
      place:
        type === 'file' ? { layer: this.options.index, offset: entry.dataOffset, stored: entry.stored, sparse: entry.sparse } : undefined,
    };
  }

  /** Files of no bytes never came by. */
  private finishDigests(entry: TarEntry): void {
    if (this.hashers !== undefined) for (const [i, name] of this.hashes.entries()) this.digests[name] = this.hashers[i]?.digest();
    else if (entry.size === 0) for (const name of this.hashes) this.digests[name] = this.options.platform.hasher(name).digest();
  }

  private addToHead(chunk: Uint8Array): void {
    const part = chunk.slice(0, FORMAT_BYTES - this.seen);
    this.head = this.head === undefined ? part : concatBytes([this.head, part]);
  }
}
