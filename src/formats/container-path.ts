/**
 * Whose output a container log is: only its path tells.
 * {@link https://github.com/kubernetes/kubernetes/blob/v1.30.0/pkg/kubelet/kuberuntime/helpers.go | BuildContainerLogsDirectory(), LogSymlink()}
 */
import type { ContainerRef, PodRef } from '../model/event.js';

export interface LogOwner {
  readonly pod?: PodRef;
  readonly container?: ContainerRef;
  /** How often the container was started before. */
  readonly restart?: number;
}

// var/log/pods/shop_web-6f7c_7f3c1f0e-58d2-4a51-9f0e-0d2a1d6e7c11/web/0.log      …/web/0.log.20240501-101112.gz
const PODS =
  /(?:^|[/!])(?<namespace>[a-z0-9-]{1,63})_(?<pod>[a-z0-9.-]{1,253})_(?<uid>[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(?<container>[a-z0-9-]{1,63})\/(?<restart>\d{1,9})\.log/;
// var/log/containers/web-6f7c_shop_web-3b1f….log
const CONTAINERS =
  /(?:^|[/!])(?<pod>[a-z0-9.-]{1,253})_(?<namespace>[a-z0-9-]{1,63})_(?<container>[a-z0-9-]{1,63})-(?<id>[0-9a-f]{64})\.log/;
// var/lib/docker/containers/3b1f…/3b1f…-json.log      podman and others: …/3b1f…/ctr.log
const BY_ID = /(?:^|[/!])(?<id>[0-9a-f]{64})(?:\/|-json\.log)/;

/** Longest end of a path that is looked at (characters). */
const LONGEST = 1024;

export function parseContainerPath(path: string): LogOwner {
  const end = path.slice(-LONGEST).replaceAll('\\', '/');
  const pods = PODS.exec(end)?.groups;
  if (pods !== undefined) {
    const { namespace, pod, uid, container, restart } = pods;
    return { pod: { namespace, name: pod, uid }, container: { name: container }, restart: Number(restart) };
  }
  const containers = CONTAINERS.exec(end)?.groups;
  if (containers !== undefined) {
    const { namespace, pod, container, id } = containers;
    return { pod: { namespace, name: pod }, container: { id, name: container } };
  }
  const id = BY_ID.exec(end)?.groups?.['id'];
  return id === undefined ? {} : { container: { id } };
}
