/** What an API server writes with a usual audit policy: mostly machines talking, some people, some bodies. */
import type { Random } from './random.js';
import { rfc3339, type Clock, type Pod, type World } from './world.js';

interface User {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

interface Request {
  readonly verb: string;
  readonly uri: string;
  readonly user: User;
  readonly ip: string;
  readonly agent: string;
  readonly ref?: Readonly<Record<string, string>>;
  readonly level?: 'Metadata' | 'Request' | 'RequestResponse';
  readonly code?: number;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly reason?: string;
  readonly impersonated?: User;
}

const nodeUser = (node: string): User => ({ username: `system:node:${node}`, groups: ['system:nodes', 'system:authenticated'] });
const person = (name: string, random: Random): User => ({
  username: `${name}@example.com`,
  uid: `idp-${name}`,
  groups: ['oidc:developers', 'system:authenticated'],
  extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${random.pick(CREDENTIALS)}`] },
});
const CREDENTIALS = Array.from({ length: 40 }, (_, i) => `5f0c1f6e-8a51-4f0e-9d2c-${String(i).padStart(12, '0')}`);

function account(pod: Pod): User {
  return {
    username: `system:serviceaccount:${pod.namespace}:${pod.app}`,
    uid: pod.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${pod.namespace}`, 'system:authenticated'],
    extra: {
      'authentication.kubernetes.io/credential-id': [`JTI=${pod.uid}`],
      'authentication.kubernetes.io/node-name': [pod.node],
      'authentication.kubernetes.io/pod-name': [pod.name],
      'authentication.kubernetes.io/pod-uid': [pod.uid],
    },
  };
}

const KUBELET = 'kubelet/v1.30.2 (linux/amd64) kubernetes/3968350';
const KUBECTL = 'kubectl/v1.30.1 (linux/amd64) kubernetes/6911225';
const MANAGER = 'kube-controller-manager/v1.30.2 (linux/amd64) kubernetes/3968350';
const RBAC = 'RBAC: allowed by ClusterRoleBinding';

