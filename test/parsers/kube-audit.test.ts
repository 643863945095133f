import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { parser } from '../../src/parsers/kube-audit.js';
import { expectBooksToBalance, readText, testParser, type Read } from '../conformance.js';
import { auditLine, auditLog, type Request } from './kube-audit-requests.js';

testParser(parser, { multiline: true });

const read = (...requests: Request[]): Promise<Read> => readText(parser, auditLog(...requests));
const one = async (request: Request): Promise<Event> => {
  const { events } = await read(request);
  expect(events).toHaveLength(1);
  return events[0] as Event;
};
const pods = { resource: 'pods', namespace: 'shop', name: 'web-0', apiVersion: 'v1' };

describe('what a request is', () => {
  it.each([
    ['pods', 'exec', 'create', 'pod.exec'],
    ['pods', 'exec', 'get', 'pod.exec'],
    ['pods', 'attach', 'get', 'pod.attach'],
    ['pods', 'portforward', 'create', 'pod.portforward'],
    ['pods', 'proxy', 'get', 'pod.proxy'],
    ['pods', 'log', 'get', 'pod.log'],
    ['pods', 'ephemeralcontainers', 'patch', 'pod.debug'],
    ['pods', 'ephemeralcontainers', 'get', 'pod.read'],
    ['pods', 'eviction', 'create', 'pod.evict'],
    ['pods', 'binding', 'create', 'pod.bind'],
    ['pods', 'status', 'patch', 'pod.update'],
    ['nodes', 'proxy', 'create', 'node.proxy'],
    ['services', 'proxy', 'get', 'service.proxy'],
    ['serviceaccounts', 'token', 'create', 'serviceaccount.token'],
    ['secrets', undefined, 'get', 'secret.read'],
    ['secrets', undefined, 'list', 'secret.read'],
    ['secrets', undefined, 'watch', 'secret.read'],
    ['nodes', undefined, 'create', 'node.create'],
    ['events', undefined, 'deletecollection', 'kubeevent.delete'],
  ])('%s/%s by %s is %s', async (resource, subresource, verb, action) => {
    expect((await one({ verb, objectRef: { ...pods, resource, subresource } })).action).toBe(action);
  });

  it.each([
    ['rbac.authorization.k8s.io', 'clusterrolebindings', undefined, 'create', 'clusterrolebinding.create'],
    ['rbac.authorization.k8s.io', 'roles', undefined, 'patch', 'role.update'],
    ['certificates.k8s.io', 'certificatesigningrequests', undefined, 'create', 'csr.create'],
    ['certificates.k8s.io', 'certificatesigningrequests', 'approval', 'update', 'csr.approve'],
    ['admissionregistration.k8s.io', 'mutatingwebhookconfigurations', undefined, 'create', 'webhook.create'],
    ['admissionregistration.k8s.io', 'validatingadmissionpolicies', undefined, 'delete', 'policy.delete'],
    ['apiregistration.k8s.io', 'apiservices', undefined, 'create', 'apiservice.create'],
    ['apiextensions.k8s.io', 'customresourcedefinitions', undefined, 'create', 'crd.create'],
    ['networking.k8s.io', 'networkpolicies', undefined, 'delete', 'networkpolicy.delete'],
    ['authentication.k8s.io', 'tokenreviews', undefined, 'create', 'token.review'],
    ['authorization.k8s.io', 'selfsubjectaccessreviews', undefined, 'create', 'access.review'],
    ['example.com', 'widgets', undefined, 'create', 'object.create'],
  ])('%s %s/%s by %s is %s', async (apiGroup, resource, subresource, verb, action) => {
    expect((await one({ verb, objectRef: { apiGroup, resource, subresource, apiVersion: 'v1' } })).action).toBe(action);
  });

  it('does not take the figures of metrics.k8s.io for pods, nor services of Knative for services', async () => {
    expect((await one({ verb: 'list', objectRef: { apiGroup: 'metrics.k8s.io', resource: 'pods' } })).action).toBe('object.read');
    expect((await one({ verb: 'create', objectRef: { apiGroup: 'serving.knative.dev', resource: 'services' } })).action).toBe(
      'object.create',
    );
  });

  it('a request for no object, or by a verb nobody knows, is a request', async () => {
    expect((await one({ verb: 'get', requestURI: '/version' })).action).toBe('api.request');
    expect((await one({ verb: 'frobnicate', objectRef: pods })).action).toBe('api.request');
  });

  it('a dry run is no change, whether the query or the body asks for it', async () => {
    const create = await one({ verb: 'create', requestURI: '/api/v1/namespaces/shop/pods?dryRun=All', objectRef: pods });
    expect(create).toMatchObject({ action: 'api.request', details: { dryRun: true, verb: 'create' } });
    const removal = { verb: 'delete', objectRef: pods, level: 'Request', requestObject: { kind: 'DeleteOptions', dryRun: ['All'] } };
    expect(await one(removal)).toMatchObject({ action: 'api.request', details: { dryRun: true } });
  });

  it('a dry run that is refused as none is not taken for one', async () => {
    expect((await one({ verb: 'create', requestURI: '/api/v1/namespaces/shop/pods?dryRun=', objectRef: pods })).action).toBe('pod.create');
  });

  it('a denied certificate request is not approved', async () => {
    const objectRef = { resource: 'certificatesigningrequests', subresource: 'approval', apiGroup: 'certificates.k8s.io', name: 'x' };
    const denied = { verb: 'update', objectRef, level: 'Request', requestObject: { status: { conditions: [{ type: 'Denied' }] } } };
    expect((await one(denied)).action).toBe('csr.update');
  });
});

