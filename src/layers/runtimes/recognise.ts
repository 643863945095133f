/** Finds the folders of container runtimes in a node's files. */
import type { Files } from '../inputs/files.js';
import type { ContainerSource, ImageSource } from '../inputs/image-source.js';
import type { LayerLimits } from '../limits.js';
import type { FolderReader } from '../read-folder.js';

export interface RuntimeFound {
  readonly kind: string;
  readonly images: readonly ImageSource[];
  readonly containers: readonly ContainerSource[];
}

/** @param folderOf Opens a folder of the evidence by its path there. */
export async function recogniseRuntime(
  _files: Files,
  _folderOf: (path: string) => FolderReader,
  _limits: LayerLimits,
): Promise<RuntimeFound | undefined> {
  return undefined;
}
