/** Which events of the bundled evidence belong to the incident, and where its chapters begin. */
import type { Action } from '../../model/action.js';
import type { Event } from '../../model/event.js';

/** What an examiner has found out so far: whose traces are followed. All of it stands in the evidence. */
const INTRUDER = '203.0.113.66';
/** The account that the stolen key opens, and its number: the kernel keeps it through sudo as the login uid. */
const ACCOUNT = { user: 'deploy', uid: '1002' };
/** Who acts with the kubeconfig that lies on the node, and from where. */
const ADMIN = { user: 'kubernetes-admin', ip: '198.51.100.11' };
/** The shop's service account, and the uid its containers run as. */
const SHOP = { user: 'system:serviceaccount:shop:web', uid: '10001' };
const PRIVILEGED_POD = 'node-exporter-x7';
const NEW_ACCOUNT = 'svc-backup';

/** Actions that are steps; what merely goes along (motd scripts, PAM’s bookkeeping, files opened by kubectl) is left to the full timeline. */
const STEPS: ReadonlySet<Action> = new Set<Action>([
  ...(['ssh.login', 'session.end', 'terminal.input', 'sudo.run', 'process.start', 'file.update', 'user.create'] as const),
  ...(['secret.read', 'rolebinding.create', 'pod.exec', 'pod.create', 'networkpolicy.delete'] as const),
  ...(['pod.add', 'volume.mount', 'container.start', 'log.stop', 'audit.stop'] as const),
]);

/** Steps that are told when they begin and when they are done: once is enough here. */
const WHEN_DONE: ReadonlySet<Action> = new Set<Action>(['process.start', 'volume.mount', 'container.start']);

/** Programs worth a line when the intruder starts them on the node. */
const PROGRAMS: ReadonlySet<string> = new Set(['kubectl', 'openssl', 'useradd', 'auditctl']);

interface Chapter {
  readonly title: string;
  /** The first event that it fits begins the chapter. */
  begins(event: Event): boolean;
}

export const chapters: readonly Chapter[] = [
  { title: 'Guessed passwords, then a stolen key', begins: () => true },
  { title: 'Root', begins: ({ action }) => action === 'sudo.run' },
  { title: 'Secrets, with the kubeconfig that lies on the node', begins: (event) => runs(event, 'get secrets') },
  { title: 'Into the shop’s pod', begins: (event) => runs(event, ' exec ') },
  { title: 'The network policy goes, a pod with the node’s disk comes', begins: (event) => runs(event, 'delete networkpolicy') },
  { title: 'A way back in', begins: (event) => runs(event, 'authorized_keys') },
  { title: 'Away with the secrets, and with the traces', begins: (event) => runs(event, 'openssl enc') },
];

/** The intruder's steps: events of the trail that are steps. */
export function isStep(event: Event): boolean {
  if (!STEPS.has(event.action) || !onTrail(event)) return false;
  if (WHEN_DONE.has(event.action) && event.outcome !== 'success') return false;
  return event.action !== 'process.start' || event.actor?.uid === SHOP.uid || PROGRAMS.has(event.process?.name ?? '');
}

function onTrail({ action, actor, target, client, pod, process, file }: Event): boolean {
  return (
    client?.ip === INTRUDER ||
    actor?.user === ACCOUNT.user ||
    actor?.loginUid === ACCOUNT.uid ||
    (actor?.user === ADMIN.user && client?.ip === ADMIN.ip) ||
    actor?.user === SHOP.user ||
    (actor?.uid === SHOP.uid && process?.name !== 'sleep' && process?.name !== 'httpd') ||
    pod?.name === PRIVILEGED_POD ||
    target?.user === NEW_ACCOUNT ||
    file?.path === '/root/.ssh/authorized_keys' ||
    action === 'log.stop' ||
    action === 'audit.stop'
  );
}

function runs({ action, process }: Event, words: string): boolean {
  return action === 'process.start' && process?.commandLine?.includes(words) === true;
}
