/** Folders of evidence as layers read them: names as bytes, times to the nanosecond, links told of and never followed. */
import type { BigIntStats } from 'node:fs';
import { lstat, opendir, readlink } from 'node:fs/promises';
import { decodeLatin1 } from '../formats/bytes.js';
import { joinPath } from '../layers/path.js';
import type { InodeType } from '../layers/inode.js';
import type { Files, Member } from '../layers/inputs/files.js';
import type { FolderEntry, FolderReader } from '../layers/read-folder.js';
import { fileBytes } from './file-bytes.js';

/** Extended attributes by path inside a folder: Node itself cannot ask for them. */
export type AttributesOf = (path: string) => ReadonlyMap<string, Uint8Array>;

/** The folder itself and all in it, folders first, names in the order of their bytes. */
export function folderReader(folder: string, attributes?: AttributesOf): FolderReader {
  return () => withAttributes(walkBytes(Buffer.from(folder), ''), attributes);
}

async function* withAttributes(entries: AsyncIterable<FolderEntry>, attributes: AttributesOf | undefined): AsyncGenerator<FolderEntry> {
  if (attributes === undefined) yield* entries;
  else for await (const entry of entries) yield { ...entry, xattrs: attributes(entry.name) };
}

async function* walkBytes(file: Buffer, inside: string): AsyncGenerator<FolderEntry> {
  let stat: BigIntStats;
  try {
    stat = await lstat(file, { bigint: true });
  } catch (error) {
    yield unseen(inside, error);
    return;
  }
  const type = typeOf(stat);
  let names: Buffer[] | undefined;
  let error: string | undefined;
  if (type === 'directory') {
    try {
      names = await namesIn(file);
    } catch (reason) {
      error = messageOf(reason);
    }
  }
  yield await entryOf(file, inside, type, stat, error);
  for (const name of names ?? []) yield* walkBytes(Buffer.concat([file, Buffer.from('/'), name]), joinPath(inside, decodeLatin1(name)));
}

async function namesIn(folder: Buffer): Promise<Buffer[]> {
  const names: Buffer[] = [];
  // The types know no `buffer` here; the platform does.
  const listing = await opendir(folder, { encoding: 'buffer' as BufferEncoding });
  for await (const entry of listing) names.push(entry.name as unknown as Buffer);
  return names.sort((a, b) => Buffer.compare(a, b));
}

async function entryOf(file: Buffer, name: string, type: InodeType, stat: BigIntStats, error: string | undefined): Promise<FolderEntry> {
  const device = type === 'char-device' || type === 'block-device' ? deviceOf(Number(stat.rdev)) : undefined;
  const seconds = floorDiv(stat.mtimeNs, 1_000_000_000n);
  return {
    name,
    type,
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    size: type === 'file' ? Number(stat.size) : 0,
    seconds: Number(seconds),
    nanoseconds: Number(stat.mtimeNs - seconds * 1_000_000_000n),
    linkTarget: type === 'symlink' ? decodeLatin1(await readlink(file, { encoding: 'buffer' })) : undefined,
    major: device?.major,
    minor: device?.minor,
    sharedId: type !== 'directory' && stat.nlink > 1n ? `${stat.dev}:${stat.ino}` : undefined,
    bytes: type === 'file' ? fileBytes(file, Number(stat.size)) : undefined,
    error,
  };
}

function unseen(name: string, error: unknown): FolderEntry {
  return { name, type: 'other', mode: 0, uid: 0, gid: 0, size: 0, seconds: 0, nanoseconds: 0, error: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function typeOf(stat: BigIntStats): InodeType {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isCharacterDevice()) return 'char-device';
  if (stat.isBlockDevice()) return 'block-device';
  return stat.isFIFO() ? 'fifo' : stat.isSocket() ? 'socket' : 'other';
}

/** Linux's split of a device number. */
function deviceOf(rdev: number): { major: number; minor: number } {
  const low = rdev % 2 ** 32;
  const high = Math.floor(rdev / 2 ** 32);
  return { major: ((low >>> 8) & 0xfff) | (high & 0xfffff000), minor: (low & 0xff) | ((low >>> 12) & 0xfff00) };
}

/** The files of a folder by path, for archives that are unpacked and for runtimes' folders. Below `skip` nothing is listed. */
export async function folderFiles(folder: string, skip: (path: string) => boolean = () => false): Promise<Files> {
  const files = new Map<string, Member>();
  const list = async (file: Buffer, inside: string): Promise<void> => {
    for (const name of await namesIn(file).catch(() => [])) {
      const path = joinPath(inside, decodeLatin1(name));
      const place = Buffer.concat([file, Buffer.from('/'), name]);
      const stat = await lstat(place, { bigint: true }).catch(() => undefined);
      if (stat === undefined) continue;
      files.set(path, await memberOf(place, stat));
      if (stat.isDirectory() && !skip(path)) await list(place, path);
    }
  };
  await list(Buffer.from(folder), '');
  return files;
}

async function memberOf(file: Buffer, stat: BigIntStats): Promise<Member> {
  if (stat.isDirectory()) return { type: 'directory' };
  if (stat.isSymbolicLink()) return { type: 'symlink', linkTarget: decodeLatin1(await readlink(file, { encoding: 'buffer' })) };
  return stat.isFile() ? { type: 'file', bytes: fileBytes(file, Number(stat.size)) } : { type: 'other' };
}
