/** A klog record of kubelet to what happened. */
import { parseContainerPath } from '../../formats/container-path.js';
import type { KlogRecord } from '../../formats/klog.js';
import { containerOf, members, number, readingOf, text } from '../klog/fields.js';
import { readCommon } from '../klog/common.js';
import { readHttp, readOldHttp } from '../klog/requests.js';
import type { Reading } from '../program.js';
import { kindOf } from './kinds.js';
import { readSyncLoop } from './pleg.js';
import { readPrintf } from './printf.js';
import { readVolume } from './volumes.js';

/** True for messages that no other daemon writes. */
export function isKubelet(record: KlogRecord): boolean {
  return (
    record.text.startsWith('SyncLoop') ||
    kindOf(record.text) !== undefined ||
    /^kubelet(?:\/|_\w{1,40}\.go:|\.go:)/.test(record.caller ?? '')
  );
}

/** One reading, or one per pod where a record names several. */
export function readKubelet(record: KlogRecord): Reading[] {
  const many = readSyncLoop(record);
  if (many !== undefined) return many;
  const one =
    readKind(record) ??
    readSpecial(record) ??
    readHttp(record, 'kubelet') ??
    readOldHttp(record, 'kubelet') ??
    readCommon(record, 'kubelet.request', 'kubelet.message') ??
    readVolume(record) ??
    readPrintf(record) ??
    readingOf(record, { action: 'log.message' });
  return [one];
}

function readKind(record: KlogRecord): Reading | undefined {
  const kind = kindOf(record.text);
  if (kind === undefined) return undefined;
  const details: Record<string, unknown> = {};
  const { fields } = record;
  if (kind[0] === 'pod.sync-error') Object.assign(details, failureOf(text(fields, 'err') ?? ''));
  if (kind[0] === 'container.exit') details['exitCode'] = number(fields, 'exitCode');
  if (kind[0] === 'container.stop') details['gracePeriod'] = number(fields, 'gracePeriod');
  const path = text(fields, 'path');
  // Of a container's failure the error names the container; of a sandbox's the pod.
  const failed = /^(?:Start|Kill|Create)Container$/.test(String(details['operation'])) ? String(details['failed']) : undefined;
  const container = failed === undefined ? undefined : { ...containerOf(fields), name: failed };
  const reading = readingOf(record, { action: kind[0], outcome: kind[1], container, details: defined(details) });
  return kind[0] === 'volume.unmount' && path !== undefined ? { ...reading, file: { path } } : reading;
}

// failed to "StartContainer" for "web" with CrashLoopBackOff: "back-off 10s …"
const FAILED = /^\[?failed to "(?<operation>\w{1,60})" for "(?<container>[^"]{1,300})" with (?<reason>\w{1,60}): /;

/** Of several failures the first is named; all are in the error. */
export function failureOf(error: string): Record<string, string> | undefined {
  const groups = FAILED.exec(error.slice(0, 600))?.groups;
  if (groups === undefined) return undefined;
  return { operation: groups['operation'] as string, reason: groups['reason'] as string, failed: groups['container'] as string };
}

/** Messages whose fields mean more than themselves. */
function readSpecial(record: KlogRecord): Reading | undefined {
  const { fields } = record;
  if (!record.structured) return undefined;
  switch (record.text) {
    case 'Starting to listen':
    case 'Starting to listen read-only': {
      const port = number(fields, 'port');
      const ip = text(fields, 'address');
      if (port === undefined || port < 0 || port > 65535) return undefined;
      return readingOf(record, {
        action: 'network.listen',
        server: ip === undefined ? { port } : { ip, port },
        details: { readOnly: record.text.endsWith('read-only') },
      });
    }
    case 'Got sys oom event': {
      const event = members(fields.get('event'));
      const pid = Number(event?.['Pid']);
      const name = event?.['ProcessName'];
      if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
      return readingOf(record, {
        action: 'process.oom',
        details: typeof name === 'string' ? { victim: name, victimPid: pid } : { victimPid: pid },
      });
    }
    // Read for kubectl logs, but also for a termination message: who asked is not said.
    case 'Finished parsing log file': {
      const path = text(fields, 'path');
      const owner = path === undefined ? undefined : parseContainerPath(path);
      if (path === undefined || owner?.container === undefined) return undefined;
      return { ...readingOf(record, { action: 'kubelet.message', pod: owner.pod, container: owner.container }), file: { path } };
    }
    default:
      return undefined;
  }
}

function defined(details: Record<string, unknown>): Record<string, unknown> | undefined {
  for (const key in details) if (details[key] === undefined) delete details[key];
  return Object.keys(details).length === 0 ? undefined : details;
}
