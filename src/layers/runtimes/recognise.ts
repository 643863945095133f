/** Finds the folders of container runtimes in a node's files. */
import type { Files } from '../inputs/files.js';
import type { ContainerSource, ImageSource } from '../inputs/image-source.js';
import type { LayerLimits } from '../limits.js';
import type { FolderReader } from '../read-folder.js';
import { containerdRoots } from './containerd.js';
import { containersStorageRoots } from './containers-storage.js';
import { dockerRoots } from './docker.js';

export interface RuntimeFound {
  readonly kind: string;
  readonly images: readonly ImageSource[];
  readonly containers: readonly ContainerSource[];
}

/**
 * @param folderOf Opens a folder of the evidence by its path there.
 * @returns All that the runtimes have, several of them together; undefined when there is none.
 */
export async function recogniseRuntime(
  files: Files,
  folderOf: (path: string) => FolderReader,
  limits: LayerLimits,
): Promise<RuntimeFound | undefined> {
  const found = [
    ...(await dockerRoots(files, folderOf, limits)),
    ...(await containerdRoots(files, folderOf, limits)),
    ...(await containersStorageRoots(files, folderOf, limits)),
  ];
  if (found.length === 0) return undefined;
  return {
    kind: [...new Set(found.map(({ kind }) => kind))].join(' + '),
    images: found.flatMap(({ images }) => images),
    containers: found.flatMap(({ containers }) => containers),
  };
}

const MARKS = /(?:^|\/)(?:image\/[\w-]+\/repositories\.json|io\.containerd\.metadata\.v1\.bolt\/meta\.db|overlay-layers\/layers\.json)$/;

/** Whether the files have names that only a runtime's folder has. */
export function mayBeRuntime(files: Files): boolean {
  for (const path of files.keys()) if (MARKS.test(path)) return true;
  return false;
}
