/** Files, folders and pipes of this machine, handed to the opener. */
import type { Stats } from 'node:fs';
import { stat, lstat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../intake/failure.js';
import { instantOf } from '../formats/time.js';
import { drain, newDigester } from './digest.js';
import { readableSize, readFile, type FilePath } from './files.js';
import { openStream } from './inputs.js';
import { allowanceFor } from './limits.js';
import type { Opener } from './opener.js';
import { walk } from './walk.js';

/**
 * @param several More than one path was given: names inside a folder begin with the folder's.
 * @throws Error with code `ENOENT` and the like when the path itself cannot be looked at.
 */
export async function openPath(opener: Opener, given: string, several: boolean): Promise<void> {
  const name = given.split(path.sep).join('/');
  const info = await stat(given);
  if (info.isFIFO()) return openStream(opener, readPipe(given), name);
  if (!info.isDirectory()) return openFile(opener, given, name, true);
  for await (const { file, name: inner, kind, error } of walk(given)) {
    opener.options.signal?.throwIfAborted();
    const inside = several ? path.posix.join(name, inner) : inner === '' ? name : inner;
    if (!opener.countEntry(inside)) return;
    if (error !== undefined) opener.reportError(error, 'the folder cannot be read', inside);
    else if (kind !== undefined) opener.report('unsupported', `a ${kind}, not a file: not followed, not read`, inside);
    else await openFile(opener, file, inside, false);
  }
}

/** A pipe that the examiner named: `kubewitness timeline <(zcat x)`. */
async function* readPipe(file: string): AsyncGenerator<Uint8Array> {
  const { createReadStream } = await import('node:fs');
  yield* createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>;
}

async function openFile(opener: Opener, file: FilePath, name: string, follow: boolean): Promise<void> {
  const { limits, signal } = opener.options;
  let before: Stats;
  try {
    before = await (follow ? stat : lstat)(file);
  } catch (error) {
    return opener.reportError(error, 'the file cannot be opened', name);
  }
  if (!before.isFile()) return opener.report('unsupported', 'not a regular file: not read', name);
  const readable = await sizeToRead(file, before, opener);
  const digester = newDigester();
  // Files that say they are empty and are not (procfs) are read only where the examiner named them.
  const size = before.size === 0 && follow ? Infinity : readable;
  const error = await drain(readFile(file, { size, follow }), (chunk) => digester.push(chunk), signal);
  if (error !== undefined && digester.size === 0) return opener.reportError(error, 'the file cannot be read', name);
  const digest = digester.end();
  if (error !== undefined) opener.reportError(error, `${digest.size} bytes could be read`, name, digest);
  const partial = readable < before.size;
  if (partial)
    opener.report(
      'limit',
      `a sparse file of ${before.size} bytes, ${before.blocks * 512} of them on disk: the first ${readable} were read`,
      name,
      digest,
    );
  const changed = await changeOf(file, before, follow);
  if (changed !== undefined)
    opener.report('integrity', `${changed} while it was read: its first ${digest.size} bytes are taken`, name, digest);
  const bytes = {
    size: digest.size,
    file: partial || typeof file !== 'string' ? undefined : file,
    place: typeof file === 'string' ? { file, size: digest.size, follow, limits } : undefined,
    open: () => readFile(file, { size: digest.size, follow }),
  };
  const allowance = allowanceFor(digest.size, limits);
  await opener.open({ name, bytes, modified: modifiedOf(before), wrappings: [], allowance, partial }, digest);
}

/** Some file systems do not say what is on disk: a file that begins with anything but zeros is no hole. */
async function sizeToRead(file: FilePath, { size, blocks }: Stats, { options: { limits } }: Opener): Promise<number> {
  const readable = readableSize(size, blocks * 512, limits);
  if (readable === size || blocks > 0) return readable;
  try {
    for await (const chunk of readFile(file, { size: 4096 })) if (chunk.some((byte) => byte !== 0)) return size;
  } catch {
    // Reading the file will tell.
  }
  return readable;
}

async function changeOf(file: FilePath, before: Stats, follow: boolean): Promise<string | undefined> {
  try {
    const after = await (follow ? stat : lstat)(file);
    if (after.size !== before.size) return `the file went from ${before.size} to ${after.size} bytes`;
    return after.mtimeMs === before.mtimeMs ? undefined : 'the file was written to';
  } catch (error) {
    return `the file went away (${messageOf(error)})`;
  }
}

function modifiedOf({ mtimeMs }: Stats): string | undefined {
  if (mtimeMs <= 0) return undefined;
  const millis = Math.floor(mtimeMs);
  return instantOf(Math.floor(millis / 1000), (millis % 1000) * 1_000_000);
}
