/** An audit record as an event. */
import { parseRfc3339 } from '../../formats/time.js';
import type { Action } from '../../model/action.js';
import type { Actor, Client, ContainerRef, Draft, Instant, ObjectRef, PodRef, Process } from '../../model/event.js';
import { actionOf, isChange } from './action.js';
import { changesOf, type Changes } from './changes.js';
import { parseProxied, type Proxied } from './proxied.js';
import { parseQuery, type Query } from './query.js';
import type { AuditObjectRef, AuditRecord, AuditUser } from './record.js';

/** When the request came in; for records that do not say it, the time of the stage. */
export function timeOf({ requestReceivedTimestamp, stageTimestamp }: AuditRecord): Instant | undefined {
  const received = requestReceivedTimestamp === undefined ? undefined : parseRfc3339(requestReceivedTimestamp);
  return received ?? (stageTimestamp === undefined ? undefined : parseRfc3339(stageTimestamp));
}

/** @param stages Of all records that tell of the request, in their order. */
export function draftOf(record: AuditRecord, time: Instant, stages: readonly string[] | undefined): Draft {
  const { objectRef, verb, user, impersonatedUser, sourceIPs, userAgent, responseStatus, annotations, requestURI } = record;
  const action = actionOf(objectRef?.resource, objectRef?.subresource, verb, objectRef?.apiGroup);
  const change = isChange(verb);
  // Reading needs no look at the query, except through doors: there it holds what was run.
  const query = requestURI !== undefined && (change || objectRef?.subresource !== undefined) ? parseQuery(requestURI) : undefined;
  const changes = change ? changesOf(record) : undefined;
  const proxied = action === 'node.proxy' && requestURI !== undefined ? parseProxied(requestURI) : undefined;
  const dryRun = query?.dryRun === true || changes?.dryRun === true;
  return {
    time,
    action: meant(action, dryRun, changes),
    outcome: outcomeOf(record),
    actor: user === undefined ? undefined : actorOf(user, impersonatedUser),
    client: sourceIPs === undefined && userAgent === undefined ? undefined : clientOf(sourceIPs, userAgent),
    process: query === undefined || query.commands.length === 0 ? undefined : processOf(query.commands),
    pod: podOf(objectRef, changes, proxied),
    container: containerOf(query, changes, proxied),
    object: objectRef?.resource === undefined ? undefined : objectOf(objectRef, changes),
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
      dryRun: dryRun ? true : undefined,
      fieldManager: query?.fieldManager,
      force: query?.force,
      stdin: query?.stdin === true ? true : undefined,
      tty: query?.tty === true ? true : undefined,
      ports: query === undefined || query.ports.length === 0 ? undefined : query.ports,
      proxied: proxied?.path,
      requested: changes?.requested,
      result: changes?.result,
      envelope: record.envelope,
    },
  };
}

/** A dry run changes nothing, so it is no change; an approval that refuses is no approval. */
function meant(action: Action, dryRun: boolean, changes: Changes | undefined): Action {
  if (dryRun && !action.startsWith('access.') && !action.startsWith('token.')) return 'api.request';
  return action === 'csr.approve' && changes?.refused === true ? 'csr.update' : action;
}

/** A code below 400 is success: 101 is a stream that was let through. A record without a status knows no outcome. */
function outcomeOf({ responseStatus, stage, outcome }: AuditRecord): Draft['outcome'] {
  if (stage === 'Panic') return 'failure';
  const code = responseStatus?.code;
  return code === undefined || code === 0 ? outcome : code < 400 ? 'success' : 'failure';
}

/** The last address is the one the API server saw itself; those before it are what proxies and clients say. */
function clientOf(sourceIPs: readonly string[] | undefined, userAgent: string | undefined): Client {
  return { ip: sourceIPs?.[sourceIPs.length - 1], userAgent };
}

function processOf(commands: readonly string[]): Process {
  return { args: commands, commandLine: commands.join(' ') };
}

function actorOf(user: AuditUser, impersonated: AuditUser | undefined): Actor | undefined {
  if (user.username === undefined && user.groups === undefined) return undefined;
  return makeActor(user, impersonated?.username);
}

const SERVICE_ACCOUNT = 'system:serviceaccount:';

function makeActor({ username, uid, groups, extra }: AuditUser, impersonating: string | undefined): Actor {
  return {
    user: username,
    uid: uid === '' ? undefined : uid,
    groups,
    impersonating,
    serviceAccount: username?.startsWith(SERVICE_ACCOUNT) === true ? username.slice(SERVICE_ACCOUNT.length).replace(':', '/') : undefined,
    credential:
      extra?.['authentication.kubernetes.io/credential-id']?.[0] ?? extra?.['accessKeyId']?.[0] ?? extra?.['serviceAccountKeyName']?.[0],
    pod: extra?.['authentication.kubernetes.io/pod-name']?.[0],
    node: extra?.['authentication.kubernetes.io/node-name']?.[0],
  };
}

function objectOf(ref: AuditObjectRef, changes: Changes | undefined): ObjectRef {
  return {
    group: ref.apiGroup,
    version: ref.apiVersion,
    resource: ref.resource as string,
    subresource: ref.subresource,
    namespace: ref.namespace,
    name: ref.name ?? changes?.name,
    uid: ref.uid ?? changes?.uid,
  };
}

// https:web-0:8443
const PROXY_NAME = /^(?:https?:)?(?<name>[^:]{1,253})(?::[^:]{0,63})?$/;

function podOf(ref: AuditObjectRef | undefined, changes: Changes | undefined, proxied: Proxied | undefined): PodRef | undefined {
  if (proxied?.pod !== undefined) return { namespace: proxied.namespace, name: proxied.pod };
  if (ref?.resource !== 'pods' || (ref.apiGroup ?? '') !== '') return undefined;
  const { namespace } = ref;
  let name = ref.name ?? changes?.name;
  if (namespace === undefined && name === undefined) return undefined;
  if (ref.subresource === 'proxy' && name !== undefined) name = PROXY_NAME.exec(name)?.groups?.['name'] ?? name;
  return { namespace, name, uid: ref.uid ?? changes?.uid };
}

function containerOf(query: Query | undefined, changes: Changes | undefined, proxied: Proxied | undefined): ContainerRef | undefined {
  if (changes?.container !== undefined) return changes.container;
  const name = query?.container ?? proxied?.container;
  return name === undefined ? undefined : { name };
}

function furtherAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> | undefined {
  let further: Record<string, string> | undefined;
  for (const key in annotations) {
    if (key === 'authorization.k8s.io/decision' || key === 'authorization.k8s.io/reason') continue;
    (further ??= {})[key] = annotations[key] as string;
  }
  return further;
}
