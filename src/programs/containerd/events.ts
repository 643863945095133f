/**
 * What the runtimes report on their own: exits, memory kills, images, their own start and stop.
 * containerd: {@link https://github.com/containerd/containerd/blob/v1.7.27/pkg/cri/server/events.go | handleEvent()};
 * CRI-O: {@link https://github.com/cri-o/cri-o/tree/v1.30.0/server | server}; dockerd: moby's daemon.
 */
import { detach } from '../../formats/bytes.js';
import { parseGoStruct } from '../../formats/klog-values.js';
import type { Action } from '../../model/action.js';
import type { Reading } from '../program.js';
import { readByRules, type Rule } from '../rules.js';
import { containerRef, type KnownIds } from './known.js';

const ID = /^[0-9a-f]{64}$/;

// TaskExit event container_id:"3b1f" id:"3b1f" pid:4242 exit_status:137 exited_at:{…}      TaskExit event &TaskExit{ContainerID:3b1f,ID:3b1f,Pid:4242,…}
const EVENT =
  /^(?:(?<failed>failed to handle (?:container |sandbox )?)|received exit event )?(?<kind>TaskExit|TaskOOM|SandboxExit|ImageCreate|ImageUpdate|ImageDelete)?(?: event )?(?<body>[^]{0,8192})$/;

export function readRuntimeEvent(message: string, error: string | undefined, host: string | undefined, ids: KnownIds): Reading | undefined {
  if (
    !/^(?:TaskExit|TaskOOM|Image(?:Create|Update|Delete)|SandboxExit) event |^received exit event |^failed to handle (?:container|sandbox) TaskExit event /.test(
      message,
    )
  )
    return undefined;
  const groups = EVENT.exec(message)?.groups;
  if (groups === undefined) return undefined;
  const members = parseGoStruct(groups['body'] as string);
  const kind = groups['kind'] ?? 'TaskExit';
  if (groups['failed'] !== undefined) return { action: 'log.message', details: { kind, error } };
  if (kind.startsWith('Image')) {
    const name = members.get('Name') ?? members.get('name');
    const action: Action = kind === 'ImageDelete' ? 'image.remove' : kind === 'ImageCreate' ? 'image.pull' : 'log.message';
    return { action, ...(name === undefined ? {} : { container: { image: detach(name) } }), details: { kind } };
  }
  return task(kind, members, message.startsWith('received'), host, ids);
}

function task(
  kind: string,
  members: ReadonlyMap<string, string>,
  received: boolean,
  host: string | undefined,
  ids: KnownIds,
): Reading | undefined {
  const container = members.get('ContainerID') ?? members.get('container_id') ?? members.get('sandbox_id');
  const id = members.get('ID') ?? members.get('id');
  const pid = Number(members.get('Pid') ?? members.get('pid'));
  const status = Number(members.get('ExitStatus') ?? members.get('exit_status') ?? (kind === 'TaskExit' ? 0 : Number.NaN));
  if (container === undefined) return undefined;
  const known = ids.find(host, container);
  // A process of its own inside the container (exec) has another id.
  const ofExec = id !== undefined && id !== container;
  const action: Action = kind === 'TaskOOM' ? 'process.oom' : ofExec ? 'process.end' : 'container.exit';
  const details: Record<string, unknown> = { kind };
  if (received) details['stage'] = 'received';
  if (ofExec) details['execId'] = detach(id);
  if (Number.isSafeInteger(status)) details['exitCode'] = status;
  const reading: { -readonly [K in keyof Reading]: Reading[K] } = { action, container: containerRef(container, known), details };
  if (known?.pod !== undefined) reading.pod = known.pod;
  if (Number.isSafeInteger(pid) && pid > 0) details['containerPid'] = pid;
  return reading;
}

