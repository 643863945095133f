/** Reads a folder of files (an overlay's upper folder, an unpacked root) as a layer. */
import { concatBytes } from '../formats/bytes.js';
import type { Problem } from '../model/problem.js';
import { contentFormat, FORMAT_BYTES } from './content-format.js';
import type { ByteString } from './byte-string.js';
import type { Inode, InodeType } from './inode.js';
import type { LayerEntry } from './layer.js';
import { partAttributes } from './overlay-attributes.js';
import { cleanPath } from './path.js';
import type { Bytes, HashName } from './platform.js';
import type { ReadLayerOptions } from './read-layer.js';
import { wantedBytes } from './wanted.js';

/** One file as `lstat` tells of it. */
export interface FolderEntry {
  readonly name: ByteString;
  readonly type: InodeType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly seconds: number;
  /** Absent: recorded in whole seconds only. */
  readonly nanoseconds?: number;
  readonly linkTarget?: ByteString;
  readonly major?: number;
  readonly minor?: number;
  /** The same for all names of one file, where it has several. */
  readonly sharedId?: string;
  readonly xattrs?: ReadonlyMap<ByteString, Uint8Array>;
  readonly bytes?: Bytes;
  /** Why it could not be looked at. */
  readonly error?: string;
}

/** Folders before what is in them. */
export type FolderReader = () => AsyncIterable<FolderEntry>;

export async function readFolder(
  folder: FolderReader,
  options: ReadLayerOptions,
): Promise<{ entries: LayerEntry[]; problems: Problem[]; xattrsKnown: boolean }> {
  const entries: LayerEntry[] = [];
  const problems: Problem[] = [];
  const shared = new Map<string, ByteString>();
  const budget = { kept: options.limits.keptBytes };
  let xattrsKnown = false;
  const report = (code: Problem['code'], message: string): void => {
    problems.push({ code, message, origin: { source: '', path: options.name, parser: 'layers', offset: 0, length: 0 } });
  };
  for await (const found of folder()) {
    if (entries.length >= options.limits.entries) {
      report('limit', `more than ${options.limits.entries} entries: the rest was not read`);
      break;
    }
    const { path } = cleanPath(found.name);
    if (found.error !== undefined) report('unreadable', `${path}: ${found.error}`);
    const other = found.sharedId === undefined ? undefined : shared.get(found.sharedId);
    if (found.sharedId !== undefined && other === undefined) shared.set(found.sharedId, path);
    if (found.xattrs !== undefined) xattrsKnown = true;
    const { own, overlay } = partAttributes(found.xattrs);
    const inode = other === undefined ? await readInode(found, path, own, options, budget, report) : undefined;
    entries.push({ path, offset: 0, link: other, inode, overlay });
  }
  return { entries, problems, xattrsKnown };
}

async function readInode(
  found: FolderEntry,
  path: ByteString,
  xattrs: Inode['xattrs'],
  { platform, limits, index, alsoHash = [] }: ReadLayerOptions,
  budget: { kept: number },
  report: (code: Problem['code'], message: string) => void,
): Promise<Inode> {
  const { type, mode, uid, gid, size, seconds, nanoseconds, linkTarget, major, minor } = found;
  const inode: Inode = { type, mode, uid, gid, size, seconds, nanoseconds, linkTarget, major, minor, xattrs };
  if (type !== 'file' || found.bytes === undefined) return inode;
  const place = { layer: index, offset: 0, stored: size, member: found.name };
  if (size > limits.hashBytes) {
    report('limit', `${path}: ${size} bytes, not hashed`);
    return { ...inode, place };
  }
  const names: HashName[] = ['sha256', ...alsoHash];
  const hashers = names.map((name) => platform.hasher(name));
  const parts: Uint8Array[] = [];
  const wanted = size <= wantedBytes(path) && size <= budget.kept;
  let head = new Uint8Array(0);
  try {
    for await (const chunk of found.bytes.open()) {
      for (const hasher of hashers) hasher.update(chunk);
      if (head.length < FORMAT_BYTES) head = Uint8Array.from(concatBytes([head, chunk.subarray(0, FORMAT_BYTES - head.length)]));
      if (wanted) parts.push(chunk.slice());
    }
  } catch (error) {
    report('unreadable', `${path}: ${error instanceof Error ? error.message : String(error)}`);
    return { ...inode, place };
  }
  const digests = Object.fromEntries(hashers.map((hasher, i) => [names[i] as HashName, hasher.digest()]));
  const content = wanted ? concatBytes(parts) : undefined;
  if (content !== undefined) budget.kept -= content.length;
  return { ...inode, ...digests, format: contentFormat(head), content, place };
}
