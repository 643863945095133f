/** Takes contents out of layers into a folder that the examiner names. File names are ours: never the evidence's. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { openContent, type HiddenContent } from '../layers/hidden.js';
import type { Tree } from '../layers/tree.js';
import { toHex, toText } from '../layers/byte-string.js';
import { layersPlatform } from './layers-platform.js';

export interface Extracted {
  /** Path inside the container. */
  readonly path: string;
  readonly pathHex?: string;
  /** Number of the layer it was taken from. */
  readonly layer: number;
  /** Name in the folder: a number and the beginning of its hash. Absent: it could not be taken out. */
  readonly file?: string;
  readonly size: number;
  readonly sha256?: string;
  /** Whether the bytes are the ones that were hashed when the layer was read. */
  readonly verified: boolean;
  readonly error?: string;
}

/**
 * Writes each content into a new file; existing files are never written over.
 * @param folder Must exist.
 */
export async function extractContents(hidden: readonly HiddenContent[], tree: Tree, folder: string): Promise<Extracted[]> {
  const extracted: Extracted[] = [];
  for (const [number, content] of hidden.entries()) extracted.push(await extractOne(content, number, tree, folder));
  return extracted;
}

async function extractOne({ path: name, inode, layer }: HiddenContent, number: number, tree: Tree, folder: string): Promise<Extracted> {
  const about = { path: `/${toText(name)}`, pathHex: toHex(name), layer: layer.index };
  const source = tree.layers[inode.place?.layer ?? -1]?.source;
  const bytes = inode.place === undefined ? undefined : openContent(inode.place, source, (input) => layersPlatform.decompress(input));
  if (bytes === undefined) return { ...about, size: 0, verified: false, error: 'the layer is not at hand' };
  const file = `${String(number + 1).padStart(5, '0')}-${inode.sha256?.slice(0, 16) ?? 'unhashed'}.bin`;
  const hash = createHash('sha256');
  let size = 0;
  try {
    const handle = await open(path.join(folder, file), 'wx', 0o600);
    try {
      for await (const chunk of bytes) {
        await handle.write(chunk);
        hash.update(chunk);
        size += chunk.length;
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { ...about, size, verified: false, error: error instanceof Error ? error.message : String(error) };
  }
  const sha256 = hash.digest('hex');
  return { ...about, file, size, sha256, verified: sha256 === inode.sha256 };
}
