/** Alpine's packages. {@link https://wiki.alpinelinux.org/wiki/Apk_spec | apk's installed database} */
import { hexOf, toByteString, type ByteString } from '../byte-string.js';
import { joinPath } from '../path.js';
import { findNode, type TreeNode } from '../tree.js';
import type { OwnedFile, Package } from './package.js';

const PLACES = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];

export function apkDatabase(root: TreeNode): { packages: Package[]; files: Map<ByteString, OwnedFile> } {
  const content = PLACES.map((path) => findNode(root, path)?.inode.content).find((bytes) => bytes !== undefined);
  return content === undefined ? { packages: [], files: new Map() } : parseInstalled(new TextDecoder().decode(content));
}

/** One letter and a colon begin each line: P name, V version, F folder, R file in it, Z its SHA-1 in base64 behind `Q1`. */
export function parseInstalled(text: string): { packages: Package[]; files: Map<ByteString, OwnedFile> } {
  const packages: Package[] = [];
  const files = new Map<ByteString, OwnedFile>();
  let name = '';
  let folder = '';
  let path = '';
  for (const line of text.split('\n')) {
    const value = line.slice(2);
    if (line.startsWith('P:')) name = value;
    else if (line.startsWith('V:')) packages.push({ manager: 'apk', name, version: value });
    else if (line.startsWith('F:')) folder = toByteString(value);
    else if (line.startsWith('R:')) {
      path = joinPath(folder, toByteString(value));
      files.set(path, { package: name });
    } else if (line.startsWith('Z:Q1') && path !== '') files.set(path, { package: name, sha1: sha1Of(value.slice(2)) });
  }
  return { packages, files };
}

function sha1Of(base64: string): string | undefined {
  if (!/^[A-Za-z0-9+/]{27}=$/.test(base64)) return undefined;
  return hexOf(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
}
