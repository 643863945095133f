/** Members of a zip archive by its central directory; by their own headers where that is missing or broken. */
import yauzl, { type Entry, type Options, type ZipFile, type ZipFileOptions } from 'yauzl';
import { Failure, messageOf } from '../../intake/failure.js';
import { instantOf } from '../../formats/time.js';
import type { UnpackLimits } from '../limits.js';
import { decodeName, type Member, type Members } from '../member.js';
import { isKnownMethod, readEntry } from './entry.js';
import { salvageZip } from './salvage.js';

type Limits = Pick<UnpackLimits, 'ratio' | 'ratioFrom'>;

/** Bytes that can be read at any place. */
export interface ZipBytes {
  readonly random: string | Buffer;
  open(): AsyncIterable<Uint8Array>;
}

/** Names and sizes are not judged by the library: one odd member must not end the archive. */
const OPTIONS: Options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: false };

/** Bytes as they lie in the archive. */
const RAW: ZipFileOptions = { decodeFileData: false, decompress: null, decrypt: null, start: null, end: null };

/** Reads members in the order of the central directory. */
export async function* readZip(bytes: ZipBytes, limits: Limits): Members {
  /** Where the members lie that have been told of. */
  const seen = new Set<number>();
  let zip: ZipFile | undefined;
  let broken: unknown;
  try {
    zip = await openZip(bytes.random);
    for (let entry = await nextEntry(zip); entry !== undefined; entry = await nextEntry(zip)) {
      seen.add(entry.relativeOffsetOfLocalHeader);
      const member = memberOf(zip, entry, limits);
      if (member !== undefined) yield member;
    }
  } catch (error) {
    broken = error;
  } finally {
    zip?.close();
  }
  if (broken === undefined) return;
  if (broken instanceof Failure) throw broken;
  const what = zip === undefined ? 'no central directory' : 'the central directory is broken';
  yield {
    code: zip === undefined ? 'truncated' : 'integrity',
    message: `${what} (${messageOf(broken)}): members are read by their own headers`,
  };
  yield* salvageZip(bytes.open(), limits, seen);
}

function memberOf(zip: ZipFile, entry: Entry, limits: Limits): Member | undefined {
  // With decodeStrings off names are bytes; the package's types say otherwise.
  const name = decodeName(entry.fileName as unknown as Uint8Array);
  const modified = modifiedOf(entry);
  const { compressionMethod: method, crc32, uncompressedSize: size, compressedSize } = entry;
  if (name.endsWith('/') && size === 0) return undefined;
  if (entry.isEncrypted()) return { name, modified, because: 'encrypted: needs its password, not read' };
  if (isLink(entry)) return { name, modified, because: 'a symlink, not a file: not followed, not read' };
  if (!isKnownMethod(method)) return { name, modified, because: `compressed with method ${method}, which is not known: not read` };
  return { name, modified, bytes: readEntry(rawBytes(zip, entry), { method, crc32, size, compressedSize }, limits) };
}

/** The member's bytes as they lie in the archive. */
async function* rawBytes(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  let stream;
  try {
    stream = await new Promise<AsyncIterable<Uint8Array>>((resolve, reject) => {
      const done = (error: Error | null, opened: AsyncIterable<Uint8Array>): void => (error === null ? resolve(opened) : reject(error));
      zip.openReadStream(entry, RAW, done);
    });
  } catch (error) {
    throw new Failure('integrity', `the member cannot be found: ${messageOf(error)}`, { cause: error });
  }
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    yield chunk;
  }
  if (size < entry.compressedSize)
    throw new Failure('truncated', `the archive ends after ${size} of the member's ${entry.compressedSize} bytes`);
}

function openZip(random: string | Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, zip: ZipFile): void => (error === null ? resolve(zip) : reject(error));
    if (typeof random === 'string') yauzl.open(random, OPTIONS, done);
    else yauzl.fromBuffer(random, OPTIONS, done);
  });
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      zip.off('entry', onEntry).off('end', onEnd).off('error', onError);
    };
    const onEntry = (entry: Entry): void => (stop(), resolve(entry));
    const onEnd = (): void => (stop(), resolve(undefined));
    const onError = (error: Error): void => (stop(), reject(error));
    zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
    zip.readEntry();
  });
}

/** Upper half of the external attributes is the Unix mode. */
function isLink(entry: Entry): boolean {
  return ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

/** Times before 1990 are what archivers write when they do not know. */
const EARLIEST = 631_152_000_000;

/** The Unix or NTFS time when there is one; else the DOS clock, whose zone nobody wrote down: read as UTC. */
function modifiedOf(entry: Entry): string | undefined {
  const time = entry.getLastModDate({ timezone: 'UTC' }).getTime();
  return time >= EARLIEST ? instantOf(Math.floor(time / 1000), (time % 1000) * 1_000_000) : undefined;
}
