/**
 * The closed vocabulary of what can happen: `<thing>.<verb>`, one row each.
 * Exporters read ECS and OCSF from here, people read the title.
 *
 * - ECS: {@link https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category | event.category and event.type}
 * - OCSF: {@link https://schema.ocsf.io | class uid and activity id}
 */
export interface ActionRow {
  readonly title: string;
  readonly ecsCategory: string;
  readonly ecsType: string;
  readonly ocsfClass: number;
  readonly ocsfActivity: number;
}

const row = (title: string, ecsCategory: string, ecsType: string, ocsfClass: number, ocsfActivity: number): ActionRow => ({
  title,
  ecsCategory,
  ecsType,
  ocsfClass,
  ocsfActivity,
});

/** OCSF class uids used below, by name. */
const FILE = 1001;
const KERNEL = 1003;
const MODULE = 1005;
const PROCESS = 1007;
const ACCOUNT = 3001;
const AUTHENTICATION = 3002;
const GROUP = 3006;
const NETWORK = 4001;
const SSH = 4007;
const API = 6003;
const LIFECYCLE = 6002;
const LOG = 1008;
const OTHER = 99;

/** Kubernetes kinds with actions of their own; all others are `object`. */
const kubeThings = {
  pod: 'pod',
  deployment: 'deployment',
  daemonset: 'daemon set',
  statefulset: 'stateful set',
  replicaset: 'replica set',
  job: 'job',
  cronjob: 'cron job',
  secret: 'secret',
  configmap: 'config map',
  serviceaccount: 'service account',
  role: 'role',
  clusterrole: 'cluster role',
  rolebinding: 'role binding',
  clusterrolebinding: 'cluster role binding',
  node: 'node',
  namespace: 'namespace',
  service: 'service',
  ingress: 'ingress',
  networkpolicy: 'network policy',
  volume: 'volume or claim',
  csr: 'certificate signing request',
  webhook: 'admission webhook',
  policy: 'admission policy',
  apiservice: 'API service',
  crd: 'custom resource definition',
  lease: 'lease',
  kubeevent: 'Kubernetes event',
  object: 'object',
} as const;
const kubeVerbs = {
  read: ['read', 'access', 2],
  create: ['created', 'creation', 1],
  update: ['updated', 'change', 3],
  delete: ['deleted', 'deletion', 4],
} as const;
type KubeThing = keyof typeof kubeThings;
type KubeVerb = keyof typeof kubeVerbs;
type KubeAction = `${KubeThing}.${KubeVerb}`;

function kubeRows(): Record<KubeAction, ActionRow> {
  const rows: Partial<Record<KubeAction, ActionRow>> = {};
  for (const [thing, name] of Object.entries(kubeThings) as [KubeThing, string][]) {
    for (const [verb, [done, ecsType, activity]] of Object.entries(kubeVerbs) as [KubeVerb, (typeof kubeVerbs)[KubeVerb]][]) {
      const title = `${name} ${done}`;
      rows[`${thing}.${verb}`] = row(title[0]?.toUpperCase() + title.slice(1), 'configuration', ecsType, API, activity);
    }
  }
  return rows as Record<KubeAction, ActionRow>;
}