describe('what was run', () => {
  it('is read from the query, also where keys are written with escapes', async () => {
    const requestURI = '/api/v1/namespaces/shop/pods/web-0/exec?comm%61nd=sh&command=-c&command=cat+%2Fetc%2Fshadow&container=web&tty=true';
    const event = await one({ verb: 'get', requestURI, objectRef: { ...pods, subresource: 'exec' } });
    expect(event.process).toEqual({ args: ['sh', '-c', 'cat /etc/shadow'], commandLine: 'sh -c cat /etc/shadow' });
    expect(event.container).toEqual({ name: 'web' });
    expect(event.details).toMatchObject({ tty: true });
  });

  it('is read from what the API server passes on to a kubelet', async () => {
    const requestURI = '/api/v1/nodes/node-1/proxy/run/kube-system/etcd-0/etcd?cmd=id';
    const event = await one({
      verb: 'create',
      requestURI,
      objectRef: { resource: 'nodes', name: 'node-1', subresource: 'proxy', apiVersion: 'v1' },
    });
    expect(event).toMatchObject({
      action: 'node.proxy',
      process: { args: ['id'] },
      pod: { namespace: 'kube-system', name: 'etcd-0' },
      container: { name: 'etcd' },
      details: { proxied: '/run/kube-system/etcd-0/etcd' },
    });
  });
});

describe('who it was, and how it went', () => {
  it('takes the last address: those before it are what clients say', async () => {
    expect((await one({ verb: 'get', objectRef: pods, sourceIPs: ['1.2.3.4', '10.0.0.9'] })).client?.ip).toBe('10.0.0.9');
  });

  it('keeps who put on another identity', async () => {
    const event = await one({
      verb: 'get',
      objectRef: pods,
      user: { username: 'admin' },
      impersonatedUser: { username: 'system:serviceaccount:shop:web' },
    });
    expect(event.actor).toMatchObject({ user: 'admin', impersonating: 'system:serviceaccount:shop:web' });
  });

  it('knows pod, node and credential of a bound token', async () => {
    const extra = {
      'authentication.kubernetes.io/credential-id': ['JTI=1'],
      'authentication.kubernetes.io/node-name': ['node-1'],
      'authentication.kubernetes.io/pod-name': ['web-0'],
    };
    const event = await one({ verb: 'get', objectRef: pods, user: { username: 'system:serviceaccount:shop:web', extra } });
    expect(event.actor).toMatchObject({ serviceAccount: 'shop/web', credential: 'JTI=1', pod: 'web-0', node: 'node-1' });
  });

  it.each([
    [200, 'success'],
    [101, 'success'],
    [401, 'failure'],
    [403, 'failure'],
    [500, 'failure'],
  ])('a request answered with %i is a %s', async (code, outcome) => {
    expect((await one({ verb: 'get', objectRef: pods, user: { username: 'system:anonymous' }, responseStatus: { code } })).outcome).toBe(
      outcome,
    );
  });

  it('a request that was received and nothing more has no outcome', async () => {
    expect((await one({ verb: 'get', objectRef: pods, stage: 'RequestReceived', responseStatus: undefined })).outcome).toBeUndefined();
  });

  it('a panic is a failure', async () => {
    expect((await one({ verb: 'get', objectRef: pods, stage: 'Panic', responseStatus: undefined })).outcome).toBe('failure');
  });

  it('says nothing of bodies that the level leaves out', async () => {
    const { details } = await one({ verb: 'create', objectRef: pods, level: 'Metadata' });
    expect(details).toMatchObject({ level: 'Metadata' });
    expect(details?.['requested']).toBeUndefined();
  });
});

