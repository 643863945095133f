/** What bends the cluster itself: admission, aggregation, nodes, names and ways into it. */
import { at, each, isObject, keysOf, labels, nonEmpty, objects, serviceOf, some, text, texts, truth, type Loose } from './fields.js';

export function webhookDigest(body: Loose): Record<string, unknown> {
  return {
    webhooks: each(body['webhooks'], (hook) =>
      some({
        name: text(hook['name']),
        url: text(at(hook, 'clientConfig', 'url')),
        service: serviceOf(at(hook, 'clientConfig', 'service')),
        failurePolicy: text(hook['failurePolicy']),
        resources: nonEmpty(objects(hook['rules']).flatMap((rule) => texts(rule['resources']) ?? [])),
      }),
    ),
  };
}

export function policyDigest(body: Loose): Record<string, unknown> {
  return {
    policyName: text(at(body, 'spec', 'policyName')),
    validationActions: texts(at(body, 'spec', 'validationActions')),
    failurePolicy: text(at(body, 'spec', 'failurePolicy')),
    validations: nonEmpty(objects(at(body, 'spec', 'validations')).map((validation) => text(validation['expression']))),
    privileged: truth(at(body, 'spec', 'privileged')),
  };
}

export function apiServiceDigest(body: Loose): Record<string, unknown> {
  return {
    service: serviceOf(at(body, 'spec', 'service')),
    insecureSkipTLSVerify: truth(at(body, 'spec', 'insecureSkipTLSVerify')),
  };
}

export function crdDigest(body: Loose): Record<string, unknown> {
  return {
    group: text(at(body, 'spec', 'group')),
    kind: text(at(body, 'spec', 'names', 'kind')),
    scope: text(at(body, 'spec', 'scope')),
    conversion: serviceOf(at(body, 'spec', 'conversion', 'webhook', 'clientConfig', 'service')),
  };
}

export function nodeDigest(body: Loose): Record<string, unknown> {
  return {
    labels: labels(at(body, 'metadata', 'labels')),
    taints: each(at(body, 'spec', 'taints'), ({ key, value, effect }) =>
      some({ key: text(key), value: text(value), effect: text(effect) }),
    ),
    unschedulable: at(body, 'spec', 'unschedulable'),
  };
}

export function namespaceDigest(body: Loose): Record<string, unknown> {
  return { labels: labels(at(body, 'metadata', 'labels')) };
}

export function networkPolicyDigest(body: Loose): Record<string, unknown> {
  const spec = at(body, 'spec');
  return {
    policyTypes: texts(at(spec, 'policyTypes')),
    podLabels: labels(at(spec, 'podSelector', 'matchLabels')),
    ingress: ruleCount(at(spec, 'ingress')),
    egress: ruleCount(at(spec, 'egress')),
    // A rule without peers lets everybody in.
    openIngress: truth(objects(at(spec, 'ingress')).some((rule) => rule['from'] === undefined)),
  };
}

function ruleCount(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

export function ingressDigest(body: Loose): Record<string, unknown> {
  return {
    hosts: nonEmpty(objects(at(body, 'spec', 'rules')).map((rule) => text(rule['host']))),
    annotations: keys(at(body, 'metadata', 'annotations')),
  };
}

export function serviceDigest(body: Loose): Record<string, unknown> {
  return {
    type: text(at(body, 'spec', 'type')),
    externalIPs: texts(at(body, 'spec', 'externalIPs')),
    externalName: text(at(body, 'spec', 'externalName')),
    loadBalancerIPs: nonEmpty(
      objects(at(body, 'status', 'loadBalancer', 'ingress')).map((point) => text(point['ip']) ?? text(point['hostname'])),
    ),
  };
}

export function volumeDigest(body: Loose): Record<string, unknown> {
  return {
    hostPath: text(at(body, 'spec', 'hostPath', 'path')) ?? text(at(body, 'spec', 'local', 'path')),
    nfs: text(at(body, 'spec', 'nfs', 'server')),
    driver: text(at(body, 'spec', 'csi', 'driver')),
    storageClass: text(at(body, 'spec', 'storageClassName')),
  };
}

/** Values are secrets: their keys only. */
export function secretDigest(body: Loose): Record<string, unknown> {
  return {
    keys: keysOf(body['data'], body['stringData']),
    type: text(body['type']),
    serviceAccount: text(at(body, 'metadata', 'annotations', 'kubernetes.io/service-account.name')),
  };
}

/** Config maps of kube-system that say who is who and where names lead; they hold no secrets. */
const PLAIN: ReadonlySet<string> = new Set(['aws-auth', 'coredns', 'coredns-custom', 'kube-proxy']);

export function configMapDigest(body: Loose, { namespace, name }: { namespace?: string; name?: string }): Record<string, unknown> {
  const data = body['data'];
  const plain = namespace === 'kube-system' && name !== undefined && PLAIN.has(name) && isObject(data);
  return {
    keys: keysOf(data, body['binaryData']),
    data: plain ? some(Object.fromEntries(keysOf(data).map((key) => [key, text(data[key])]))) : undefined,
  };
}

function keys(value: unknown): string[] | undefined {
  return nonEmpty(keysOf(value));
}
