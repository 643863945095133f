/**
 * Members of a tar archive as their bytes come by: ustar, PAX, GNU and old archives, several one behind the other. tar-stream ends at
 * a damaged header and takes sparse members for nothing; evidence is read around the damage, and what was lost is counted.
 */
import { Failure } from '../../intake/failure.js';
import { instantOf } from '../../formats/time.js';
import { ByteReader } from '../byte-reader.js';
import type { UnpackLimits } from '../limits.js';
import { decodeName, type Flaw, type Member, type Members } from '../member.js';
import { BLOCK, decodeTarHeader, isZeroBlock, untilNul, type TarHeader } from './header.js';
import { decodePax, paxNumber, paxValue, type PaxRecords } from './pax.js';
import { fillHoles, isPaxSparse, readOldMap, readPaxMap, type SparseMap } from './sparse.js';

type Limits = Pick<UnpackLimits, 'ratio' | 'ratioFrom'>;

/** Types that are places or notes of the archiver: folder, GNU's folder list, volume label, old long names. */
const SILENT = new Set(['5', 'D', 'V', 'N']);
const NOT_FILES: Readonly<Record<string, string>> = {
  '1': 'a hard link, not a file: its content is that of the member it points to',
  '2': 'a symlink, not a file: not followed, not read',
  '3': 'a character device, not a file: not read',
  '4': 'a block device, not a file: not read',
  '6': 'a fifo, not a file: not read',
  M: 'the rest of a file that begins in another volume: not read',
};
/** Longest extended header (bytes): a name needs 4 KiB at most. */
const LONGEST_EXTENSION = 1 << 20;

/** What extended headers say of the next member. */
interface Extension {
  longName?: Uint8Array;
  pax: PaxRecords;
}

/** Reads members in archive order. Damage is told as a Flaw, and reading goes on at the next header. */
export async function* readTar(input: AsyncIterable<Uint8Array>, limits: Limits): Members {
  const reader = new ByteReader(input);
  let everywhere: PaxRecords = [];
  let extension: Extension = { pax: [] };
  let ended = false;
  try {
    for (;;) {
      const block = await reader.take(BLOCK);
      if (block.length < BLOCK) {
        yield* endFlaws(block, ended);
        return;
      }
      if (isZeroBlock(block)) {
        ended = true;
        continue;
      }
      const header = decodeTarHeader(block);
      if (header === undefined) {
        yield await passDamage(reader, ended);
        continue;
      }
      ended = false;
      if (EXTENSIONS.has(header.type)) {
        const body = await readExtension(reader, header);
        if ('code' in body) yield body;
        else if (header.type === 'g') everywhere = decodePax(body.bytes);
        else extension = extend(extension, header.type, body.bytes);
        continue;
      }
      const whole = yield* readMember(reader, block, header, { ...extension, pax: [...everywhere, ...extension.pax] }, limits);
      if (!whole) return;
      extension = { pax: [] };
    }
  } finally {
    await reader.close();
  }
}

/** PAX, its form in Solaris, PAX for all members, GNU's long names and link targets. */
const EXTENSIONS = new Set(['x', 'X', 'g', 'L', 'K']);

function extend(extension: Extension, type: string, bytes: Uint8Array): Extension {
  if (type === 'L') return { ...extension, longName: untilNul(bytes) };
  return type === 'K' ? extension : { ...extension, pax: decodePax(bytes) };
}

async function readExtension(reader: ByteReader, { size }: TarHeader): Promise<Flaw | { bytes: Uint8Array }> {
  if (size > LONGEST_EXTENSION) {
    await reader.skip(padded(size));
    return { code: 'limit', message: `an extended header of ${size} bytes: passed over` };
  }
  const bytes = await reader.take(size);
  if (bytes.length < size) return { code: 'truncated', message: 'the archive ends within an extended header' };
  await reader.skip(padded(size) - size);
  return { bytes };
}

