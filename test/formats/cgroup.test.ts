import { describe, expect, it } from 'vitest';
import { parseCgroupPath } from '../../src/formats/cgroup.js';

const uid = '7f3c1f0e-58d2-4a51-9f0e-0d2a1d6e7c11';
const under = uid.replaceAll('-', '_');
const id = '0123456789abcdef'.repeat(4);
const outer = 'fedcba9876543210'.repeat(4);

describe('parseCgroupPath', () => {
  it.each([
    [`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${under}.slice/cri-containerd-${id}.scope`],
    [`/kubepods.slice/kubepods-pod${under}.slice/crio-${id}.scope`],
    [`/kubepods/burstable/pod${uid}/${id}`],
    [`/kubepods/besteffort/pod${uid}/crio-${id}`],
    [`/system.slice/containerd.service/kubepods-besteffort-pod${under}.slice:cri-containerd:${id}`],
    [`/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${under}.slice/docker-${id}.scope`],
    [`/docker/${outer}/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${under}.slice/cri-containerd-${id}.scope/init.scope`],
    [`/kubepods/pod${uid}/${id}/docker/${outer}`],
  ])('finds pod and container in %s', (path) => {
    expect(parseCgroupPath(path)).toEqual({ podUid: uid, containerId: id });
  });

  it('knows the hash of a static pod', () => {
    const hash = '0c8f5b9d1c0f6c7c8b9a0d1e2f3a4b5c';
    expect(parseCgroupPath(`/kubepods/burstable/pod${hash}/${id}`)).toEqual({ podUid: hash, containerId: id });
  });

  it('knows containers without a pod, and pods without a container', () => {
    expect(parseCgroupPath(`/system.slice/docker-${id}.scope`)).toEqual({ containerId: id });
    expect(parseCgroupPath(`docker-${id}.scope`)).toEqual({ containerId: id });
    expect(parseCgroupPath(`/docker/${id}`)).toEqual({ containerId: id });
    expect(parseCgroupPath(`/kubepods.slice/kubepods-pod${under}.slice`)).toEqual({ podUid: uid });
  });

  it('should not find anything in other paths', () => {
    for (const path of ['', '/', '/user.slice/user-1000.slice/session-3.scope', `/system.slice/x${id}.scope`, `/podracer/${id.slice(1)}`])
      expect(parseCgroupPath(path)).toEqual({});
  });
});
