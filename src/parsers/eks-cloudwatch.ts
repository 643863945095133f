/**
 * What EKS writes to CloudWatch (audit records, and the logs of API server, scheduler, controller managers, authenticator), as
 * CloudWatch gives it away: `aws logs` commands, Logs Insights, exports to S3, subscriptions.
 * {@link https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html}
 */
import { jsonDocuments, type Document } from '../formats/framing/json.js';
import { salvageJson } from '../formats/json-salvage.js';
import { parseRfc3339, rfc3339End } from '../formats/time.js';
import type { Instant } from '../model/event.js';
import type { Decoder, Parser, Sink } from '../model/parser.js';
import type { Facts } from '../model/source.js';
import { logEventsOf, type LogEvent } from './eks-cloudwatch/entries.js';
import { cloudWatchScore } from './eks-cloudwatch/signs.js';
import { wrappedReader } from './kube-audit/wrapped.js';

/** Streams are named after the daemon: `kube-apiserver-audit-0f3a…`, `authenticator-0f3a…`. */
const STREAM =
  /^(?<name>kube-apiserver(?:-audit)?|kube-scheduler|kube-controller-manager|cloud-controller-manager|authenticator)(?:-[0-9a-f]{6,64})?$/;

function programOf(stream: string | undefined): string | undefined {
  const name = STREAM.exec(stream ?? '')?.groups?.['name'];
  return name === 'kube-apiserver-audit' ? 'kube-apiserver' : name === 'authenticator' ? 'aws-iam-authenticator' : name;
}

/** What a message tells by itself, in exports that leave the stream out. */
function writerOf(message: string): string | undefined {
  return message.startsWith('time="') && message.includes(' path=/authenticate') ? 'aws-iam-authenticator' : undefined;
}

/** Group and stream of the wrapper that a list's element came out of; CloudWatch tests its destinations with messages of its own. */
function namesIn(head: string | undefined): { stream?: string; group?: string; control?: boolean } {
  if (head === undefined) return {};
  const value = salvageJson(head) as { logStream?: unknown; logGroup?: unknown; messageType?: unknown } | undefined;
  return {
    stream: typeof value?.logStream === 'string' ? value.logStream : undefined,
    group: typeof value?.logGroup === 'string' ? value.logGroup : undefined,
    control: value?.messageType === 'CONTROL_MESSAGE',
  };
}

function decoder(facts: Facts): Decoder<Document> {
  const reader = wrappedReader(facts);
  let last: Instant | undefined;

  const give = ({ message, time, stream, group }: LogEvent, shared: boolean, damaged: boolean, out: Sink): void => {
    last = time ?? last;
    const envelope = stream === undefined && group === undefined ? undefined : { stream, group };
    const place = { time, envelope, shared, damaged };
    if (typeof message !== 'string') return reader.takeObject(message, place, out);
    reader.take({ text: message, program: programOf(stream) ?? writerOf(message), ...place }, out);
  };

  /** `2024-05-01T10:11:12.123Z MESSAGE` of an export; `aws logs tail` puts the stream between. */
  const line = (text: string, damaged: boolean, out: Sink): void => {
    const time = parseRfc3339(text);
    if (time === undefined) return reader.take({ text, time: last, damaged }, out);
    const message = text.slice(rfc3339End).replace(/^[ \t]/, '');
    const blank = message.indexOf(' ');
    const stream = blank > 0 && STREAM.test(message.slice(0, blank)) ? message.slice(0, blank) : undefined;
    give({ time, stream, message: stream === undefined ? message : message.slice(blank + 1) }, false, damaged, out);
  };

  return {
    push(frame, out) {
      const { text } = frame;
      const damaged = frame.damage !== undefined;
      if (!text.startsWith('{')) return line(text, damaged, out);
      let document: unknown;
      let cut = false;
      try {
        document = JSON.parse(text);
      } catch {
        cut = true;
        document = salvageWithText(text);
      }
      const names = namesIn(frame.head);
      const events = logEventsOf(document, names);
      if (events === 'control' || names.control === true) return out.ignore();
      if (events === 'compressed')
        return out.problem('unsupported', 'compressed data that cannot be read: decode the base64 and gunzip it first');
      if (events === 'unknown') return out.problem(cut ? 'truncated' : 'malformed', 'no log event of CloudWatch: message is missing');
      if (cut && !damaged) out.problem('truncated', 'the JSON document is broken: its beginning was read');
      for (const event of events) give(event, events.length > 1, damaged || cut, out);
    },
    end: (out) => reader.end(out),
  };
}

/** A document that was cut inside its message: the message's beginning is a text of its own. */
function salvageWithText(text: string): unknown {
  const key = /"@?message"\s{0,8}:\s{0,8}"/.exec(text);
  if (key === null) return salvageJson(text);
  const whole = salvageJson(text) as Record<string, unknown> | undefined;
  if (whole?.['message'] !== undefined || whole?.['@message'] !== undefined) return whole;
  // An escape that is cut in two is left out.
  const inner = text.slice(key.index + key[0].length).replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, '');
  try {
    return { ...whole, message: JSON.parse(`"${inner}"`) as unknown };
  } catch {
    return whole;
  }
}

export const parser: Parser<Document> = {
  id: 'eks-cloudwatch',
  title: 'EKS control-plane logs from CloudWatch',
  signs:
    'log events of CloudWatch (logEvents, events, @message, or a time before each message) that hold audit records or logs of the control plane',
  framing: jsonDocuments({ lists: ['events', 'logEvents'] }),
  matches: (_name, head) => cloudWatchScore(head),
  decoder,
};
