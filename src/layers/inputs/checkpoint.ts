/**
 * Checkpoints of the kubelet, CRI-O and podman: what the container changed, and the processes, which are not read here.
 * {@link https://github.com/checkpoint-restore/checkpointctl | checkpointctl} knows the same files.
 */
import type { LayerLimits } from '../limits.js';
import { openMember, hasMember, type Files } from './files.js';
import type { ContainerSource } from './image-source.js';
import { listOf, member, readJson, textOf, textsOf } from './json.js';

export async function checkpoint(files: Files, limits: LayerLimits): Promise<ContainerSource | undefined> {
  if (!hasMember(files, 'config.dump') && !hasMember(files, 'spec.dump')) return undefined;
  const [config, spec, deleted] = await Promise.all(
    ['config.dump', 'spec.dump', 'deleted.files'].map((name) => readJson(openMember(files, name), limits.jsonBytes)),
  );
  const tar = openMember(files, 'rootfs-diff.tar');
  const annotations = member(spec, 'annotations');
  const named =
    textOf(member(annotations, 'io.kubernetes.cri.container-name')) ?? textOf(member(annotations, 'io.kubernetes.container.name'));
  return {
    id: textOf(member(config, 'id')) ?? '',
    name: textOf(member(config, 'name')) ?? named,
    image: textOf(member(config, 'rootfsImageName')) ?? textOf(member(config, 'rootfsImageRef')) ?? textOf(member(config, 'rootfsImageID')),
    created: textOf(member(config, 'createdTime')),
    upper: { name: 'rootfs-diff.tar', form: 'tar', content: tar === undefined ? undefined : { tar }, deleted: textsOf(deleted) },
    mounts: listOf(member(spec, 'mounts')).flatMap((mount) => textOf(member(mount, 'destination')) ?? []),
    mismatches: tar === undefined ? [{ kind: 'missing', message: 'the checkpoint has no rootfs-diff.tar: what changed is not known' }] : [],
  };
}
