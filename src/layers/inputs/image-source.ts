/** An image as its archive or store describes it, before any layer is read. */
import type { History, LayerForm } from '../layer.js';
import type { Bytes } from '../platform.js';
import type { FolderReader } from '../read-folder.js';
import { listOf, member, textOf, textsOf } from './json.js';

export interface LayerSource {
  /** What to call it: a path inside the evidence. */
  readonly name: string;
  /** `auto`: its entries decide. */
  readonly form: LayerForm | 'auto';
  /** `sha256:…` that the manifest names for the bytes as stored. */
  readonly digest?: string;
  /** Bytes that the manifest names. */
  readonly size?: number;
  /** `sha256:…` that the image's config names for the decompressed tar. */
  readonly diffId?: string;
  readonly history?: History;
  /** Absent: the evidence does not have the layer. */
  readonly content?: { readonly tar: Bytes } | { readonly folder: FolderReader };
  /** It holds the whole file system, copied from the layer below and changed: nothing below shows through. */
  readonly whole?: boolean;
  /** Paths that the layer removes, where a list beside it says so. */
  readonly deleted?: readonly string[];
}

/** Something that does not fit together. */
export interface Mismatch {
  readonly kind: 'digest' | 'diff-id' | 'size' | 'layer-count' | 'missing' | 'unreadable' | 'contradiction' | 'config';
  readonly message: string;
}

export interface ImageSource {
  /** References (`docker.io/library/app:1`), as the evidence has them. */
  readonly names: readonly string[];
  /** `linux/amd64` */
  readonly platform?: string;
  readonly created?: string;
  /** `sha256:…` of its manifest, where there is one. */
  readonly digest?: string;
  /** `sha256:…` of its config: docker's image id. */
  readonly id?: string;
  readonly layers: readonly LayerSource[];
  readonly mismatches: readonly Mismatch[];
}

/** A container found in a runtime's folder or a checkpoint. */
export interface ContainerSource {
  readonly id: string;
  readonly name?: string;
  readonly pod?: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
  /** containerd's own namespaces: `k8s.io`, `moby`, `default`. */
  readonly namespace?: string;
  /** Reference or id of its image, as recorded. */
  readonly image?: string;
  readonly created?: string;
  /** Layers of its image, lowest first; absent: the evidence does not say. */
  readonly layers?: readonly LayerSource[];
  /** What was changed in it. */
  readonly upper?: LayerSource;
  /** Paths inside the container that lie elsewhere: volumes, bind mounts. */
  readonly mounts: readonly string[];
  readonly mismatches: readonly Mismatch[];
}

export interface ImageConfig {
  readonly platform?: string;
  readonly created?: string;
  readonly diffIds: readonly string[];
  /** One per layer that has files. */
  readonly history: readonly History[];
}

/** The parts of an image's config that layers need. {@link https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md} */
export function readConfig(json: unknown): ImageConfig {
  const parts = [member(json, 'os'), member(json, 'architecture'), member(json, 'variant')].map(textOf);
  const history = listOf(member(json, 'history')).filter((step) => member(step, 'empty_layer') !== true);
  return {
    platform: parts[0] === undefined ? undefined : parts.filter((part) => part !== undefined && part !== '').join('/'),
    created: textOf(member(json, 'created')),
    diffIds: textsOf(member(json, 'rootfs', 'diff_ids')),
    history: history.map((step) => ({
      created: textOf(member(step, 'created')),
      createdBy: textOf(member(step, 'created_by')),
      comment: textOf(member(step, 'comment')),
    })),
  };
}

/** Puts what the config says beside the layers that a manifest lists. */
export function withConfig(layers: readonly LayerSource[], config: ImageConfig): { layers: LayerSource[]; mismatches: Mismatch[] } {
  const { diffIds, history } = config;
  const mismatches: Mismatch[] = [];
  if (diffIds.length !== layers.length)
    mismatches.push({ kind: 'layer-count', message: `the manifest lists ${layers.length} layers, the config ${diffIds.length}` });
  if (history.length > 0 && history.length !== layers.length)
    mismatches.push({
      kind: 'layer-count',
      message: `the history tells of ${history.length} layers with files, the manifest lists ${layers.length}`,
    });
  const fits = history.length === layers.length;
  return {
    layers: layers.map((layer, i) => ({ ...layer, diffId: diffIds[i], history: fits ? history[i] : undefined })),
    mismatches,
  };
}

/** Only such digests are ever made into paths. */
export const SHA256_DIGEST = /^sha256:(?<hex>[0-9a-f]{64})$/;

export function blobPath(digest: string): string | undefined {
  const hex = SHA256_DIGEST.exec(digest)?.groups?.hex;
  return hex === undefined ? undefined : `blobs/sha256/${hex}`;
}
