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
  let unsigned = 256;
  let high = 0;
  for (let i = at; i < at + BLOCK; i++) {
    const byte = block[i] as number;
    unsigned += byte;
    high += byte >> 7;
  }
  for (let i = at + CHECKSUM_AT; i < at + CHECKSUM_END; i++) {
    const byte = block[i] as number;
    unsigned -= byte;
    high -= byte >> 7;
  }
  return unsigned === written || unsigned - 256 * high === written;
}

/** @returns undefined when the checksum does not fit, a number is none, or the size is negative or past 2^53. */
export function parseHeader(block: Uint8Array, at: number): RawHeader | undefined {
  if (!checksumFits(block, at)) return undefined;
  const number = ([offset, length]: readonly [number, number]): number | undefined => decodeNumber(block, at + offset, length);
  const text = ([offset, length]: readonly [number, number]): string => textUntilNul(block, at + offset, length);
  const format = formatOf(block, at);
  const size = number(FIELD.size);
  const mtime = number(FIELD.mtime);
  const mode = number(FIELD.mode);
  const uid = number(FIELD.uid);
  const gid = number(FIELD.gid);
  if (size === undefined || mtime === undefined || mode === undefined || uid === undefined || gid === undefined) return undefined;
  if (size < 0 || !Number.isSafeInteger(size) || !Number.isSafeInteger(mtime)) return undefined;
  const name = text(FIELD.name);
  const prefix = format === 'ustar' ? text(FIELD.prefix) : '';
  const named = format !== 'v7';
  return {
    format,
    typeflag: String.fromCharCode(block[at + FIELD.typeflag[0]] as number),
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: text(FIELD.linkname),
    mode,
    uid,
    gid,
    size,
    mtime,
    uname: named ? text(FIELD.uname) : '',
    gname: named ? text(FIELD.gname) : '',
    major: named ? (number(FIELD.devmajor) ?? 0) : 0,
    minor: named ? (number(FIELD.devminor) ?? 0) : 0,
  };
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
