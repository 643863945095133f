/**
 * `docker save` in each of its generations: `<id>/layer.tar` with links for layers that occur twice (up to Docker 24),
 * `blobs/sha256` beside an OCI index (since 25), and `repositories` alone (before 1.10).
 */
import type { LayerLimits } from '../limits.js';
import { toByteString } from '../byte-string.js';
import { openMember, type Files } from './files.js';
import { readConfig, withConfig, type ImageSource, type LayerSource, type Mismatch } from './image-source.js';
import { listOf, member, membersOf, readJson, textOf, textsOf } from './json.js';

export async function dockerArchive(files: Files, limits: LayerLimits): Promise<ImageSource[] | undefined> {
  const manifest = await readJson(openMember(files, 'manifest.json'), limits.jsonBytes);
  if (!Array.isArray(manifest)) return legacyArchive(files, limits);
  const images: ImageSource[] = [];
  for (const item of listOf(manifest)) images.push(await describe(files, item, limits));
  return images;
}

async function describe(files: Files, item: unknown, limits: LayerLimits): Promise<ImageSource> {
  const configName = textOf(member(item, 'Config')) ?? '';
  const json = await readJson(openMember(files, toByteString(configName)), limits.jsonBytes);
  const config = readConfig(json);
  const missing: Mismatch[] =
    json === undefined ? [{ kind: 'missing', message: `the image's config ${configName} is missing or no JSON` }] : [];
  const listed = textsOf(member(item, 'Layers')).map((name) => layerOf(files, name));
  const { layers, mismatches } = withConfig(listed, config);
  const hex = /(?:^|\/)(?<hex>[0-9a-f]{64})(?:\.json)?$/.exec(configName)?.groups?.hex;
  return {
    names: textsOf(member(item, 'RepoTags')),
    platform: config.platform,
    created: config.created,
    id: hex === undefined ? undefined : `sha256:${hex}`,
    layers,
    mismatches: json === undefined ? missing : mismatches,
  };
}

function layerOf(files: Files, name: string): LayerSource {
  const tar = openMember(files, toByteString(name));
  const hex = /^blobs\/sha256\/(?<hex>[0-9a-f]{64})$/.exec(name)?.groups?.hex;
  return { name, form: 'tar', digest: hex === undefined ? undefined : `sha256:${hex}`, content: tar === undefined ? undefined : { tar } };
}

/** Each image is a chain of folders, the topmost one named by `repositories`. */
async function legacyArchive(files: Files, limits: LayerLimits): Promise<ImageSource[] | undefined> {
  const repositories = await readJson(openMember(files, 'repositories'), limits.jsonBytes);
  if (repositories === undefined) return undefined;
  const images: ImageSource[] = [];
  for (const [name, tags] of membersOf(repositories)) {
    for (const [tag, top] of membersOf(tags)) {
      if (typeof top !== 'string') continue;
      const { layers, created } = await chain(files, top, limits);
      images.push({ names: [`${name}:${tag}`], created, layers, mismatches: [] });
    }
  }
  return images.length === 0 ? undefined : images;
}

async function chain(files: Files, top: string, limits: LayerLimits): Promise<{ layers: LayerSource[]; created?: string }> {
  const layers: LayerSource[] = [];
  let created: string | undefined;
  for (let id: string | undefined = top; id !== undefined && layers.length < limits.layers;) {
    const json = await readJson(openMember(files, `${toByteString(id)}/json`), limits.jsonBytes);
    created ??= textOf(member(json, 'created'));
    const command = textsOf(member(json, 'container_config', 'Cmd')).join(' ');
    layers.unshift({
      ...layerOf(files, `${id}/layer.tar`),
      history: { created: textOf(member(json, 'created')), createdBy: command === '' ? undefined : command },
    });
    id = textOf(member(json, 'parent'));
  }
  return { layers, created };
}
