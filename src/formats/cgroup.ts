/**
 * Control group paths to pod and container: `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod….slice/cri-containerd-….scope`.
 * Pods: {@link https://github.com/kubernetes/kubernetes/blob/v1.30.0/pkg/kubelet/cm/pod_container_manager_linux.go | GetPodContainerName()};
 * containers: {@link https://github.com/containerd/containerd/blob/v1.7.0/pkg/cri/server/helpers_linux.go | getCgroupsPath()}, CRI-O, dockerd, podman.
 */

export interface CgroupOwner {
  /** As Kubernetes writes it: with dashes; the 32 hex digits of a static pod's hash without. */
  readonly podUid?: string;
  /** 64 hex digits. */
  readonly containerId?: string;
}

const NOBODY: CgroupOwner = {};

/** Longest path looked at (characters): the kernel's own limit is PATH_MAX. */
const LONGEST = 4096;

// pod7f3c1f0e-58d2-4a51-9f0e-0d2a1d6e7c11      kubepods-burstable-pod7f3c1f0e_58d2_4a51_9f0e_0d2a1d6e7c11.slice
// a static pod's:  pod0c8f5b9d1c0f6c7c8b9a0d1e2f3a4b5c
const POD =
  /^(?:[a-z0-9_-]{1,64}-)?pod(?<uid>[0-9a-f]{32}|[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})(?:\.slice)?$/;
// 64 hex digits      cri-containerd-<id>.scope      docker-<id>.scope      crio-<id>.scope      crio-<id>      libpod-<id>.scope
const CONTAINER = /^(?:(?:cri-containerd|docker|crio|libpod|cri-o|nerdctl)-)?(?<id>[0-9a-f]{64})(?:\.scope)?$/;

/**
 * Whose control group it is. In a node that is a container itself the innermost pod counts;
 * inside a pod the outermost container, which is the one that Kubernetes knows.
 */
export function parseCgroupPath(path: string): CgroupOwner {
  if (path.length > LONGEST || !/[0-9a-f]{12}/.test(path)) return NOBODY;
  // containerd without systemd in the middle: kubepods-burstable-pod….slice:cri-containerd:<id>
  const parts = path.split(/[/:]/);
  let podUid: string | undefined;
  let containerId: string | undefined;
  for (const part of parts) {
    const uid = POD.exec(part)?.groups?.['uid'];
    if (uid !== undefined) {
      podUid = uid.replaceAll('_', '-');
      containerId = undefined;
    } else if (containerId === undefined || podUid === undefined) {
      containerId = CONTAINER.exec(part)?.groups?.['id'] ?? containerId;
    }
  }
  if (podUid === undefined) return containerId === undefined ? NOBODY : { containerId };
  return containerId === undefined ? { podUid } : { podUid, containerId };
}
