/** The other Kubernetes daemons that log with klog: API server, scheduler, controller managers, kube-proxy. */
import { parseKlog, type KlogRecord } from '../formats/klog.js';
import { readCommon } from './klog/common.js';
import { podOf, readingOf, text } from './klog/fields.js';
import { readHttp, readOldHttp } from './klog/requests.js';
import { looksKlog, withRecordedTime } from './kubelet.js';
import type { LogLine, Program, Reading } from './program.js';

export function readDaemon(record: KlogRecord): Reading {
  return (
    readHttp(record, 'other') ??
    readOldHttp(record, 'other') ??
    readCommon(record, 'api.request', 'log.message') ??
    readBinding(record) ??
    readingOf(record, { action: 'log.message' })
  );
}

/** `"Successfully bound pod to node" pod="shop/web" node="node1" evaluatedNodes=3 feasibleNodes=2` (scheduler) */
function readBinding(record: KlogRecord): Reading | undefined {
  if (record.text !== 'Successfully bound pod to node' || podOf(record.fields) === undefined) return undefined;
  return readingOf(record, { action: 'pod.bind', outcome: 'success', details: { node: text(record.fields, 'node') ?? '' } });
}

function read(line: LogLine): Reading | undefined {
  const record = looksKlog(line.message) ? parseKlog(line.message) : undefined;
  return record === undefined ? undefined : withRecordedTime(readDaemon(record), record.stamp ?? record.time);
}

export const program: Program = {
  id: 'klog-daemons',
  title: 'kube-apiserver, kube-scheduler, kube-controller-manager, cloud-controller-manager, kube-proxy',
  names: ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'kube-controller', 'cloud-controller-manager', 'kube-proxy'],
  reader: () => ({ read }),
};
