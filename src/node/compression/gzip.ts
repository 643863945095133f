/**
 * gzip, member by member. Node's own gunzip passes over what stands behind the last member, gives up at the first damaged one and
 * drops its last output with it: here all of that is read and told.
 * {@link https://www.rfc-editor.org/rfc/rfc1952 | RFC 1952}
 */
import { crc32 } from 'node:zlib';
import { Failure, messageOf } from '../../intake/failure.js';
import { ByteReader } from '../byte-reader.js';
import { inflate } from './inflate.js';

const MAGIC = [0x1f, 0x8b, 0x08] as const;
const FIXED_HEADER = 10;
const TRAILER = 8;
/** Header flags, section 2.3.1. */
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;
/** Longest name or comment in a header (bytes). */
const LONGEST_TEXT = 65536;
/** Members looked for behind damage at most: bytes that only look like members must not cost hours. */
const RESUMPTIONS = 256;

/** @throws Failure at the end, after all that could be read, telling the first thing that was wrong. */
export async function* gunzip(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(input);
  let failure: Failure | undefined;
  let resumed = 0;
  try {
    for (;;) {
      const wrong = yield* member(reader);
      failure ??= wrong;
      const between = await passToMember(reader);
      if (between.bytes > 0) failure ??= new Failure('integrity', `${between.bytes} bytes behind the compressed data are none`);
      if (!between.found) break;
      if ((wrong !== undefined || between.bytes > 0) && ++resumed > RESUMPTIONS) {
        failure ??= new Failure('integrity', 'too much damage');
        break;
      }
    }
  } finally {
    await reader.close();
  }
  if (failure !== undefined) throw failure;
}

/** One member. @returns What is wrong with it. */
async function* member(reader: ByteReader): AsyncGenerator<Uint8Array, Failure | undefined, undefined> {
  if (!(await passHeader(reader))) return new Failure('truncated', 'the file ends within a gzip header');
  let sum = 0;
  let size = 0;
  const content = inflate(reader);
  try {
    for (;;) {
      const { done, value } = await content.next();
      if (done === true) {
        if (value === 'cut') return new Failure('truncated', `the compressed data end before they are complete, after ${size} bytes`);
        break;
      }
      sum = crc32(value, sum);
      size += value.length;
      yield value;
    }
  } catch (error) {
    return new Failure('integrity', `the compressed data are damaged after ${size} bytes: ${messageOf(error)}`, { cause: error });
  } finally {
    await content.return('cut');
  }
  const trailer = await reader.take(TRAILER);
  if (trailer.length < TRAILER) return new Failure('truncated', 'the file ends before the checksum of the compressed data');
  const view = new DataView(trailer.buffer, trailer.byteOffset, TRAILER);
  if (view.getUint32(0, true) !== sum) return new Failure('integrity', 'the checksum does not fit the decompressed bytes');
  if (view.getUint32(4, true) !== size % 2 ** 32) return new Failure('integrity', 'the length does not fit the decompressed bytes');
  return undefined;
}

/** @returns False when the file ends within the header. */
async function passHeader(reader: ByteReader): Promise<boolean> {
  const fixed = await reader.take(FIXED_HEADER);
  if (fixed.length < FIXED_HEADER) return false;
  const flags = fixed[3] as number;
  if ((flags & FEXTRA) !== 0) {
    const length = await reader.take(2);
    if (length.length < 2) return false;
    await reader.skip((length[0] as number) | ((length[1] as number) << 8));
  }
  if ((flags & FNAME) !== 0 && !(await passText(reader))) return false;
  if ((flags & FCOMMENT) !== 0 && !(await passText(reader))) return false;
  return (flags & FHCRC) === 0 || (await reader.skip(2)) === 2;
}

async function passText(reader: ByteReader): Promise<boolean> {
  for (let passed = 0; passed < LONGEST_TEXT;) {
    const part = await reader.some(LONGEST_TEXT);
    if (part === undefined) return false;
    const end = part.indexOf(0);
    passed += part.length;
    if (end < 0) continue;
    reader.giveBack(part.subarray(end + 1));
    return true;
  }
  return true;
}

interface Between {
  /** Bytes that belong to no member. Zeros up to the end are padding and not counted. */
  readonly bytes: number;
  readonly found: boolean;
}

/** Goes to the next member, or to the end. */
async function passToMember(reader: ByteReader): Promise<Between> {
  let passed = 0;
  let zeros = true;
  for (;;) {
    const head = await reader.peek(4);
    if (isMember(head)) return { bytes: passed, found: true };
    const part = await reader.some(1 << 16);
    if (part === undefined) return { bytes: zeros ? 0 : passed, found: false };
    const at = part.indexOf(MAGIC[0], isMagicStart(head) ? 1 : 0);
    const used = at < 0 ? part : part.subarray(0, at);
    zeros &&= used.every((byte) => byte === 0);
    passed += used.length;
    if (at >= 0) reader.giveBack(part.subarray(at));
  }
}

function isMagicStart(head: Uint8Array): boolean {
  return head[0] === MAGIC[0];
}

function isMember(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte) && ((head[3] ?? RESERVED) & RESERVED) === 0;
}
