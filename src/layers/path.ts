/** Paths inside a container's root: `a/b`, without leading slash; the root itself is empty. */
import type { ByteString } from './byte-string.js';

export interface CleanPath {
  readonly path: ByteString;
  /** `..` would have led out of the root: confined to it. */
  readonly escapes: boolean;
  /** It has `..` at all. */
  readonly dots: boolean;
}

/** Takes away `./`, leading `/`, `//`, `/./`, trailing `/`, and follows `..` no further than the root. */
export function cleanPath(name: ByteString): CleanPath {
  if (isClean(name)) return { path: name, escapes: false, dots: false };
  const parts: string[] = [];
  let escapes = false;
  let dots = false;
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else {
      dots = true;
      if (parts.pop() === undefined) escapes = true;
    }
  }
  return { path: parts.join('/'), escapes, dots };
}

const UNCLEAN = /(?:^|\/)(?:\.{0,2})(?:\/|$)/;

function isClean(name: string): boolean {
  return name !== '' && !UNCLEAN.test(name);
}

export function baseName(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder it is in; empty for what is in the root. */
export function parentOf(path: ByteString): ByteString {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function joinPath(folder: ByteString, name: ByteString): ByteString {
  return folder === '' ? name : `${folder}/${name}`;
}
