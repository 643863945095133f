/** Files of a folder in a fixed order. Symbolic links are told of and never followed: they may lead out of the evidence. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { decodeStrictUtf8, decodeLatin1 } from '../formats/bytes.js';
import type { FilePath } from './files.js';

export interface Found {
  /** Path on this machine. */
  readonly file: FilePath;
  /** Path inside the folder, `/` between its parts. */
  readonly name: string;
  /** Absent: a regular file. */
  readonly kind?: string;
  readonly error?: unknown;
}

interface Place {
  readonly file: Buffer;
  readonly name: string;
}

/** Depth first, by the bytes of the names. */
export async function* walk(folder: string): AsyncGenerator<Found> {
  // A stack, not recursion: a folder may be deeper than calls can be.
  const waiting: (Place & { entry?: Dirent })[] = [{ file: Buffer.from(folder), name: '' }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { file, name, entry } = place;
    if (entry !== undefined && !entry.isDirectory()) {
      yield entry.isFile() ? { file: readablePath(file), name } : { file, name, kind: kindOf(entry) };
      continue;
    }
    try {
      waiting.push(...(await placesIn(file, name)));
    } catch (error) {
      yield { file, name, error };
    }
  }
}

/** Last first, as a stack wants it. */
async function placesIn(folder: Buffer, inside: string): Promise<(Place & { entry: Dirent })[]> {
  // Names are bytes: a name that is not UTF-8 could not be opened by its text.
  const entries = (await readdir(folder, { withFileTypes: true, encoding: 'buffer' as 'utf8' })) as unknown as (Omit<Dirent, 'name'> & {
    name: Buffer;
  })[];
  entries.sort((a, b) => Buffer.compare(b.name, a.name));
  return entries.map((entry) => {
    const name = decodeStrictUtf8(entry.name) ?? decodeLatin1(entry.name);
    return {
      file: Buffer.concat([folder, Buffer.from(path.sep), entry.name]),
      name: inside === '' ? name : `${inside}/${name}`,
      entry: entry as unknown as Dirent,
    };
  });
}

/** As text where that says the same. */
function readablePath(file: Buffer): FilePath {
  return decodeStrictUtf8(file) ?? file;
}

function kindOf(entry: Dirent): string {
  if (entry.isSymbolicLink()) return 'symlink';
  if (entry.isSocket()) return 'socket';
  return entry.isFIFO() ? 'fifo' : 'device';
}
