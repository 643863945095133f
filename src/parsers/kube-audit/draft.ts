/** An audit record as an event. */
import { detach } from '../../formats/bytes.js';
import { parseRfc3339 } from '../../formats/time.js';
import type { Actor, Draft, Instant, ObjectRef, PodRef } from '../../model/event.js';
import { actionOf } from './action.js';
import { digestOf, hasDigest } from './body.js';
import { isObject, type AuditObjectRef, type AuditRecord, type AuditUser } from './record.js';

/** When the request came in; for records that do not say it, the time of the stage. */
export function timeOf({ requestReceivedTimestamp, stageTimestamp }: AuditRecord): Instant | undefined {
  const received = requestReceivedTimestamp === undefined ? undefined : parseRfc3339(requestReceivedTimestamp);
  return received ?? (stageTimestamp === undefined ? undefined : parseRfc3339(stageTimestamp));
}

/** @param stages Of all records that tell of the request, in their order. */
export function draftOf(record: AuditRecord, time: Instant, stages: readonly string[] | undefined): Draft {
  const { objectRef, verb, user, impersonatedUser, sourceIPs, responseStatus, annotations, requestURI } = record;
  const action = actionOf(objectRef?.resource, objectRef?.subresource, verb);
  const query = requestURI === undefined ? undefined : queryOf(requestURI);
  const command = query === undefined || objectRef?.subresource === undefined ? [] : query.getAll('command');
  const container = query?.get('container') ?? undefined;
  const changes = hasDigest(objectRef?.resource) && verb !== 'get' && verb !== 'list' && verb !== 'watch' ? bodiesOf(record) : undefined;
  const isPod = objectRef?.resource === 'pods';
  const name = objectRef?.name ?? changes?.name;
  return {
    time,
    action,
    outcome: outcomeOf(record),
    actor: user === undefined ? undefined : actorOf(user, impersonatedUser),
    client:
      sourceIPs === undefined && record.userAgent === undefined ? undefined : { ip: clientIp(sourceIPs), userAgent: record.userAgent },
    process: command.length === 0 ? undefined : { args: command, commandLine: command.join(' ') },
    pod: isPod && objectRef !== undefined ? podOf(objectRef, name, changes?.uid) : undefined,
    container: container === undefined ? undefined : { name: container },
    object: objectRef?.resource === undefined ? undefined : objectOf(objectRef, name, changes?.uid),
    details: {
      auditID: record.auditID,
      level: record.level,
      stage: record.stage,
      stages,
      verb,
      requestURI,
      code: responseStatus?.code,
      reason: responseStatus?.reason,
      status: responseStatus?.message,
      completed: stages === undefined || record.stageTimestamp === undefined ? undefined : parseRfc3339(record.stageTimestamp),
      sourceIPs: sourceIPs !== undefined && sourceIPs.length > 1 ? sourceIPs : undefined,
      decision: annotations?.['authorization.k8s.io/decision'],
      decisionReason: annotations?.['authorization.k8s.io/reason'] || undefined,
      annotations: annotations === undefined ? undefined : furtherAnnotations(annotations),
      extra: user?.extra,
      impersonated: impersonatedUser,
      dryRun: query?.has('dryRun') === true ? true : undefined,
      fieldManager: query?.get('fieldManager') ?? undefined,
      stdin: query?.get('stdin') === 'true' ? true : undefined,
      tty: query?.get('tty') === 'true' ? true : undefined,
      requested: changes?.request,
      result: changes?.response,
    },
  };
}

/** A code below 400 is success: 101 is a stream that was let through. A record without a status knows no outcome. */
function outcomeOf({ responseStatus, stage }: AuditRecord): Draft['outcome'] {
  if (stage === 'Panic') return 'failure';
  const code = responseStatus?.code;
  return code === undefined || code === 0 ? undefined : code < 400 ? 'success' : 'failure';
}

/** The last address is the one the API server saw itself; those before it are what proxies and clients say. */
function clientIp(sourceIPs: readonly string[] | undefined): string | undefined {
  return sourceIPs?.[sourceIPs.length - 1];
}

const actors = new WeakMap<AuditUser, Actor | undefined>();

/** Users come as the same object again and again: so do actors. */
function actorOf(user: AuditUser, impersonated: AuditUser | undefined): Actor | undefined {
  if (!actors.has(user)) actors.set(user, makeActor(user));
  const actor = actors.get(user);
  return impersonated?.username === undefined ? actor : { ...actor, impersonating: impersonated.username };
}

const SERVICE_ACCOUNT = 'system:serviceaccount:';
const EXTRA = 'authentication.kubernetes.io/';

function makeActor({ username, uid, groups, extra }: AuditUser): Actor | undefined {
  if (username === undefined && groups === undefined) return undefined;
  const account = username?.startsWith(SERVICE_ACCOUNT) === true ? username.slice(SERVICE_ACCOUNT.length).replace(':', '/') : undefined;
  return {
    user: username,
    uid: uid === '' ? undefined : uid,
    groups,
    serviceAccount: account,
    credential: extra?.[`${EXTRA}credential-id`]?.[0] ?? extra?.['accessKeyId']?.[0],
    pod: extra?.[`${EXTRA}pod-name`]?.[0],
    node: extra?.[`${EXTRA}node-name`]?.[0],
  };
}

function objectOf(ref: AuditObjectRef, name: string | undefined, uid: string | undefined): ObjectRef {
  return {
    group: ref.apiGroup,
    version: ref.apiVersion,
    resource: ref.resource as string,
    subresource: ref.subresource,
    namespace: ref.namespace,
    name,
    uid: ref.uid ?? uid,
  };
}

function podOf({ namespace, uid }: AuditObjectRef, name: string | undefined, knownUid: string | undefined): PodRef | undefined {
  return namespace === undefined && name === undefined ? undefined : { namespace, name, uid: uid ?? knownUid };
}

interface Changes {
  readonly request?: Record<string, unknown>;
  readonly response?: Record<string, unknown>;
  /** The API server gives names (`generateName`) and uids only in its answer. */
  readonly name?: string;
  readonly uid?: string;
}

function bodiesOf(record: AuditRecord): Changes {
  const { objectRef, verb } = record;
  const { request, response } = record.body();
  const resource = objectRef?.resource as string;
  const subresource = objectRef?.subresource;
  const metadata = isObject(response) && isObject(response['metadata']) ? response['metadata'] : {};
  const failed = (record.responseStatus?.code ?? 0) >= 400;
  const own = !failed && subresource === undefined && isObject(response) && response['kind'] !== 'Status';
  return {
    request: verb === 'delete' || verb === 'deletecollection' ? undefined : digestOf(resource, subresource, request),
    // What came of a patch is in the answer only; a review's answer is what it was asked for.
    response: !failed && (verb === 'patch' || resource.endsWith('reviews')) ? digestOf(resource, subresource, response) : undefined,
    name: own && typeof metadata['name'] === 'string' ? metadata['name'] : undefined,
    uid: own && typeof metadata['uid'] === 'string' ? metadata['uid'] : undefined,
  };
}

function furtherAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> | undefined {
  let further: Record<string, string> | undefined;
  for (const key in annotations) {
    if (key === 'authorization.k8s.io/decision' || key === 'authorization.k8s.io/reason') continue;
    (further ??= {})[key] = annotations[key] as string;
  }
  return further;
}

function queryOf(uri: string): URLSearchParams | undefined {
  const mark = uri.indexOf('?');
  return mark < 0 ? undefined : new URLSearchParams(detach(uri.slice(mark + 1)));
}
