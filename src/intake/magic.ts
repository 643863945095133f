/** Tells archives, compressed streams and other envelopes by their first bytes. */

/** How the bytes of a file stand for others. */
export type Coding = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'lz4' | 'utf-16le' | 'utf-16be';
export type Archive = 'tar' | 'zip';

type Magic<T> = readonly (readonly [T, readonly number[]])[];

const MAGIC: Magic<Coding> = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  // A skippable frame may come first.
  ['zstd', [0x50, 0x2a, 0x4d, 0x18]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  // Byte order marks.
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Envelopes that are known and not opened. */
const CLOSED: Magic<string> = [
  ['a 7z archive', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['a RAR archive', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['a Windows cabinet', [0x4d, 0x53, 0x43, 0x46, 0, 0, 0, 0]],
  ['a file of compress(1)', [0x1f, 0x9d]],
  ['a file of lzip', [0x4c, 0x5a, 0x49, 0x50, 0x01]],
  ['an EnCase disk image', [0x45, 0x56, 0x46, 0x09, 0x0d, 0x0a, 0xff, 0x00]],
  ['a QEMU disk image', [0x51, 0x46, 0x49, 0xfb]],
  ['a squashfs image', [0x68, 0x73, 0x71, 0x73]],
];

function byMagic<T>(table: Magic<T>, head: Uint8Array): T | undefined {
  return table.find(([, magic]) => magic.every((byte, i) => head[i] === byte))?.[0];
}

/** What an envelope is that has to be opened by the examiner first. */
export function closedEnvelope(head: Uint8Array): string | undefined {
  return byMagic(CLOSED, head);
}

export function codingOf(head: Uint8Array): Coding | undefined {
  const kind = byMagic(MAGIC, head);
  // `BZh` is text too: the block size 1–9 and the block's own magic must follow.
  if (kind === 'bzip2' && !((head[3] as number) >= 0x31 && (head[3] as number) <= 0x39 && (head[4] === 0x31 || head[4] === 0x17)))
    return undefined;
  return kind;
}

const TAR_BLOCK = 512;

export function archiveOf(head: Uint8Array): Archive | undefined {
  if (head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))) return 'zip';
  return isTarHeader(head) ? 'tar' : undefined;
}

/** `ustar` at 257, or a V7 header whose checksum fits. {@link https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html} */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0) return false;
  const written = octal(head, 148, 8);
  if (written === undefined) return false;
  let sum = 8 * 32;
  for (let i = 0; i < TAR_BLOCK; i++) if (i < 148 || i >= 156) sum += head[i] as number;
  return sum === written;
}

/** A number of octal digits, blanks before it and a blank or NUL behind it. */
function octal(bytes: Uint8Array, at: number, length: number): number | undefined {
  const text = String.fromCharCode(...bytes.subarray(at, at + length)).replaceAll('\0', ' ');
  return /^ {0,8}[0-7]{1,8} {0,8}$/.test(text) ? Number.parseInt(text.trim(), 8) : undefined;
}

/** Suffixes that unpacking takes off a name. */
export const CODING_SUFFIX = /\.(?:gz|xz|zst|zstd|bz2|lz4)$/i;
