/** Log entries that are no audit record of the API server: other services' audit logs, and what programs wrote. */
import type { Reading } from '../../programs/program.js';
import { isObject } from '../kube-audit/record.js';
import type { Wrapped } from '../kube-audit/wrapped.js';
import { withoutAbsent } from './record.js';

type Loose = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const inside = (value: unknown): Loose => (isObject(value) ? value : {});

/** A call to one of Google's own services: who, what, and whether it was let through. */
export function otherAuditLog(entry: Loose, payload: Loose, cut: boolean): Reading {
  const request = inside(payload['requestMetadata']);
  const status = inside(payload['status']);
  const user = text(inside(payload['authenticationInfo'])['principalEmail']);
  const ip = text(request['callerIp']);
  const userAgent = text(request['callerSuppliedUserAgent']);
  const code = status['code'];
  return {
    action: 'api.request',
    outcome: typeof code === 'number' && code !== 0 ? 'failure' : cut ? undefined : 'success',
    ...(user === undefined ? {} : { actor: { user } }),
    ...(ip === undefined && userAgent === undefined ? {} : { client: { ip, userAgent } }),
    details: withoutAbsent({
      service: text(payload['serviceName']),
      method: text(payload['methodName']),
      resourceName: text(payload['resourceName']),
      grpcCode: code,
      status: text(status['message']),
      envelope: envelopeOf(entry),
    }),
  };
}

/** The text of an entry that a program wrote. @returns undefined when it has no payload. */
export function messageOfEntry(entry: Loose): Wrapped | undefined {
  const json = entry['jsonPayload'];
  const message =
    text(entry['textPayload']) ?? (isObject(json) ? (text(json['message']) ?? text(json['MESSAGE']) ?? JSON.stringify(json)) : undefined);
  if (message === undefined) return undefined;
  const labels = inside(inside(entry['resource'])['labels']);
  const program = isObject(json) ? text(json['SYSLOG_IDENTIFIER']) : undefined;
  return {
    text: message.trimEnd() === '' ? message : message.trimEnd(),
    program: program ?? logOf(entry),
    envelope: {
      ...envelopeOf(entry),
      ...withoutAbsent({ pod: text(labels['pod_name']), container: text(labels['container_name']), node: text(labels['node_name']) }),
    },
  };
}

/** `projects/p/logs/kubelet` is what kubelet wrote. */
function logOf(entry: Loose): string | undefined {
  const name = text(entry['logName']);
  const log = name?.slice(name.lastIndexOf('/') + 1);
  return log === 'kubelet' || log === 'container-runtime' ? (log === 'kubelet' ? 'kubelet' : 'containerd') : undefined;
}

function envelopeOf(entry: Loose): Loose {
  const resource = inside(entry['resource']);
  const labels = inside(resource['labels']);
  return withoutAbsent({
    project: text(labels['project_id']),
    location: text(labels['location']),
    cluster: text(labels['cluster_name']),
    log: text(entry['logName']),
    insertId: text(entry['insertId']),
    severity: text(entry['severity']),
  });
}
