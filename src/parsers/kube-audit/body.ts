/**
 * What request bodies say that an investigation needs: how pods are let loose, who was given which rights, which keys were written.
 * Values of secrets and config maps are never taken over; everything is bounded.
 */
import { isObject } from './record.js';

/** Longest text and list taken over from a body. */
const TEXT = 4096;
const LIST = 256;

type Loose = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value.slice(0, TEXT) : undefined);
const objects = (value: unknown): Loose[] => (Array.isArray(value) ? value.slice(0, LIST).filter(isObject) : []);
const texts = (value: unknown): string[] | undefined => {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value
    .slice(0, LIST)
    .filter((item): item is string => typeof item === 'string')
    .map((item) => item.slice(0, TEXT));
};
const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), value);
const truth = (value: unknown): true | undefined => (value === true ? true : undefined);

/** Leaves out what is absent. @returns undefined when nothing is left. */
function some<T extends object>(value: T): T | undefined {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as T);
}

const PODS = new Set([
  'pods',
  'deployments',
  'daemonsets',
  'statefulsets',
  'replicasets',
  'jobs',
  'cronjobs',
  'replicationcontrollers',
  'podtemplates',
]);
const BINDINGS = new Set(['rolebindings', 'clusterrolebindings']);
const ROLES = new Set(['roles', 'clusterroles']);
const WEBHOOKS = new Set(['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']);

/** Resources whose bodies are looked at. */
export function hasDigest(resource: string | undefined): boolean {
  return resource !== undefined && Object.hasOwn(DIGESTS, resource);
}

/** Security-relevant facts of a body. @param body What was asked for, or what came of it: an object, or a patch of one. */
export function digestOf(resource: string, subresource: string | undefined, body: unknown): Record<string, unknown> | undefined {
  if (Array.isArray(body))
    return { patch: objects(body).map(({ op, path, from }) => some({ op: text(op), path: text(path), from: text(from) })) };
  if (!isObject(body) || !Object.hasOwn(DIGESTS, resource)) return undefined;
  return some(
    (subresource === undefined ? DIGESTS[resource] : (SUBDIGESTS[`${resource}/${subresource}`] ?? DIGESTS[resource]))?.(body) ?? {},
  );
}

type Digest = (body: Loose) => Record<string, unknown>;

const keysOnly: Digest = (body) => ({
  keys: [...new Set(['data', 'binaryData', 'stringData'].flatMap((part) => Object.keys(isObject(body[part]) ? body[part] : {})))].slice(
    0,
    LIST,
  ),
  type: text(body['type']),
});

const DIGESTS: Readonly<Record<string, Digest>> = {
  ...Object.fromEntries([...PODS].map((resource) => [resource, podDigest])),
  ...Object.fromEntries([...BINDINGS].map((resource) => [resource, bindingDigest])),
  ...Object.fromEntries([...ROLES].map((resource) => [resource, ruleDigest])),
  ...Object.fromEntries([...WEBHOOKS].map((resource) => [resource, webhookDigest])),
  secrets: keysOnly,
  configmaps: keysOnly,
  namespaces: (body) => ({ labels: labelsOf(body) }),
  nodes: (body) => ({
    labels: labelsOf(body),
    taints: objects(at(body, 'spec', 'taints')).map(({ key, effect }) => some({ key: text(key), effect: text(effect) })),
    unschedulable: truth(at(body, 'spec', 'unschedulable')),
  }),
  serviceaccounts: (body) => ({ automountServiceAccountToken: body['automountServiceAccountToken'] === false ? false : undefined }),
  services: (body) => ({
    type: text(at(body, 'spec', 'type')),
    externalIPs: texts(at(body, 'spec', 'externalIPs')),
    externalName: text(at(body, 'spec', 'externalName')),
  }),
  certificatesigningrequests: (body) => ({
    signerName: text(at(body, 'spec', 'signerName')),
    usages: texts(at(body, 'spec', 'usages')),
    conditions: objects(at(body, 'status', 'conditions')).map(({ type, reason }) => some({ type: text(type), reason: text(reason) })),
  }),
  subjectaccessreviews: reviewDigest,
  selfsubjectaccessreviews: reviewDigest,
  localsubjectaccessreviews: reviewDigest,
  apiservices: (body) => ({
    service: serviceOf(at(body, 'spec', 'service')),
    insecureSkipTLSVerify: truth(at(body, 'spec', 'insecureSkipTLSVerify')),
  }),
};

const SUBDIGESTS: Readonly<Record<string, Digest>> = {
  'serviceaccounts/token': (body) => ({
    audiences: texts(at(body, 'spec', 'audiences')),
    expirationSeconds: at(body, 'spec', 'expirationSeconds'),
    boundTo: some({ kind: text(at(body, 'spec', 'boundObjectRef', 'kind')), name: text(at(body, 'spec', 'boundObjectRef', 'name')) }),
  }),
  'pods/binding': (body) => ({ node: text(at(body, 'target', 'name')) }),
};

function labelsOf(body: Loose): Record<string, string> | undefined {
  const labels = at(body, 'metadata', 'labels');
  if (!isObject(labels)) return undefined;
  return Object.fromEntries(
    Object.entries(labels)
      .slice(0, LIST)
      .map(([key, value]) => [key.slice(0, TEXT), String(value).slice(0, TEXT)]),
  );
}

