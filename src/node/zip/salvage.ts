/**
 * Members of a zip archive by the header in front of each, without the central directory: a copy that was cut short has none.
 * {@link https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT | APPNOTE}, sections 4.3.7 and 4.3.9
 */
import { Failure } from '../../intake/failure.js';
import { ByteReader } from '../byte-reader.js';
import type { UnpackLimits } from '../limits.js';
import { decodeName, type Member, type Members } from '../member.js';
import { inflateFrom, isKnownMethod, newCheck, readEntry } from './entry.js';

type Limits = Pick<UnpackLimits, 'ratio' | 'ratioFrom'>;

const LOCAL_HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
/** Central directory entry, and the records behind it. */
const DIRECTORY = new Set([0x02014b50, 0x06054b50, 0x06064b50]);
const P = 0x50;
const DEFLATED = 8;
const ZIP64 = 0xffffffff;

interface LocalHeader {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  /** Checksum and sizes stand behind the member. */
  readonly deferred: boolean;
  readonly crc32: number;
  readonly size: number;
  readonly compressedSize: number;
}

/** @param seen Offsets of members that have been told of. */
export async function* salvageZip(input: AsyncIterable<Uint8Array>, limits: Limits, seen: ReadonlySet<number>): Members {
  const reader = new ByteReader(input);
  try {
    while (await passToHeader(reader)) {
      const at = reader.position;
      const header = await readLocalHeader(reader);
      if (header === undefined) {
        yield { code: 'truncated', message: 'the archive ends within the header of a member' };
        return;
      }
      const end = header.deferred ? undefined : reader.position + header.compressedSize;
      if (!seen.has(at) && !header.name.endsWith('/')) yield memberOf(reader, header, limits);
      // Whether it was read or not: go on behind it where its end is known, else at the next header.
      if (end !== undefined && reader.position < end) await reader.skip(end - reader.position);
    }
  } finally {
    await reader.close();
  }
}

function memberOf(reader: ByteReader, header: LocalHeader, limits: Limits): Member {
  const { name, method, encrypted, deferred } = header;
  if (encrypted) return { name, because: 'encrypted: needs its password, not read' };
  if (!isKnownMethod(method)) return { name, because: `compressed with method ${method}, which is not known: not read` };
  if (method === DEFLATED) return { name, bytes: readDeflated(reader, header, limits) };
  if (deferred) return { name, because: 'of unknown length and not deflated: its end cannot be found, not read' };
  return { name, bytes: readEntry(exactly(reader, header.compressedSize), header, limits) };
}

/** Deflate data end by themselves, whatever the header says of their length. */
async function* readDeflated(reader: ByteReader, header: LocalHeader, limits: Limits): AsyncGenerator<Uint8Array> {
  const check = newCheck();
  const from = reader.position;
  const content = inflateFrom(reader);
  for (;;) {
    const { done, value } = await content.next();
    if (done === true) {
      if (value === 'cut') throw new Failure('truncated', `the archive ends within the member, after ${check.size} bytes of it`);
      break;
    }
    check.push(value);
    if (check.size > limits.ratioFrom && check.size > (reader.position - from) * limits.ratio)
      throw new Failure('limit', `decompression stopped: more than ${limits.ratio} bytes out of one, past ${limits.ratioFrom}`);
    yield value;
  }
  check.end(header.deferred ? { crc32: await readDescriptor(reader) } : header);
}

/** @returns The checksum, when the descriptor begins with its signature. */
async function readDescriptor(reader: ByteReader): Promise<number | undefined> {
  const bytes = await reader.peek(8);
  return bytes.length === 8 && uint32(bytes, 0) === DESCRIPTOR ? uint32(bytes, 4) : undefined;
}

async function* exactly(reader: ByteReader, size: number): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0;) {
    const part = await reader.some(left);
    if (part === undefined) throw new Failure('truncated', `the archive ends after ${size - left} of the member's ${size} bytes`);
    left -= part.length;
    yield part;
  }
}

/** @returns False at the central directory and at the end. */
async function passToHeader(reader: ByteReader): Promise<boolean> {
  for (;;) {
    const head = await reader.peek(4);
    if (head.length < 4) return false;
    const signature = uint32(head, 0);
    if (signature === LOCAL_HEADER) return true;
    if (DIRECTORY.has(signature)) return false;
    const part = (await reader.some(1 << 16)) as Uint8Array;
    const next = part.indexOf(P, 1);
    if (next >= 0) reader.giveBack(part.subarray(next));
  }
}

const FIXED_HEADER = 30;

async function readLocalHeader(reader: ByteReader): Promise<LocalHeader | undefined> {
  const fixed = await reader.take(FIXED_HEADER);
  if (fixed.length < FIXED_HEADER) return undefined;
  const view = new DataView(fixed.buffer, fixed.byteOffset, FIXED_HEADER);
  const flags = view.getUint16(6, true);
  const nameLength = view.getUint16(26, true);
  const name = await reader.take(nameLength);
  const extra = await reader.take(view.getUint16(28, true));
  if (name.length < nameLength) return undefined;
  const sizes = { size: view.getUint32(22, true), compressedSize: view.getUint32(18, true) };
  return {
    name: decodeName(name),
    method: view.getUint16(8, true),
    encrypted: (flags & 1) !== 0,
    deferred: (flags & 8) !== 0,
    crc32: view.getUint32(14, true),
    ...(sizes.size === ZIP64 || sizes.compressedSize === ZIP64 ? zip64Sizes(extra, sizes) : sizes),
  };
}

/** Extra field 1 holds the sizes that do not fit, section 4.5.3. */
function zip64Sizes(extra: Uint8Array, sizes: { size: number; compressedSize: number }): { size: number; compressedSize: number } {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1 || at + 20 > extra.length) continue;
    return { size: Number(view.getBigUint64(at + 4, true)), compressedSize: Number(view.getBigUint64(at + 12, true)) };
  }
  return sizes;
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at, true);
}
