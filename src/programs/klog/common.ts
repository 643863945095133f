/** Messages that all Kubernetes daemons write. */
import type { KlogRecord } from '../../formats/klog.js';
import type { Action } from '../../model/action.js';
import type { Reading } from '../program.js';
import { members, parseAddress, readingOf, text } from './fields.js';

// FLAG: --anonymous-auth="true"
const FLAG = /^FLAG: --(?<name>[\w.-]{1,100})="(?<value>[^]{0,8192})"\s*$/;
// http: TLS handshake error from 10.0.0.66:40112: remote error: tls: bad certificate
const HANDSHAKE = /^http: TLS handshake error from (?<client>\S{3,70}): (?<reason>[^]{0,1024})/;
// Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource=proxy)
const FORBIDDEN =
  /^Forbidden \(user=(?<user>[^\n]{0,512}), verb=(?<verb>[a-z]{1,32}), resource=(?<resource>[\w.-]{0,100}), subresource=(?<subresource>[\w.-]{0,100})\)\s*$/;

/** @param request What a request to this daemon is. */
export function readCommon(record: KlogRecord, request: Action, message: Action): Reading | undefined {
  const words = record.text;
  if (words.startsWith('FLAG: ')) {
    const flag = FLAG.exec(words)?.groups;
    if (flag !== undefined) return readingOf(record, { action: message, details: { flag: flag['name'], value: flag['value'] } });
  }
  if (words.startsWith('http: TLS handshake error')) return readHandshake(record, request);
  if (words.startsWith('Unable to authenticate the request')) {
    const colon = record.structured ? -1 : words.indexOf(': ');
    const details = colon < 0 ? undefined : { error: words.slice(colon + 2, colon + 1026) };
    return readingOf(record, { action: 'auth.check', outcome: 'failure', details });
  }
  if (words.startsWith('Forbidden')) return readForbidden(record, request);
  if (words === 'Event occurred') return readEvent(record);
  if (words.startsWith('Serving ')) return readServing(record);
  return undefined;
}

function readHandshake(record: KlogRecord, request: Action): Reading | undefined {
  const groups = HANDSHAKE.exec(record.text)?.groups;
  const client = parseAddress(groups?.['client']);
  if (groups === undefined || client === undefined) return undefined;
  return readingOf(record, {
    action: request,
    outcome: 'failure',
    client,
    details: { tls: 'handshake', error: groups['reason']?.trimEnd() },
  });
}

// Serving securely on 127.0.0.1:6443      Serving securely on [::]:10257
const SERVING = /^Serving (?<how>securely|insecurely|healthz insecurely) on (?<address>\S{3,70})\s*$/;

function readServing(record: KlogRecord): Reading | undefined {
  const groups = SERVING.exec(record.text)?.groups;
  const server = parseAddress(groups?.['address']);
  return server === undefined
    ? undefined
    : readingOf(record, { action: 'network.listen', server, details: { secure: groups?.['how'] === 'securely' } });
}

function readForbidden(record: KlogRecord, request: Action): Reading | undefined {
  const { fields } = record;
  const old = record.structured ? undefined : FORBIDDEN.exec(record.text)?.groups;
  const user = old?.['user'] ?? (record.text === 'Forbidden' ? text(fields, 'user') : undefined);
  if (user === undefined) return undefined;
  const subresource = fields.get('subresource(s)') ?? fields.get('subresource');
  return readingOf(record, {
    action: request,
    outcome: 'failure',
    actor: { user },
    details: {
      reason: 'forbidden',
      verb: old?.['verb'] ?? text(fields, 'verb') ?? '',
      resource: old?.['resource'] ?? text(fields, 'resource') ?? '',
      subresource: old?.['subresource'] ?? (Array.isArray(subresource) ? subresource.join(',') : String(subresource ?? '')),
    },
  });
}

/** Reasons of Kubernetes events that kubelet and the controllers record, where they say more than "an event". */
const REASONS: Readonly<Record<string, readonly [Action, ('success' | 'failure')?]>> = {
  Pulled: ['image.pull', 'success'],
  Pulling: ['image.pull'],
  ErrImageNeverPull: ['image.pull', 'failure'],
  InspectFailed: ['image.pull', 'failure'],
  Created: ['container.create', 'success'],
  Started: ['container.start', 'success'],
  Killing: ['container.stop'],
  BackOff: ['pod.sync-error', 'failure'],
  Failed: ['pod.sync-error', 'failure'],
  FailedSync: ['pod.sync-error', 'failure'],
  FailedCreatePodSandBox: ['pod.sync-error', 'failure'],
  FailedMount: ['volume.mount', 'failure'],
  FailedAttachVolume: ['volume.mount', 'failure'],
  SuccessfulMountVolume: ['volume.mount', 'success'],
  Unhealthy: ['probe.fail', 'failure'],
  Evicted: ['pod.evict'],
  Preempting: ['pod.evict'],
  SystemOOM: ['process.oom'],
  Rebooted: ['host.boot'],
  Starting: ['service.start'],
  NodeReady: ['node.condition'],
  NodeNotReady: ['node.condition'],
  NodeHasSufficientMemory: ['node.condition'],
  NodeHasInsufficientMemory: ['node.condition'],
  NodeHasDiskPressure: ['node.condition'],
  NodeHasNoDiskPressure: ['node.condition'],
  NodeSchedulable: ['node.condition'],
  NodeNotSchedulable: ['node.condition'],
  EvictionThresholdMet: ['node.condition'],
};

/** `"Event occurred" object="shop/web" fieldPath="spec.containers{web}" kind="Pod" apiVersion="v1" type="Normal" reason="Pulled" message="…"` */
function readEvent(record: KlogRecord): Reading {
  const { fields } = record;
  const reason = text(fields, 'reason') ?? '';
  const [action, outcome] = (Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined) ?? (['log.message'] as const);
  const isPod = text(fields, 'kind') === 'Pod';
  const object = fields.get('object');
  const parts = typeof object === 'string' ? object.split('/') : [members(object)?.['namespace'], members(object)?.['name']];
  const [namespace, name] = parts.length === 2 ? parts : [undefined, parts[0]];
  const container = /^spec\.(?:initContainers|containers|ephemeralContainers)\{(?<name>[a-z0-9-]{1,63})\}$/.exec(
    text(fields, 'fieldPath') ?? '',
  );
  return readingOf(record, {
    action,
    outcome,
    pod: isPod && typeof name === 'string' ? (typeof namespace === 'string' ? { namespace, name } : { name }) : undefined,
    container: container === null ? undefined : { name: container.groups?.['name'] },
    details: { reason, eventMessage: text(fields, 'message') ?? '' },
  });
}
