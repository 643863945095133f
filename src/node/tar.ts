/** Members of a tar archive, one after the other, as their bytes come by. */
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';

export interface Member {
  /** As the archive writes it; may be anything. */
  readonly name: string;
  readonly modified?: Date;
  /** Absent: not a file (folder, link, device). */
  readonly bytes?: AsyncIterable<Uint8Array>;
  /** What it is instead of a file. */
  readonly kind?: string;
}

/** Types of entries that are worth no word: folders are only places. */
const SILENT = new Set(['directory', 'pax-global-header', 'pax-header', 'gnu-long-path', 'gnu-long-link-path']);

/** Reads members in archive order. Each must be read before the next is asked for. Ends early, with the error thrown, at a bad header. */
export async function* readTar(input: AsyncIterable<Uint8Array>): AsyncGenerator<Member> {
  // The option is missing in the package's types.
  const archive = extract({ allowUnknownFormat: true } as object);
  const source = Readable.from(input, { objectMode: false, highWaterMark: 1 << 20 });
  source.on('error', (error) => archive.destroy(error));
  source.pipe(archive);
  try {
    for await (const entry of archive) {
      const { name, type, mtime } = entry.header;
      const file = type === 'file' || type === 'contiguous-file';
      if (!file) {
        entry.resume();
        if (!SILENT.has(String(type))) yield { name, modified: mtime, kind: String(type) };
        continue;
      }
      yield { name, modified: mtime, bytes: entry as AsyncIterable<Uint8Array> };
      entry.resume();
    }
  } finally {
    source.destroy();
    archive.destroy();
  }
}
