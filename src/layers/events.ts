/** Changes as events of the timeline, at the time their files were last written. */
import type { Action } from '../model/action.js';
import type { Event, Instant } from '../model/event.js';
import { parseRfc3339 } from '../formats/time.js';
import { deletingLayer, mtimeOf, toChange, type Change } from './change.js';
import { toBytes, toByteString } from './byte-string.js';
import type { Difference } from './diff.js';
import type { Layer } from './layer.js';
import type { Platform } from './platform.js';
import type { Tree } from './tree.js';

/** Ids of the layers as sources: the first 16 hex digits of their decompressed bytes' SHA-256, of their names' where that is not known. */
export function sourceIds(layers: readonly Layer[], platform: Platform): readonly string[] {
  return layers.map(({ diffId, name }) => {
    if (diffId !== undefined) return diffId.slice('sha256:'.length, 'sha256:'.length + 16);
    const hasher = platform.hasher('sha256');
    hasher.update(toBytes(toByteString(name)));
    return hasher.digest().slice(0, 16);
  });
}

function layerIndex({ path, after }: Difference, tree: Tree): number {
  return after?.layer ?? deletingLayer(path, tree) ?? -1;
}

/** @param index Number of the difference in its comparison: several may come from one place. */
export function changeEventId(difference: Difference, index: number, tree: Tree, ids: readonly string[]): string {
  return `${ids[layerIndex(difference, tree)] ?? '0000000000000000'}-${difference.after?.inode.place?.offset ?? 0}-${index}`;
}

export interface ChangeEventOptions {
  readonly platform: Platform;
  readonly host?: string;
  /** The container or image that was looked at. */
  readonly container?: Event['container'];
}

/** One event for each difference whose time is known; a deletion has its layer's time, where its image tells it. */
export function changeEvents(differences: readonly Difference[], tree: Tree, options: ChangeEventOptions): Event[] {
  const ids = sourceIds(tree.layers, options.platform);
  return differences.flatMap((difference, index) => {
    const layer = tree.layers[layerIndex(difference, tree)];
    const time = timeOf(difference, layer);
    if (time === undefined || layer === undefined) return [];
    const change = toChange(difference, tree);
    const { place } = difference.after?.inode ?? {};
    return [
      {
        id: changeEventId(difference, index, tree, ids),
        time,
        timeQuality: 'from-file' as const,
        action: actionOf(change),
        host: options.host,
        file: fileOf(change),
        container: options.container,
        message: `${change.path} ${change.change}${change.what.length > 0 ? `: ${change.what.join(', ')}` : ''}`,
        details: {
          layer: layer.index,
          what: change.what,
          before: change.before,
          after: change.after,
          createdBy: layer.history?.createdBy,
          pathHex: change.pathHex,
        },
        origin: {
          source: ids[layer.index] ?? '',
          path: layer.name,
          parser: 'layers',
          offset: place?.offset ?? 0,
          length: place?.stored ?? 0,
        },
      },
    ];
  });
}

function timeOf({ after }: Difference, layer: Layer | undefined): Instant | undefined {
  if (after !== undefined) return mtimeOf(after.inode);
  const created = layer?.history?.created;
  return created === undefined ? undefined : parseRfc3339(created);
}

function actionOf({ change, what }: Change): Action {
  if (change === 'added') return 'file.create';
  if (change === 'deleted') return 'file.delete';
  const rights = what.every((aspect) => aspect === 'mode' || aspect === 'uid' || aspect === 'gid' || aspect.startsWith('xattr:'));
  return rights ? 'file.permission' : 'file.update';
}

function fileOf({ path, after, before }: Change): Event['file'] {
  const state = after ?? before;
  return {
    path,
    targetPath: state?.linkTarget,
    mode: state?.mode,
    uid: state === undefined ? undefined : String(state.uid),
    gid: state === undefined ? undefined : String(state.gid),
    size: state?.size,
    sha256: state?.sha256,
  };
}
