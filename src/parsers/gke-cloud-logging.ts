/**
 * Log entries of Google Cloud Logging: GKE's audit records (`gcloud logging read --format json`, exports to buckets and Pub/Sub), and
 * what nodes and pods logged beside them.
 * {@link https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry}
 */
import { jsonDocuments, type Document } from '../formats/framing/json.js';
import { salvageJson } from '../formats/json-salvage.js';
import { parseRfc3339 } from '../formats/time.js';
import type { Draft } from '../model/event.js';
import type { Decoder, Parser, Sink } from '../model/parser.js';
import type { Facts } from '../model/source.js';
import { messageOfEntry, otherAuditLog } from './gke-cloud-logging/other.js';
import { recordOfEntry } from './gke-cloud-logging/record.js';
import { isObject } from './kube-audit/record.js';
import { wrappedReader } from './kube-audit/wrapped.js';

function decoder(facts: Facts): Decoder<Document> {
  const reader = wrappedReader(facts);

  const take = (value: unknown, cut: boolean, out: Sink): void => {
    if (!isObject(value)) return out.problem(cut ? 'truncated' : 'malformed', 'no log entry of Cloud Logging');
    const payload = value['protoPayload'];
    if (isObject(payload) && payload['serviceName'] === 'k8s.io') {
      const record = recordOfEntry(value, payload, cut);
      return cut ? reader.joiner.takeCut(record, out) : reader.joiner.takePart(record, out);
    }
    const stamp = typeof value['timestamp'] === 'string' ? value['timestamp'] : value['receiveTimestamp'];
    const time = typeof stamp === 'string' ? parseRfc3339(stamp) : undefined;
    if (isObject(payload)) {
      if (time === undefined) return out.problem('time', 'a log entry without a time that can be read');
      const draft: Draft = { time, ...otherAuditLog(value, payload, cut) };
      return out.event(draft);
    }
    const message = messageOfEntry(value);
    if (message === undefined) return out.problem(cut ? 'truncated' : 'malformed', 'a log entry without payload');
    reader.take({ ...message, time, damaged: cut }, out);
  };

  return {
    push(frame, out) {
      let value: unknown;
      let cut = false;
      try {
        value = JSON.parse(frame.text);
      } catch {
        cut = true;
        value = salvageJson(frame.text);
        if (isObject(value) && frame.damage === undefined) out.problem('truncated', 'the log entry is broken: its beginning was read');
      }
      take(value, cut, out);
    },
    end: (out) => reader.end(out),
  };
}

/** Keys of a LogEntry; `"serviceName":"k8s.io"` is the API server's. */
const ENTRY = /"(?:protoPayload|jsonPayload|textPayload)"\s{0,8}:/;
const FURTHER = /"(?:insertId|logName|receiveTimestamp)"\s{0,8}:/;
const AUDIT = /"serviceName"\s{0,8}:\s{0,8}"k8s\.io"/;

export const parser: Parser<Document> = {
  id: 'gke-cloud-logging',
  title: 'GKE logs from Cloud Logging',
  signs: 'log entries with protoPayload, jsonPayload or textPayload, and insertId and logName',
  framing: jsonDocuments({ lists: ['entries'] }),
  matches(_name, head) {
    if (!/^[\s[]{0,64}\{/.test(head.text) || !ENTRY.test(head.text) || !FURTHER.test(head.text)) return 0;
    return AUDIT.test(head.text) ? 0.98 : 0.9;
  },
  decoder,
};