describe('what bodies say', () => {
  const requested = async (verb: string, objectRef: Request['objectRef'], requestObject: unknown): Promise<unknown> =>
    (await one({ verb, objectRef, level: 'Request', requestObject })).details?.['requested'];
  const spec = {
    hostPID: true,
    volumes: [{ name: 'root', hostPath: { path: '/' } }],
    containers: [
      {
        name: 'c',
        image: 'x',
        env: [{ name: 'TOKEN', value: 's3cret' }],
        securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } },
      },
    ],
  };
  const loose = {
    hostPID: true,
    hostPaths: ['/'],
    containers: [{ name: 'c', image: 'x', env: ['TOKEN'], securityContext: { privileged: true, addCapabilities: ['SYS_ADMIN'] } }],
  };

  it.each([
    ['pods', '', { spec }],
    ['deployments', 'apps', { spec: { template: { spec } } }],
    ['daemonsets', 'apps', { spec: { template: { spec } } }],
    ['statefulsets', 'apps', { spec: { template: { spec } } }],
    ['replicasets', 'apps', { spec: { template: { spec } } }],
    ['jobs', 'batch', { spec: { template: { spec } } }],
    ['cronjobs', 'batch', { spec: { jobTemplate: { spec: { template: { spec } } } } }],
    ['replicationcontrollers', '', { spec: { template: { spec } } }],
    ['podtemplates', '', { template: { spec } }],
  ])('how pods of %s are let loose', async (resource, apiGroup, body) => {
    expect(await requested('create', { resource, apiGroup, namespace: 'shop' }, body)).toMatchObject(loose);
  });

  it('keys of secrets and config maps, never their values', async () => {
    const body = { data: { password: 'aHVudGVyMg==' }, stringData: { user: 'root' }, type: 'Opaque' };
    const found = await requested('create', { resource: 'secrets', namespace: 'shop' }, body);
    expect(found).toEqual({ keys: ['password', 'user'], type: 'Opaque' });
    expect(
      JSON.stringify(
        await one({
          verb: 'patch',
          objectRef: { resource: 'secrets' },
          level: 'Request',
          requestObject: [{ op: 'add', path: '/data/a', value: 'hunter2' }],
        }),
      ),
    ).not.toContain('hunter2');
  });

  it('who may come in by aws-auth', async () => {
    const body = { data: { mapRoles: '- rolearn: arn:aws:iam::1:role/evil' } };
    expect(await requested('update', { resource: 'configmaps', namespace: 'kube-system', name: 'aws-auth' }, body)).toMatchObject({
      data: body.data,
    });
  });

  it('a JSON patch sets a part of the object', async () => {
    const patch = [
      { op: 'test', path: '/metadata/name', value: 'web' },
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'evil:1' },
      { op: 'add', path: '/spec/template/spec/hostNetwork', value: true },
    ];
    expect(await requested('patch', { resource: 'deployments', apiGroup: 'apps', name: 'web' }, patch)).toMatchObject({
      containers: [{ image: 'evil:1' }],
      hostNetwork: true,
      patch: [{ op: 'test' }, { op: 'replace', path: '/spec/template/spec/containers/0/image' }, { op: 'add' }],
    });
  });

  it('a merge patch that takes away a label', async () => {
    const body = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': null } } };
    expect(await requested('patch', { resource: 'namespaces', name: 'shop' }, body)).toEqual({
      labels: { 'pod-security.kubernetes.io/enforce': null },
    });
  });

  it('a strategic merge patch, with its directives', async () => {
    const body = {
      spec: { template: { spec: { '$setElementOrder/containers': [{ name: 'c' }], containers: [{ name: 'c', image: 'evil:1' }] } } },
    };
    expect(await requested('patch', { resource: 'daemonsets', apiGroup: 'apps', name: 'a' }, body)).toEqual({
      containers: [{ name: 'c', image: 'evil:1' }],
    });
  });

  it('a server-side apply, which takes over conflicts', async () => {
    const requestURI = '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=ci&force=true';
    const requestObject = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec: { hostPID: true } } } };
    const event = await one({
      verb: 'patch',
      requestURI,
      objectRef: { resource: 'deployments', apiGroup: 'apps', name: 'web' },
      level: 'Request',
      requestObject,
    });
    expect(event.details).toMatchObject({ fieldManager: 'ci', force: true, requested: { hostPID: true } });
  });

  it('taints and labels of nodes, rights and subjects, webhooks', async () => {
    const rbac = 'rbac.authorization.k8s.io';
    expect(await requested('patch', { resource: 'nodes', name: 'n' }, { spec: { taints: [] } })).toEqual({ taints: [] });
    expect(
      await requested(
        'create',
        { resource: 'clusterroles', apiGroup: rbac },
        { rules: [{ verbs: ['escalate', 'bind', 'impersonate'], resources: ['*'] }] },
      ),
    ).toEqual({
      rules: [{ verbs: ['escalate', 'bind', 'impersonate'], resources: ['*'] }],
    });
    expect(
      await requested(
        'create',
        { resource: 'rolebindings', apiGroup: rbac },
        { roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'User', name: 'u' }] },
      ),
    ).toEqual({
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [{ kind: 'User', name: 'u' }],
    });
    const hook = { name: 'h', clientConfig: { url: 'https://evil.example/' }, rules: [{ resources: ['secrets'] }] };
    expect(
      await requested(
        'create',
        { resource: 'mutatingwebhookconfigurations', apiGroup: 'admissionregistration.k8s.io' },
        { webhooks: [hook] },
      ),
    ).toEqual({
      webhooks: [{ name: 'h', url: 'https://evil.example/', resources: ['secrets'] }],
    });
  });
});

