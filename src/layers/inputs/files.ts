/** Named files of an archive or folder, whatever holds them. Nothing here is ever looked up on the analyst's own file system. */
import { TarReader, type TarEntry } from '../../formats/tar/index.js';
import type { Problem } from '../../model/problem.js';
import type { ByteString } from '../byte-string.js';
import { cleanPath, joinPath, parentOf } from '../path.js';
import type { Bytes } from '../platform.js';

export interface Member {
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';
  readonly linkTarget?: ByteString;
  readonly bytes?: Bytes;
}

/** By cleaned path. */
export type Files = ReadonlyMap<ByteString, Member>;

/** Links followed for one name. */
const HOPS = 40;

/** A member's bytes; links are followed inside the archive or folder only, in every part of the path. */
export function openMember(files: Files, path: ByteString): Bytes | undefined {
  const found = resolveMember(files, path);
  return found === undefined ? undefined : files.get(found)?.bytes;
}

/** The path that a path leads to once its links are followed; undefined: nowhere. */
export function resolveMember(files: Files, path: ByteString): ByteString | undefined {
  let rest = cleanPath(path).path.split('/');
  let at = '';
  let hops = 0;
  while (rest.length > 0) {
    at = joinPath(at, rest.shift() as string);
    const found = files.get(at);
    if (found?.type !== 'symlink' && found?.type !== 'hardlink') continue;
    if (++hops > HOPS) return undefined;
    const target = found.linkTarget ?? '';
    const from = found.type === 'hardlink' || target.startsWith('/') ? '' : parentOf(at);
    rest = cleanPath(`${joinPath(from, target)}/${rest.join('/')}`).path.split('/');
    at = '';
  }
  return files.has(at) ? at : undefined;
}

/** Whether the archive or folder has the file. */
export function hasMember(files: Files, path: ByteString): boolean {
  return resolveMember(files, path) !== undefined;
}

/** The files below a folder, as if it were the top. */
export function below(files: Files, folder: ByteString): Files {
  if (folder === '') return files;
  const prefix = `${folder}/`;
  const inside = new Map<ByteString, Member>();
  for (const [path, found] of files) if (path.startsWith(prefix)) inside.set(path.slice(prefix.length), found);
  return inside;
}

export interface TarIndex {
  readonly files: Files;
  /** By cleaned path, the last entry of each. */
  readonly entries: ReadonlyMap<ByteString, TarEntry>;
  readonly problems: readonly Problem[];
}

/** Reads a tar once and remembers where its members are. */
export async function indexTar(bytes: Bytes, name: string, entryLimit: number): Promise<TarIndex> {
  const files = new Map<ByteString, Member>();
  const entries = new Map<ByteString, TarEntry>();
  const problems: Problem[] = [];
  const reader = new TarReader(
    {
      entry(entry) {
        if (entry.afterEnd === true) return;
        const { path } = cleanPath(entry.name);
        files.set(path, memberOf(entry, bytes));
        entries.set(path, entry);
      },
      data: () => undefined,
      close: () => undefined,
      problem: (code, message, offset, length) =>
        problems.push({ code, message, origin: { source: '', path: name, parser: 'layers', offset, length } }),
    },
    { entries: entryLimit, holeBytes: 0 },
  );
  try {
    for await (const chunk of bytes.open()) reader.push(chunk);
  } catch (error) {
    problems.push(readingStopped(error, name));
  }
  reader.end();
  return { files, entries, problems: problems.filter(({ code }) => code !== 'limit') };
}

export function readingStopped(error: unknown, name: string): Problem {
  const message = `reading stopped: ${error instanceof Error ? error.message : String(error)}`;
  return { code: 'unreadable', message, origin: { source: '', path: name, parser: 'layers', offset: 0, length: 0 } };
}

function memberOf(entry: TarEntry, outer: Bytes): Member {
  const { type, dataOffset, stored, linkName, sparse } = entry;
  if (type === 'symlink' || type === 'hardlink') return { type, linkTarget: linkName };
  if (type === 'directory') return { type };
  if (type !== 'file' || sparse !== undefined) return { type: 'other' };
  return { type, bytes: slice(outer, dataOffset, stored) };
}

/** A stretch of bytes. */
export function slice(outer: Bytes, start: number, size: number): Bytes {
  return {
    size,
    async *open(from = 0) {
      let left = size - from;
      if (left <= 0) return;
      for await (const chunk of outer.open(start + from, left)) {
        yield chunk.length > left ? chunk.subarray(0, left) : chunk;
        left -= chunk.length;
        if (left <= 0) return;
      }
    },
  };
}
