/** Who was given which rights, and who asked what may be done. */
import { at, each, some, text, texts, type Loose } from './fields.js';

export function bindingDigest(body: Loose): Record<string, unknown> {
  return {
    roleRef: some({ kind: text(at(body, 'roleRef', 'kind')), name: text(at(body, 'roleRef', 'name')) }),
    subjects: each(body['subjects'], ({ kind, name, namespace }) =>
      some({ kind: text(kind), name: text(name), namespace: text(namespace) }),
    ),
  };
}

export function ruleDigest(body: Loose): Record<string, unknown> {
  return {
    rules: each(body['rules'], (rule) =>
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

export function accessReviewDigest(body: Loose): Record<string, unknown> {
  const attributes = at(body, 'spec', 'resourceAttributes');
  return {
    asked: some({
      user: text(at(body, 'spec', 'user')),
      verb: text(at(attributes, 'verb')) ?? text(at(body, 'spec', 'nonResourceAttributes', 'verb')),
      group: text(at(attributes, 'group')),
      resource: text(at(attributes, 'resource')),
      subresource: text(at(attributes, 'subresource')),
      namespace: text(at(attributes, 'namespace')) ?? text(at(body, 'spec', 'namespace')),
      name: text(at(attributes, 'name')),
      path: text(at(body, 'spec', 'nonResourceAttributes', 'path')),
    }),
    allowed: flag(at(body, 'status', 'allowed')),
  };
}

/** The token itself is never taken over: only whose it is. */
export function tokenReviewDigest(body: Loose): Record<string, unknown> {
  return {
    audiences: texts(at(body, 'spec', 'audiences')),
    authenticated: flag(at(body, 'status', 'authenticated')),
    user: text(at(body, 'status', 'user', 'username')),
    groups: texts(at(body, 'status', 'user', 'groups')),
    error: text(at(body, 'status', 'error')),
  };
}

export function selfReviewDigest(body: Loose): Record<string, unknown> {
  return { user: text(at(body, 'status', 'userInfo', 'username')), groups: texts(at(body, 'status', 'userInfo', 'groups')) };
}

export function tokenRequestDigest(body: Loose): Record<string, unknown> {
  return {
    audiences: texts(at(body, 'spec', 'audiences')),
    expirationSeconds: at(body, 'spec', 'expirationSeconds'),
    boundTo: some({ kind: text(at(body, 'spec', 'boundObjectRef', 'kind')), name: text(at(body, 'spec', 'boundObjectRef', 'name')) }),
  };
}

export function csrDigest(body: Loose): Record<string, unknown> {
  return {
    signerName: text(at(body, 'spec', 'signerName')),
    usages: texts(at(body, 'spec', 'usages')),
    expirationSeconds: at(body, 'spec', 'expirationSeconds'),
    user: text(at(body, 'spec', 'username')),
    conditions: each(at(body, 'status', 'conditions'), ({ type, reason }) => some({ type: text(type), reason: text(reason) })),
  };
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
