/**
 * The fast way through an audit record: its keys in the API server's own order, read one after the other, bodies left unread.
 *
 * It is safe against text that imitates keys: every value before the bodies is walked over string by string, and what stands behind
 * the bodies is found from the record's end, where only a record's own tail can stand. Anything that is not exactly as the API
 * server writes it gives undefined, and the caller parses the whole record. Measured 2–3 × as fast as JSON.parse.
 * {@link https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/apis/audit/v1/types.go | order of the fields}
 */
import { detach } from '../../formats/bytes.js';
import { statusOf, userOf, type AuditObjectRef, type AuditRecord, type AuditStatus, type AuditUser } from './record.js';

const HEAD = '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"';
const TAIL = ',"requestReceivedTimestamp":"';
/** Objects that come again and again are parsed once: users, references, annotations. */
const REMEMBERED = 2048;
const LONGEST_REMEMBERED = 4096;

/** Where the last read ended. */
let at = 0;

/** Reads `"…` from the first character inside the quotes on; sets {@link at} behind the closing quote. @returns undefined on any doubt. */
function readString(text: string, from: number): string | undefined {
  const quote = text.indexOf('"', from);
  if (quote < 0) return undefined;
  const slice = text.slice(from, quote);
  if (!slice.includes('\\')) {
    at = quote + 1;
    return slice;
  }
  const end = endOfString(text, from);
  if (end < 0) return undefined;
  at = end + 1;
  try {
    return JSON.parse(text.slice(from - 1, end + 1)) as string;
  } catch {
    return undefined;
  }
}

/** Index of the quote that closes a string whose first character is at `from`, -1 when there is none. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 92 && end - 1 - slashes >= from) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

/** Index behind the object or array that begins at `from`, -1 when it does not end. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let end = from; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 34) {
      end = endOfString(text, end + 1);
      if (end < 0) return -1;
    } else if (code === 123 || code === 91) depth++;
    else if ((code === 125 || code === 93) && --depth === 0) return end + 1;
  }
  return -1;
}

/** Reads objects out of records and remembers what it has read: the same text gives the same object. */
class Interner<T> {
  private readonly known = new Map<string, T>();

  constructor(private readonly make: (value: Readonly<Record<string, unknown>>) => T) {}

  /** Reads the object at `from`; sets {@link at} behind it. */
  read(text: string, from: number): T | undefined {
    const end = endOfValue(text, from);
    if (end < 0) return undefined;
    at = end;
    const slice = text.slice(from, end);
    const known = this.known.get(slice);
    if (known !== undefined) return known;
    let made: T;
    try {
      made = this.make(JSON.parse(slice) as Readonly<Record<string, unknown>>);
    } catch {
      return undefined;
    }
    if (slice.length <= LONGEST_REMEMBERED) {
      if (this.known.size >= REMEMBERED) this.known.clear();
      this.known.set(detach(slice), made);
    }
    return made;
  }
}

/** Objects of texts only: a value of another type makes the caller parse the whole record. */
function textsOnly(value: Readonly<Record<string, unknown>>): Record<string, string> {
  for (const item of Object.values(value)) if (typeof item !== 'string') throw new TypeError('not a text');
  return value as Record<string, string>;
}

