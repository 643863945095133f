/**
 * Docker's folder, up to version 28 (later ones keep images in containerd).
 * Layers are found by what their own records say; paths in evidence are never followed.
 */
import { below, openMember, type Files } from '../inputs/files.js';
import { readConfig, SHA256_DIGEST, withConfig, type ContainerSource, type ImageSource, type LayerSource } from '../inputs/image-source.js';
import { member, membersOf, readAll, readJson, textOf } from '../inputs/json.js';
import type { LayerLimits } from '../limits.js';
import { joinPath } from '../path.js';
import type { FolderReader } from '../read-folder.js';
import { foldersWith, namesIn } from './locate.js';
import type { RuntimeFound } from './recognise.js';

type FolderOf = (path: string) => FolderReader;

const DRIVERS = ['overlay2', 'fuse-overlayfs', 'overlay', 'vfs', 'btrfs', 'zfs'];

export async function dockerRoots(files: Files, folderOf: FolderOf, limits: LayerLimits): Promise<RuntimeFound[]> {
  const found: RuntimeFound[] = [];
  for (const driver of DRIVERS) {
    for (const root of foldersWith(files, `image/${driver}/repositories.json`))
      found.push(await new DockerRoot(below(files, root), (path) => folderOf(joinPath(root, path)), driver, limits).read());
  }
  return found;
}

/** A layer's own record: its number in the chain is `parent` followed by `diff`. */
interface ChainLink {
  readonly cacheId: string;
  readonly chainId: string;
}

class DockerRoot {
  private readonly base: string;
  private readonly chain = new Map<string, ChainLink>();

  constructor(
    private readonly files: Files,
    private readonly folderOf: FolderOf,
    private readonly driver: string,
    private readonly limits: LayerLimits,
  ) {
    this.base = `image/${driver}`;
  }

  async read(): Promise<RuntimeFound> {
    await this.readChain();
    const images = new Map<string, ImageSource>();
    const names = await this.names();
    for (const hex of namesIn(this.files, `${this.base}/imagedb/content/sha256`)) {
      const image = await this.image(hex, names.get(`sha256:${hex}`) ?? []);
      if (image?.id !== undefined) images.set(image.id, image);
    }
    const containers: ContainerSource[] = [];
    for (const id of namesIn(this.files, 'containers')) {
      const container = await this.container(id, images);
      if (container !== undefined) containers.push(container);
    }
    return { kind: 'docker-root', images: [...images.values()], containers };
  }

  private async readChain(): Promise<void> {
    const folder = `${this.base}/layerdb/sha256`;
    for (const hex of namesIn(this.files, folder)) {
      const [diff, parent, cacheId] = await Promise.all(
        ['diff', 'parent', 'cache-id'].map((name) => this.text(`${folder}/${hex}/${name}`)),
      );
      if (diff !== undefined && cacheId !== undefined) this.chain.set(`${parent ?? ''} ${diff}`, { cacheId, chainId: `sha256:${hex}` });
    }
  }

  /** References by image id. */
  private async names(): Promise<Map<string, string[]>> {
    const names = new Map<string, string[]>();
    const json = await readJson(openMember(this.files, `${this.base}/repositories.json`), this.limits.jsonBytes);
    for (const [, references] of membersOf(member(json, 'Repositories'))) {
      for (const [reference, id] of membersOf(references)) if (typeof id === 'string') names.set(id, [...(names.get(id) ?? []), reference]);
    }
    return names;
  }

  private async image(hex: string, names: readonly string[]): Promise<ImageSource | undefined> {
    const json = await readJson(openMember(this.files, `${this.base}/imagedb/content/sha256/${hex}`), this.limits.jsonBytes);
    if (json === undefined) return undefined;
    const config = readConfig(json);
    let parent = '';
    const listed = config.diffIds.map((diffId): LayerSource => {
      const link = this.chain.get(`${parent} ${diffId}`);
      parent = link?.chainId ?? '?';
      return link === undefined ? { name: diffId, form: 'upper' } : this.folder(link.cacheId);
    });
    return { names, platform: config.platform, created: config.created, id: `sha256:${hex}`, ...withConfig(listed, config) };
  }

  private async container(id: string, images: ReadonlyMap<string, ImageSource>): Promise<ContainerSource | undefined> {
    const json = await readJson(openMember(this.files, `containers/${id}/config.v2.json`), this.limits.jsonBytes);
    if (json === undefined) return undefined;
    const imageId = textOf(member(json, 'Image')) ?? '';
    const mountId = await this.text(`${this.base}/layerdb/mounts/${id}/mount-id`);
    const initId = await this.text(`${this.base}/layerdb/mounts/${id}/init-id`);
    const labels = member(json, 'Config', 'Labels');
    const label = (name: string): string | undefined => textOf(member(labels, `io.kubernetes.${name}`));
    const image = SHA256_DIGEST.test(imageId) ? images.get(imageId) : undefined;
    // The folder between image and container holds what docker itself makes: mount points and /.dockerenv.
    const init = initId === undefined ? [] : [this.folder(initId)];
    return {
      id,
      name: textOf(member(json, 'Name'))?.replace(/^\//, ''),
      pod: { namespace: label('pod.namespace'), name: label('pod.name'), uid: label('pod.uid') },
      image: textOf(member(json, 'Config', 'Image')) ?? imageId,
      created: textOf(member(json, 'Created')),
      layers: image === undefined ? undefined : [...image.layers, ...init],
      upper: mountId === undefined ? undefined : this.folder(mountId),
      mounts: membersOf(member(json, 'MountPoints')).map(([path]) => path),
      mismatches: image === undefined ? [{ kind: 'missing', message: `the image ${imageId} of the container is not there` }] : [],
    };
  }

  private folder(id: string): LayerSource {
    const whole = this.driver === 'vfs';
    const path = whole ? `vfs/dir/${id}` : `${this.driver}/${id}/diff`;
    return {
      name: path,
      form: whole ? 'flat' : 'upper',
      whole,
      content: this.files.has(path) ? { folder: this.folderOf(path) } : undefined,
    };
  }

  private async text(path: string): Promise<string | undefined> {
    const bytes = await readAll(openMember(this.files, path), 4096);
    const text = bytes === undefined ? '' : new TextDecoder().decode(bytes).trim();
    return /^[\w.:-]{1,200}$/.test(text) ? text : undefined;
  }
}
