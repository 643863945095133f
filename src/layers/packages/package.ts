/** Packages as their managers' databases in the tree tell of them. */
import type { ByteString } from '../byte-string.js';

export interface OwnedFile {
  readonly package: string;
  readonly md5?: string;
  /** Hex digits. */
  readonly sha1?: string;
}

export interface Package {
  readonly manager: 'dpkg' | 'apk' | 'python' | 'node';
  readonly name: string;
  readonly version: string;
}

export interface PackageDatabase {
  readonly packages: ReadonlyMap<string, Package>;
  /** By path, links of merged folders not followed. */
  readonly files: ReadonlyMap<ByteString, OwnedFile>;
  /** Managers whose list of files was found: only then a file can be of no package. */
  readonly knowsFiles: boolean;
}

export const packageKey = ({ manager, name }: Package): string => `${manager} ${name}`;
