/** Packages of Python and Node, by the names of their folders: nothing is opened. */
import { toText } from '../byte-string.js';
import { walkTree, type TreeNode } from '../tree.js';
import type { Package } from './package.js';

// usr/lib/python3/dist-packages/requests-2.31.0.dist-info
const DIST_INFO = /\/(?:site|dist)-packages\/(?<name>[^/]+?)-(?<version>\d[^/-]*)\.(?:dist|egg)-info$/;
// usr/lib/node_modules/npm   app/node_modules/@scope/name
const NODE = /\/node_modules\/(?<name>(?:@[^/]+\/)?[^/@.][^/]*)$/;

export function languagePackages(root: TreeNode): Package[] {
  const packages: Package[] = [];
  for (const [path, node] of walkTree(root)) {
    if (!path.includes('-packages/') && !path.includes('node_modules/')) continue;
    const python = DIST_INFO.exec(path)?.groups;
    if (python?.name !== undefined) packages.push({ manager: 'python', name: toText(python.name), version: python.version ?? '' });
    const npm = node.children === undefined ? undefined : NODE.exec(path)?.groups?.name;
    if (npm !== undefined) packages.push({ manager: 'node', name: toText(npm), version: '' });
  }
  return packages;
}
