/** The folder of containers/storage: podman, CRI-O, buildah. {@link https://github.com/containers/storage/blob/main/docs/containers-storage.md} */
import { below, openMember, type Files } from '../inputs/files.js';
import { readConfig, withConfig, type ContainerSource, type ImageSource, type LayerSource } from '../inputs/image-source.js';
import { listOf, member, parseJson, readJson, textOf, textsOf } from '../inputs/json.js';
import type { LayerLimits } from '../limits.js';
import { joinPath } from '../path.js';
import type { FolderReader } from '../read-folder.js';
import { foldersWith } from './locate.js';
import type { RuntimeFound } from './recognise.js';

type FolderOf = (path: string) => FolderReader;

export async function containersStorageRoots(files: Files, folderOf: FolderOf, limits: LayerLimits): Promise<RuntimeFound[]> {
  const found: RuntimeFound[] = [];
  for (const root of foldersWith(files, 'overlay-layers/layers.json'))
    found.push(await new StorageRoot(below(files, root), (path) => folderOf(joinPath(root, path)), limits).read());
  return found;
}

class StorageRoot {
  private readonly layers = new Map<string, unknown>();

  constructor(
    private readonly files: Files,
    private readonly folderOf: FolderOf,
    private readonly limits: LayerLimits,
  ) {}

  async read(): Promise<RuntimeFound> {
    for (const layer of await this.list('overlay-layers/layers.json', 'overlay-layers/volatile-layers.json')) {
      const id = textOf(member(layer, 'id'));
      if (id !== undefined) this.layers.set(id, layer);
    }
    const images: ImageSource[] = [];
    for (const image of await this.list('overlay-images/images.json')) images.push(await this.image(image));
    const listed = await this.list('overlay-containers/containers.json', 'overlay-containers/volatile-containers.json');
    return { kind: 'containers-storage', images, containers: listed.map((container) => this.container(container, images)) };
  }

  private async list(...paths: readonly string[]): Promise<unknown[]> {
    const lists = await Promise.all(paths.map((path) => readJson(openMember(this.files, path), this.limits.jsonBytes)));
    return lists.flatMap(listOf);
  }

  private async image(json: unknown): Promise<ImageSource> {
    const id = textOf(member(json, 'id')) ?? '';
    const config = readConfig(await this.configOf(id));
    const layers = this.chain(textOf(member(json, 'layer')));
    const described = config.diffIds.length > 0 ? withConfig(layers, config) : { layers, mismatches: [] };
    return {
      names: textsOf(member(json, 'names')),
      platform: config.platform,
      created: config.created ?? textOf(member(json, 'created')),
      digest: textOf(member(json, 'digest')),
      id: `sha256:${id}`,
      ...described,
    };
  }

  /** Its file is named by the base64 of its digest, behind `=`. */
  private async configOf(id: string): Promise<unknown> {
    if (!/^[0-9a-f]{64}$/.test(id)) return undefined;
    const name = `=${btoa(`sha256:${id}`)}`;
    return readJson(openMember(this.files, `overlay-images/${id}/${name}`), this.limits.jsonBytes);
  }

  private container(json: unknown, images: readonly ImageSource[]): ContainerSource {
    const layer = textOf(member(json, 'layer'));
    const imageId = textOf(member(json, 'image')) ?? '';
    const image = images.find(({ id }) => imageId !== '' && id === `sha256:${imageId}`);
    const metadata = parseJson(new TextEncoder().encode(textOf(member(json, 'metadata')) ?? ''));
    return {
      id: textOf(member(json, 'id')) ?? '',
      name: textsOf(member(json, 'names'))[0],
      pod: podOf(metadata),
      image: image?.names[0] ?? textOf(member(metadata, 'image-name')) ?? imageId,
      created: textOf(member(json, 'created')),
      layers: image?.layers ?? this.chain(parentOf(this.layers.get(layer ?? ''))),
      upper: layer === undefined ? undefined : this.folder(layer),
      // Volumes are in the run folder's config.json, which is gone after a restart.
      mounts: [],
      mismatches: [],
    };
  }

  /** Lowest first. */
  private chain(top: string | undefined): LayerSource[] {
    const layers: LayerSource[] = [];
    const seen = new Set<string>();
    for (let id = top; id !== undefined && !seen.has(id) && layers.length < this.limits.layers; id = parentOf(this.layers.get(id))) {
      seen.add(id);
      layers.unshift({ ...this.folder(id), diffId: textOf(member(this.layers.get(id), 'diff-digest')) });
    }
    return layers;
  }

  private folder(id: string): LayerSource {
    const path = `overlay/${id}/diff`;
    const known = /^[0-9a-f]{64}$/.test(id) && this.files.has(path);
    return { name: path, form: 'upper', content: known ? { folder: this.folderOf(path) } : undefined };
  }
}

function parentOf(layer: unknown): string | undefined {
  const parent = textOf(member(layer, 'parent'));
  return parent === '' ? undefined : parent;
}

function podOf(metadata: unknown): ContainerSource['pod'] {
  const [namespace, name, uid] = ['namespace', 'pod-name', 'uid'].map((key) => textOf(member(metadata, key)));
  return { namespace, name, uid };
}
