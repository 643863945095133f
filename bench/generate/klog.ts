/** A kubelet's log with klog headers. */
import type { Random } from './random.js';
import { klogTime, type Clock, type Pod, type World } from './world.js';

const path = ({ namespace, name }: Pod): string => `${namespace}/${name}`;

const MESSAGES: readonly ((random: Random, pod: Pod) => readonly [head: string, text: string])[] = [
  (_, pod) => ['I kubelet.go:2447', `"SyncLoop ADD" source="api" pods=["${path(pod)}"]`],
  (_, pod) => ['I kubelet.go:2463', `"SyncLoop DELETE" source="api" pods=["${path(pod)}"]`],
  (_, pod) => [
    'I kubelet.go:2479',
    `"SyncLoop (PLEG): event for pod" pod="${path(pod)}" event={"ID":"${pod.uid}","Type":"ContainerStarted","Data":"${pod.containerId}"}`,
  ],
  (_, pod) => [
    'I kubelet.go:2479',
    `"SyncLoop (PLEG): event for pod" pod="${path(pod)}" event={"ID":"${pod.uid}","Type":"ContainerDied","Data":"${pod.containerId}"}`,
  ],
  (random, pod) => [
    'I prober.go:107',
    `"Probe failed" probeType="${random.pick(['Liveness', 'Readiness'])}" pod="${path(pod)}" podUID="${pod.uid}" containerName="${pod.container}" probeResult="failure" output="Get \\"http://10.0.1.7:8080/healthz\\": dial tcp 10.0.1.7:8080: connect: connection refused"`,
  ],
  (random, pod) => [
    'E pod_workers.go:1298',
    `"Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"${pod.container}\\" with CrashLoopBackOff: \\"back-off ${random.pick([10, 20, 40, 80])}s restarting failed container=${pod.container} pod=${pod.name}_${pod.namespace}(${pod.uid})\\"" pod="${path(pod)}" podUID="${pod.uid}"`,
  ],
  (_, pod) => [
    'I reconciler_common.go:245',
    `"operationExecutor.VerifyControllerAttachedVolume started for volume \\"kube-api-access-x7k2p\\" (UniqueName: \\"kubernetes.io/projected/${pod.uid}-kube-api-access-x7k2p\\") pod \\"${pod.name}\\" (UID: \\"${pod.uid}\\") " pod="${path(pod)}"`,
  ],
  (random, pod) => [
    'I kuberuntime_container.go:779',
    `"Killing container with a grace period" pod="${path(pod)}" podUID="${pod.uid}" containerName="${pod.container}" containerID="containerd://${pod.containerId}" gracePeriod=${random.pick([0, 2, 30])}`,
  ],
  (random, pod) => [
    'I pod_startup_latency_tracker.go:104',
    `"Observed pod startup duration" pod="${path(pod)}" podStartSLOduration=${(random.next() * 9).toFixed(9)} podStartE2EDuration="${(random.next() * 9).toFixed(9)}s" podCreationTimestamp="2024-05-01 09:00:00 +0000 UTC"`,
  ],
  (_, pod) => [
    'W reflector.go:547',
    `object-"${pod.namespace}"/"${pod.app}-config": failed to list *v1.ConfigMap: configmaps is forbidden – größer`,
  ],
  (random) => ['I server.go:467', `"Adding debug handlers to kubelet server" id=${random.int(99)}`],
];

export function klogLines(random: Random, world: World, time: Clock): () => string {
  return () => {
    time.pass(150_000);
    const [head, text] = random.pick(MESSAGES)(random, random.pick(world.pods));
    return `${head[0]}${klogTime(time.now())}    1437 ${head.slice(2)}] ${text}\n`;
  };
}
