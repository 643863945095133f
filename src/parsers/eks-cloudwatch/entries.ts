/** Log events of CloudWatch out of the documents that its commands, exports and subscriptions write. */
import { decodeUtf8 } from '../../formats/bytes.js';
import { gunzipSmall } from '../../formats/inflate.js';
import { instantOf, parseRfc3339 } from '../../formats/time.js';
import type { Instant } from '../../model/event.js';

export interface LogEvent {
  /** Text, or the object that Logs Insights makes of a message in JSON. */
  readonly message: unknown;
  readonly time?: Instant;
  readonly stream?: string;
  readonly group?: string;
}

/** Why a document gives no log events. */
export type Refusal = 'control' | 'unknown' | 'compressed';

type Loose = Readonly<Record<string, unknown>>;

/** Most bytes that compressed data inside a record may become. CloudWatch sends at most 1 MiB compressed. */
const LARGEST = 64 * 1024 * 1024;

const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * @param head Of the wrapper whose list the document was taken from: subscriptions name group and stream there.
 * @returns Events, or why there are none.
 */
export function logEventsOf(document: unknown, head: { stream?: string; group?: string } = {}, depth = 0): LogEvent[] | Refusal {
  if (!isObject(document)) return 'unknown';
  if (document['messageType'] === 'CONTROL_MESSAGE') return 'control';
  const named = {
    stream: text(document['logStream']) ?? text(document['logStreamName']) ?? text(document['@logStream']) ?? head.stream,
    group: groupOf(document) ?? head.group,
  };
  for (const key of ['logEvents', 'events']) {
    const list = document[key];
    if (Array.isArray(list)) return all(list, (item) => logEventsOf(item, named, depth));
  }
  if (Array.isArray(document['results'])) return all(document['results'], (row) => logEventsOf(rowOf(row), named, depth));
  const packed = packedOf(document);
  if (packed !== undefined) return depth > 0 ? 'unknown' : all(packed, (data) => unpack(data));
  const message = document['message'] ?? document['@message'];
  if (typeof message !== 'string' && !isObject(message)) return 'unknown';
  return [{ message, time: timeOf(document['timestamp'] ?? document['@timestamp'] ?? document['time']), ...named }];
}

function all(list: readonly unknown[], read: (item: unknown) => LogEvent[] | Refusal): LogEvent[] | Refusal {
  const events: LogEvent[] = [];
  let refusal: Refusal | undefined;
  for (const item of list) {
    const found = read(item);
    if (typeof found === 'string') refusal = refusal === undefined || refusal === 'control' ? found : refusal;
    else events.push(...found);
  }
  return events.length > 0 ? events : (refusal ?? 'control');
}

/** A row of Logs Insights: `[{"field":"@message","value":"…"}, …]`. */
function rowOf(row: unknown): Loose {
  const cells = Array.isArray(row) ? row.filter(isObject) : [];
  return Object.fromEntries(cells.map((cell) => [text(cell['field']) ?? '', cell['value']]));
}

/** Base64 data of a subscription: Lambda's `awslogs`, records of Kinesis (`kinesis.data`, `Data`) and Firehose (`data`). */
function packedOf(document: Loose): unknown[] | undefined {
  const lambda = document['awslogs'];
  if (isObject(lambda)) return [lambda['data']];
  const records = document['Records'] ?? document['records'];
  if (!Array.isArray(records)) return undefined;
  return records
    .filter(isObject)
    .map((record) => (isObject(record['kinesis']) ? record['kinesis']['data'] : (record['Data'] ?? record['data'])));
}

function unpack(data: unknown): LogEvent[] | Refusal {
  if (typeof data !== 'string') return 'unknown';
  try {
    const latin1 = atob(data.replace(/\s/g, ''));
    const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
    const plain = bytes[0] === 0x1f ? gunzipSmall(bytes, LARGEST) : bytes;
    return plain === undefined ? 'compressed' : logEventsOf(JSON.parse(decodeUtf8(plain)), {}, 1);
  } catch {
    return 'compressed';
  }
}

// 123456789012:/aws/eks/prod/cluster
const LOG = /^\d{12}:(?<group>\/\S{1,512})$/;

function groupOf(document: Loose): string | undefined {
  return text(document['logGroup']) ?? text(document['logGroupName']) ?? LOG.exec(text(document['@log']) ?? '')?.groups?.['group'];
}

/** Milliseconds since 1970, or text: RFC 3339, Insights' `2024-05-01 10:11:12.123` (UTC). */
function timeOf(value: unknown): Instant | undefined {
  if (typeof value === 'number') return ofMillis(value);
  if (typeof value !== 'string') return undefined;
  if (/^\d{12,14}$/.test(value)) return ofMillis(Number(value));
  return parseRfc3339(value) ?? parseRfc3339(`${value}Z`);
}

function ofMillis(millis: number): Instant | undefined {
  if (!Number.isSafeInteger(millis)) return undefined;
  const second = Math.floor(millis / 1000);
  return instantOf(second, (millis - second * 1000) * 1_000_000);
}
