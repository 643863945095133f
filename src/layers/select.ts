/** What a piece of evidence holds of container file systems, and which of it is meant. */
import type { Problem } from '../model/problem.js';
import type { ListedChange } from './inputs/change-list.js';
import type { ContainerSource, ImageSource, LayerSource, Mismatch } from './inputs/image-source.js';

export interface LayersEvidence {
  /** `docker-archive`, `oci-layout`, `docker-root`, `file-system` … */
  readonly kind: string;
  /** Path as the examiner gave it. */
  readonly name: string;
  readonly images: readonly ImageSource[];
  readonly containers: readonly ContainerSource[];
  /** A layer or file system that is no image. */
  readonly layer?: LayerSource;
  /** A list of changed paths without their files. */
  readonly listed?: readonly ListedChange[];
  readonly problems: readonly Problem[];
}

export interface Selector {
  /** Name, tag, digest or id of an image, or the beginning of one of the last two. */
  readonly image?: string;
  /** Platform of an image that is there for several: `linux/arm64`. */
  readonly platform?: string;
  /** Id, beginning of an id, or name of a container. */
  readonly container?: string;
}

export interface Selected {
  readonly title: string;
  readonly layers: readonly LayerSource[];
  readonly mismatches: readonly Mismatch[];
  readonly image?: ImageSource;
  readonly container?: ContainerSource;
  /** The layers say what was changed, not all there is: they belong over those of the other side. `auto`: their entries tell. */
  readonly overBase?: boolean | 'auto';
}

/**
 * @param base For a container: only the layers of its image.
 * @throws Error with code `not-found` or `ambiguous` and a hint that lists what there is.
 */
export function selectLayers(evidence: LayersEvidence, selector: Selector = {}, base = false): Selected {
  const { image, container, platform } = selector;
  if (container !== undefined || (image === undefined && evidence.images.length === 0 && evidence.containers.length > 0))
    return ofContainer(
      evidence,
      onlyOne(
        evidence.containers.filter((one) => container === undefined || isContainer(one, container)),
        evidence,
        container,
      ),
      base,
    );
  if (image === undefined && evidence.layer !== undefined)
    return { title: evidence.name, layers: [evidence.layer], mismatches: [], overBase: 'auto' };
  const fitting = evidence.images.filter(
    (one) => (image === undefined || isImage(one, image)) && (platform === undefined || one.platform === platform),
  );
  const chosen = onlyOne(fitting, evidence, image);
  return { title: chosen.names[0] ?? chosen.id ?? evidence.name, layers: chosen.layers, mismatches: chosen.mismatches, image: chosen };
}

function ofContainer(evidence: LayersEvidence, container: ContainerSource, base: boolean): Selected {
  const known =
    container.layers ?? evidence.images.find((image) => container.image !== undefined && isImage(image, container.image))?.layers;
  const layers = known ?? [];
  const { mismatches, upper } = container;
  const all = base || upper === undefined ? layers : [...layers, upper];
  return { title: container.name ?? container.id, layers: all, mismatches, container, overBase: known === undefined };
}

function onlyOne<T extends ImageSource | ContainerSource>(fitting: readonly T[], evidence: LayersEvidence, asked: string | undefined): T {
  const first = fitting[0];
  if (first !== undefined && fitting.length === 1) return first;
  const there = [
    ...evidence.images.map(({ names, id, platform }) => [names[0] ?? id, platform].filter(Boolean).join(' ')),
    ...evidence.containers.map(({ id, name }) => name ?? id),
  ];
  const what = asked ?? 'image';
  const message = first === undefined ? `${evidence.name} has no ${what}` : `${evidence.name} has several that fit ${what}`;
  throw Object.assign(new Error(message), {
    code: first === undefined ? 'not-found' : 'ambiguous',
    hint: `there are: ${there.slice(0, 50).join(', ') || 'none'}`,
  });
}

/** `app`, `app:1`, `docker.io/library/app:1`, a digest or id, or at least six digits of one. */
function isImage({ names, digest, id }: ImageSource, asked: string): boolean {
  if (names.some((name) => fits(name, asked) || fits(name.replace(/:[^:/]*$/, ''), asked))) return true;
  const hex = asked.replace(/^sha256:/, '');
  return /^[0-9a-f]{6,64}$/.test(hex) && [digest, id].some((known) => known?.startsWith(`sha256:${hex}`) === true);
}

function isContainer({ id, name }: ContainerSource, asked: string): boolean {
  return id === asked || name === asked || name === `/${asked}` || (/^[0-9a-f]{4,64}$/.test(asked) && id.startsWith(asked));
}

/** The registry and what stands before the last names may be left out. */
function fits(name: string, asked: string): boolean {
  return name === asked || name.endsWith(`/${asked}`);
}
