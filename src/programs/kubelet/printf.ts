/** Kubelet's messages before structured logging (1.20 and older), and errors that still carry a sentence. */
import type { KlogRecord } from '../../formats/klog.js';
import { isUid, parseContainerId, parsePodRef, readingOf, text } from '../klog/fields.js';
import type { Reading } from '../program.js';
import { readByRules, type Rule } from '../rules.js';

type Draft = Omit<Reading, 'details'> & { details?: Record<string, unknown> };

const rules: readonly Rule[] = [
  // Error syncing pod 7f3c1f0e-… ("web_shop(7f3c1f0e-…)"), skipping: failed to "StartContainer" for "web" with CrashLoopBackOff: "…"
  {
    starts: 'Error syncing pod ',
    pattern: /^Error syncing pod (?<uid>[0-9a-f-]{32,36}) \("(?<pod>[^"]{1,400})"\), skipping: (?<error>[^]{0,4096})/,
    read: ({ uid, pod, error }) => ({
      action: 'pod.sync-error',
      outcome: 'failure',
      pod: parsePodRef(pod) ?? { uid },
      details: { error },
    }),
  },
  // Liveness probe for "web-6f7c_shop(7f3c1f0e-…):web" failed (failure): HTTP probe failed with statuscode: 500
  {
    starts: ['Liveness probe for ', 'Readiness probe for ', 'Startup probe for '],
    pattern:
      /^(?<probe>Liveness|Readiness|Startup) probe for "(?<pod>[^":]{1,400}):(?<container>[a-z0-9-]{1,63})" failed \((?<result>\w{1,20})\): (?<output>[^]{0,4096})/,
    read: ({ probe, pod, container, result, output }) => ({
      action: 'probe.fail',
      outcome: 'failure',
      pod: parsePodRef(pod),
      container: { name: container },
      details: { probeType: probe, result, output },
    }),
  },
  // Killing container "docker://3b1f…" with 30 second grace period      Killing unwanted container "web"(id={"docker" "3b1f…"}) for pod "…"
  {
    starts: 'Killing ',
    pattern:
      /^Killing container "(?<container>[^"]{1,200})" (?:for pod "[^"]{0,400}" )?with (?:a )?(?<seconds>\d{1,6})[ -]second grace period/,
    read: ({ container, seconds }) => {
      const id = parseContainerId(container);
      return { action: 'container.stop', container: id === undefined ? undefined : { id }, details: { gracePeriod: Number(seconds) } };
    },
  },
  // RemoveContainer: 3b1f…      [topologymanager] RemoveContainer - Container ID: 3b1f…
  {
    starts: ['RemoveContainer', '[topologymanager] RemoveContainer'],
    pattern: /^(?:\[topologymanager\] )?RemoveContainer(?: - Container ID)?: (?<id>[0-9a-f]{64})\b/,
    read: ({ id }) => ({ action: 'container.remove', container: { id } }),
  },
  // Node node1 status is now: NodeNotReady      Recording NodeReady event message for node node1
  {
    starts: 'Recording ',
    pattern: /^Recording (?<condition>\w{1,40}) event message for node (?<node>\S{1,253})/,
    read: ({ condition, node }) => ({ action: 'node.condition', details: { condition, node } }),
  },
  // Kubelet version: v1.18.2
  {
    starts: 'Kubelet version',
    pattern: /^Kubelet version: (?<version>v\S{1,60})/,
    read: ({ version }) => ({ action: 'kubelet.message', details: { version } }),
  },
  // Started kubelet      Starting to listen on 0.0.0.0:10250      Starting to listen read-only on 0.0.0.0:10255
  {
    starts: 'Started kubelet',
    pattern: /^Started kubelet(?: v\S{1,60})?\s*$/,
    read: () => ({ action: 'kubelet.start', outcome: 'success' }),
  },
  {
    starts: 'Starting to listen',
    pattern: /^Starting to listen (?<readOnly>read-only )?on (?<ip>[0-9a-fA-F.:]{2,45}):(?<port>\d{1,5})\s*$/,
    read: ({ readOnly, ip, port }) =>
      Number(port) > 65535
        ? undefined
        : { action: 'network.listen', server: { ip, port: Number(port) }, details: { readOnly: readOnly !== undefined } },
  },
  // Certificate expiration is 2025-05-01 …, rotation deadline is 2025-02-21 …      kubernetes.io/kubelet-serving: Rotating certificates
  {
    starts: ['Certificate ', 'Rotating ', 'kubernetes.io/'],
    pattern:
      /^(?:(?<signer>kubernetes\.io\/[a-z-]{1,60}): )?(?:Certificate expiration is|Rotating certificates|Certificate rotation is enabled)/,
    read: ({ signer }) => ({ action: 'certificate.change', details: signer === undefined ? undefined : { signer } }),
  },
  // certificate request was not signed: timed out waiting for the condition
  {
    starts: ['certificate request ', 'kubernetes.io/'],
    pattern: /^(?:kubernetes\.io\/[a-z-]{1,60}: )?certificate request was not signed\b/,
    read: () => ({ action: 'certificate.change', outcome: 'failure' }),
  },
  // Node node-1 has been rebooted, boot id: 5f0a…
  {
    starts: 'Node ',
    pattern: /^Node (?:(?<node>\S{1,253}) )?has been rebooted, boot id: (?<boot>\S{1,64})/,
    read: ({ node, boot }) => ({ action: 'node.condition', details: { condition: 'Rebooted', node, bootId: boot } }),
  },
  // Skipping pod synchronization - [container runtime is down, PLEG is not healthy: …]      skipping pod synchronization
  {
    starts: ['Skipping pod sync', 'skipping pod sync'],
    pattern: /^[Ss]kipping pod synchronization\b/,
    read: () => ({ action: 'node.condition' }),
  },
  // System OOM encountered, victim process: stress, pid: 4242      Got sys oom event
  {
    starts: 'System OOM encountered',
    pattern: /^System OOM encountered, victim process: (?<name>[^]{1,64}), pid: (?<pid>\d{1,10})\s*$/,
    read: ({ name, pid }) => ({ action: 'process.oom', details: { victim: name, victimPid: Number(pid) } }),
  },
  // eviction manager: pod web_shop(uid) is evicted successfully      pod "web_shop(uid)" failed to evict
  {
    starts: 'eviction manager: ',
    pattern: /^eviction manager: pod (?<pod>\S{1,400}) (?:is evicted successfully|(?<failed>failed to evict))/,
    read: ({ pod, failed }) => ({ action: 'pod.evict', outcome: failed === undefined ? 'success' : 'failure', pod: parsePodRef(pod) }),
  },
  // PullImage "nope:latest" from image service failed: rpc error: …
  {
    starts: 'PullImage ',
    pattern: /^PullImage "(?<image>[^"]{1,600})" from image service failed: (?<error>[^]{0,4096})/,
    read: ({ image, error }) => ({ action: 'image.pull', outcome: 'failure', container: { image }, details: { error } }),
  },
];

