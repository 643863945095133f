/**
 * OCI image layouts: index.json → (index →)* manifest → config and layers, each by its digest.
 * {@link https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md}
 */
import type { LayerLimits } from '../limits.js';
import type { Bytes } from '../platform.js';
import { openMember, type Files } from './files.js';
import { blobPath, readConfig, withConfig, type ImageSource, type LayerSource, type Mismatch } from './image-source.js';
import { listOf, member, numberOf, readJson, textOf } from './json.js';

/** Opens a blob by its digest. */
export type BlobOpener = (digest: string) => Bytes | undefined;

export async function ociLayout(files: Files, limits: LayerLimits): Promise<ImageSource[] | undefined> {
  const index = await readJson(openMember(files, 'index.json'), limits.jsonBytes);
  if (!Array.isArray(member(index, 'manifests'))) return undefined;
  const open: BlobOpener = (digest) => {
    const path = blobPath(digest);
    return path === undefined ? undefined : openMember(files, path);
  };
  return new ManifestReader(open, limits).readIndex(index, []);
}

/** Documents are told by what is in them: media types lie. */
export class ManifestReader {
  private seen = 0;

  constructor(
    private readonly open: BlobOpener,
    private readonly limits: LayerLimits,
  ) {}

  async readIndex(index: unknown, names: readonly string[], depth = 0): Promise<ImageSource[]> {
    const images: ImageSource[] = [];
    for (const descriptor of listOf(member(index, 'manifests'))) {
      if (isAttestation(descriptor) || ++this.seen > this.limits.layers) continue;
      images.push(...(await this.readDescriptor(descriptor, namesOf(descriptor, names), depth)));
    }
    return images;
  }

  /** A manifest, or an index of some. */
  async readDescriptor(descriptor: unknown, names: readonly string[], depth = 0): Promise<ImageSource[]> {
    const digest = textOf(member(descriptor, 'digest')) ?? '';
    const json = await readJson(this.open(digest), this.limits.jsonBytes);
    if (Array.isArray(member(json, 'manifests')))
      return depth < this.limits.nesting ? this.readIndex(json, names, depth + 1) : [lost(names, digest, 'indexes inside indexes')];
    // Images for other platforms are listed and not stored: nothing is wrong with that.
    if (json === undefined) return depth > 0 ? [] : [lost(names, digest, `the manifest ${digest} is missing or no JSON`)];
    return [await this.readManifest(json, digest, names, platformOf(member(descriptor, 'platform')))];
  }

  async readManifest(manifest: unknown, digest: string | undefined, names: readonly string[], platform?: string): Promise<ImageSource> {
    const id = textOf(member(manifest, 'config', 'digest'));
    const json = id === undefined ? undefined : await readJson(this.open(id), this.limits.jsonBytes);
    const config = readConfig(json);
    const listed = listOf(member(manifest, 'layers')).map((layer) => this.layerOf(layer));
    if (json === undefined) {
      const mismatches: Mismatch[] = [{ kind: 'missing', message: `the image's config ${id ?? ''} is missing or no JSON` }];
      return { names, platform, digest, id, layers: listed, mismatches };
    }
    return { names, platform: config.platform ?? platform, created: config.created, digest, id, ...withConfig(listed, config) };
  }

  private layerOf(descriptor: unknown): LayerSource {
    const digest = textOf(member(descriptor, 'digest')) ?? '';
    const tar = this.open(digest);
    return {
      name: blobPath(digest) ?? digest,
      form: 'tar',
      digest,
      size: numberOf(member(descriptor, 'size')),
      content: tar === undefined ? undefined : { tar },
    };
  }
}

function lost(names: readonly string[], digest: string, message: string): ImageSource {
  return { names, digest, layers: [], mismatches: [{ kind: 'missing', message }] };
}

/** Provenance and SBOM documents of BuildKit look like images for the platform unknown/unknown. */
function isAttestation(descriptor: unknown): boolean {
  if (textOf(member(descriptor, 'annotations', 'vnd.docker.reference.type')) === 'attestation-manifest') return true;
  return platformOf(member(descriptor, 'platform')) === 'unknown/unknown';
}

function namesOf(descriptor: unknown, inherited: readonly string[]): readonly string[] {
  const annotations = member(descriptor, 'annotations');
  const own = ['io.containerd.image.name', 'org.opencontainers.image.ref.name'].map((key) => textOf(member(annotations, key)));
  const names = own.filter((name) => name !== undefined);
  return names.length > 0 ? names : inherited;
}

function platformOf(platform: unknown): string | undefined {
  const parts = ['os', 'architecture', 'variant'].map((key) => textOf(member(platform, key))).filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join('/');
}

/** `skopeo copy … dir:`: manifest.json, and blobs named by their hex digits. */
export async function skopeoDir(files: Files, limits: LayerLimits): Promise<ImageSource[] | undefined> {
  const manifest = await readJson(openMember(files, 'manifest.json'), limits.jsonBytes);
  if (!Array.isArray(member(manifest, 'layers'))) return undefined;
  const open: BlobOpener = (digest) => {
    const path = blobPath(digest);
    return path === undefined ? undefined : (openMember(files, path.slice('blobs/sha256/'.length)) ?? openMember(files, path));
  };
  return [await new ManifestReader(open, limits).readManifest(manifest, undefined, [])];
}
