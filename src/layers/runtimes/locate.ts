/** Where in a node's files a runtime keeps its things, wherever the node's root was put. */
import type { Files } from '../inputs/files.js';

/** The folders in which a path exists: `var/lib/docker` for `image/overlay2/repositories.json`. */
export function foldersWith(files: Files, path: string): string[] {
  const folders: string[] = [];
  for (const name of files.keys()) {
    if (name === path) folders.push('');
    else if (name.endsWith(`/${path}`)) folders.push(name.slice(0, -path.length - 1));
  }
  return folders;
}

/** Names right below a folder. */
export function namesIn(files: Files, folder: string): string[] {
  const prefix = `${folder}/`;
  const names = new Set<string>();
  for (const path of files.keys()) if (path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/', 1)[0] as string);
  return [...names];
}
