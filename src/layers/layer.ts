/** One layer as it was recorded: its entries in their order, before anything is made of them. */
import type { Problem } from '../model/problem.js';
import type { ByteString } from './byte-string.js';
import type { Inode } from './inode.js';
import type { Bytes } from './platform.js';

export interface LayerEntry {
  /** Path inside the root, cleaned. */
  readonly path: ByteString;
  /** As written, when cleaning changed more than slashes. */
  readonly written?: ByteString;
  readonly escapes?: boolean;
  /** Undefined for a hard link: it has its target's. */
  readonly inode?: Inode;
  /** Hard link: path of the other name, cleaned. */
  readonly link?: ByteString;
  /** Bytes from the start of the layer's tar. */
  readonly offset: number;
  readonly afterEnd?: boolean;
  /** Extended attributes that overlay file systems keep for themselves, out of {@link Inode.xattrs}. */
  readonly overlay?: ReadonlyMap<string, Uint8Array>;
}

/**
 * `tar`: what image layers are made of, whiteouts are names.
 * `upper`: an overlay's upper folder or a tar of it, whiteouts are devices.
 * `flat`: a whole file system (docker export, a folder): no name means anything special.
 */
export type LayerForm = 'tar' | 'upper' | 'flat';

export interface History {
  readonly created?: string;
  readonly createdBy?: string;
  readonly comment?: string;
}

export interface LayerInfo {
  /** Number in its tree, from 0. */
  readonly index: number;
  readonly form: LayerForm;
  /** `sha256:…` of the bytes as stored (compressed or not). */
  readonly digest?: string;
  /** `sha256:…` of the decompressed tar. */
  readonly diffId?: string;
  readonly history?: History;
  /** What to call it where it has no digest. */
  readonly name: string;
  /** False: extended attributes could not be seen: opaque marks and capabilities may be missing. */
  readonly xattrsKnown: boolean;
}

export interface Layer extends LayerInfo {
  readonly entries: readonly LayerEntry[];
  readonly problems: readonly Problem[];
  /** Where its content can be read again. */
  readonly source?: LayerContent;
  /** Bytes of the decompressed tar. */
  readonly size: number;
}

/** A tar (perhaps compressed), or a folder of files. */
export type LayerContent = { readonly tar: Bytes } | { readonly member: (name: ByteString) => Bytes | undefined };
