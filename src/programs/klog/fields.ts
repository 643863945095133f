/** What the fields of a klog record name: pods, containers, addresses. Every field may be missing or of any type. */
import { detach } from '../../formats/bytes.js';
import { parseGoStruct } from '../../formats/klog-values.js';
import type { KlogRecord, KlogValue } from '../../formats/klog.js';
import type { ContainerRef, PodRef } from '../../model/event.js';
import type { Reading } from '../program.js';

export type Fields = KlogRecord['fields'];

const UID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32})$/;
// containerd://3b1f… 64 digits; some tools shorten them, and then say the runtime
const CONTAINER_ID = /^(?:(?:containerd|docker|cri-o):\/\/(?<id>[0-9a-f]{12,64})|(?<bare>[0-9a-f]{64}))$/;
// web-6f7c9d5b8-abcde_shop(7f3c1f0e-58d2-4a51-9f0e-0d2a1d6e7c11)
const FULL_NAME = /^(?<name>[a-z0-9.-]{1,253})_(?<namespace>[a-z0-9-]{1,63})\((?<uid>[0-9a-f-]{32,36})\)$/;

export function text(fields: Fields, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value = fields.get(key);
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

export function number(fields: Fields, key: string): number | undefined {
  const value = fields.get(key);
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}

export const isUid = (value: string | undefined): value is string => value !== undefined && UID.test(value);

/** `ns/name`, `name` (node or no namespace), `name_ns(uid)`, or the object of JSON logs. */
export function parsePodRef(value: KlogValue | undefined): PodRef | undefined {
  if (typeof value === 'string') {
    const full = FULL_NAME.exec(value)?.groups;
    if (full !== undefined) return { namespace: full['namespace'], name: full['name'], uid: full['uid'] };
    const slash = value.indexOf('/');
    if (slash < 0) return value === '' || /\s/.test(value) ? undefined : { name: detach(value) };
    return slash === 0 || value.indexOf('/', slash + 1) >= 0
      ? undefined
      : { namespace: value.slice(0, slash), name: detach(value.slice(slash + 1)) };
  }
  const object = members(value);
  const name = object?.['name'];
  const namespace = object?.['namespace'];
  if (typeof name !== 'string') return undefined;
  return typeof namespace === 'string' && namespace !== '' ? { namespace, name } : { name };
}

/** `["ns/a","ns/b"]`, `[ns/a ns/b]`, `["ns/a" "ns/b"]` or the objects of JSON logs. */
export function parsePodRefs(value: KlogValue | undefined): PodRef[] {
  const items: readonly KlogValue[] = Array.isArray(value)
    ? (value as readonly KlogValue[])
    : typeof value === 'string' && value.startsWith('[')
      ? (value.match(/[^\s[\]",]+/g) ?? [])
      : [];
  return items.map(parsePodRef).filter((ref) => ref !== undefined);
}

export function parseContainerId(value: string | undefined): string | undefined {
  const groups = value === undefined ? undefined : CONTAINER_ID.exec(value)?.groups;
  const id = groups?.['id'] ?? groups?.['bare'];
  return id === undefined ? undefined : detach(id);
}

/** Members of a struct, whether written as JSON or by Go's `%+v`. */
export function members(value: KlogValue | undefined): Readonly<Record<string, KlogValue>> | undefined {
  if (typeof value === 'string') return /^&?(?:\w+(?:\.\w+)*)?\{/.test(value) ? Object.fromEntries(parseGoStruct(value)) : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, KlogValue>) : undefined;
}

export function podOf(fields: Fields): PodRef | undefined {
  if (fields.size === 0) return undefined;
  const ref = parsePodRef(fields.get('pod')) ?? namedPod(fields);
  const uid = uidOf(fields);
  if (uid === undefined) return ref;
  return { ...ref, uid: detach(uid) };
}

const UID_KEYS = ['podUID', 'podUid', 'podID', 'podName'] as const;

function uidOf(fields: Fields): string | undefined {
  for (const key of UID_KEYS) {
    const value = fields.get(key);
    if (typeof value === 'string' && UID.test(value)) return value;
  }
  return undefined;
}

function namedPod(fields: Fields): PodRef | undefined {
  const name = text(fields, 'podName');
  const namespace = text(fields, 'podNamespace', 'namespace');
  if (name === undefined || isUid(name)) return undefined;
  return parsePodRef(name)?.namespace !== undefined ? parsePodRef(name) : namespace === undefined ? undefined : { namespace, name };
}

export function containerOf(fields: Fields): ContainerRef | undefined {
  const written = fields.get('containerID') ?? fields.get('containerId') ?? fields.get('containerStatusID');
  const struct = members(written)?.['ID'];
  const id = parseContainerId(typeof struct === 'string' ? struct : typeof written === 'string' ? written : undefined);
  const named = text(fields, 'containerName', 'initContainerName') ?? text(fields, 'container');
  const name = named !== undefined && /^[a-z0-9-]{1,63}$/.test(named) ? named : undefined;
  const image = text(fields, 'image', 'containerImage');
  if (id === undefined && name === undefined && image === undefined) return undefined;
  const container: { -readonly [K in keyof ContainerRef]: ContainerRef[K] } = {};
  if (id !== undefined) container.id = id;
  if (name !== undefined) container.name = name;
  if (image !== undefined) container.image = image;
  return container;
}

/** What every record tells beside its meaning. */
export function detailsOf(record: KlogRecord): Record<string, unknown> {
  const details: Record<string, unknown> = {};
  if (record.severity !== undefined) details['severity'] = record.severity;
  if (record.caller !== undefined) details['caller'] = record.caller;
  if (record.verbosity !== undefined) details['verbosity'] = record.verbosity;
  const error = text(record.fields, 'err', 'error');
  if (error !== undefined) details['error'] = error;
  if (record.structured) details['event'] = record.text;
  if (record.fields.size > 0) details['fields'] = Object.fromEntries(record.fields);
  return details;
}

/** A reading with what the fields name; the kind's own members win. Built in place: spreading costs several times more. */
export function readingOf(record: KlogRecord, kind: Partial<Reading> & Pick<Reading, 'action'>): Reading {
  const { fields } = record;
  const details = detailsOf(record);
  if (kind.details !== undefined) Object.assign(details, kind.details);
  const reading: { -readonly [K in keyof Reading]: Reading[K] } = { action: kind.action };
  if (kind.outcome !== undefined) reading.outcome = kind.outcome;
  if (kind.actor !== undefined) reading.actor = kind.actor;
  if (kind.client !== undefined) reading.client = kind.client;
  if (kind.server !== undefined) reading.server = kind.server;
  if (kind.process !== undefined) reading.process = kind.process;
  if (kind.file !== undefined) reading.file = kind.file;
  const pod = kind.pod ?? podOf(fields);
  if (pod !== undefined) reading.pod = pod;
  const container = kind.container ?? containerOf(fields);
  if (container !== undefined) reading.container = container;
  reading.details = details;
  return reading;
}

// 10.0.0.5:51234      [2001:db8::5]:51234
const ADDRESS = /^(?:\[(?<v6>[0-9a-fA-F:.%]{2,60})\]|(?<v4>[0-9.]{7,15})):(?<port>\d{1,5})$/;

export function parseAddress(address: string | undefined): { ip: string; port: number } | undefined {
  const groups = address === undefined ? undefined : ADDRESS.exec(address)?.groups;
  const port = Number(groups?.['port']);
  return groups === undefined || port > 65535 ? undefined : { ip: detach((groups['v6'] ?? groups['v4']) as string), port };
}
