/**
 * What bodies say that an investigation needs: how pods are let loose, who was given which rights, which keys were written.
 * Values of secrets are never taken over; everything is bounded.
 */
import {
  apiServiceDigest,
  configMapDigest,
  crdDigest,
  ingressDigest,
  namespaceDigest,
  networkPolicyDigest,
  nodeDigest,
  policyDigest,
  secretDigest,
  serviceDigest,
  volumeDigest,
  webhookDigest,
} from './cluster.js';
import { at, denial, isObject, number, some, text, type Loose } from './fields.js';
import { operationsOf, patchedPart } from './patch.js';
import {
  accessReviewDigest,
  bindingDigest,
  csrDigest,
  ruleDigest,
  selfReviewDigest,
  tokenRequestDigest,
  tokenReviewDigest,
} from './rights.js';
import { podDigest } from './workload.js';

/** What is looked at. */
export interface Subject {
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

type Digest = (body: Loose, subject: Subject) => Record<string, unknown>;

const DIGESTS: ReadonlyMap<string, Digest> = new Map<string, Digest>([
  ['pods', podDigest],
  ['deployments', podDigest],
  ['daemonsets', podDigest],
  ['statefulsets', podDigest],
  ['replicasets', podDigest],
  ['jobs', podDigest],
  ['cronjobs', podDigest],
  ['replicationcontrollers', podDigest],
  ['podtemplates', podDigest],
  ['rolebindings', bindingDigest],
  ['clusterrolebindings', bindingDigest],
  ['roles', ruleDigest],
  ['clusterroles', ruleDigest],
  ['mutatingwebhookconfigurations', webhookDigest],
  ['validatingwebhookconfigurations', webhookDigest],
  ['validatingadmissionpolicies', policyDigest],
  ['validatingadmissionpolicybindings', policyDigest],
  ['mutatingadmissionpolicies', policyDigest],
  ['mutatingadmissionpolicybindings', policyDigest],
  ['podsecuritypolicies', policyDigest],
  ['apiservices', apiServiceDigest],
  ['customresourcedefinitions', crdDigest],
  ['secrets', secretDigest],
  ['configmaps', configMapDigest],
  ['namespaces', namespaceDigest],
  ['nodes', nodeDigest],
  ['networkpolicies', networkPolicyDigest],
  ['ingresses', ingressDigest],
  ['services', serviceDigest],
  ['persistentvolumes', volumeDigest],
  ['persistentvolumeclaims', volumeDigest],
  ['serviceaccounts', (body) => ({ automountServiceAccountToken: denial(body['automountServiceAccountToken']) })],
  ['certificatesigningrequests', csrDigest],
  ['tokenreviews', tokenReviewDigest],
  ['subjectaccessreviews', accessReviewDigest],
  ['selfsubjectaccessreviews', accessReviewDigest],
  ['selfsubjectrulesreviews', accessReviewDigest],
  ['localsubjectaccessreviews', accessReviewDigest],
  ['selfsubjectreviews', selfReviewDigest],
  ['bindings', (body) => ({ node: text(at(body, 'target', 'name')) })],
]);

/** Subresources whose bodies are of another kind than their object. */
const SUBDIGESTS: ReadonlyMap<string, Digest> = new Map<string, Digest>([
  ['serviceaccounts/token', tokenRequestDigest],
  ['pods/binding', (body) => ({ node: text(at(body, 'target', 'name')) })],
  ['pods/eviction', (body) => ({ gracePeriodSeconds: number(at(body, 'deleteOptions', 'gracePeriodSeconds')) })],
]);

/** Bodies of pods' and workloads' statuses say nothing of these, and there are more of them than of all others. */
function isStatus({ subresource, resource }: Subject): boolean {
  return subresource === 'status' && DIGESTS.get(resource as string) === podDigest;
}

/** Bodies of this are looked at. */
export function hasDigest(subject: Subject): boolean {
  return subject.resource !== undefined && DIGESTS.has(subject.resource) && !isStatus(subject);
}

/**
 * Facts of a body.
 * @param body What was asked for, or what came of it: an object, a patch of one (merge, strategic, apply: a part of an object), or a JSON patch.
 */
export function digestOf(subject: Subject, body: unknown): Record<string, unknown> | undefined {
  const { resource, subresource } = subject;
  const digest = SUBDIGESTS.get(`${resource}/${subresource}`) ?? DIGESTS.get(resource ?? '');
  if (digest === undefined) return undefined;
  if (Array.isArray(body)) return some({ patch: operationsOf(body), ...digest(patchedPart(body), subject) });
  return isObject(body) ? some(digest(body, subject)) : undefined;
}