/** A reader for one source. */
export function recordWalker(): (text: string) => AuditRecord | undefined {
  const users = new Interner<AuditUser>((value) => userOf(value) as AuditUser);
  const references = new Interner<AuditObjectRef>(textsOnly);
  const annotationSets = new Interner<Record<string, string>>(textsOnly);
  const statuses = new Interner<AuditStatus>(statusOf);
  const agents = new Map<string, string>();
  const addresses = new Interner<readonly string[]>((value) => {
    const list = value as unknown as readonly unknown[];
    for (const item of list) if (typeof item !== 'string') throw new TypeError('not a text');
    return list as readonly string[];
  });

  const intern = (text: string): string => {
    const known = agents.get(text);
    if (known !== undefined) return known;
    if (agents.size >= REMEMBERED) agents.clear();
    const kept = detach(text);
    agents.set(kept, kept);
    return kept;
  };

  return (text) => {
    if (!text.startsWith(HEAD)) return undefined;
    const level = readString(text, HEAD.length);
    if (level === undefined || !text.startsWith(',"auditID":"', at)) return undefined;
    const auditID = readString(text, at + 12);
    if (auditID === undefined || !text.startsWith(',"stage":"', at)) return undefined;
    const stage = readString(text, at + 10);
    if (stage === undefined || !text.startsWith(',"requestURI":"', at)) return undefined;
    const requestURI = readString(text, at + 15);
    if (requestURI === undefined || !text.startsWith(',"verb":"', at)) return undefined;
    const verb = readString(text, at + 9);
    if (verb === undefined || !text.startsWith(',"user":{', at)) return undefined;
    const user = users.read(text, at + 8);
    if (user === undefined) return undefined;
    let impersonatedUser: AuditUser | undefined;
    if (text.startsWith(',"impersonatedUser":{', at)) {
      impersonatedUser = users.read(text, at + 20);
      if (impersonatedUser === undefined) return undefined;
    }
    let sourceIPs: readonly string[] | undefined;
    if (text.startsWith(',"sourceIPs":[', at)) {
      sourceIPs = addresses.read(text, at + 13);
      if (sourceIPs === undefined) return undefined;
    }
    let userAgent: string | undefined;
    if (text.startsWith(',"userAgent":"', at)) {
      userAgent = readString(text, at + 14);
      if (userAgent === undefined) return undefined;
      userAgent = intern(userAgent);
    }
    let objectRef: AuditObjectRef | undefined;
    if (text.startsWith(',"objectRef":{', at)) {
      objectRef = references.read(text, at + 13);
      if (objectRef === undefined) return undefined;
    }
    let responseStatus: AuditStatus | undefined;
    if (text.startsWith(',"responseStatus":{', at)) {
      responseStatus = statuses.read(text, at + 18);
      if (responseStatus === undefined) return undefined;
    }
    const bodies = at;
    const tail = text.lastIndexOf(TAIL);
    if (tail < bodies) return undefined;
    if (tail > bodies && !text.startsWith(',"requestObject":', bodies) && !text.startsWith(',"responseObject":', bodies)) return undefined;
    const requestReceivedTimestamp = readString(text, tail + TAIL.length);
    if (requestReceivedTimestamp === undefined || !text.startsWith(',"stageTimestamp":"', at)) return undefined;
    const stageTimestamp = readString(text, at + 19);
    if (stageTimestamp === undefined) return undefined;
    let annotations: Record<string, string> | undefined;
    if (text.startsWith(',"annotations":{', at)) {
      annotations = annotationSets.read(text, at + 15);
      if (annotations === undefined) return undefined;
    }
    if (text.charCodeAt(at) !== 125 || at + 1 !== text.length) return undefined;
    return {
      apiVersion: 'audit.k8s.io/v1',
      level: LEVELS.get(level) ?? detach(level),
      auditID: detach(auditID),
      stage: STAGES.get(stage) ?? detach(stage),
      requestURI: detach(requestURI),
      verb: intern(verb),
      user,
      impersonatedUser,
      sourceIPs,
      userAgent,
      objectRef,
      responseStatus,
      requestReceivedTimestamp,
      stageTimestamp,
      annotations,
      body: () => (tail === bodies ? {} : bodiesOf(text.slice(bodies + 1, tail))),
    };
  };
}

const self = (values: readonly string[]): ReadonlyMap<string, string> => new Map(values.map((value) => [value, value]));
const LEVELS = self(['None', 'Metadata', 'Request', 'RequestResponse']);
const STAGES = self(['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic']);

function bodiesOf(text: string): { request?: unknown; response?: unknown } {
  try {
    const bodies = JSON.parse(`{${text}}`) as Record<string, unknown>;
    return { request: bodies['requestObject'], response: bodies['responseObject'] };
  } catch {
    return {};
  }
}
