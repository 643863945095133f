/** Opens what holds container file systems: archives of images, layers, exports, runtimes' folders. */
import { readFile as readWhole, stat } from 'node:fs/promises';
import { codingOf, archiveOf } from '../intake/magic.js';
import { decodeLatin1 } from '../formats/bytes.js';
import type { Problem } from '../model/problem.js';
import { parseChangeList } from '../layers/inputs/change-list.js';
import { indexTar, type Files, type Member } from '../layers/inputs/files.js';
import { looksLikeRoot, mayBeBundle, recogniseBundle } from '../layers/inputs/recognise.js';
import { layerLimits, type LayerLimits } from '../layers/limits.js';
import { cleanPath } from '../layers/path.js';
import type { Bytes } from '../layers/platform.js';
import { recogniseRuntime } from '../layers/runtimes/recognise.js';
import type { LayersEvidence } from '../layers/select.js';
import { fileBytes, folderFiles, folderReader } from './folder-entries.js';
import { layersPlatform } from './layers-platform.js';
import { unpackLimits } from './limits.js';
import { isFlaw } from './member.js';
import { Spool } from './spool.js';
import { readZip } from './zip/read.js';

export { layersPlatform } from './layers-platform.js';

export interface OpenLayersOptions {
  readonly limits?: Partial<LayerLimits>;
  readonly signal?: AbortSignal;
}

export interface OpenedLayers extends LayersEvidence {
  /** Removes what was unpacked into a temporary folder. */
  close(): Promise<void>;
}

/**
 * Finds the images, containers, layers or file system at a path, whatever way they are packed.
 * @throws Error with code `ENOENT` when there is nothing at the path, `unknown-format` when what is there holds no file system.
 */
export async function openLayers(path: string, options: OpenLayersOptions = {}): Promise<OpenedLayers> {
  const limits = { ...layerLimits, ...options.limits };
  const spool = new Spool(unpackLimits, options.signal);
  try {
    const info = await stat(path);
    const found = info.isDirectory() ? await openFolder(path, limits) : await openFile(path, info.size, limits, spool);
    return { ...found, name: path, close: () => spool.close() };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

type Found = Omit<LayersEvidence, 'name'>;

const NOTHING = { images: [], containers: [], problems: [] };

async function openFolder(path: string, limits: LayerLimits): Promise<Found> {
  const files = await folderFiles(path, isBelowLayers);
  const folderOf = (inside: string): ReturnType<typeof folderReader> =>
    folderReader(inside === '' ? path : `${path}/${Buffer.from(inside, 'latin1').toString()}`);
  const runtime = await recogniseRuntime(files, folderOf, limits);
  if (runtime !== undefined) return { ...NOTHING, ...runtime };
  const bundle = looksLikeRoot([...files.keys()]) ? undefined : await recogniseBundle(files, limits);
  if (bundle !== undefined) return { ...NOTHING, ...bundle };
  return { ...NOTHING, kind: 'folder', layer: { name: path, form: 'auto', content: { folder: folderOf('') } } };
}

/** The files of layers are listed when they are read, not while it is told what the folder is. */
function isBelowLayers(path: string): boolean {
  return /(?:^|\/)(?:overlay2?\/[^/]+|overlayfs\/snapshots\/\d+|v1\.overlayfs\/snapshots\/\d+|volumes|merged)\/(?:diff|fs|merged|work)$/.test(
    path,
  );
}

async function openFile(path: string, size: number, limits: LayerLimits, spool: Spool): Promise<Found> {
  const bytes = fileBytes(path, size);
  const head = await headOf(layersPlatform.decompress(bytes.open()));
  const compressed = codingOf(await headOf(bytes.open())) !== undefined;
  if (archiveOf(head) === 'zip' && !compressed) return openFilesOf(await zipFiles(path, bytes, spool), path, limits);
  if (archiveOf(head) === 'tar' || head.every((byte) => byte === 0)) return openTar(path, bytes, compressed, limits, spool);
  const listed = size <= limits.jsonBytes ? parseChangeList(await readWhole(path)) : undefined;
  if (listed !== undefined) return { ...NOTHING, kind: 'change-list', listed };
  throw Object.assign(new Error(`${path} holds no container file system that is known`), {
    code: 'unknown-format',
    hint: 'expected an image archive, OCI layout, layer, docker export, container folder or a list of changes',
  });
}

async function openTar(path: string, bytes: Bytes, compressed: boolean, limits: LayerLimits, spool: Spool): Promise<Found> {
  const inner: Bytes = compressed ? { open: () => layersPlatform.decompress(bytes.open()) } : bytes;
  const bundleAhead = await indexTar(inner, path, limits.entries, mayBeBundle);
  if (bundleAhead !== undefined) {
    // Members of a compressed archive are read in any order: it is unpacked once.
    const indexed = compressed ? await unpacked(inner, path, limits, spool) : bundleAhead;
    const found = await openFilesOf(indexed.files, path, limits).catch(() => undefined);
    if (found !== undefined) return { ...found, problems: [...indexed.problems, ...found.problems] };
  }
  return { ...NOTHING, kind: 'tar', layer: { name: path, form: 'auto', content: { tar: bytes } } };
}

async function unpacked(
  inner: Bytes,
  path: string,
  limits: LayerLimits,
  spool: Spool,
): Promise<{ files: Files; problems: readonly Problem[] }> {
  const { kept } = await spool.keep(inner.open(), () => undefined);
  const again: Bytes =
    kept.file === undefined ? { size: kept.size, open: (from) => after(kept.open(), from ?? 0) } : fileBytes(kept.file, kept.size);
  return (await indexTar(again, path, limits.entries, () => true)) ?? { files: new Map(), problems: [] };
}

async function* after(input: AsyncIterable<Uint8Array>, from: number): AsyncGenerator<Uint8Array> {
  let left = from;
  for await (const chunk of input) {
    if (left < chunk.length) yield left === 0 ? chunk : chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

async function openFilesOf(files: Files, path: string, limits: LayerLimits): Promise<Found> {
  const bundle = await recogniseBundle(files, limits);
  if (bundle !== undefined) return { ...NOTHING, ...bundle };
  throw Object.assign(new Error(`${path} is an archive without a container image`), { code: 'unknown-format' });
}

async function zipFiles(path: string, bytes: Bytes, spool: Spool): Promise<Files> {
  const files = new Map<string, Member>();
  for await (const item of readZip({ random: path, open: () => bytes.open() }, unpackLimits)) {
    if (isFlaw(item) || item.bytes === undefined) continue;
    const { kept } = await spool.keep(item.bytes, () => undefined);
    const member: Bytes =
      kept.file === undefined ? { size: kept.size, open: (from) => after(kept.open(), from ?? 0) } : fileBytes(kept.file, kept.size);
    files.set(cleanPath(decodeLatin1(Buffer.from(item.name))).path, { type: 'file', bytes: member });
  }
  return files;
}

async function headOf(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of input) {
      parts.push(chunk);
      size += chunk.length;
      if (size >= 1024) break;
    }
  } catch {
    // What cannot be read shows when the layer is read.
  }
  return Buffer.concat(parts).subarray(0, 1024);
}
