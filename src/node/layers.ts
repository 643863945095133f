/** Opens what holds container file systems: archives of images, layers, exports, runtimes' folders. */
import { readFile as readWhole, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codingOf, archiveOf } from '../intake/magic.js';
import { decodeLatin1 } from '../formats/bytes.js';
import { parseGetfattr } from '../formats/getfattr.js';
import { parseChangeList } from '../layers/inputs/change-list.js';
import { indexTar, type Files, type Member, type TarIndex } from '../layers/inputs/files.js';
import { looksLikeRoot, mayBeBundle, recogniseBundle } from '../layers/inputs/recognise.js';
import { layerLimits, type LayerLimits } from '../layers/limits.js';
import { tarFolder } from '../layers/inputs/tar-folder.js';
import { cleanPath, joinPath } from '../layers/path.js';
import type { FolderReader } from '../layers/read-folder.js';
import type { Bytes } from '../layers/platform.js';
import { mayBeRuntime, recogniseRuntime } from '../layers/runtimes/recognise.js';
import type { LayersEvidence } from '../layers/select.js';
import { fileBytes } from './file-bytes.js';
import { folderFiles, folderReader, type AttributesOf } from './folder-entries.js';
import { layersPlatform } from './layers-platform.js';
import { unpackLimits } from './limits.js';
import { isFlaw } from './member.js';
import { Spool, type Spooled } from './spool.js';
import { readZip } from './zip/read.js';

export { layersPlatform } from './layers-platform.js';

export interface OpenLayersOptions {
  readonly limits?: Partial<LayerLimits>;
  /**
   * A file that `getfattr --recursive --dump --match=- --no-dereference` wrote of the folder: Node cannot ask for extended
   * attributes itself, and without them marks that hide folders, and file capabilities, are not seen.
   */
  readonly attributes?: string;
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
    const dump = options.attributes === undefined ? undefined : parseGetfattr(await readWhole(options.attributes));
    const found = info.isDirectory() ? await openFolder(path, limits, dump) : await openFile(path, info.size, limits, spool);
    return { ...found, name: path, close: () => spool.close() };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

type Found = Omit<LayersEvidence, 'name'>;

const NOTHING = { images: [], containers: [], problems: [] };

type Dump = ReturnType<typeof parseGetfattr>;

async function openFolder(path: string, limits: LayerLimits, dump: Dump | undefined): Promise<Found> {
  const files = await folderFiles(path, isBelowLayers);
  const folderOf = (inside: string): FolderReader => {
    const place = inside === '' ? path : `${path}/${Buffer.from(inside, 'latin1').toString()}`;
    return folderReader(place, dump === undefined ? undefined : attributesIn(dump, path, inside));
  };
  const runtime = await recogniseRuntime(files, folderOf, limits);
  if (runtime !== undefined) return { ...NOTHING, ...runtime };
  const bundle = looksLikeRoot(files.keys()) ? undefined : await recogniseBundle(files, limits);
  if (bundle !== undefined) return { ...NOTHING, ...bundle };
  return { ...NOTHING, kind: 'folder', layer: { name: path, form: 'auto', content: { folder: folderOf('') } } };
}

const NO_ATTRIBUTES: ReadonlyMap<string, Uint8Array> = new Map();

/** The dump may name paths from the folder on, or from the root of the machine it was made on. */
function attributesIn(dump: Dump, root: string, inside: string): AttributesOf {
  const absolute = Buffer.from(resolve(root).slice(1)).toString('latin1');
  return (name) => {
    const path = joinPath(inside, name);
    return dump.get(path === '' ? '.' : path) ?? dump.get(joinPath(absolute, path)) ?? NO_ATTRIBUTES;
  };
}

/** The files of layers are listed when they are read, not while it is told what the folder is. */
function isBelowLayers(path: string): boolean {
  return /(?:^|\/)(?:overlay2?\/[^/]+|overlayfs\/snapshots\/\d+|v1\.overlayfs\/snapshots\/\d+|volumes|merged)\/(?:diff|fs|merged|work)$/.test(
    path,
  );
}

async function openFile(path: string, size: number, limits: LayerLimits, spool: Spool): Promise<Found> {
  const bytes = fileBytes(path, size, true);
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
  const index = await indexTar(inner, path, limits.entries);
  const plain: Found = { ...NOTHING, kind: 'tar', layer: { name: path, form: 'auto', content: { tar: bytes } } };
  if (!mayHoldMore(index.files)) return plain;
  if (!compressed) return (await openMembers(index, bytes, limits)) ?? plain;
  // Members of a compressed archive are read in any order: it is unpacked once.
  const { kept } = await spool.keep(inner.open(), () => undefined);
  const again = kept.file === undefined ? inMemory(kept) : fileBytes(kept.file, kept.size);
  return (await openMembers(await indexTar(again, path, limits.entries), again, limits)) ?? plain;
}

/** By names alone. */
function mayHoldMore(files: Files): boolean {
  return mayBeBundle(files) || mayBeRuntime(files);
}

async function openMembers(index: TarIndex, bytes: Bytes, limits: LayerLimits): Promise<Found | undefined> {
  const runtime = await recogniseRuntime(index.files, (folder) => tarFolder(index, bytes, folder), limits);
  const bundle = runtime ?? (looksLikeRoot(index.files.keys()) ? undefined : await recogniseBundle(index.files, limits));
  return bundle === undefined ? undefined : { ...NOTHING, ...bundle, problems: index.problems };
}

function inMemory(kept: Spooled): Bytes {
  return { size: kept.size, open: (from = 0) => after(kept.open(), from) };
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
    const member = kept.file === undefined ? inMemory(kept) : fileBytes(kept.file, kept.size);
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
