/**
 * Audit records of the Kubernetes API server, as far as they are read here.
 * {@link https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/apis/audit/v1/types.go | audit/v1 types}
 */
export interface AuditUser {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface AuditObjectRef {
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiGroup?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly subresource?: string;
}

export interface AuditStatus {
  readonly code?: number;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface AuditRecord {
  readonly apiVersion?: string;
  readonly level?: string;
  readonly auditID?: string;
  readonly stage?: string;
  readonly requestURI?: string;
  readonly verb?: string;
  readonly user?: AuditUser;
  readonly impersonatedUser?: AuditUser;
  readonly sourceIPs?: readonly string[];
  readonly userAgent?: string;
  readonly objectRef?: AuditObjectRef;
  readonly responseStatus?: AuditStatus;
  readonly requestReceivedTimestamp?: string;
  readonly stageTimestamp?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** What a wrapping says of the outcome where it hides the status code. */
  readonly outcome?: 'success' | 'failure';
  /** What a wrapping knows beside the record: cluster, project, stream. */
  readonly envelope?: Readonly<Record<string, unknown>>;
  /** Bodies, parsed when they are asked for: most are never looked at. */
  readonly body: () => { readonly request?: unknown; readonly response?: unknown };
}

type Loose = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Looks like a record of this kind, in any version. `audit.k8s.io/v1alpha1` wrote `timestamp` where later ones write two. */
export function isAuditRecord(value: unknown): value is Loose {
  return (
    isObject(value) &&
    (value['kind'] === 'Event' || value['kind'] === undefined) &&
    (typeof value['auditID'] === 'string' || (typeof value['apiVersion'] === 'string' && value['apiVersion'].startsWith('audit.k8s.io/')))
  );
}

/** From parsed JSON. Fields of a wrong type are left out: what they say is not knowable. */
export function recordOf(value: Loose): AuditRecord {
  const metadata = isObject(value['metadata']) ? value['metadata'] : {};
  return {
    apiVersion: text(value['apiVersion']),
    level: text(value['level']),
    auditID: text(value['auditID']),
    stage: text(value['stage']),
    requestURI: text(value['requestURI']),
    verb: text(value['verb']),
    user: userOf(value['user']),
    impersonatedUser: userOf(value['impersonatedUser']),
    sourceIPs: textsOf(value['sourceIPs']),
    userAgent: text(value['userAgent']),
    objectRef: isObject(value['objectRef']) ? onlyTexts(value['objectRef']) : undefined,
    responseStatus: isObject(value['responseStatus']) ? statusOf(value['responseStatus']) : undefined,
    requestReceivedTimestamp: text(value['requestReceivedTimestamp']) ?? text(value['timestamp']) ?? text(metadata['creationTimestamp']),
    stageTimestamp: text(value['stageTimestamp']),
    annotations: isObject(value['annotations']) ? onlyTexts(value['annotations']) : undefined,
    body: () => ({ request: value['requestObject'], response: value['responseObject'] }),
  };
}

export function statusOf(status: Loose): AuditStatus {
  const code = status['code'];
  return {
    code: typeof code === 'number' && Number.isInteger(code) ? code : undefined,
    status: text(status['status']),
    reason: text(status['reason']),
    message: text(status['message']),
  };
}

export function userOf(value: unknown): AuditUser | undefined {
  if (!isObject(value)) return undefined;
  const extra = isObject(value['extra']) ? listsOf(value['extra']) : undefined;
  return { username: text(value['username']), uid: text(value['uid']), groups: textsOf(value['groups']), extra };
}

function listsOf(value: Loose): Record<string, readonly string[]> {
  const lists: Record<string, readonly string[]> = {};
  for (const key of Object.keys(value)) {
    const list = textsOf(value[key]);
    if (list !== undefined && key !== '__proto__') lists[key] = list;
  }
  return lists;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  for (const item of value) if (typeof item !== 'string') return value.filter((other): other is string => typeof other === 'string');
  return value as string[];
}

/** The same object when all is text: it was made for this record only. */
function onlyTexts(value: Loose): Readonly<Record<string, string>> {
  for (const key in value) if (typeof value[key] !== 'string') return Object.fromEntries(Object.entries(value).filter(isTextEntry));
  return value as Readonly<Record<string, string>>;
}

function isTextEntry(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}
