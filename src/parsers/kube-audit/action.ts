/** Which action a request is: by resource, subresource and verb. */
import { actionIds, type Action } from '../../model/action.js';

/** Resources with actions of their own. */
const THINGS: Readonly<Record<string, string>> = {
  pods: 'pod',
  deployments: 'deployment',
  daemonsets: 'daemonset',
  statefulsets: 'statefulset',
  replicasets: 'replicaset',
  jobs: 'job',
  cronjobs: 'cronjob',
  secrets: 'secret',
  configmaps: 'configmap',
  serviceaccounts: 'serviceaccount',
  roles: 'role',
  clusterroles: 'clusterrole',
  rolebindings: 'rolebinding',
  clusterrolebindings: 'clusterrolebinding',
  nodes: 'node',
  namespaces: 'namespace',
  services: 'service',
  ingresses: 'ingress',
  networkpolicies: 'networkpolicy',
  persistentvolumes: 'volume',
  persistentvolumeclaims: 'volume',
  certificatesigningrequests: 'csr',
  mutatingwebhookconfigurations: 'webhook',
  validatingwebhookconfigurations: 'webhook',
  validatingadmissionpolicies: 'policy',
  validatingadmissionpolicybindings: 'policy',
  mutatingadmissionpolicies: 'policy',
  mutatingadmissionpolicybindings: 'policy',
  podsecuritypolicies: 'policy',
  apiservices: 'apiservice',
  customresourcedefinitions: 'crd',
  leases: 'lease',
  events: 'kubeevent',
};

/**
 * API groups in which those names mean these things, beside the one without a name. `pods` of `metrics.k8s.io` are figures,
 * `services` of `serving.knative.dev` something else.
 */
const GROUPS: ReadonlySet<string> = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'authorization.openshift.io',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'events.k8s.io',
  'extensions',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
]);

const VERBS: Readonly<Record<string, string>> = {
  get: 'read',
  list: 'read',
  watch: 'read',
  create: 'create',
  update: 'update',
  patch: 'update',
  apply: 'update',
  delete: 'delete',
  deletecollection: 'delete',
};

/** Subresources that are doors of their own, whatever the verb: WebSocket clients `get` what SPDY clients `create`. */
const DOORS: Readonly<Record<string, Action>> = {
  'pods/exec': 'pod.exec',
  'pods/attach': 'pod.attach',
  'pods/portforward': 'pod.portforward',
  'pods/proxy': 'pod.proxy',
  'pods/log': 'pod.log',
  'nodes/proxy': 'node.proxy',
  'services/proxy': 'service.proxy',
};

/** Subresources that mean something else than a change of their object, for verbs that change. */
const CHANGES: Readonly<Record<string, Action>> = {
  'pods/ephemeralcontainers': 'pod.debug',
  'pods/eviction': 'pod.evict',
  'pods/binding': 'pod.bind',
  bindings: 'pod.bind',
  'serviceaccounts/token': 'serviceaccount.token',
  'certificatesigningrequests/approval': 'csr.approve',
  tokenreviews: 'token.review',
  subjectaccessreviews: 'access.review',
  selfsubjectaccessreviews: 'access.review',
  selfsubjectrulesreviews: 'access.review',
  localsubjectaccessreviews: 'access.review',
  selfsubjectreviews: 'access.review',
};

const known: ReadonlySet<string> = new Set(actionIds);
const remembered = new Map<string, Action>();

/** @param resource Absent for requests that are not for an object (`/healthz`, `/version`). */
export function actionOf(
  resource: string | undefined,
  subresource: string | undefined,
  verb: string | undefined,
  group: string | undefined,
): Action {
  if (resource === undefined) return 'api.request';
  const key = `${group ?? ''}/${resource}/${subresource ?? ''} ${verb ?? ''}`;
  let action = remembered.get(key);
  if (action === undefined) {
    action = findAction(resource, subresource, verb ?? '', GROUPS.has(group ?? ''));
    if (remembered.size >= 4096) remembered.clear();
    remembered.set(key, action);
  }
  return action;
}

/** The request asks for more than a look: bodies may say what. Verbs that are not known may change something. */
export function isChange(verb: string | undefined): boolean {
  return verb !== undefined && (Object.hasOwn(VERBS, verb) ? VERBS[verb] !== 'read' : verb !== 'head' && verb !== 'options');
}

/** @param ours The resource is of a group in which its name means what it says. */
function findAction(resource: string, subresource: string | undefined, verb: string, ours: boolean): Action {
  const path = subresource === undefined || subresource === '' ? resource : `${resource}/${subresource}`;
  const done = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  const door = ours && Object.hasOwn(DOORS, path) ? DOORS[path] : undefined;
  if (door !== undefined) return door;
  const change = ours && done !== 'read' && Object.hasOwn(CHANGES, path) ? CHANGES[path] : undefined;
  if (change !== undefined) return change;
  if (done === undefined) return 'api.request';
  // Deleting or creating below an object changes the object, not its existence.
  const effect = path === resource || done === 'read' ? done : 'update';
  const action = `${(ours && Object.hasOwn(THINGS, resource) ? THINGS[resource] : undefined) ?? 'object'}.${effect}`;
  return known.has(action) ? (action as Action) : 'api.request';
}
