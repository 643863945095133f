/** Reads one layer, whatever it lies in, and checks it against what is said of it. */
import type { Problem } from '../model/problem.js';
import { toByteString } from './byte-string.js';
import { readingStopped } from './inputs/files.js';
import type { LayerSource, Mismatch } from './inputs/image-source.js';
import type { Layer, LayerEntry, LayerForm } from './layer.js';
import { layerLimits, type LayerLimits } from './limits.js';
import { isNullDevice, type Semantics } from './marks.js';
import { cleanPath, joinPath, parentOf, baseName } from './path.js';
import type { Bytes, Hasher, HashName, Platform } from './platform.js';
import { readFolder } from './read-folder.js';
import { LayerReader, type ReadLayerOptions } from './read-layer.js';
import { Tap } from './tap.js';

export interface ReadTreeOptions {
  readonly platform: Platform;
  readonly limits?: Partial<LayerLimits>;
  /** Whose rules to follow where tools disagree. Default is `oci`. */
  readonly semantics?: Semantics;
  /** Check digests, diff ids and sizes. Default is true; it costs one more hash over all bytes. */
  readonly verify?: boolean;
  /** Further hashes of every file: package databases name MD5 (dpkg) and SHA-1 (apk). */
  readonly alsoHash?: readonly Exclude<HashName, 'sha256'>[];
  /** Layers that were read before: an image and what was made from it share most of theirs. */
  readonly cache?: Map<string, Layer>;
  readonly signal?: AbortSignal;
}

/** @param index Number that the layer has in its tree. */
export async function readLayer(
  source: LayerSource,
  index: number,
  options: ReadTreeOptions,
): Promise<{ layer: Layer; mismatches: Mismatch[] }> {
  const key =
    source.diffId === undefined
      ? undefined
      : `${index} ${source.form} ${source.diffId} ${source.digest ?? ''} ${(options.alsoHash ?? []).join()}`;
  const known = key === undefined ? undefined : options.cache?.get(key);
  if (known !== undefined) return { layer: { ...known, name: source.name, history: source.history, problems: [] }, mismatches: [] };
  const reading: ReadLayerOptions = {
    platform: options.platform,
    limits: { ...layerLimits, ...options.limits },
    index,
    name: source.name,
    alsoHash: options.alsoHash,
  };
  const { name, digest, history, content } = source;
  const info = { index, name, digest, history };
  const formOf = (entries: readonly LayerEntry[]): LayerForm => (source.form === 'auto' ? formOfEntries(entries) : source.form);
  if (content === undefined) {
    const message = `the layer ${name} is missing: what it holds and removes is not known`;
    return {
      layer: { ...info, form: formOf([]), xattrsKnown: false, entries: [], problems: [], size: 0 },
      mismatches: [{ kind: 'missing', message }],
    };
  }
  if ('folder' in content) {
    const members = new Map<string, Bytes | undefined>();
    const { folder } = content;
    const { entries, problems, xattrsKnown } = await readFolder(() => remembering(folder(), members), reading);
    return {
      layer: { ...info, form: formOf(entries), xattrsKnown, entries, problems, size: 0, source: { member: (path) => members.get(path) } },
      mismatches: [],
    };
  }
  const read = await readTar(content.tar, reading, options);
  const mismatches = mismatchesOf(source, read);
  const entries = source.deleted === undefined ? read.entries : [...read.entries, ...source.deleted.map(removalOf)];
  const layer: Layer = {
    ...info,
    form: formOf(entries),
    diffId: read.diffId ?? source.diffId,
    xattrsKnown: true,
    entries,
    problems: read.problems,
    size: read.inflated,
    source: content,
  };
  if (key !== undefined && mismatches.length === 0) options.cache?.set(key, layer);
  return { layer, mismatches };
}

/** What entries that nothing else tells of are: an overlay's upper folder, an image layer, or a whole file system. */
function formOfEntries(entries: readonly LayerEntry[]): LayerForm {
  if (entries.some((entry) => isNullDevice(entry) || entry.overlay !== undefined)) return 'upper';
  return entries.some(({ path }) => baseName(path).startsWith('.wh.')) ? 'tar' : 'flat';
}

async function* remembering<E extends { readonly name: string; readonly bytes?: Bytes }>(
  entries: AsyncIterable<E>,
  members: Map<string, Bytes | undefined>,
): AsyncGenerator<E> {
  for await (const entry of entries) {
    if (entry.bytes !== undefined) members.set(entry.name, entry.bytes);
    yield entry;
  }
}

/** A path of a list of removed files, as an image layer would write it. */
function removalOf(path: string): LayerEntry {
  const clean = cleanPath(toByteString(path)).path;
  return { path: joinPath(parentOf(clean), `.wh.${baseName(clean)}`), offset: 0 };
}

interface TarRead {
  readonly entries: LayerEntry[];
  readonly problems: Problem[];
  readonly stored: number;
  readonly inflated: number;
  readonly digest?: string;
  readonly diffId?: string;
  readonly stopped: boolean;
}

async function readTar(tar: Bytes, reading: ReadLayerOptions, { platform, verify = true, signal }: ReadTreeOptions): Promise<TarRead> {
  const reader = new LayerReader(reading);
  const tap = new Tap(tar, verify ? platform.hasher('sha256') : undefined);
  let inner: Hasher | undefined;
  let inflated = 0;
  let stopped = false;
  try {
    for await (const chunk of platform.decompress(tap.open())) {
      signal?.throwIfAborted();
      if (inflated === 0 && verify && tap.compressed) inner = platform.hasher('sha256');
      inflated += chunk.length;
      inner?.update(chunk);
      reader.reader.push(chunk);
      if (inflated > reading.limits.layerBytes) {
        reader.problem('limit', `more than ${reading.limits.layerBytes} bytes: the rest was not read`, inflated, 0);
        stopped = true;
        break;
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    stopped = true;
    reader.problems.push(readingStopped(error, reading.name));
  }
  reader.reader.end();
  const complete = !stopped && verify && tap.complete;
  const digest = complete ? tap.digest() : undefined;
  const diffId = complete ? (inner === undefined ? digest : inner.digest()) : undefined;
  return {
    entries: reader.entries,
    problems: reader.problems,
    stored: tap.size,
    inflated,
    digest: prefixed(digest),
    diffId: prefixed(diffId),
    stopped,
  };
}

function prefixed(hex: string | undefined): string | undefined {
  return hex === undefined ? undefined : `sha256:${hex}`;
}

function mismatchesOf({ name, size, digest, diffId }: LayerSource, read: TarRead): Mismatch[] {
  const mismatches: Mismatch[] = [];
  if (read.stopped)
    mismatches.push({ kind: 'unreadable', message: `the layer ${name} could not be read to its end: what was read is not verified` });
  if (size !== undefined && size !== read.stored && !read.stopped)
    mismatches.push({ kind: 'size', message: `the layer ${name} has ${read.stored} bytes, its manifest says ${size}` });
  if (digest !== undefined && read.digest !== undefined && digest !== read.digest)
    mismatches.push({ kind: 'digest', message: `the layer ${name} is ${read.digest}, its manifest says ${digest}` });
  if (diffId !== undefined && read.diffId !== undefined && diffId !== read.diffId)
    mismatches.push({ kind: 'diff-id', message: `the layer ${name} decompressed is ${read.diffId}, the image's config says ${diffId}` });
  return mismatches;
}