const read = readByRules(rules);

export function readPrintf(record: KlogRecord): Reading | undefined {
  if (record.structured) return readSentence(record);
  const reading = read({ time: '', message: record.text }) as Draft | undefined;
  return reading === undefined ? undefined : join(record, reading);
}

// container &Container{…} start failed in pod web-6f7c_shop(7f3c1f0e-…): CreateContainerConfigError: secret "x" not found
const START_FAILED = /^ start failed in pod (?<pod>[^\s(]{1,320}\([0-9a-f-]{32,36}\)): (?<reason>\w{1,60})(?:: (?<error>[^]{0,4096}))?/;
const MARK = ' start failed in pod ';

// container b start failed in pod …: since 1.31 without the struct
const NAMED = /^(?:init |ephemeral )?container (?<name>[a-z0-9-]{1,63})$/;

/**
 * `"Unhandled Error" err="container &Container{…} start failed in pod …"`: before it stands what the pod's author wrote, and behind it
 * may stand a command of his. Where the words occur twice and the beginning does not tell, the pod is left open.
 */
function readSentence(record: KlogRecord): Reading | undefined {
  if (record.text !== 'Unhandled Error') return undefined;
  const error = text(record.fields, 'err') ?? '';
  const at = error.indexOf(MARK);
  if (at < 0 || !/^(?:init |ephemeral )?container /.test(error)) return undefined;
  const name = NAMED.exec(error.slice(0, Math.min(at, 100)))?.groups?.['name'];
  if (name === undefined && error.lastIndexOf(MARK) !== at)
    return readingOf(record, { action: 'container.start', outcome: 'failure', details: { ambiguous: true } });
  const groups = START_FAILED.exec(error.slice(at, at + 6000))?.groups;
  const pod = parsePodRef(groups?.['pod']);
  if (groups === undefined || !isUid(pod?.uid)) return undefined;
  return readingOf(record, {
    action: 'container.start',
    outcome: 'failure',
    pod,
    container: name === undefined ? undefined : { name },
    details: { reason: groups['reason'], cause: groups['error'] ?? '' },
  });
}

function join(record: KlogRecord, reading: Draft): Reading {
  return readingOf(record, reading);
}