/** Rows: how often of a hundred, and what. */
const REQUESTS: readonly (readonly [share: number, make: (random: Random, { pods, nodes, people, inside, outside }: World) => Request])[] =
  [
    [
      30,
      (random, { nodes, inside }) => {
        const node = random.pick(nodes);
        return {
          verb: 'update',
          uri: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${node}?timeout=10s`,
          user: nodeUser(node),
          ip: random.pick(inside),
          agent: KUBELET,
          ref: {
            resource: 'leases',
            namespace: 'kube-node-lease',
            name: node,
            uid: '0b9f2c1e-5a5e-4d2b-9a63-1f0c9d9e0a11',
            apiGroup: 'coordination.k8s.io',
            apiVersion: 'v1',
            resourceVersion: String(1_000_000 + random.int(9_000_000)),
          },
        };
      },
    ],
    [
      22,
      (random, { pods, inside }) => {
        const pod = random.pick(pods);
        const resource = random.pick(['configmaps', 'endpoints', 'services', 'pods', 'nodes', 'secrets']);
        const where = resource === 'nodes' ? '' : `/namespaces/${pod.namespace}`;
        return {
          verb: random.pick(['get', 'list', 'get']),
          uri: `/api/v1${where}/${resource}${random.chance(0.5) ? '?limit=500&resourceVersion=0' : `/${pod.app}`}`,
          user: account(pod),
          ip: random.pick(inside),
          agent: `${pod.app}/v0.31.0 (linux/amd64) kubernetes/$Format`,
          ref: { resource, namespace: pod.namespace, name: pod.app, apiVersion: 'v1' },
          reason: `${RBAC} "${pod.app}" of ClusterRole "${pod.app}" to ServiceAccount "${pod.app}/${pod.namespace}"`,
        };
      },
    ],
    [
      10,
      (random, { pods, inside }) => {
        const pod = random.pick(pods);
        return {
          verb: 'watch',
          uri: `/apis/apps/v1/replicasets?allowWatchBookmarks=true&resourceVersion=${random.int(9_000_000)}&timeout=7m${random.int(60)}s&watch=true`,
          user: { username: 'system:kube-controller-manager', groups: ['system:authenticated'] },
          ip: random.pick(inside),
          agent: MANAGER,
          ref: { resource: 'replicasets', namespace: pod.namespace, apiGroup: 'apps', apiVersion: 'v1' },
        };
      },
    ],
    [
      14,
      (random, { pods, inside }) => {
        const pod = random.pick(pods);
        const status = {
          conditions: ['Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
            type,
            status: 'True',
            lastProbeTime: null,
            lastTransitionTime: '2024-05-01T09:00:00Z',
          })),
          containerStatuses: [
            {
              name: pod.container,
              containerID: `containerd://${pod.containerId}`,
              image: pod.image,
              ready: true,
              restartCount: random.int(5),
              started: true,
              state: { running: { startedAt: '2024-05-01T09:00:00Z' } },
            },
          ],
        };
        return {
          verb: 'patch',
          uri: `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/status`,
          user: nodeUser(pod.node),
          ip: random.pick(inside),
          agent: KUBELET,
          ref: { resource: 'pods', namespace: pod.namespace, name: pod.name, apiVersion: 'v1', subresource: 'status' },
          level: random.chance(0.3) ? 'RequestResponse' : 'Request',
          request: { metadata: { uid: pod.uid }, status },
          response: { ...podObject(pod), status },
        };
      },
    ],
    [
      8,
      (random, { pods, inside }) => {
        const pod = random.pick(pods);
        return {
          verb: 'create',
          uri: `/api/v1/namespaces/${pod.namespace}/events`,
          user: nodeUser(pod.node),
          ip: random.pick(inside),
          agent: KUBELET,
          code: 201,
          ref: {
            resource: 'events',
            namespace: pod.namespace,
            name: `${pod.name}.17cb${random.hex(12)}`,
            uid: random.uuid(),
            apiVersion: 'v1',
          },
        };
      },
    ],
    [
      5,
      (random, { pods, inside }) => {
        const pod = random.pick(pods);
        return {
          verb: 'create',
          uri: `/api/v1/namespaces/${pod.namespace}/pods`,
          user: { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: ['system:serviceaccounts'] },
          ip: random.pick(inside),
          agent: `${MANAGER}/system:serviceaccount:kube-system:replicaset-controller`,
          ref: { resource: 'pods', namespace: pod.namespace, apiVersion: 'v1' },
          level: 'RequestResponse',
          code: 201,
          request: podObject(pod),
          response: podObject(pod),
        };
      },
    ],
    [
      4,
      (random, { people, pods, outside }) => {
        const pod = random.pick(pods);
        const name = random.pick(people);
        return {
          verb: random.pick(['get', 'list', 'create', 'delete']),
          uri: `/api/v1/namespaces/${pod.namespace}/secrets/${pod.app}-tls`,
          user: person(name, random),
          ip: random.pick(outside),
          agent: KUBECTL,
          code: 403,
          status: {
            status: 'Failure',
            message: `secrets "${pod.app}-tls" is forbidden: User "${name}@example.com" cannot get resource "secrets" in API group "" in the namespace "${pod.namespace}"`,
            reason: 'Forbidden',
            details: { name: `${pod.app}-tls`, kind: 'secrets' },
          },
          ref: { resource: 'secrets', namespace: pod.namespace, name: `${pod.app}-tls`, apiVersion: 'v1' },
          impersonated: random.chance(0.1) ? { username: 'system:admin', groups: ['system:masters'] } : undefined,
        };
      },
    ],
    [
      3,
      (random, { people, pods, outside }) => {
        const pod = random.pick(pods);
        const command = random.pick([
          'sh',
          'bash',
          'cat&command=%2Fetc%2Fpasswd',
          'sh&command=-c&command=id%3B+uname+-a',
          'ls&command=%C3%BCber',
        ]);
        return {
          verb: random.pick(['create', 'get']),
          uri: `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/exec?command=${command}&container=${pod.container}&stdin=true&stdout=true&tty=true`,
          user: person(random.pick(people), random),
          ip: random.pick(outside),
          agent: KUBECTL,
          code: 101,
          ref: { resource: 'pods', namespace: pod.namespace, name: pod.name, apiVersion: 'v1', subresource: 'exec' },
        };
      },
    ],
    [
      4,
      (random, { inside }) => ({
        verb: 'get',
        uri: random.pick(['/readyz', '/livez', '/openapi/v3', '/apis', '/version']),
        user: { username: 'system:anonymous', groups: ['system:unauthenticated'] },
        ip: random.pick(inside),
        agent: random.pick(['kube-probe/1.30', 'Go-http-client/2.0', 'curl/8.5.0', 'Mozilla/5.0 (X11; Linux x86_64) "quoted" agent']),
      }),
    ],
  ];

