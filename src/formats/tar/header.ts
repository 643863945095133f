/** One header block to its fields, if its checksum fits. */
import { decodeLatin1 } from '../bytes.js';
import { BLOCK, FIELD, type TarFormat } from './layout.js';
import { decodeNumber } from './numbers.js';

/** A header as it stands in the archive. Text is one UTF-16 unit per byte. */
export interface RawHeader {
  readonly format: TarFormat;
  readonly typeflag: string;
  readonly name: string;
  readonly linkName: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly uname: string;
  readonly gname: string;
  readonly major: number;
  readonly minor: number;
}

const CHECKSUM_AT = FIELD.checksum[0];
const CHECKSUM_END = CHECKSUM_AT + FIELD.checksum[1];

/** Whether the block's sum is the one it names: of unsigned bytes, or of signed ones as old Sun and GNU tars wrote. */
export function checksumFits(block: Uint8Array, at: number): boolean {
  const written = decodeNumber(block, at + CHECKSUM_AT, FIELD.checksum[1]);
  // A block of NULs names 0, and blanks alone sum to 256.
  if (written === undefined || written < 256) return false;
  let sum = 256;
  for (let i = at; i < at + CHECKSUM_AT; i++) sum += block[i] as number;
  for (let i = at + CHECKSUM_END; i < at + BLOCK; i++) sum += block[i] as number;
  return sum === written || sum - 256 * highBytes(block, at) === written;
}

/** Bytes that are negative when they are taken as signed; the checksum's own field not counted. */
function highBytes(block: Uint8Array, at: number): number {
  let high = 0;
  for (let i = 0; i < BLOCK; i++) if (i < CHECKSUM_AT || i >= CHECKSUM_END) high += (block[at + i] as number) >> 7;
  return high;
}

/** @returns undefined when the checksum does not fit, a number is none, or the size is negative or past 2^53. */
export function parseHeader(block: Uint8Array, at: number): RawHeader | undefined {
  if (!checksumFits(block, at)) return undefined;
  const format = formatOf(block, at);
  const size = numberIn(block, at, FIELD.size);
  const mtime = numberIn(block, at, FIELD.mtime);
  const mode = numberIn(block, at, FIELD.mode);
  const uid = numberIn(block, at, FIELD.uid);
  const gid = numberIn(block, at, FIELD.gid);
  if (size === undefined || mtime === undefined || mode === undefined || uid === undefined || gid === undefined) return undefined;
  if (size < 0 || !Number.isSafeInteger(size) || !Number.isSafeInteger(mtime)) return undefined;
  const name = textIn(block, at, FIELD.name);
  const prefix = format === 'ustar' ? textIn(block, at, FIELD.prefix) : '';
  const named = format !== 'v7';
  return {
    format,
    typeflag: String.fromCharCode(block[at + FIELD.typeflag[0]] as number),
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: textIn(block, at, FIELD.linkname),
    mode,
    uid,
    gid,
    size,
    mtime,
    uname: named ? textIn(block, at, FIELD.uname) : '',
    gname: named ? textIn(block, at, FIELD.gname) : '',
    major: named ? (numberIn(block, at, FIELD.devmajor) ?? 0) : 0,
    minor: named ? (numberIn(block, at, FIELD.devminor) ?? 0) : 0,
  };
}

function numberIn(block: Uint8Array, at: number, field: readonly [number, number]): number | undefined {
  return decodeNumber(block, at + field[0], field[1]);
}

function textIn(block: Uint8Array, at: number, field: readonly [number, number]): string {
  return textUntilNul(block, at + field[0], field[1]);
}

/** `ustar\0` is POSIX, `ustar ` GNU. */
function formatOf(block: Uint8Array, at: number): TarFormat {
  const magic = decodeLatin1(block, at + FIELD.magic[0], at + FIELD.magic[0] + FIELD.magic[1]);
  return magic === 'ustar\0' ? 'ustar' : magic === 'ustar ' ? 'gnu' : 'v7';
}

function textUntilNul(block: Uint8Array, at: number, length: number): string {
  let end = at;
  while (end < at + length && block[end] !== 0) end++;
  return end === at ? '' : decodeLatin1(block, at, end);
}

export function isZeroBlock(block: Uint8Array, at: number): boolean {
  for (let i = at; i < at + BLOCK; i++) if (block[i] !== 0) return false;
  return true;
}