const rules: readonly Rule[] = [
  // starting containerd (revision=… version=1.7.27)      containerd successfully booted in 0.052s      Stop CRI service
  { starts: 'starting containerd', pattern: /^starting containerd$/, read: () => ({ action: 'service.start' }) },
  {
    starts: 'containerd successfully booted',
    pattern: /^containerd successfully booted in [\d.]{1,20}s$/,
    read: () => ({ action: 'service.start', outcome: 'success' }),
  },
  { starts: ['Stop CRI service', 'Stop CRI'], pattern: /^Stop CRI service$/, read: () => ({ action: 'service.stop' }) },
  // dockerd
  { starts: 'Starting up', pattern: /^Starting up$/, read: () => ({ action: 'service.start' }) },
  { starts: 'Daemon ', pattern: /^Daemon has completed initialization$/, read: () => ({ action: 'service.start', outcome: 'success' }) },
  { starts: 'Daemon shutdown', pattern: /^Daemon shutdown complete/, read: () => ({ action: 'service.stop', outcome: 'success' }) },
  {
    starts: 'Processing signal',
    pattern: /^Processing signal '(?<signal>[a-z 0-9]{1,30})'$/,
    read: ({ signal }) => ({ action: 'service.stop', details: { signal } }),
  },
  {
    starts: 'Handler for ',
    pattern: /^Handler for (?<verb>[A-Z]{3,8}) (?<uri>\/\S{1,1000}) returned error: (?<error>[^]{0,4096})$/,
    read: ({ verb, uri, error }) => ({ action: 'api.request', outcome: 'failure', details: { verb, uri, error } }),
  },
  {
    starts: 'Container ',
    pattern:
      /^Container failed to exit within (?<after>\S{1,20}) of (?:signal (?<signal>\S{1,20})|kill) - (?:using the force|trying direct SIGKILL)$/,
    read: ({ after, signal }) => ({ action: 'container.stop', details: signal === undefined ? { after } : { after, signal } }),
  },
  // containerd: Kill container "3b1f"      Stop container "3b1f" with signal terminated
  {
    starts: ['Kill container ', 'Stop container '],
    pattern: /^(?<how>Kill|Stop) container "(?<id>[0-9a-f]{64})"(?: with signal (?<signal>[\w ]{1,30}))?$/,
    read: ({ how, id, signal }) => ({
      action: 'container.stop',
      container: { id },
      details: { signal: how === 'Kill' ? 'killed' : signal },
    }),
  },
  {
    starts: ['Executing port forwarding', 'Finish port forwarding'],
    pattern:
      /^(?:Executing port forwarding in network namespace "(?<netns>[^"]{1,300})"|Finish port forwarding for "(?<sandbox>[0-9a-f]{64})" port (?<port>\d{1,5}))$/,
    read: ({ netns, sandbox, port }) =>
      netns === undefined
        ? { action: 'pod.portforward', details: { stage: 'finished', sandbox, ports: [Number(port)] } }
        : { action: 'pod.portforward', details: { stage: 'executing', netns } },
  },
  // Pulled image "docker.io/library/nginx:1.25" with image id "sha256:…", repo tag "…", repo digest "…@sha256:…", size "70534964" in 2.1s
  {
    starts: 'Pulled image ',
    pattern:
      /^Pulled image "(?<image>[^"]{1,600})" with image id "(?<id>[^"]{1,200})", repo tag "[^"]{0,600}", repo digest "(?<digest>[^"]{0,700})"/,
    read: ({ image, id, digest }) => {
      const imageDigest = /sha256:[0-9a-f]{64}$/.exec(digest ?? '')?.[0];
      return {
        action: 'image.pull',
        outcome: 'success',
        container: imageDigest === undefined ? { image } : { image, imageDigest },
        details: { stage: 'pulled', imageId: id },
      };
    },
  },
  // Attach stream "<container>-attach-<id>-stdout" closed
  {
    starts: 'Attach stream ',
    pattern: /^Attach stream "(?<id>[0-9a-f]{64})-attach-(?<attach>[0-9a-f]{64})-(?<stream>stdin|stdout|stderr)" closed$/,
    read: ({ id, attach, stream }) => ({ action: 'pod.attach', container: { id }, details: { stage: 'closed', attachId: attach, stream } }),
  },
  // Forcibly stopping sandbox "3b1f"      TearDown network for sandbox "3b1f" successfully
  {
    starts: ['Forcibly stopping ', 'TearDown network '],
    pattern: /^(?<how>Forcibly stopping|TearDown network for) (?<what>sandbox|container) "(?<id>[0-9a-f]{64})"(?: successfully)?$/,
    read: ({ how = '', what, id }) => ({
      action: how.startsWith('TearDown') ? 'log.message' : what === 'sandbox' ? 'pod.kill' : 'container.stop',
      ...(what === 'container' ? { container: { id } } : {}),
      details: what === 'sandbox' ? { sandbox: id, stage: how } : { stage: how },
    }),
  },
  // ContainerStatus for "3b1f" failed      Container to stop "3b1f" must be in running or unknown state, current state "CONTAINER_EXITED"
  {
    starts: ['ContainerStatus for ', 'Container to stop '],
    pattern: /^(?:ContainerStatus for|Container to stop) "(?<id>[0-9a-f]{64})" (?:failed|must be in )/,
    read: ({ id }) => ({ action: 'log.message', container: { id } }),
  },
  // CRI-O: Created container 3b1f: shop/web-6f7c/web      Stopped container 3b1f: …      Removed container 3b1f: …
  {
    starts: ['Created container ', 'Stopped container ', 'Removed container '],
    pattern:
      /^(?<how>Created|Stopped|Removed) container (?<id>[0-9a-f]{64})(?:: (?<namespace>[a-z0-9-]{1,63})\/(?<pod>[a-z0-9.-]{1,253})\/(?<name>[A-Za-z0-9-]{1,63}))?$/,
    read: ({ how = '', id, namespace, pod, name }) => ({
      action: how === 'Created' ? 'container.create' : how === 'Stopped' ? 'container.stop' : 'container.remove',
      outcome: 'success',
      ...(pod === undefined ? {} : { pod: { namespace, name: pod } }),
      container: name === undefined ? { id } : { id, name },
    }),
  },
  // CRI-O: Ran pod sandbox 3b1f with infra container: shop/web-6f7c/POD      Stopped pod sandbox: 3b1f      Removed pod sandbox: 3b1f
  {
    starts: 'Ran pod sandbox ',
    pattern: /^Ran pod sandbox (?<id>[0-9a-f]{64}) with infra container: (?<namespace>[a-z0-9-]{1,63})\/(?<pod>[a-z0-9.-]{1,253})\/POD$/,
    read: ({ id, namespace, pod }) => ({
      action: 'pod.start',
      outcome: 'success',
      pod: { namespace, name: pod },
      details: { sandbox: id },
    }),
  },
  // CRI-O: Started container (PID=4242 containerID=3b1f description=shop/web-6f7c/web): the ids are fields
  { starts: 'Started container', pattern: /^Started container$/, read: () => ({ action: 'container.start', outcome: 'success' }) },
  {
    starts: ['Stopped pod sandbox', 'Removed pod sandbox'],
    pattern: /^(?<how>Stopped|Removed) pod sandbox(?: \(already stopped\))?: (?<id>[0-9a-f]{64})$/,
    read: ({ how, id }) => ({ action: how === 'Stopped' ? 'pod.kill' : 'pod.remove', outcome: 'success', details: { sandbox: id } }),
  },
  {
    starts: 'Pulled image: ',
    pattern: /^Pulled image: (?<image>\S{1,700})$/,
    read: ({ image }) => ({ action: 'image.pull', outcome: 'success', container: { image } }),
  },
];

export const readNotice = readByRules(rules);

/** Ids that stand in fields: dockerd's `container=`, shims' `id=`, CRI-O's `containerID=` and `sandboxID=`. */
export function idsOf(fields: ReadonlyMap<string, unknown>): { container?: string; sandbox?: string } {
  const take = (...keys: string[]): string | undefined =>
    keys.map((key) => fields.get(key)).find((id): id is string => typeof id === 'string' && ID.test(id));
  return { container: take('container', 'containerID', 'container_id', 'id'), sandbox: take('sandboxID', 'podsandboxid', 'sandbox') };
}
