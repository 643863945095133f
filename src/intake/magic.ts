/** Tells archives and compressed streams by their first bytes. */

export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2';
export type Archive = 'tar' | 'zip';

const MAGIC: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
];

export function compressionOf(head: Uint8Array): Compression | undefined {
  const kind = MAGIC.find(([, magic]) => magic.every((byte, i) => head[i] === byte))?.[0];
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
export const COMPRESSION_SUFFIX = /\.(?:gz|xz|zst|zstd|bz2)$/i;
