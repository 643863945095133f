/**
 * HTTP requests as the daemons' servers log them.
 * {@link https://github.com/kubernetes/apiserver/blob/v0.34.4/pkg/server/httplog/httplog.go | respLogger.Log()}
 */
import type { KlogRecord } from '../../formats/klog.js';
import type { Action } from '../../model/action.js';
import type { ContainerRef, PodRef } from '../../model/event.js';
import type { Reading } from '../program.js';
import { isUid, number, parseAddress, readingOf, text } from './fields.js';

/** A request, whichever of the two forms tells of it. */
interface Request {
  readonly verb: string;
  readonly uri: string;
  readonly status?: number;
  readonly userAgent?: string;
  readonly client?: string;
  readonly latency?: string;
}

/** First part of the path of kubelet's API: what it does. */
const KUBELET_PATHS: Readonly<Record<string, Action>> = {
  exec: 'pod.exec',
  run: 'pod.exec',
  cri: 'kubelet.request',
  attach: 'pod.attach',
  portForward: 'pod.portforward',
  containerLogs: 'pod.log',
};
/** Parts behind it: namespace, pod, (uid), container. */
const POD_PATHS: ReadonlySet<string> = new Set(['exec', 'run', 'attach', 'portForward', 'containerLogs', 'checkpoint']);

/** `"HTTP" verb="GET" URI="/pods" latency="1.5ms" userAgent="…" audit-ID="" srcIP="10.0.0.66:40112" resp=401` */
export function readHttp(record: KlogRecord, server: 'kubelet' | 'other'): Reading | undefined {
  const { fields } = record;
  const verb = text(fields, 'verb');
  const uri = text(fields, 'URI');
  if (record.text !== 'HTTP' || verb === undefined || uri === undefined) return undefined;
  const request: Request = {
    verb,
    uri,
    status: number(fields, 'resp'),
    userAgent: text(fields, 'userAgent'),
    client: text(fields, 'srcIP'),
    latency: text(fields, 'latency'),
  };
  return toReading(record, request, server, {
    auditID: text(fields, 'audit-ID'),
    hijacked: fields.get('hijacked') === true ? true : undefined,
  });
}

// GET /stats/summary/: (12.3ms) 200 [Go-http-client/1.1 10.0.0.5:51234]      (1.5ms) 200 [[curl/7.58.0] 10.0.0.5:51234]
const OLD =
  /^(?<verb>[A-Z]{3,16}) (?<uri>\/\S{0,4000}): \((?<latency>[0-9.a-zµ]{1,24})\) (?<status>\d{3}) \[(?<agent>[^\n]{0,1024}) (?<client>\S{3,70})\]$/;

/** The form before 1.18. */
export function readOldHttp(record: KlogRecord, server: 'kubelet' | 'other'): Reading | undefined {
  const groups = record.structured ? undefined : OLD.exec(record.text.slice(0, 6000).trimEnd())?.groups;
  if (groups === undefined) return undefined;
  const request: Request = {
    verb: groups['verb'] as string,
    uri: groups['uri'] as string,
    status: Number(groups['status']),
    userAgent: (groups['agent'] as string).replace(/^\[|\]$/g, ''),
    client: groups['client'],
    latency: groups['latency'],
  };
  return toReading(record, request, server, {});
}

function toReading(record: KlogRecord, request: Request, server: 'kubelet' | 'other', more: Record<string, unknown>): Reading {
  const { uri, status } = request;
  const question = uri.indexOf('?');
  const path = question < 0 ? uri : uri.slice(0, question);
  const query = new URLSearchParams(question < 0 ? '' : uri.slice(question + 1));
  const parts = path.split('/').slice(1).map(decodePart);
  const kind = server === 'kubelet' ? (parts[0] ?? '') : '';
  const target = server === 'kubelet' && POD_PATHS.has(kind) && parts.length >= 3 ? podParts(parts) : undefined;
  const command = kind === 'run' ? query.get('cmd')?.split(' ') : query.getAll('command');
  const action: Action =
    server === 'other' ? 'api.request' : target === undefined ? 'kubelet.request' : (KUBELET_PATHS[kind] ?? 'kubelet.request');
  const client = parseAddress(request.client);
  const details: Record<string, unknown> = { verb: request.verb, uri, ...more };
  if (status !== undefined) details['status'] = status;
  if (request.latency !== undefined) details['latency'] = request.latency;
  if (action === 'pod.exec' && command !== undefined && command.length > 0) details['command'] = command;
  if (kind === 'portForward' && query.has('port')) details['ports'] = query.getAll('port');
  for (const key in details) if (details[key] === undefined) delete details[key];
  const userAgent = request.userAgent;
  return readingOf(record, {
    action,
    // 101 switches to a stream: the server accepted. Hijacked connections log no status.
    outcome:
      status === undefined
        ? undefined
        : status === 101 || (status >= 200 && status < 400)
          ? 'success'
          : status >= 400
            ? 'failure'
            : undefined,
    client: client === undefined && userAgent === undefined ? undefined : { ...client, ...(userAgent === undefined ? {} : { userAgent }) },
    pod: target?.pod,
    container: target?.container,
    details,
  });
}

/** `/exec/ns/pod/container`, `/exec/ns/pod/uid/container`, `/portForward/ns/pod`, `/portForward/ns/pod/uid` */
function podParts(parts: readonly string[]): { pod: PodRef; container?: ContainerRef } {
  const [kind, namespace, name, third, fourth] = parts;
  const uid = isUid(third) ? third : undefined;
  const container =
    kind === 'portForward' ? undefined : fourth !== undefined && fourth !== '' ? fourth : uid === undefined ? third : undefined;
  const pod: PodRef = uid === undefined ? { namespace, name } : { namespace, name, uid };
  return container === undefined || container === '' ? { pod } : { pod, container: { name: container } };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
