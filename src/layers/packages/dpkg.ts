/** Debian's packages. {@link https://man7.org/linux/man-pages/man5/deb-md5sums.5.html | deb-md5sums(5)} */
import { toByteString, type ByteString } from '../byte-string.js';
import { findNode, type TreeNode } from '../tree.js';
import type { OwnedFile, Package } from './package.js';

const FOLDER = 'var/lib/dpkg';

export function dpkgPackages(root: TreeNode): Package[] {
  const texts = [findNode(root, `${FOLDER}/status`), ...(findNode(root, `${FOLDER}/status.d`)?.children?.values() ?? [])];
  return texts.flatMap((node) => (node?.inode.content === undefined ? [] : parseStatus(new TextDecoder().decode(node.inode.content))));
}

/** Stanzas of `Field: value` lines, a blank line between them. */
export function parseStatus(text: string): Package[] {
  const packages: Package[] = [];
  for (const stanza of text.split(/\n{2,}/)) {
    const name = field(stanza, 'Package');
    const status = field(stanza, 'Status');
    // Distroless images keep no Status; removed packages leave their configuration files and `deinstall`.
    if (name === undefined || (status !== undefined && !status.endsWith(' installed'))) continue;
    packages.push({ manager: 'dpkg', name, version: field(stanza, 'Version') ?? '' });
  }
  return packages;
}

function field(stanza: string, name: string): string | undefined {
  const at = stanza.startsWith(`${name}: `) ? 0 : stanza.indexOf(`\n${name}: `) + 1;
  if (at === 0 && !stanza.startsWith(`${name}: `)) return undefined;
  const start = at + name.length + 2;
  const end = stanza.indexOf('\n', start);
  return stanza.slice(start, end < 0 ? undefined : end).trim();
}

// d41d8cd98f00b204e9800998ecf8427e  usr/bin/env
const SUM = /^(?<md5>[0-9a-f]{32}) [ *](?<path>.+)$/;

export function dpkgFiles(root: TreeNode): Map<ByteString, OwnedFile> {
  const files = new Map<ByteString, OwnedFile>();
  const folders = [findNode(root, `${FOLDER}/info`), findNode(root, `${FOLDER}/status.d`)];
  const lists = folders.flatMap((folder) => [...(folder?.children ?? [])]);
  for (const [name, { inode }] of lists) {
    if (inode.content === undefined) continue;
    const text = new TextDecoder().decode(inode.content);
    if (name.endsWith('.list')) addPaths(files, packageOf(name), text);
    else if (name.endsWith('.md5sums')) addSums(files, packageOf(name), text);
  }
  return files;
}

/** `libc6:amd64.md5sums` → `libc6` */
function packageOf(file: ByteString): string {
  return file.replace(/\.(?:md5sums|list)$/, '').split(':', 1)[0] as string;
}

function addPaths(files: Map<ByteString, OwnedFile>, name: string, text: string): void {
  for (const line of text.split('\n')) {
    const path = toByteString(line.replace(/^\//, ''));
    if (path !== '' && path !== '.' && !files.has(path)) files.set(path, { package: name });
  }
}

function addSums(files: Map<ByteString, OwnedFile>, name: string, text: string): void {
  for (const line of text.split('\n')) {
    const sum = SUM.exec(line)?.groups;
    if (sum?.path !== undefined) files.set(toByteString(sum.path.replace(/^\.\//, '')), { package: name, md5: sum.md5 });
  }
}