describe('stages of one request', () => {
  const stage = (name: string, more: Request = {}): Request => ({ verb: 'watch', objectRef: pods, auditID: 'a', stage: name, ...more });

  it('give one event with all origins', async () => {
    const { events, tallies } = await read(
      stage('RequestReceived', { responseStatus: undefined }),
      stage('ResponseStarted'),
      stage('ResponseComplete'),
    );
    expect(events).toHaveLength(1);
    expect(events[0]?.also).toHaveLength(2);
    expect(events[0]?.details).toMatchObject({ stages: ['RequestReceived', 'ResponseStarted', 'ResponseComplete'] });
    expect(tallies[0]).toMatchObject({ decoded: 1, merged: 2 });
  });

  it('a panic ends a request too', async () => {
    const { events } = await read(
      stage('RequestReceived', { responseStatus: undefined }),
      stage('Panic', { responseStatus: { code: 500 } }),
    );
    expect(events).toHaveLength(1);
    expect(events[0]?.outcome).toBe('failure');
  });

  it('a watch that has not ended is told at the end of the log', async () => {
    const { events } = await read(stage('ResponseStarted'), { verb: 'get', objectRef: pods, auditID: 'b' });
    expect(events.map((event) => event.details?.['stage'])).toEqual(['ResponseComplete', 'ResponseStarted']);
  });

  it('the same id from an aggregated API server is another request', async () => {
    const { events } = await read(
      stage('RequestReceived', { requestReceivedTimestamp: '2024-05-01T10:00:00.000001Z' }),
      stage('ResponseComplete', { requestReceivedTimestamp: '2024-05-01T10:00:00.000002Z' }),
      stage('ResponseComplete', { requestReceivedTimestamp: '2024-05-01T10:00:00.000001Z' }),
    );
    expect(events.map((event) => event.also?.length ?? 0)).toEqual([0, 1]);
  });

  it('an earlier stage that comes late says nothing new', async () => {
    const read_ = await read(stage('ResponseComplete'), stage('RequestReceived', { responseStatus: undefined }));
    expect(read_.events).toHaveLength(1);
    expect(read_.tallies[0]).toMatchObject({ decoded: 1, ignored: 1 });
    expectBooksToBalance(read_);
  });
});

describe('a log that is not in order', () => {
  it('keeps the neighbours of a line that is no record', async () => {
    const lines = [
      auditLine({ verb: 'get', objectRef: pods }),
      '{"level":"Metadata"}',
      'noise',
      auditLine({ verb: 'list', objectRef: pods }),
    ];
    const { events, problems } = await readText(parser, lines.join('\n'));
    expect(events).toHaveLength(2);
    expect(problems.map((problem) => problem.code)).toEqual(['malformed', 'malformed']);
  });

  it('reads records whose fields are missing or of the wrong type', async () => {
    const odd = {
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      auditID: 'x',
      verb: 7,
      user: null,
      sourceIPs: 'no',
      objectRef: [],
      stageTimestamp: '2024-05-01T10:11:12Z',
    };
    const { events } = await readText(parser, JSON.stringify(odd));
    expect(events).toMatchObject([{ time: '2024-05-01T10:11:12.000000000Z', action: 'api.request' }]);
  });

  it('keys that imitate others in bodies, users and annotations lead nobody astray', async () => {
    const fake = { verb: 'delete', user: { username: 'fake' }, requestReceivedTimestamp: '1999-01-01T00:00:00Z', auditID: 'fake' };
    const event = await one({
      verb: 'create',
      objectRef: pods,
      user: { username: 'x","verb":"delete', extra: { __proto__: ['a'], verb: ['delete'] } },
      requestObject: fake,
      responseObject: fake,
      annotations: { requestReceivedTimestamp: '1999-01-01T00:00:00Z', verb: 'delete' },
    });
    expect(event).toMatchObject({ action: 'pod.create', time: '2024-05-01T10:11:12.000001000Z', actor: { user: 'x","verb":"delete' } });
  });
});
