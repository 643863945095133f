/** All packages of a tree, and whose file a path is. */
import type { ByteString } from '../byte-string.js';
import { findNode, type TreeNode } from '../tree.js';
import { apkDatabase } from './apk.js';
import { dpkgFiles, dpkgPackages } from './dpkg.js';
import { languagePackages } from './languages.js';
import { packageKey, type OwnedFile, type Package, type PackageDatabase } from './package.js';

export function readPackages(root: TreeNode): PackageDatabase {
  const apk = apkDatabase(root);
  const files = new Map([...dpkgFiles(root), ...apk.files]);
  const packages = [...dpkgPackages(root), ...apk.packages, ...languagePackages(root)];
  return {
    packages: new Map(packages.map((one) => [packageKey(one), one])),
    files: withMergedFolders(files, root),
    knowsFiles: files.size > 0,
  };
}

/** Where `bin` is a link to `usr/bin`, packages still name `bin/sh`. */
function withMergedFolders(files: ReadonlyMap<ByteString, OwnedFile>, root: TreeNode): ReadonlyMap<ByteString, OwnedFile> {
  const merged = new Map(files);
  for (const top of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) {
    const target = findNode(root, top)?.inode.linkTarget?.replace(/^\//, '');
    if (target === undefined) continue;
    for (const [path, file] of files) if (path.startsWith(`${top}/`)) merged.set(`${target}/${path.slice(top.length + 1)}`, file);
  }
  return merged;
}

export interface PackageChange {
  readonly manager: Package['manager'];
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: string;
  readonly after?: string;
}

/** Packages that differ, by manager and name. */
export function diffPackages(before: PackageDatabase, after: PackageDatabase): PackageChange[] {
  const changes: PackageChange[] = [];
  for (const key of [...new Set([...before.packages.keys(), ...after.packages.keys()])].sort()) {
    const [old, now] = [before.packages.get(key), after.packages.get(key)];
    if (old?.version === now?.version && old !== undefined && now !== undefined) continue;
    const either = now ?? old;
    if (either === undefined) continue;
    const change = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    changes.push({ manager: either.manager, name: either.name, change, before: old?.version, after: now?.version });
  }
  return changes;
}
