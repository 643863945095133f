/** A folder inside a tar, as if it were on disk. */
import type { TarEntry } from '../../formats/tar/index.js';
import type { ByteString } from '../byte-string.js';
import { cleanPath } from '../path.js';
import type { Bytes } from '../platform.js';
import type { FolderEntry, FolderReader } from '../read-folder.js';
import { slice, type TarIndex } from './files.js';

/** @param bytes The tar itself, decompressed. */
export function tarFolder({ entries }: TarIndex, bytes: Bytes, folder: ByteString): FolderReader {
  return async function* () {
    const prefix = folder === '' ? '' : `${folder}/`;
    const shared = sharedPaths(entries);
    for (const [path, entry] of entries) {
      if (path !== folder && !path.startsWith(prefix)) continue;
      const target = entry.type === 'hardlink' ? cleanPath(entry.linkName).path : path;
      const described = entry.type === 'hardlink' ? entries.get(target) : entry;
      if (described === undefined || described.type === 'hardlink') continue;
      yield entryOf(path === folder ? '' : path.slice(prefix.length), described, bytes, shared.has(target) ? target : undefined);
    }
  };
}

/** Paths that hard links lead to. */
function sharedPaths(entries: TarIndex['entries']): ReadonlySet<ByteString> {
  const shared = new Set<ByteString>();
  for (const entry of entries.values()) if (entry.type === 'hardlink') shared.add(cleanPath(entry.linkName).path);
  return shared;
}

const NO_ATTRIBUTES: ReadonlyMap<ByteString, Uint8Array> = new Map();

function entryOf(name: ByteString, entry: TarEntry, bytes: Bytes, sharedId: string | undefined): FolderEntry {
  const type = entry.type === 'hardlink' ? 'other' : entry.type;
  const device = type === 'char-device' || type === 'block-device';
  return {
    name,
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
    sharedId,
    xattrs: entry.xattrs ?? NO_ATTRIBUTES,
    bytes: type === 'file' && entry.sparse === undefined ? slice(bytes, entry.dataOffset, entry.stored) : undefined,
    error: entry.sparse === undefined ? undefined : 'a sparse file inside the archive: not hashed',
  };
}
