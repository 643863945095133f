/**
 * The 512-byte header in front of every member: ustar, GNU and what came before them.
 * {@link https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 | ustar Interchange Format}
 */
import { concatBytes, decodeLatin1 } from '../../formats/bytes.js';

export const BLOCK = 512;

export interface TarHeader {
  readonly name: Uint8Array;
  /** Bytes of the body. */
  readonly size: number;
  /** Unix seconds. */
  readonly modified?: number;
  /** `0` file, `5` folder, …; NUL of old archives is `0`. */
  readonly type: string;
}

const SLASH = 47;
const CHECKSUM = 148;
const CHECKSUM_END = 156;

/** @returns undefined when the block is no header: its checksum does not fit, or its size is no number. */
export function decodeTarHeader(block: Uint8Array): TarHeader | undefined {
  if (block.length < BLOCK || !checksumFits(block)) return undefined;
  const size = decodeNumber(block, 124, 12);
  if (size === undefined || size < 0) return undefined;
  return { name: nameOf(block), size, modified: decodeNumber(block, 136, 12), type: typeOf(block) };
}

export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

function typeOf(block: Uint8Array): string {
  const flag = block[156] as number;
  return flag === 0 ? '0' : String.fromCharCode(flag);
}

/** `ustar` splits long names; GNU archives use the prefix's place for times. */
function nameOf(block: Uint8Array): Uint8Array {
  const name = untilNul(block.subarray(0, 100));
  const posix = decodeLatin1(block, 257, 263) === 'ustar\0';
  const prefix = posix ? untilNul(block.subarray(345, 500)) : block.subarray(0, 0);
  return prefix.length === 0 ? name.slice() : concatBytes([prefix, Uint8Array.of(SLASH), name]);
}

export function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** The sum of all bytes, the checksum's own taken as blanks. Some old programs summed signed bytes. */
function checksumFits(block: Uint8Array): boolean {
  const written = decodeNumber(block, CHECKSUM, CHECKSUM_END - CHECKSUM);
  let unsigned = (CHECKSUM_END - CHECKSUM) * 32;
  let signed = unsigned;
  for (let i = 0; i < BLOCK; i++) {
    if (i >= CHECKSUM && i < CHECKSUM_END) continue;
    const byte = block[i] as number;
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  return written !== undefined && (written === unsigned || written === signed);
}

/** Octal digits; or, GNU's way, big-endian bytes behind a set first bit. */
export function decodeNumber(block: Uint8Array, at: number, length: number): number | undefined {
  const first = block[at] as number;
  if (first >= 0x80) return decodeBinary(block.subarray(at, at + length));
  const text = decodeLatin1(block, at, at + length).replaceAll('\0', ' ');
  if (!/^ {0,12}[0-7]{0,12} {0,12}$/.test(text)) return undefined;
  return text.trim() === '' ? 0 : Number.parseInt(text.trim(), 8);
}

function decodeBinary(bytes: Uint8Array): number | undefined {
  const negative = ((bytes[0] as number) & 0x40) !== 0;
  let value = negative ? -1n : 0n;
  for (const [i, byte] of bytes.entries()) value = (value << 8n) | BigInt(i === 0 && !negative ? byte & 0x7f : byte);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}
