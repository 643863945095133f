/** What is odd in how a layer is written: most of it is where tools disagree on what the container sees. */
import type { ByteString } from './byte-string.js';

export const noteKinds = {
  'opaque-root': 'The root folder is marked opaque',
  'whiteout-and-folder': 'A folder is whited out and made again in one layer',
  'device-whiteout': 'A layer has a character device 0:0',
  'opaque-attribute': 'A layer carries the overlay attribute that hides a folder',
  'lower-symlink-parent': 'An entry goes through a symbolic link of a lower layer',
  'own-symlink-parent': 'An entry goes through a symbolic link of its own layer',
  'hardlink-to-lower': 'A hard link leads to a file of a lower layer',
  'hardlink-to-whiteout': 'A hard link leads to a name that its layer removes',
  'hardlink-nowhere': 'A hard link leads to nothing',
  'duplicate-entry': 'A path is written twice in one layer',
  'file-and-whiteout': 'A file is written and removed in one layer',
  'whiteout-without-parent': 'A removal stands in a folder that is not there',
  'escaping-path': 'A path leads out of the root',
  'dots-in-path': 'A path goes up and down again',
  'invalid-whiteout': 'A removal names nothing',
  'whiteout-meta': 'Bookkeeping of an AUFS file system',
  'table-of-contents': 'A layer has a table of its own contents',
  'whiteout-in-path': 'An entry is inside of a removal',
  'whiteout-name-in-upper': 'A file in a container is named like a removal',
  'parent-not-folder': 'An entry is inside of something that is no folder',
  'after-end': 'An entry stands behind the end of the archive',
  'metacopy-without-content': 'A file keeps its content in a lower layer that does not have it',
  'redirect-nowhere': 'A renamed folder leads to nothing',
} as const;

export type NoteKind = keyof typeof noteKinds;

export interface Note {
  readonly kind: NoteKind;
  /** Path inside the root, cleaned. */
  readonly path: ByteString;
  readonly layer: number;
  /** How other tools see it, or what exactly was found. */
  readonly detail: string;
}