/** The pod's spec, wherever a workload keeps its template. */
function podDigest(body: Loose): Record<string, unknown> {
  const spec = at(body, 'spec', 'jobTemplate', 'spec', 'template', 'spec') ?? at(body, 'spec', 'template', 'spec') ?? body['spec'];
  if (!isObject(spec)) return { replicas: at(body, 'spec', 'replicas') };
  const containers = [
    ...objects(spec['containers']).map((container) => containerOf(container)),
    ...objects(spec['initContainers']).map((container) => ({ ...containerOf(container), init: true })),
    ...objects(spec['ephemeralContainers']).map((container) => ({ ...containerOf(container), ephemeral: true })),
  ];
  const hostPaths = objects(spec['volumes'])
    .map((volume) => text(at(volume, 'hostPath', 'path')))
    .filter((path) => path !== undefined);
  return {
    containers: containers.length === 0 ? undefined : containers,
    hostPID: truth(spec['hostPID']),
    hostIPC: truth(spec['hostIPC']),
    hostNetwork: truth(spec['hostNetwork']),
    hostUsers: spec['hostUsers'] === false ? false : undefined,
    hostPaths: hostPaths.length === 0 ? undefined : hostPaths,
    secretVolumes: nonEmpty(objects(spec['volumes']).map((volume) => text(at(volume, 'secret', 'secretName')))),
    serviceAccountName: text(spec['serviceAccountName']),
    nodeName: text(spec['nodeName']),
    priorityClassName: text(spec['priorityClassName']),
    runtimeClassName: text(spec['runtimeClassName']),
    securityContext: securityOf(spec['securityContext']),
    replicas: at(body, 'spec', 'replicas'),
  };
}

function nonEmpty(list: (string | undefined)[]): string[] | undefined {
  const found = list.filter((item) => item !== undefined);
  return found.length === 0 ? undefined : found;
}

function containerOf(container: Loose): Record<string, unknown> {
  return {
    ...some({
      name: text(container['name']),
      image: text(container['image']),
      command: texts(container['command']),
      args: texts(container['args']),
      securityContext: securityOf(container['securityContext']),
      // Names only: values may be secrets.
      env: nonEmpty(objects(container['env']).map((variable) => text(variable['name']))),
      mounts: nonEmpty(objects(container['volumeMounts']).map((mount) => text(mount['mountPath']))),
      hostPorts: objects(container['ports'])
        .map((port) => port['hostPort'])
        .filter((port) => typeof port === 'number'),
    }),
  };
}

function securityOf(value: unknown): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined;
  return some({
    privileged: truth(value['privileged']),
    allowPrivilegeEscalation: truth(value['allowPrivilegeEscalation']),
    runAsUser: typeof value['runAsUser'] === 'number' ? value['runAsUser'] : undefined,
    runAsNonRoot: typeof value['runAsNonRoot'] === 'boolean' ? value['runAsNonRoot'] : undefined,
    procMount: text(value['procMount']),
    addCapabilities: texts(at(value, 'capabilities', 'add')),
    seccompProfile: text(at(value, 'seccompProfile', 'type')),
    appArmorProfile: text(at(value, 'appArmorProfile', 'type')),
  });
}

function bindingDigest(body: Loose): Record<string, unknown> {
  return {
    roleRef: some({ kind: text(at(body, 'roleRef', 'kind')), name: text(at(body, 'roleRef', 'name')) }),
    subjects: objects(body['subjects']).map(({ kind, name, namespace }) =>
      some({ kind: text(kind), name: text(name), namespace: text(namespace) }),
    ),
  };
}

function ruleDigest(body: Loose): Record<string, unknown> {
  return {
    rules: objects(body['rules']).map((rule) =>
      some({
        verbs: texts(rule['verbs']),
        apiGroups: texts(rule['apiGroups']),
        resources: texts(rule['resources']),
        resourceNames: texts(rule['resourceNames']),
        nonResourceURLs: texts(rule['nonResourceURLs']),
      }),
    ),
    aggregated: body['aggregationRule'] === undefined ? undefined : true,
  };
}

function webhookDigest(body: Loose): Record<string, unknown> {
  return {
    webhooks: objects(body['webhooks']).map((hook) =>
      some({
        name: text(hook['name']),
        url: text(at(hook, 'clientConfig', 'url')),
        service: serviceOf(at(hook, 'clientConfig', 'service')),
        failurePolicy: text(hook['failurePolicy']),
      }),
    ),
  };
}

function serviceOf(value: unknown): string | undefined {
  const name = text(at(value, 'name'));
  return name === undefined ? undefined : `${text(at(value, 'namespace')) ?? ''}/${name}`;
}

function reviewDigest(body: Loose): Record<string, unknown> {
  const attributes = at(body, 'spec', 'resourceAttributes');
  return {
    asked: some({
      user: text(at(body, 'spec', 'user')),
      verb: text(at(attributes, 'verb')) ?? text(at(body, 'spec', 'nonResourceAttributes', 'verb')),
      resource: text(at(attributes, 'resource')),
      subresource: text(at(attributes, 'subresource')),
      namespace: text(at(attributes, 'namespace')),
      name: text(at(attributes, 'name')),
      path: text(at(body, 'spec', 'nonResourceAttributes', 'path')),
    }),
    allowed: at(body, 'status', 'allowed'),
  };
}
