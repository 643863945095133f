/** What a file is, apart from its name: several names (hard links) share one. */
import type { ByteString } from './byte-string.js';
import type { ContentFormat } from './content-format.js';

export type InodeType = 'file' | 'directory' | 'symlink' | 'char-device' | 'block-device' | 'fifo' | 'socket' | 'other';

/** Where content can be read again: the source is what {@link Layer.source} names. */
export interface Place {
  /** Number of the layer in its tree, from 0. */
  readonly layer: number;
  /** Bytes from the start of the layer's (decompressed) tar, or of the file when it lies in a folder. */
  readonly offset: number;
  /** Bytes stored there. */
  readonly stored: number;
  readonly sparse?: readonly { readonly offset: number; readonly length: number }[];
  /** Name of the member, when the layer is a folder of files. */
  readonly member?: ByteString;
}

export interface Inode {
  readonly type: InodeType;
  /** Twelve bits: set-id, sticky, permissions. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Modification time: Unix seconds, rounded down. */
  readonly seconds: number;
  /** Absent: recorded in whole seconds only. */
  readonly nanoseconds?: number;
  readonly linkTarget?: ByteString;
  readonly major?: number;
  readonly minor?: number;
  readonly xattrs?: ReadonlyMap<ByteString, Uint8Array>;
  /** Absent for a file: not hashed (cut short, too large), or not a file. */
  readonly sha256?: string;
  readonly md5?: string;
  readonly sha1?: string;
  /** What the first bytes say it is. */
  readonly format?: ContentFormat;
  /** The whole content, of the few small files whose words matter. */
  readonly content?: Uint8Array;
  readonly place?: Place;
  /** Another name in the same layer shares it. */
  linked?: boolean;
  /** An overlay's upper folder says whether the file was copied up (edited in place). Absent: not known. */
  readonly copiedUp?: boolean;
  /** Nobody recorded this folder: it must exist because something in it does. */
  readonly implied?: boolean;
}

/** A folder that only the names in it tell of. */
export const IMPLIED_FOLDER: Inode = { type: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, seconds: 0, implied: true };
