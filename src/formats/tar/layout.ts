/**
 * The bytes of a tar header, by the names of POSIX and GNU.
 * {@link https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html | POSIX pax},
 * {@link https://www.gnu.org/software/tar/manual/html_node/Standard.html | GNU tar}
 */

/** Bytes. Headers, and the starts of contents, stand at multiples of it. */
export const BLOCK = 512;

/** `[offset, bytes]` */
export const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  typeflag: [156, 1],
  linkname: [157, 100],
  magic: [257, 6],
  uname: [265, 32],
  gname: [297, 32],
  devmajor: [329, 8],
  devminor: [337, 8],
  prefix: [345, 155],
} as const;

/** GNU's old way of saying where a sparse file has bytes: four parts in the header, 21 in each block that follows it. */
export const GNU_SPARSE = {
  parts: 386,
  inHeader: 4,
  isExtended: 482,
  realSize: 483,
  inBlock: 21,
  blockIsExtended: 504,
  partBytes: 24,
} as const;

export type TarFormat = 'v7' | 'ustar' | 'gnu';

export type TarType =
  | 'file'
  | 'hardlink'
  | 'symlink'
  | 'char-device'
  | 'block-device'
  | 'directory'
  | 'fifo'
  /** A type flag that no standard knows: read past like a file. */
  | 'other';

/** Type flags of entries; `\0` is a file of before 1988. `7` (contiguous) and `S` (GNU sparse) are files too. */
export const TYPES: ReadonlyMap<string, TarType> = new Map<string, TarType>([
  ['\0', 'file'],
  ['0', 'file'],
  ['7', 'file'],
  ['S', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['3', 'char-device'],
  ['4', 'block-device'],
  ['5', 'directory'],
  ['6', 'fifo'],
]);

/** Type flags that say something about the next entry (or all that follow) and are none themselves. */
export const EXTENSION = { local: 'x', global: 'g', sunLocal: 'X', gnuName: 'L', gnuLink: 'K' } as const;
