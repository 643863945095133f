/** Files of a folder in a fixed order. Symbolic links are told of and never followed: they may lead out of the evidence. */
import { opendir } from 'node:fs/promises';
import path from 'node:path';

export interface Found {
  /** Path on this machine. */
  readonly file: string;
  /** Path inside the folder, `/` between its parts. */
  readonly name: string;
  /** Absent: a regular file. */
  readonly kind?: string;
  readonly error?: Error;
}

export async function* walk(folder: string, inside = ''): AsyncGenerator<Found> {
  const entries = [];
  try {
    for await (const entry of await opendir(folder)) entries.push(entry);
  } catch (reason) {
    yield { file: folder, name: inside, error: reason instanceof Error ? reason : new Error(String(reason)) };
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(file, name);
    else if (entry.isFile()) yield { file, name };
    else yield { file, name, kind: entry.isSymbolicLink() ? 'symlink' : entry.isSocket() ? 'socket' : entry.isFIFO() ? 'fifo' : 'device' };
  }
}
