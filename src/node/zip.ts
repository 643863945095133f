/** Members of a zip archive. */
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type Options, type ZipFile } from 'yauzl';
import { decodeLatin1, decodeStrictUtf8 } from '../formats/bytes.js';
import { LimitError, RATIO_FROM } from './limits.js';
import type { Member } from './tar.js';

/** Names are not judged by the library: one odd name must not end the archive. */
const OPTIONS: Options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };

/** Reads members in the order of the central directory. */
export async function* readZip(file: string | Buffer, ratio: number): AsyncGenerator<Member> {
  const zip = await openZip(file);
  try {
    for (let entry = await nextEntry(zip); entry !== undefined; entry = await nextEntry(zip)) {
      const name = nameOf(entry);
      const modified = entry.getLastModDate();
      if (name.endsWith('/')) continue;
      if (entry.isEncrypted()) yield { name, modified, kind: 'file that is encrypted' };
      else if (isLink(entry)) yield { name, modified, kind: 'symlink' };
      else yield { name, modified, bytes: readEntry(zip, entry, ratio) };
    }
  } finally {
    zip.close();
  }
}

function openZip(file: string | Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, zip: ZipFile): void => (error === null ? resolve(zip) : reject(error));
    if (typeof file === 'string') yauzl.open(file, OPTIONS, done);
    else yauzl.fromBuffer(file, OPTIONS, done);
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

/** Bit 11 says UTF-8; without it names are some code page: taken as UTF-8 when they are, else byte for byte. */
function nameOf(entry: Entry): string {
  const bytes = entry.fileName as unknown as Uint8Array;
  return decodeStrictUtf8(bytes) ?? decodeLatin1(bytes);
}

/** Upper half of the external attributes is the Unix mode. */
function isLink(entry: Entry): boolean {
  return ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

async function* readEntry(zip: ZipFile, entry: Entry, ratio: number): AsyncGenerator<Uint8Array> {
  const stream = await new Promise<AsyncIterable<Uint8Array>>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error === null ? resolve(opened) : reject(error)));
  });
  let sum = 0;
  let size = 0;
  for await (const chunk of stream) {
    sum = crc32(chunk as Buffer, sum);
    size += chunk.length;
    if (size > RATIO_FROM && size > entry.compressedSize * ratio) throw new LimitError(`decompression stopped: more than ${ratio} to 1`);
    yield chunk;
  }
  if (sum !== entry.crc32) throw Object.assign(new Error('the checksum of the member does not fit its bytes'), { code: 'integrity' });
}