/** @returns False when the archive ended within the member, and its reader has been told. */
async function* readMember(
  reader: ByteReader,
  block: Uint8Array,
  header: TarHeader,
  extension: Extension,
  limits: Limits,
): AsyncGenerator<Member | Flaw, boolean, undefined> {
  const { pax, longName } = extension;
  const size = paxNumber(pax, 'size') ?? header.size;
  const name = decodeName(paxValue(pax, 'GNU.sparse.name') ?? paxValue(pax, 'path') ?? longName ?? header.name);
  const modified = instantOfSeconds(paxNumber(pax, 'mtime') ?? header.modified);
  const because = NOT_FILES[header.type];
  if (because !== undefined || SILENT.has(header.type) || (header.type === '0' && name.endsWith('/'))) {
    // A hard link's size is its file's; it has no body. Only folder lists and continued files have one.
    if (header.type === 'D' || header.type === 'M' || header.type === 'N' || header.type === 'V') await reader.skip(padded(size));
    if (because !== undefined) yield { name, modified, because };
    return true;
  }
  const sparse = header.type === 'S' || isPaxSparse(pax);
  const map = !sparse ? undefined : header.type === 'S' ? await readOldMap(block, reader) : await readPaxMap(pax, reader, size);
  const body = new Body(reader, size - (map?.taken ?? 0));
  if (sparse && map === undefined)
    yield { code: 'malformed', message: `the map of a sparse file cannot be read: its stretches are shown one behind the other: ${name}` };
  yield { name, modified, bytes: map === undefined ? body.read() : filled(body, map, limits) } satisfies Member;
  await body.finish();
  return !body.cut;
}

function filled(body: Body, map: SparseMap, limits: Limits): AsyncIterable<Uint8Array> {
  return fillHoles(body.read(), map, limits);
}

/** One member's bytes, filled up to whole blocks in the archive. */
class Body {
  /** The archive ended within it. */
  cut = false;
  private left: number;

  constructor(
    private readonly reader: ByteReader,
    private readonly size: number,
  ) {
    this.left = size;
  }

  async *read(): AsyncGenerator<Uint8Array> {
    while (this.left > 0) {
      // Until the next bytes are here: reading them may fail, too.
      this.cut = true;
      const part = await this.reader.some(this.left);
      if (part === undefined)
        throw new Failure('truncated', `the archive ends after ${this.size - this.left} of the member's ${this.size} bytes`);
      this.cut = false;
      this.left -= part.length;
      yield part;
    }
  }

  /** Passes over what was not read. */
  async finish(): Promise<void> {
    await this.reader.skip(this.left + padded(this.size) - this.size);
  }
}

/** Goes on at the next header behind blocks that are none. */
async function passDamage(reader: ByteReader, behindEnd: boolean): Promise<Flaw> {
  const from = reader.position - BLOCK;
  for (;;) {
    const block = await reader.peek(BLOCK);
    if (block.length < BLOCK || isZeroBlock(block) || decodeTarHeader(block) !== undefined) break;
    await reader.skip(BLOCK);
  }
  const passed = reader.position - from;
  return behindEnd
    ? { code: 'integrity', message: `${passed} bytes behind the archive's end, at ${from}, are no archive: not read` }
    : { code: 'malformed', message: `${passed} bytes at ${from} are no member's header and belong to none: not read` };
}

function* endFlaws(rest: Uint8Array, ended: boolean): Generator<Flaw> {
  if (rest.length > 0 && rest.some((byte) => byte !== 0))
    yield { code: 'truncated', message: `the archive ends within a block of ${BLOCK} bytes` };
  else if (!ended) yield { code: 'truncated', message: 'the archive has no end mark: members may be missing' };
}

/** Whole blocks. */
function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** Times before 1990 are what archivers write when they do not know. */
const EARLIEST = 631_152_000;

function instantOfSeconds(seconds: number | undefined): string | undefined {
  if (seconds === undefined || seconds < EARLIEST) return undefined;
  const whole = Math.floor(seconds);
  return instantOf(whole, (Math.round((seconds - whole) * 1e6) * 1000) % 1_000_000_000);
}
