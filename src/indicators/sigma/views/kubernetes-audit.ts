/**
 * The audit record, out of any envelope, and names that some rules use for what lies deep in it.
 * Without the raw record it is put together from the event: what the event does not keep is missing then.
 * {@link https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/#audit-k8s-io-v1-Event | audit.k8s.io/v1 Event}
 */
import type { Event } from '../../../model/event.js';
import type { AnyRecord } from '../detector.js';
import { isRecord, type ViewKind } from './event-view.js';
import { findRecord, rawRecord, valuesUnder } from './raw-record.js';

export const kubernetesAudit: ViewKind = {
  logsources: [{ category: 'application', product: 'kubernetes', service: 'audit' }],
  applies: ({ details, object }) =>
    details?.['auditID'] !== undefined ||
    (details?.['verb'] !== undefined && (object !== undefined || details['requestURI'] !== undefined)),
  records(event) {
    const raw = rawRecord(event);
    const id = event.details?.['auditID'];
    const audit = raw === undefined ? undefined : findRecord(raw, (record) => record['auditID'] === id && record['verb'] !== undefined);
    const record = audit ?? rebuilt(event);
    return [{ ...record, ...aliases(record, event) }];
  },
};

function rebuilt({ actor, client, object, details = {}, time }: Event): AnyRecord {
  return {
    auditID: details['auditID'],
    level: details['level'],
    stage: details['stage'],
    verb: details['verb'],
    requestURI: details['requestURI'],
    requestReceivedTimestamp: time,
    user: actor === undefined ? undefined : { username: actor.user, uid: actor.uid, groups: actor.groups, extra: details['extra'] },
    impersonatedUser: details['impersonated'],
    sourceIPs: details['sourceIPs'] ?? (client?.ip === undefined ? undefined : [client.ip]),
    userAgent: client?.userAgent,
    objectRef:
      object === undefined
        ? undefined
        : {
            resource: object.resource,
            subresource: object.subresource,
            namespace: object.namespace,
            name: object.name,
            uid: object.uid,
            apiGroup: object.group,
            apiVersion: object.version,
          },
    responseStatus: { code: details['code'], reason: details['reason'], message: details['status'] },
    annotations: isRecord(details['annotations']) || details['decision'] !== undefined ? annotationsOf(details) : undefined,
    requestObject: details['requested'],
    responseObject: details['result'],
  };
}

function annotationsOf(details: Record<string, unknown>): Record<string, unknown> {
  const further = isRecord(details['annotations']) ? details['annotations'] : {};
  return { ...further, 'authorization.k8s.io/decision': details['decision'], 'authorization.k8s.io/reason': details['decisionReason'] };
}

/** In audit records, and in what events keep of them (`hostPaths`, `addCapabilities`). */
const DEEP: ReadonlySet<string> = new Set(['hostPath', 'hostPaths', 'capabilities', 'addCapabilities']);
const CHANGES: ReadonlySet<unknown> = new Set(['create', 'update', 'patch']);

function aliases(record: AnyRecord, { object, details }: Event): AnyRecord {
  const hostPath: unknown[] = [];
  const capabilities: unknown[] = [];
  const answer = CHANGES.has(record['verb']) ? record['responseObject'] : undefined;
  for (const { key, value } of valuesUnder([record['requestObject'], answer], DEEP)) {
    if (key === 'hostPath') hostPath.push(isRecord(value) ? value['path'] : value);
    else if (key === 'hostPaths') hostPath.push(value);
    else capabilities.push(key === 'capabilities' && isRecord(value) ? value['add'] : key === 'addCapabilities' ? value : undefined);
  }
  const annotations = isRecord(record['annotations']) ? record['annotations'] : {};
  return {
    hostPath: present(hostPath),
    capabilities: present(capabilities),
    apiGroup: object?.group ?? (isRecord(record['objectRef']) ? record['objectRef']['apiGroup'] : undefined),
    decision: annotations['authorization.k8s.io/decision'] ?? details?.['decision'],
  };
}

/** Without any, the field is missing: `'*'` must not match. */
function present(values: readonly unknown[]): readonly unknown[] | undefined {
  const known = [...new Set(values.flat().filter((value) => typeof value === 'string'))];
  return known.length === 0 ? undefined : known;
}
