/**
 * Cloud Audit Logs of GKE's API server as audit records: the same request, told in Cloud Logging's words.
 * {@link https://cloud.google.com/kubernetes-engine/docs/how-to/audit-logging}
 * {@link https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog | AuditLog}
 */
import { isObject, userOf, type AuditObjectRef, type AuditRecord, type AuditStatus } from '../kube-audit/record.js';

type Loose = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const inside = (value: unknown): Loose => (isObject(value) ? value : {});

/**
 * @param entry A LogEntry whose protoPayload is an AuditLog of the service `k8s.io`.
 * @param cut Of the entry only the beginning is known.
 */
export function recordOfEntry(entry: Loose, payload: Loose, cut: boolean): AuditRecord {
  const request = inside(payload['requestMetadata']);
  const response = payload['response'];
  const authentication = inside(payload['authenticationInfo']);
  const operation = inside(entry['operation']);
  const method = text(payload['methodName']) ?? '';
  const caller = text(request['callerIp']);
  const status = statusOf(payload, response);
  const selector = text(authentication['authoritySelector']);
  const stage = stageOf(operation);
  const time = text(entry['timestamp']) ?? text(entry['receiveTimestamp']);
  return {
    level: undefined,
    auditID: text(operation['id']) ?? text(entry['insertId']),
    stage,
    verb: method.slice(method.lastIndexOf('.') + 1) || undefined,
    user: userOf({
      username: authentication['principalEmail'] ?? authentication['principalSubject'],
      extra: credentialOf(authentication),
    }),
    impersonatedUser: selector === undefined ? undefined : userOf({ username: selector }),
    sourceIPs: caller === undefined ? undefined : [caller],
    userAgent: text(request['callerSuppliedUserAgent']),
    objectRef: refOf(method, text(payload['resourceName']) ?? ''),
    responseStatus: status.http,
    // An AuditLog without a status, or with an empty one, tells of success; the beginning of a stream tells of no end.
    outcome: status.grpc !== 0 ? 'failure' : stage === 'ResponseStarted' || cut ? undefined : 'success',
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: labelsOf(entry['labels']),
    body: () => ({ request: bodyOf(payload['request']), response: bodyOf(response) }),
    envelope: envelopeOf(entry, payload, status.grpc),
  };
}

/** Streams (watch, exec) are told twice: `first` when they begin, `last` when they end. Others have both, or neither. */
function stageOf({ first, last }: Loose): string {
  return truth(first) && !truth(last) ? 'ResponseStarted' : 'ResponseComplete';
}

const truth = (value: unknown): boolean => value === true || value === 'true';

/** gRPC codes that stand for one status of HTTP: {@link https://cloud.google.com/apis/design/errors#handling_errors}. */
const HTTP: Readonly<Record<number, number>> = {
  1: 499,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  10: 409,
  12: 501,
  14: 503,
  16: 401,
};

function statusOf(payload: Loose, response: unknown): { grpc: number; http?: AuditStatus } {
  const status = inside(payload['status']);
  const given = status['code'];
  const grpc = typeof given === 'number' ? given : 0;
  const answer = inside(response);
  const own = answer['kind'] === 'Status' || text(answer['@type'])?.endsWith('.Status') === true;
  const code = own && typeof answer['code'] === 'number' ? answer['code'] : HTTP[grpc];
  if (grpc === 0 && code === undefined) return { grpc };
  return {
    grpc,
    http: {
      code,
      message: (own ? text(answer['message']) : undefined) ?? text(status['message']),
      reason: own ? text(answer['reason']) : undefined,
    },
  };
}

/**
 * `io.k8s.core.v1.pods.exec.create` with `core/v1/namespaces/shop/pods/web-0/exec`; groups are turned round in the method only
 * (`io.k8s.authorization.rbac.v1.clusterrolebindings.create`), so they are taken from the name.
 */
function refOf(method: string, resourceName: string): AuditObjectRef | undefined {
  const words = method.split('.');
  const version = words.findIndex((word) => /^v\d/.test(word));
  const [group, apiVersion, ...rest] = resourceName.split('/');
  const resource = version < 0 ? undefined : words[version + 1];
  // Without object: `io.k8s.get` of `readyz`.
  if (resource === undefined || version + 2 >= words.length || apiVersion === undefined) return undefined;
  const spaced = rest[0] === 'namespaces' && resource !== 'namespaces';
  const subresource = words.slice(version + 2, -1).join('/');
  return {
    resource,
    apiGroup: group === 'core' ? undefined : group,
    apiVersion,
    namespace: spaced || resource === 'namespaces' ? text(rest[1]) : undefined,
    name: text(rest[spaced ? 3 : 1]),
    subresource: subresource === '' ? undefined : subresource,
  };
}

/** A service account's key, and who acted through it. */
function credentialOf(authentication: Loose): Loose | undefined {
  const key = text(authentication['serviceAccountKeyName']);
  return key === undefined ? undefined : { serviceAccountKeyName: [key] };
}

function labelsOf(labels: unknown): Record<string, string> | undefined {
  const entries = Object.entries(inside(labels)).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A list (of a JSON patch) lies under `value`; `@type` is not the body's own. */
function bodyOf(body: unknown): unknown {
  return isObject(body) && Array.isArray(body['value']) && body['kind'] === undefined ? body['value'] : body;
}

function envelopeOf(entry: Loose, payload: Loose, grpc: number): Loose {
  const labels = inside(inside(entry['resource'])['labels']);
  const authentication = inside(payload['authenticationInfo']);
  return withoutAbsent({
    project: text(labels['project_id']),
    location: text(labels['location']),
    cluster: text(labels['cluster_name']),
    insertId: text(entry['insertId']),
    received: text(entry['receiveTimestamp']),
    severity: text(entry['severity']),
    grpcCode: grpc === 0 ? undefined : grpc,
    method: text(payload['methodName']),
    delegation: delegationOf(authentication['serviceAccountDelegationInfo']),
  });
}

/** Who stands behind a service account, outermost first. */
function delegationOf(list: unknown): string[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const names = list
    .map((item) => {
      const link = inside(item);
      const party = inside(link['firstPartyPrincipal']);
      return text(party['principalEmail']) ?? text(link['principalSubject']);
    })
    .filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names;
}

export function withoutAbsent(value: Loose): Loose {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
