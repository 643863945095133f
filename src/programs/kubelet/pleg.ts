/** SyncLoop: what kubelet was told about pods, and what it found of their containers. */
import type { KlogRecord } from '../../formats/klog.js';
import type { Action } from '../../model/action.js';
import type { PodRef } from '../../model/event.js';
import { isUid, members, parseContainerId, parsePodRef, parsePodRefs, podOf, readingOf, text } from '../klog/fields.js';
import type { Reading } from '../program.js';

/** {@link https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/kubelet/kubelet.go | syncLoopIteration()} */
const OPERATIONS: Readonly<Record<string, Action>> = {
  ADD: 'pod.add',
  UPDATE: 'pod.change',
  RECONCILE: 'pod.change',
  DELETE: 'pod.kill',
  REMOVE: 'pod.remove',
};

const PLEG: Readonly<Record<string, Action>> = {
  ContainerStarted: 'container.start',
  ContainerDied: 'container.exit',
  ContainerRemoved: 'container.remove',
  ContainerChanged: 'kubelet.message',
  PodSync: 'kubelet.message',
};

// SyncLoop (ADD, "api"): "web-6f7c9d5b8-abcde_shop(7f3c1f0e-58d2-4a51-9f0e-0d2a1d6e7c11), other_shop(uid)"
const OLD = /^SyncLoop \((?<operation>ADD|UPDATE|DELETE|REMOVE|RECONCILE), "(?<source>[a-z]{1,16})"\): "(?<pods>[^"]{0,60000})"/;
// SyncLoop (PLEG): "web_shop(uid)", event: &pleg.PodLifecycleEvent{ID:"uid", Type:"ContainerDied", Data:"3b1f"}
const OLD_PLEG = /^SyncLoop \(PLEG\): "(?<pod>[^"]{0,400})", event: (?<event>&pleg\.PodLifecycleEvent\{[^}]{0,600}\})/;

/** One event per pod. @returns undefined when it is no SyncLoop message. */
export function readSyncLoop(record: KlogRecord): Reading[] | undefined {
  if (!record.text.startsWith('SyncLoop')) return undefined;
  if (!record.structured) return readOld(record);
  const { fields } = record;
  const operation = record.text.slice('SyncLoop '.length);
  if (Object.hasOwn(OPERATIONS, operation)) return perPod(record, operation, text(fields, 'source'), parsePodRefs(fields.get('pods')));
  if (operation.startsWith('(PLEG)')) return [readPleg(record, members(fields.get('event')), podOf(fields))];
  if (operation === '(probe)') return [readProbe(record)];
  return [readingOf(record, { action: 'kubelet.message' })];
}

function readOld(record: KlogRecord): Reading[] | undefined {
  const groups = OLD.exec(record.text)?.groups;
  if (groups !== undefined) {
    const pods = (groups['pods'] as string).split(', ').map(parsePodRef);
    return perPod(
      record,
      groups['operation'] as string,
      groups['source'],
      pods.filter((pod) => pod !== undefined),
    );
  }
  const pleg = OLD_PLEG.exec(record.text)?.groups;
  return pleg === undefined ? undefined : [readPleg(record, members(pleg['event'] as string), parsePodRef(pleg['pod']))];
}

function perPod(record: KlogRecord, operation: string, source: string | undefined, pods: readonly PodRef[]): Reading[] {
  const action = OPERATIONS[operation] as Action;
  const details: Record<string, unknown> = { operation };
  if (source !== undefined) details['source'] = source;
  // A pod from a file or URL is static: the API server did not ask for it.
  if (source === 'file' || source === 'http') details['staticPod'] = true;
  // An empty list only says that the source was heard.
  if (pods.length === 0) return [readingOf(record, { action: 'kubelet.message', details })];
  return pods.map((pod) => readingOf(record, { action, pod, details }));
}

function readPleg(record: KlogRecord, event: ReturnType<typeof members>, pod: PodRef | undefined): Reading {
  const type = event?.['Type'];
  const uid = event?.['ID'];
  const data = event?.['Data'];
  const id = typeof data === 'string' ? parseContainerId(data) : undefined;
  const known = typeof type === 'string' && Object.hasOwn(PLEG, type) ? PLEG[type] : undefined;
  return readingOf(record, {
    action: known ?? 'kubelet.message',
    pod: typeof uid === 'string' && isUid(uid) ? { ...pod, uid } : pod,
    container: id === undefined ? undefined : { id },
    details: typeof type === 'string' ? { type } : undefined,
  });
}

/** `"SyncLoop (probe)" probe="liveness" status="unhealthy" pod="shop/web"`; an empty status of the others means: not yet. */
function readProbe(record: KlogRecord): Reading {
  const probe = text(record.fields, 'probe');
  const status = text(record.fields, 'status');
  return readingOf(
    record,
    status === 'unhealthy' ? { action: 'probe.fail', outcome: 'failure', details: { probe, status } } : { action: 'pod.change' },
  );
}
