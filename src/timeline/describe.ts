/** What an event says, in one line for people. Made of the event's fields only; nothing is added. */
import { actions } from '../model/action.js';
import type { Actor, Client, Event, Identity, ObjectRef, PodRef } from '../model/event.js';

/** `SSH login failed: root from 203.0.113.7:4711` */
export function describe(event: Event): string {
  const title = actions[event.action].title;
  const failed = event.outcome === 'failure' ? ' (failed)' : '';
  const facts = factsOf(event);
  // A line of a program that nothing is known about speaks for itself.
  const text = facts.length > 0 ? facts.join(' ') : '';
  if (event.message !== undefined && (text === '' || SPEAKS.has(event.action)))
    return `${title}${failed}: ${writer(event)}${event.message}`;
  return text === '' ? title + failed : `${title}${failed}: ${text}`;
}

/** Actions whose message says more than the fields. */
const SPEAKS: ReadonlySet<string> = new Set([
  ...['log.message', 'kernel.message', 'kubelet.message', 'container.output', 'log.loss', 'host.time', 'service.fail', 'node.condition'],
  ...['pod.sync-error', 'probe.fail', 'ssh.protocol', 'ssh.daemon', 'log.start', 'log.stop'],
]);

const DAEMONS_OWN: ReadonlySet<string> = new Set([
  'ssh.login',
  'ssh.logout',
  'ssh.connect',
  'ssh.disconnect',
  'session.start',
  'session.end',
  'auth.check',
]);

function writer(event: Event): string {
  if (event.action === 'container.output') return event.pod?.name === undefined ? '' : `${podName(event.pod)}: `;
  return event.process?.name === undefined ? '' : `${event.process.name}: `;
}

function factsOf(event: Event): string[] {
  const { actor, target, client, server, process, file, pod, container, object } = event;
  const facts: string[] = [];
  const who = nameOf(actor);
  if (who !== undefined) facts.push(actor?.impersonating === undefined ? who : `${who} as ${actor.impersonating}`);
  const whom = nameOf(target);
  if (whom !== undefined) facts.push(`→ ${whom}`);
  // A journal tells the daemon's own command line beside its message: the login did not run it.
  const command = DAEMONS_OWN.has(event.action) ? undefined : commandOf(event);
  if (command !== undefined) facts.push(command);
  else if (process?.exe !== undefined && file === undefined) facts.push(process.exe);
  if (file !== undefined) facts.push(file.targetPath === undefined ? file.path : `${file.path} → ${file.targetPath}`);
  if (object !== undefined) facts.push(objectName(object));
  else if (pod?.name !== undefined) facts.push(`pod ${podName(pod)}`);
  if (container?.name !== undefined) facts.push(`container ${container.name}`);
  else if (container?.id !== undefined && pod?.name === undefined) facts.push(`container ${container.id.slice(0, 12)}`);
  if (client?.ip !== undefined || client?.host !== undefined) facts.push(`from ${endpoint(client)}`);
  // The fingerprint of an SSH key, as `ssh-keygen -l` prints it.
  if (actor?.credential?.startsWith('SHA256:') === true) facts.push(`with key ${actor.credential}`);
  if (server?.ip !== undefined && event.action.startsWith('network.')) facts.push(`to ${endpoint(server)}`);
  return facts;
}

function nameOf(identity: Actor | Identity | undefined): string | undefined {
  if (identity === undefined) return undefined;
  return identity.user ?? (identity.uid === undefined ? identity.group : `uid ${identity.uid}`);
}

/** The command that was started; for a mere log line, the writer's own name is no news. */
function commandOf(event: Event): string | undefined {
  const { process, details } = event;
  if (process?.commandLine !== undefined) return process.commandLine;
  if (process?.args !== undefined) return process.args.join(' ');
  const command = details?.['command'];
  return Array.isArray(command) ? command.join(' ') : typeof command === 'string' ? command : undefined;
}

function objectName({ resource, subresource, namespace, name }: ObjectRef): string {
  const kind = subresource === undefined ? resource : `${resource}/${subresource}`;
  const place = [namespace, name].filter((part) => part !== undefined).join('/');
  return place === '' ? kind : `${kind} ${place}`;
}

function podName({ namespace, name }: PodRef): string {
  return namespace === undefined ? (name ?? '') : `${namespace}/${name ?? ''}`;
}

function endpoint({ ip, host, port }: Client): string {
  const address = ip ?? host ?? '';
  return port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
