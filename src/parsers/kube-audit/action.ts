/** Which action a request is: by resource, subresource and verb. */
import { actionIds, type Action } from '../../model/action.js';

/** Resources with actions of their own. Of the same name in other groups (`events.k8s.io`) too. */
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
export function actionOf(resource: string | undefined, subresource: string | undefined, verb: string | undefined): Action {
  if (resource === undefined) return 'api.request';
  const key = `${resource}/${subresource ?? ''} ${verb ?? ''}`;
  let action = remembered.get(key);
  if (action === undefined) {
    action = findAction(resource, subresource, verb ?? '');
    if (remembered.size >= 4096) remembered.clear();
    remembered.set(key, action);
  }
  return action;
}

function findAction(resource: string, subresource: string | undefined, verb: string): Action {
  const path = subresource === undefined || subresource === '' ? resource : `${resource}/${subresource}`;
  const done = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  const door = Object.hasOwn(DOORS, path) ? DOORS[path] : undefined;
  if (door !== undefined) return door;
  const change = done !== 'read' && Object.hasOwn(CHANGES, path) ? CHANGES[path] : undefined;
  if (change !== undefined) return change;
  if (done === undefined) return 'api.request';
  // Deleting or creating below an object changes the object, not its existence.
  const effect = path === resource || done === 'read' ? done : 'update';
  const action = `${(Object.hasOwn(THINGS, resource) ? THINGS[resource] : undefined) ?? 'object'}.${effect}`;
  return known.has(action) ? (action as Action) : 'api.request';
}