const table = {
  // Kubernetes API, beyond create, read, update, delete
  ...kubeRows(),
  'pod.exec': row('Command run in a pod', 'process', 'start', API, OTHER),
  'pod.attach': row('Attached to a pod', 'process', 'access', API, OTHER),
  'pod.portforward': row('Port forwarded to a pod', 'network', 'connection', API, OTHER),
  'pod.proxy': row('Request proxied to a pod', 'network', 'connection', API, OTHER),
  'pod.log': row('Pod log read', 'file', 'access', API, 2),
  'pod.debug': row('Ephemeral container added', 'configuration', 'change', API, 3),
  'pod.evict': row('Pod evicted', 'configuration', 'deletion', API, 4),
  'pod.bind': row('Pod assigned to a node', 'configuration', 'change', API, 3),
  'node.proxy': row('Request proxied to a kubelet', 'network', 'connection', API, OTHER),
  'service.proxy': row('Request proxied to a service', 'network', 'connection', API, OTHER),
  'serviceaccount.token': row('Service-account token issued', 'iam', 'creation', API, 1),
  'token.review': row('Token reviewed', 'authentication', 'info', API, 2),
  'access.review': row('Permissions asked', 'iam', 'info', API, 2),
  'csr.approve': row('Certificate request approved', 'iam', 'change', API, 3),
  'api.request': row('API request', 'web', 'access', API, OTHER),

  // SSH
  'ssh.login': row('SSH login', 'authentication', 'start', AUTHENTICATION, 1),
  'ssh.logout': row('SSH session ended', 'authentication', 'end', AUTHENTICATION, 2),
  'ssh.connect': row('SSH connection opened', 'network', 'connection', SSH, 1),
  'ssh.disconnect': row('SSH connection ended', 'network', 'end', SSH, 2),
  'ssh.session': row('SSH session started', 'session', 'start', SSH, 1),
  'ssh.key': row('SSH key or certificate judged', 'authentication', 'info', AUTHENTICATION, OTHER),
  'ssh.protocol': row('SSH protocol trouble', 'network', 'protocol', SSH, 4),
  'ssh.forward': row('SSH forwarding', 'network', 'connection', SSH, 1),
  'ssh.file': row('File changed over SFTP', 'file', 'change', FILE, OTHER),
  'ssh.throttle': row('SSH connections dropped', 'network', 'denied', SSH, 5),
  'ssh.daemon': row('SSH daemon state', 'host', 'info', LIFECYCLE, OTHER),

  // Identity and login
  'login.start': row('Login', 'authentication', 'start', AUTHENTICATION, 1),
  'login.end': row('Logout', 'authentication', 'end', AUTHENTICATION, 2),
  'auth.check': row('Credentials checked', 'authentication', 'info', AUTHENTICATION, OTHER),
  'session.start': row('Session opened', 'session', 'start', AUTHENTICATION, 1),
  'session.end': row('Session closed', 'session', 'end', AUTHENTICATION, 2),
  'credential.change': row('Credentials set or disposed', 'iam', 'change', AUTHENTICATION, OTHER),
  'password.change': row('Password changed', 'iam', 'change', ACCOUNT, 3),
  'user.create': row('User created', 'iam', 'creation', ACCOUNT, 1),
  'user.update': row('User changed', 'iam', 'change', ACCOUNT, 7),
  'user.delete': row('User deleted', 'iam', 'deletion', ACCOUNT, 6),
  'group.create': row('Group created', 'iam', 'creation', GROUP, 6),
  'group.update': row('Group changed', 'iam', 'change', GROUP, 1),
  'group.delete': row('Group deleted', 'iam', 'deletion', GROUP, 5),

  // Privilege and scheduled commands
  'sudo.run': row('Command through sudo', 'process', 'start', PROCESS, 1),
  'su.switch': row('User switched by su', 'authentication', 'start', AUTHENTICATION, 1),
  'polkit.run': row('Command through pkexec', 'process', 'start', PROCESS, 1),
  'polkit.authorize': row('Polkit authorization', 'authentication', 'info', AUTHENTICATION, OTHER),
  'cron.run': row('Scheduled command run', 'process', 'start', PROCESS, 1),
  'cron.change': row('Crontab changed', 'configuration', 'change', LIFECYCLE, OTHER),
  'cron.read': row('Crontab read', 'configuration', 'access', LIFECYCLE, OTHER),

  // Processes, files, network as the kernel or a runtime saw them
  'process.start': row('Process started', 'process', 'start', PROCESS, 1),
  'process.end': row('Process ended', 'process', 'end', PROCESS, 2),
  'process.crash': row('Process crashed', 'process', 'end', PROCESS, 2),
  'process.kill': row('Signal sent', 'process', 'change', PROCESS, OTHER),
  'process.trace': row('Process traced or its memory touched', 'process', 'access', PROCESS, 3),
  'process.privilege': row('Identity or capabilities changed', 'process', 'change', PROCESS, 5),
  'process.namespace': row('Namespace entered or made', 'process', 'change', PROCESS, OTHER),
  'process.oom': row('Process killed for memory', 'process', 'end', PROCESS, 2),
  'syscall.call': row('System call', 'process', 'info', KERNEL, OTHER),
  'file.create': row('File created', 'file', 'creation', FILE, 1),
  'file.open': row('File opened', 'file', 'access', FILE, 14),
  'file.update': row('File changed', 'file', 'change', FILE, 3),
  'file.delete': row('File deleted', 'file', 'deletion', FILE, 4),
  'file.rename': row('File renamed', 'file', 'change', FILE, 5),
  'file.permission': row('File mode, owner or attributes changed', 'file', 'change', FILE, 7),
  'file.mount': row('File system mounted or unmounted', 'file', 'change', FILE, 12),
  'network.connect': row('Network connection made', 'network', 'connection', NETWORK, 1),
  'network.listen': row('Network port opened', 'network', 'start', NETWORK, 7),
  'network.accept': row('Network connection accepted', 'network', 'connection', NETWORK, 1),
  'network.flow': row('Network traffic', 'network', 'connection', NETWORK, 6),
  'terminal.input': row('Keystrokes', 'process', 'info', PROCESS, OTHER),
  'access.deny': row('Access denied by policy', 'intrusion_detection', 'denied', KERNEL, OTHER),
  'security.change': row('Security policy or its mode changed', 'configuration', 'change', LIFECYCLE, OTHER),
  'module.load': row('Kernel module loaded', 'driver', 'start', MODULE, 1),
  'module.unload': row('Kernel module unloaded', 'driver', 'end', MODULE, OTHER),
  'bpf.load': row('eBPF program loaded', 'driver', 'start', KERNEL, OTHER),
  'firewall.change': row('Packet filter changed', 'configuration', 'change', LIFECYCLE, OTHER),
  'device.promiscuous': row('Interface in or out of promiscuous mode', 'configuration', 'change', NETWORK, OTHER),

  // The machine and its services
  'host.boot': row('Machine started', 'host', 'start', LIFECYCLE, 3),
  'host.shutdown': row('Machine stopped', 'host', 'end', LIFECYCLE, 4),
  'host.time': row('Clock changed', 'host', 'change', LIFECYCLE, OTHER),
  'host.rename': row('Host name changed', 'host', 'change', LIFECYCLE, OTHER),
  'service.start': row('Service started', 'process', 'start', LIFECYCLE, 3),
  'service.stop': row('Service stopped', 'process', 'end', LIFECYCLE, 4),
  'service.fail': row('Service failed', 'process', 'change', LIFECYCLE, OTHER),
  'service.reload': row('Service or unit files reloaded', 'configuration', 'change', LIFECYCLE, OTHER),
  'kernel.message': row('Kernel message', 'host', 'info', LOG, 1),

  // Evidence about evidence
  'audit.config': row('Audit configuration changed', 'configuration', 'change', LIFECYCLE, OTHER),
  'audit.start': row('Audit daemon started', 'host', 'start', LIFECYCLE, 3),
  'audit.stop': row('Audit daemon stopped', 'host', 'end', LIFECYCLE, 4),
  'log.loss': row('Log records lost', 'host', 'info', LOG, OTHER),
  'log.start': row('Log daemon started', 'host', 'start', LIFECYCLE, 3),
  'log.stop': row('Log daemon stopped', 'host', 'end', LIFECYCLE, 4),
  'log.rotate': row('Logs rotated, vacuumed or reopened', 'host', 'change', LOG, OTHER),
  'log.message': row('Log message', 'host', 'info', LOG, 1),

  // Kubelet and container runtime
  'kubelet.start': row('Kubelet started', 'host', 'start', LIFECYCLE, 3),
  'kubelet.request': row('Request to the kubelet', 'web', 'access', API, OTHER),
  'kubelet.message': row('Kubelet message', 'host', 'info', LOG, 1),
  'pod.add': row('Pod seen by the kubelet', 'configuration', 'creation', LIFECYCLE, 1),
  'pod.change': row('Pod changed at the kubelet', 'configuration', 'change', LIFECYCLE, OTHER),
  'pod.remove': row('Pod removed at the kubelet', 'configuration', 'deletion', LIFECYCLE, 2),
  'pod.start': row('Pod running', 'process', 'start', LIFECYCLE, 3),
  'pod.kill': row('Pod being stopped', 'process', 'end', LIFECYCLE, 4),
  'pod.sync-error': row('Pod cannot be brought up', 'process', 'info', LIFECYCLE, OTHER),
  'container.create': row('Container created', 'configuration', 'creation', LIFECYCLE, 1),
  'container.start': row('Container started', 'process', 'start', LIFECYCLE, 3),
  'container.stop': row('Container being stopped', 'process', 'end', LIFECYCLE, 4),
  'container.exit': row('Container ended', 'process', 'end', LIFECYCLE, 4),
  'container.remove': row('Container removed', 'configuration', 'deletion', LIFECYCLE, 2),
  'container.exec': row('Command run in a container', 'process', 'start', PROCESS, 1),
  'container.output': row('Container output', 'process', 'info', LOG, 1),
  'probe.fail': row('Probe failed', 'process', 'info', LIFECYCLE, OTHER),
  'image.pull': row('Image pulled', 'package', 'installation', LIFECYCLE, 1),
  'image.remove': row('Image removed', 'package', 'deletion', LIFECYCLE, 2),
  'volume.mount': row('Volume mounted', 'file', 'change', FILE, 12),
  'volume.unmount': row('Volume unmounted', 'file', 'change', FILE, 13),
  'node.condition': row('Node condition', 'host', 'change', LIFECYCLE, OTHER),
  'certificate.change': row('Certificate rotated or refused', 'configuration', 'change', LIFECYCLE, OTHER),
} as const satisfies Record<string, ActionRow>;

export type Action = keyof typeof table;

/** Every action with its title and its place in ECS and OCSF. */
export const actions: Readonly<Record<Action, ActionRow>> = table;

/** All action ids, in table order. */
export const actionIds = Object.keys(table) as [Action, ...Action[]];
