/**
 * containerd's folder: a bbolt file of what there is, one of the snapshots, and blobs by digest.
 * {@link https://github.com/containerd/containerd/blob/v1.7.0/metadata/buckets.go | the buckets}
 */
import { openBolt, type BoltBucket } from '../../formats/bbolt/index.js';
import { decodeUtf8 } from '../../formats/bytes.js';
import { instantOf } from '../../formats/time.js';
import { below, openMember, type Files } from '../inputs/files.js';
import { blobPath, type ContainerSource, type ImageSource, type LayerSource } from '../inputs/image-source.js';
import { listOf, member, parseJson, readAll, textOf } from '../inputs/json.js';
import { ManifestReader } from '../inputs/oci-layout.js';
import type { LayerLimits } from '../limits.js';
import { joinPath } from '../path.js';
import type { FolderReader } from '../read-folder.js';
import { foldersWith } from './locate.js';
import type { RuntimeFound } from './recognise.js';

type FolderOf = (path: string) => FolderReader;

const META = 'io.containerd.metadata.v1.bolt/meta.db';
const BLOBS = 'io.containerd.content.v1.content';
const DATABASE_BYTES = 2 ** 30;

export async function containerdRoots(files: Files, folderOf: FolderOf, limits: LayerLimits): Promise<RuntimeFound[]> {
  const found: RuntimeFound[] = [];
  for (const root of foldersWith(files, META))
    found.push(await new ContainerdRoot(below(files, root), (path) => folderOf(joinPath(root, path)), limits).read());
  return found;
}

interface Snapshot {
  readonly id: string;
  readonly parent?: string;
}

class ContainerdRoot {
  /** By snapshotter, then by the name it has there. */
  private readonly snapshots = new Map<string, Map<string, Snapshot>>();

  constructor(
    private readonly files: Files,
    private readonly folderOf: FolderOf,
    private readonly limits: LayerLimits,
  ) {}

  async read(): Promise<RuntimeFound> {
    const images: ImageSource[] = [];
    const containers: ContainerSource[] = [];
    const database = await this.open(META);
    for (const { key, bucket } of database?.bucket('v1')?.items() ?? []) {
      if (bucket === undefined) continue;
      const inNamespace = await this.images(bucket.bucket('images'));
      images.push(...inNamespace);
      for (const item of bucket.bucket('containers')?.items() ?? [])
        if (item.bucket !== undefined)
          containers.push(await this.container(decodeUtf8(item.key), item.bucket, bucket, inNamespace, decodeUtf8(key)));
    }
    return { kind: 'containerd-root', images, containers };
  }

  private async open(path: string): Promise<BoltBucket | undefined> {
    const bytes = await readAll(openMember(this.files, path), DATABASE_BYTES);
    return bytes === undefined ? undefined : openBolt(bytes)?.root;
  }

  private async images(bucket: BoltBucket | undefined): Promise<ImageSource[]> {
    const reader = new ManifestReader((digest) => {
      const path = blobPath(digest);
      return path === undefined ? undefined : openMember(this.files, `${BLOBS}/${path}`);
    }, this.limits);
    const images: ImageSource[] = [];
    for (const { key, bucket: image } of bucket?.items() ?? []) {
      const digest = textIn(image?.bucket('target'), 'digest');
      if (digest !== undefined) images.push(...(await reader.readDescriptor({ digest }, [decodeUtf8(key)])));
    }
    return images;
  }

