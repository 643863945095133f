/** Audit records for tests, as the API server writes them. */

export interface Request {
  readonly verb?: string;
  readonly level?: string;
  readonly auditID?: string;
  readonly stage?: string;
  readonly requestURI?: string;
  readonly user?: unknown;
  readonly impersonatedUser?: unknown;
  readonly sourceIPs?: readonly string[];
  readonly objectRef?: Readonly<Record<string, string | undefined>>;
  readonly responseStatus?: unknown;
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
  readonly requestReceivedTimestamp?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a test does not say is as in most requests. */
const USUAL = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Metadata',
  auditID: '0c6f8a1e-0b1d-4d8e-9a54-0d7b1c3a9f10',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods/web-0',
  verb: 'get',
  user: { username: 'alice', groups: ['system:authenticated'] },
  sourceIPs: ['10.0.0.1'],
  userAgent: 'kubectl/v1.34.4',
  objectRef: undefined,
  responseStatus: { metadata: {}, code: 200 },
  requestReceivedTimestamp: '2024-05-01T10:11:12.000001Z',
  stageTimestamp: '2024-05-01T10:11:12.000002Z',
};

export function auditLine(request: Request): string {
  return JSON.stringify({ ...USUAL, ...request });
}

export function auditLog(...requests: readonly Request[]): string {
  return requests.map((request) => auditLine(request) + '\n').join('');
}
