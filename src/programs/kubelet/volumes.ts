/**
 * Volume operations, whose messages are put together at run time.
 * {@link https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/volume/util/operationexecutor/operation_generator.go | GenerateMsgDetailed()}
 */
import type { KlogRecord } from '../../formats/klog.js';
import type { PodRef } from '../../model/event.js';
import { isUid, parsePodRef, podOf, readingOf, text } from '../klog/fields.js';
import type { Reading } from '../program.js';
import type { Kind } from './kinds.js';

// MountVolume.SetUp succeeded for volume "config" (UniqueName: "kubernetes.io/configmap/uid-config") pod "web" (UID: "uid")
// operationExecutor.UnmountVolume started for volume "config" (UniqueName: "…") pod "uid" (UID: "uid")
const OPERATION =
  /^(?<operation>(?:operationExecutor\.)?[A-Z]\w{2,40}(?:\.\w{2,40})?) (?<state>started|succeeded|failed|entering|is skipped) for volume "(?<volume>[^"]{1,400})"/;
const VOLUME_DETACHED = /^Volume detached for volume "(?<volume>[^"]{1,400})"/;
const VOLUME = /for volume "(?<volume>[^"]{1,400})"/;
const NAME = /\((?<which>UniqueName|OuterVolumeSpecName): "(?<name>[^"]{1,400})"\)/;
const POD = /\bpod "(?<pod>[^"]{1,253})" \(UID: "(?<uid>[0-9a-f-]{32,36})"\)/;

// Operation for "{volumeName:… podName:uid nodeName:}" failed. No retries permitted until … Error: MountVolume.SetUp failed for volume "x" …
const PENDING = /^Operation for "[^"]{1,600}" failed\. No retries permitted until /;

/** First words of the operation: what it does. */
const OPERATIONS: Readonly<Record<string, Kind[0]>> = {
  MountVolume: 'volume.mount',
  MapVolume: 'volume.mount',
  UnmountVolume: 'volume.unmount',
  UnmapVolume: 'volume.unmount',
  UnmountDevice: 'volume.unmount',
  UnmapDevice: 'volume.unmount',
  DetachVolume: 'volume.unmount',
};

export function readVolume(record: KlogRecord): Reading | undefined {
  const words = record.text;
  if (VOLUME_DETACHED.test(words)) return toReading(record, 'volume.unmount', 'success', words, 'detached');
  if (PENDING.test(words)) return readPending(record, words);
  const groups = OPERATION.exec(words)?.groups;
  if (groups === undefined) return undefined;
  const operation = (groups['operation'] as string).replace(/^operationExecutor\./, '');
  const first = operation.split('.', 1)[0] as string;
  if (!Object.hasOwn(OPERATIONS, first)) return toReading(record, 'kubelet.message', undefined, words, operation);
  // A step of several that went well is not the whole: only these two end the work.
  const ends = /\.(?:SetUp|TearDown|MapPodDevice|UnmapPodDevice|MountDevice|UnmountDevice)$/.test(operation);
  const state = groups['state'];
  const outcome = state === 'failed' ? 'failure' : state === 'succeeded' && ends ? 'success' : undefined;
  return toReading(record, OPERATIONS[first] as Kind[0], outcome, words, operation);
}

/** A failed operation told by the retry machinery: the cause stands behind `Error: `, in the message or in a field. */
function readPending(record: KlogRecord, words: string): Reading {
  const at = words.indexOf(' Error: ');
  const cause = text(record.fields, 'err') ?? (at < 0 ? '' : words.slice(at + 8));
  const groups = /^(?:Error: )?(?<operation>[A-Z]\w{2,40})(?:\.\w{2,40})? failed for volume/.exec(cause)?.groups;
  const operation = groups?.['operation'] ?? '';
  const action = Object.hasOwn(OPERATIONS, operation) ? (OPERATIONS[operation] as Kind[0]) : 'volume.mount';
  return toReading(record, action, 'failure', cause, operation === '' ? undefined : operation, cause);
}

function toReading(
  record: KlogRecord,
  action: Kind[0],
  outcome: 'success' | 'failure' | undefined,
  words: string,
  operation?: string,
  error?: string,
): Reading {
  const details: Record<string, unknown> = {};
  const named = VOLUME.exec(words.slice(0, 2000))?.groups?.['volume'];
  const other = NAME.exec(words.slice(0, 4000))?.groups;
  // Unmounting gives the unique name first and the pod's own name for it behind.
  const outer = other?.['which'] === 'OuterVolumeSpecName';
  const volume = outer ? other['name'] : named;
  const unique = outer ? named : other?.['name'];
  if (volume !== undefined) details['volume'] = volume;
  if (unique !== undefined) details['volumeName'] = unique;
  if (operation !== undefined) details['operation'] = operation;
  if (error !== undefined && error !== '') details['error'] = error;
  return readingOf(record, { action, outcome, pod: podIn(record, words), details });
}

/** The field says the namespace, the text the uid. Unmounting names the pod by its uid twice. */
function podIn(record: KlogRecord, words: string): PodRef | undefined {
  const field = podOf(record.fields);
  const groups = POD.exec(words.slice(0, 4000))?.groups;
  if (groups === undefined) return field;
  const named = isUid(groups['pod']) ? undefined : parsePodRef(groups['pod']);
  return { ...named, ...field, uid: groups['uid'] };
}