  private async container(
    id: string,
    bucket: BoltBucket,
    namespace: BoltBucket,
    images: readonly ImageSource[],
    space: string,
  ): Promise<ContainerSource> {
    const image = textIn(bucket, 'image');
    const snapshotter = textIn(bucket, 'snapshotter') ?? 'overlayfs';
    const key = textIn(bucket, 'snapshotKey') ?? id;
    const name = textIn(namespace.bucket('snapshots', snapshotter, key), 'name');
    const chain = await this.chain(snapshotter, name);
    const blobs = images.find(({ names }) => image !== undefined && names.includes(image))?.layers ?? [];
    // Blobs show extended attributes and can be checked; folders are what the container saw, and all there is when blobs were dropped.
    const complete = blobs.length === chain.length - 1 && blobs.every(({ content }) => content !== undefined);
    const spec = parseAny(bucket.value('spec'));
    const label = (label: string): string | undefined => textIn(bucket.bucket('labels'), `io.kubernetes.${label}`);
    return {
      id,
      name: label('container.name') ?? textIn(bucket.bucket('labels'), 'nerdctl/name'),
      pod: { namespace: label('pod.namespace'), name: label('pod.name'), uid: label('pod.uid') },
      namespace: space,
      image,
      created: goTime(bucket.value('createdat')),
      layers: complete ? blobs : chain.slice(0, -1),
      upper: chain.at(-1),
      mounts: listOf(member(spec, 'mounts')).flatMap((mount) => textOf(member(mount, 'destination')) ?? []),
      mismatches: chain.length === 0 ? [{ kind: 'missing', message: `the snapshot ${key} of the container is not there` }] : [],
    };
  }

  /** A snapshot and those below it, lowest first. */
  private async chain(snapshotter: string, name: string | undefined): Promise<LayerSource[]> {
    const known = await this.snapshotsOf(snapshotter);
    const layers: LayerSource[] = [];
    const seen = new Set<string>();
    // The native snapshotter copies what is below into each folder.
    const whole = snapshotter === 'native';
    for (let at = name; at !== undefined && !seen.has(at) && layers.length < this.limits.layers; at = known.get(at)?.parent) {
      seen.add(at);
      const id = known.get(at)?.id;
      if (id === undefined) break;
      const path = `io.containerd.snapshotter.v1.${snapshotter}/snapshots/${id}${whole ? '' : '/fs'}`;
      layers.unshift({
        name: path,
        form: whole ? 'flat' : 'upper',
        whole,
        content: this.files.has(path) ? { folder: this.folderOf(path) } : undefined,
      });
    }
    return layers;
  }

  private async snapshotsOf(snapshotter: string): Promise<Map<string, Snapshot>> {
    const known = this.snapshots.get(snapshotter);
    if (known !== undefined) return known;
    const snapshots = new Map<string, Snapshot>();
    this.snapshots.set(snapshotter, snapshots);
    if (!/^[\w.-]{1,100}$/.test(snapshotter)) return snapshots;
    const database = await this.open(`io.containerd.snapshotter.v1.${snapshotter}/metadata.db`);
    for (const { key, bucket } of database?.bucket('v1', 'snapshots')?.items() ?? []) {
      const id = uvarint(bucket?.value('id'));
      if (id !== undefined) snapshots.set(decodeUtf8(key), { id, parent: textIn(bucket, 'parent') });
    }
    return snapshots;
  }
}

function textIn(bucket: BoltBucket | undefined, key: string): string | undefined {
  const value = bucket?.value(key);
  return value === undefined || value.length === 0 ? undefined : decodeUtf8(value);
}

/** Seven bits per byte, lowest first, as Go's encoding/binary writes them. */
function uvarint(bytes: Uint8Array | undefined): string | undefined {
  let value = 0;
  for (const [i, byte] of (bytes ?? new Uint8Array()).subarray(0, 8).entries()) {
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return String(value);
  }
  return undefined;
}

/** Seconds from year 1 to 1970. */
const GO_EPOCH = 62_135_596_800;

/** Go's Time.MarshalBinary: version, seconds since year 1, nanoseconds, minutes east of UTC; big endian. */
export function goTime(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length < 15 || (bytes[0] !== 1 && bytes[0] !== 2)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return instantOf(Number(view.getBigInt64(1)) - GO_EPOCH, view.getInt32(9));
}

/** JSON in a protobuf Any: field 1 the type's name, field 2 the value. */
export function parseAny(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) return undefined;
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at++] as number;
    if ((tag & 7) !== 2) return undefined;
    let length = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[at++] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (at + length > bytes.length) return undefined;
    if (tag >> 3 === 2) return parseJson(bytes.subarray(at, at + length));
    at += length;
  }
  return undefined;
}
