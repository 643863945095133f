/** Tells what an archive or folder is by what is in it, never by its name. */
import type { LayerLimits } from '../limits.js';
import { checkpoint } from './checkpoint.js';
import { dockerArchive } from './docker-archive.js';
import type { Files } from './files.js';
import type { ContainerSource, ImageSource, Mismatch } from './image-source.js';
import { ociLayout, skopeoDir } from './oci-layout.js';

export type BundleKind = 'docker-archive' | 'oci-layout' | 'skopeo-dir' | 'checkpoint';

export interface Bundle {
  readonly kind: BundleKind;
  readonly images: readonly ImageSource[];
  readonly containers: readonly ContainerSource[];
}

/** An image or checkpoint packed in some way; undefined when the files are none. */
export async function recogniseBundle(files: Files, limits: LayerLimits): Promise<Bundle | undefined> {
  const container = await checkpoint(files, limits);
  if (container !== undefined) return { kind: 'checkpoint', images: [], containers: [container] };
  const oci = await ociLayout(files, limits);
  const docker = await dockerArchive(files, limits);
  if (oci !== undefined && oci.some((image) => image.layers.length > 0))
    return { kind: docker === undefined ? 'oci-layout' : 'docker-archive', images: reconcile(oci, docker ?? []), containers: [] };
  if (docker !== undefined) return { kind: 'docker-archive', images: docker, containers: [] };
  const dir = await skopeoDir(files, limits);
  if (dir !== undefined) return { kind: 'skopeo-dir', images: dir, containers: [] };
  return oci === undefined ? undefined : { kind: 'oci-layout', images: oci, containers: [] };
}

/** Some archives describe their images twice: docker reads one description, other tools the other. */
function reconcile(oci: readonly ImageSource[], docker: readonly ImageSource[]): ImageSource[] {
  const images = oci.map((image) => {
    const other = docker.find(({ id, layers }) => (id === image.id && id !== undefined) || sameLayers(layers, image.layers));
    return other === undefined ? image : { ...image, names: [...new Set([...other.names, ...image.names])] };
  });
  const lone = docker.filter(
    ({ id, layers }) => !oci.some((image) => (id !== undefined && id === image.id) || sameLayers(layers, image.layers)),
  );
  const message = 'manifest.json and index.json describe different images: tools disagree on what is in this archive';
  const mismatches: Mismatch[] = [{ kind: 'contradiction', message }];
  return [...images, ...lone.map((image) => ({ ...image, mismatches: [...image.mismatches, ...mismatches] }))];
}

function sameLayers(a: ImageSource['layers'], b: ImageSource['layers']): boolean {
  return a.length === b.length && a.every(({ diffId }, i) => diffId !== undefined && diffId === b[i]?.diffId);
}

/** Whether the files have names that only a bundle needs. */
export function mayBeBundle(files: Files): boolean {
  return ['manifest.json', 'index.json', 'repositories', 'config.dump', 'spec.dump'].some((name) => files.has(name));
}

/** Folders of every root. */
const ROOT_FOLDERS = ['bin', 'dev', 'etc', 'lib', 'proc', 'root', 'sys', 'tmp', 'usr', 'var'];

/** Whether the paths are those of a whole file system: a manifest.json in it is just a file. */
export function looksLikeRoot(paths: Iterable<string>): boolean {
  const tops = new Set<string>();
  for (const path of paths) tops.add(path.split('/', 1)[0] as string);
  return ROOT_FOLDERS.filter((folder) => tops.has(folder)).length >= 6;
}
