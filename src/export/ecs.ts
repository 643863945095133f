/**
 * Elastic Common Schema 9. What ECS has no field for stands under `kubewitness`.
 * {@link https://www.elastic.co/docs/reference/ecs/ecs-field-reference | field reference}
 */
import { actions } from '../model/action.js';
import type { Event, Identity } from '../model/event.js';
import { isIp } from './ip.js';
import { constant, distinct, nested, row, type Mapping } from './mapping.js';

/** The version of ECS that the fields are those of. */
export const ecsVersion = '9.0.0';

/** ECS wants addresses in `ip` fields and anything else in `domain`. */
const ip = (text: string | undefined): string | undefined => (text !== undefined && isIp(text) ? text : undefined);

/** Kubernetes' own spelling: `apps/v1`, `v1` for the core group. */
function apiVersion({ object }: Event): string | undefined {
  if (object?.version === undefined) return object?.group;
  return object.group === undefined || object.group === '' ? object.version : `${object.group}/${object.version}`;
}

const aboutKubernetes = (event: Event): boolean => event.object !== undefined || event.pod !== undefined;
const name = (identity: Identity | undefined): string | undefined => identity?.user;

export const ecsMapping: readonly Mapping[] = [
  row('@timestamp', 'time', (event) => event.time),
  constant('ecs.version', ecsVersion),
  row('message', 'message', (event) => event.message),
  row('event.id', 'id', (event) => event.id),
  constant('event.kind', 'event'),
  row('event.category', 'action, by table', (event) => [actions[event.action].ecsCategory]),
  row('event.type', 'action, by table', (event) => [actions[event.action].ecsType]),
  row('event.action', 'action', (event) => event.action),
  row('event.outcome', 'outcome', (event) => event.outcome),
  constant('event.module', 'kubewitness'),
  row('event.dataset', 'origin.parser', (event) => `kubewitness.${event.origin.parser}`),
  row('event.original', 'raw, when it is text', (event) => (typeof event.raw === 'string' ? event.raw : undefined)),
  row('log.file.path', 'origin.path', (event) => event.origin.path),
  row('host.name', 'host', (event) => event.host),
  row('host.hostname', 'host', (event) => event.host),
  row('user.name', 'actor.user', (event) => event.actor?.user),
  row('user.id', 'actor.uid', (event) => event.actor?.uid),
  row('user.group.id', 'actor.gid', (event) => event.actor?.gid),
  row('user.group.name', 'actor.group', (event) => event.actor?.group),
  row('user.effective.id', 'actor.effectiveUid', (event) => event.actor?.effectiveUid),
  row('user.effective.name', 'actor.impersonating', (event) => event.actor?.impersonating),
  row('user.target.name', 'target.user', (event) => event.target?.user),
  row('user.target.id', 'target.uid', (event) => event.target?.uid),
  row('user.target.group.id', 'target.gid', (event) => event.target?.gid),
  row('user.target.group.name', 'target.group', (event) => event.target?.group),
  row('source.address', 'client.ip or client.host', (event) => event.client?.ip ?? event.client?.host),
  row('source.ip', 'client.ip', (event) => ip(event.client?.ip)),
  row('source.port', 'client.port', (event) => event.client?.port),
  row('source.domain', 'client.host', (event) => event.client?.host),
  row('user_agent.original', 'client.userAgent', (event) => event.client?.userAgent),
  row('destination.address', 'server.ip or server.host', (event) => event.server?.ip ?? event.server?.host),
  row('destination.ip', 'server.ip', (event) => ip(event.server?.ip)),
  row('destination.port', 'server.port', (event) => event.server?.port),
  row('destination.domain', 'server.host', (event) => event.server?.host),
  row('process.name', 'process.name', (event) => event.process?.name),
  row('process.pid', 'process.pid', (event) => event.process?.pid),
  row('process.executable', 'process.exe', (event) => event.process?.exe),
  row('process.args', 'process.args', (event) => event.process?.args),
  row('process.args_count', 'number of process.args', (event) => event.process?.args?.length),
  row('process.command_line', 'process.commandLine', (event) => event.process?.commandLine),
  row('process.working_directory', 'process.cwd', (event) => event.process?.cwd),
  row('process.exit_code', 'process.exitCode', (event) => event.process?.exitCode),
  row('process.parent.pid', 'process.ppid or process.parent.pid', (event) => event.process?.parent?.pid ?? event.process?.ppid),
  row('process.parent.name', 'process.parent.name', (event) => event.process?.parent?.name),
  row('process.parent.executable', 'process.parent.exe', (event) => event.process?.parent?.exe),
  row('process.parent.command_line', 'process.parent.commandLine', (event) => event.process?.parent?.commandLine),
  row('file.path', 'file.path', (event) => event.file?.path),
  row('file.target_path', 'file.targetPath', (event) => event.file?.targetPath),
  row('file.mode', 'file.mode', (event) => event.file?.mode),
  row('file.uid', 'file.uid', (event) => event.file?.uid),
  row('file.gid', 'file.gid', (event) => event.file?.gid),
  row('file.inode', 'file.inode', (event) => event.file?.inode),
  row('file.device', 'file.device', (event) => event.file?.device),
  row('file.size', 'file.size', (event) => event.file?.size),
  row('file.hash.sha256', 'file.sha256', (event) => event.file?.sha256),
  row('orchestrator.type', '"kubernetes" where there is an object or a pod', (event) =>
    aboutKubernetes(event) ? 'kubernetes' : undefined,
  ),
  row('orchestrator.namespace', 'object.namespace or pod.namespace', (event) => event.object?.namespace ?? event.pod?.namespace),
  row('orchestrator.api_version', 'object.group and object.version', apiVersion),
  row(
    'orchestrator.resource.type',
    'object.resource, or "pods"',
    (event) => event.object?.resource ?? (event.pod === undefined ? undefined : 'pods'),
  ),
  row('orchestrator.resource.name', 'object.name or pod.name', (event) => event.object?.name ?? event.pod?.name),
  row('orchestrator.resource.id', 'object.uid or pod.uid', (event) => event.object?.uid ?? event.pod?.uid),
  row('container.id', 'container.id', (event) => event.container?.id),
  row('container.name', 'container.name', (event) => event.container?.name),
  row('container.image.name', 'container.image', (event) => event.container?.image),
  row('container.image.hash.all', 'container.imageDigest', (event) => distinct(event.container?.imageDigest)),
  row('related.ip', 'all addresses', (event) => distinct(ip(event.client?.ip), ip(event.server?.ip))),
  row('related.user', 'all user names', (event) =>
    distinct(name(event.actor), event.actor?.impersonating, event.actor?.loginUser, name(event.target)),
  ),
  row('related.hosts', 'all host names', (event) => distinct(event.host, event.client?.host, event.server?.host)),
  row('related.hash', 'all hashes', (event) => distinct(event.file?.sha256, event.container?.imageDigest)),
  row('kubewitness.time_quality', 'timeQuality', (event) => event.timeQuality),
  row('kubewitness.session', 'session', (event) => event.session),
  row('kubewitness.actor', 'what ECS has no field for', (event) => actorRest(event)),
  row('kubewitness.process.tty', 'process.tty', (event) => event.process?.tty),
  row('kubewitness.process.signal', 'process.signal', (event) => event.process?.signal),
  row('kubewitness.object.subresource', 'object.subresource', (event) => event.object?.subresource),
  row('kubewitness.details', 'details', (event) => event.details),
  row('kubewitness.origin', 'origin', (event) => event.origin),
  row('kubewitness.also', 'also', (event) => event.also),
];

function actorRest({ actor }: Event): Record<string, unknown> | undefined {
  if (actor === undefined) return undefined;
  const { groups, loginUid, loginUser, serviceAccount, credential, pod, node } = actor;
  const rest = Object.entries({ groups, loginUid, loginUser, serviceAccount, credential, pod, node }).filter(
    ([, value]) => value !== undefined,
  );
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

/**
 * An event as an ECS document.
 * @example
 * console.log(JSON.stringify(toEcs(event)));
 */
export const toEcs: (event: Event) => Record<string, unknown> = nested(ecsMapping);