function podObject(pod: Pod): Record<string, unknown> {
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name: pod.name,
      generateName: `${pod.app}-`,
      namespace: pod.namespace,
      uid: pod.uid,
      labels: { app: pod.app, 'pod-template-hash': pod.name.slice(-15, -6) },
      annotations: { 'example.com/note': 'wird nachts neu gestartet – bitte nicht löschen' },
    },
    spec: {
      containers: [
        {
          name: pod.container,
          image: pod.image,
          args: ['--config=/etc/app/config.yaml', '--log-level=info'],
          env: [{ name: 'TOKEN', value: '"kind":"Event","auditID":"not-a-key"' }],
          resources: { requests: { cpu: '100m', memory: '128Mi' } },
          volumeMounts: [{ name: 'kube-api-access', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
        },
      ],
      volumes: [{ name: 'data', hostPath: { path: '/var/lib/data' } }],
      serviceAccountName: pod.app,
      nodeName: pod.node,
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
    },
  };
}

/** Records are written when a request is done, so their times are not in order. */
export function auditRecords(random: Random, world: World, time: Clock, anyOrder = false): () => string {
  const pick = weighted(random);
  return () => {
    time.pass(2000);
    const request = pick(world);
    const done = time.now();
    const received = done - (request.verb === 'watch' ? random.int(4e8) : 200 + random.int(random.chance(0.01) ? 2e6 : 2e4));
    const id = random.uuid();
    const started = request.verb === 'watch' && random.chance(0.5);
    const record = recordOf(request, id, received, done, 'ResponseComplete');
    if (anyOrder) return `${JSON.stringify(Object.fromEntries(Object.entries(record).toSorted(byName)))}\n`;
    const line = `${JSON.stringify(record)}\n`;
    return started ? `${JSON.stringify(recordOf(request, id, received, received + 900, 'ResponseStarted'))}\n${line}` : line;
  };
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

function weighted(random: Random): (world: World) => Request {
  const deck = REQUESTS.flatMap(([share, make]) => Array.from({ length: share }, () => make));
  return (world) => random.pick(deck)(random, world);
}

function recordOf(request: Request, auditID: string, received: number, done: number, stage: string): Record<string, unknown> {
  const { level = 'Metadata' } = request;
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level,
    auditID,
    stage,
    requestURI: request.uri,
    verb: request.verb,
    user: request.user,
    impersonatedUser: request.impersonated,
    sourceIPs: [request.ip],
    userAgent: request.agent,
    objectRef: request.ref,
    responseStatus: { metadata: {}, ...request.status, code: request.code ?? 200 },
    requestObject: level === 'Metadata' || stage === 'ResponseStarted' ? undefined : request.request,
    responseObject: level === 'RequestResponse' && stage !== 'ResponseStarted' ? request.response : undefined,
    requestReceivedTimestamp: rfc3339(received),
    stageTimestamp: rfc3339(done),
    annotations: {
      'authorization.k8s.io/decision': request.code === 403 ? 'forbid' : 'allow',
      'authorization.k8s.io/reason': request.reason ?? '',
    },
  };
}
