/** Audit records of one API server to events: one event for all stages of a request. */
import { salvageJson } from '../../formats/json-salvage.js';
import type { Instant } from '../../model/event.js';
import type { Decoder, Frame, Held, Sink } from '../../model/parser.js';
import { draftOf, timeOf } from './draft.js';
import { isAuditRecord, isObject, recordOf, type AuditRecord } from './record.js';
import { recordWalker } from './walk.js';

/** Requests whose last stage has not come yet: watches stay open for up to an hour. */
const OPEN_REQUESTS = 50_000;

export interface TextFrame extends Frame {
  readonly text: string;
}

/** An earlier stage of a request. */
interface Stage {
  readonly held: Held;
  readonly record: AuditRecord;
}

/** One request on its way, known by its id and the moment it came in. */
interface Request {
  readonly received: string | undefined;
  readonly stages: Stage[];
}

export interface StageJoiner {
  /** Takes the current frame's record: gives its event, or waits for the request's last stage. */
  take(record: AuditRecord, out: Sink): void;
  /** Takes a record that was cut: what it lacks is looked for in the request's other stages. */
  takeCut(record: AuditRecord, out: Sink): void;
  /** Takes one of several records of the current frame: they cannot wait. */
  takeOne(record: AuditRecord, out: Sink): void;
  end(out: Sink): void;
}

/** Joins the stages of requests. The same auditID from another API server came in at another moment: it stays apart. */
export function stageJoiner(): StageJoiner {
  /** By auditID; several requests share one only when API servers pass them on to each other. */
  const open = new Map<string, Request[]>();
  /** Where a record without a time of its own stands: by its neighbour. */
  let lastTime: Instant | undefined;

  const emit = (record: AuditRecord, out: Sink, at: Held | undefined, earlier: readonly Stage[]): void => {
    const time = timeOf(record);
    if (time !== undefined) lastTime = time;
    if (time === undefined && lastTime === undefined) {
      for (const { held } of earlier) out.problem('time', 'an earlier stage of an audit record without time', held);
      return out.problem('time', 'the audit record has no time that can be read', at);
    }
    const stages = earlier.length === 0 ? undefined : [...earlier.map((stage) => stage.record.stage ?? ''), record.stage ?? ''];
    const draft = draftOf(record, time ?? (lastTime as Instant), stages);
    if (time === undefined) {
      draft.timeQuality = 'from-file';
      out.problem('time', 'the audit record has no time that can be read: shown where its neighbour stands', at);
    }
    const also = earlier.map((stage) => stage.held);
    out.event(draft, at, also);
  };

  const give = ({ stages }: Request, out: Sink): void => {
    const last = stages[stages.length - 1] as Stage;
    emit(last.record, out, last.held, stages.slice(0, -1));
  };

  /** Takes a request out of those that are open. */
  const close = (id: string, pick: (request: Request) => boolean): Request | undefined => {
    const requests = open.get(id);
    const at = requests?.findIndex(pick) ?? -1;
    if (requests === undefined || at < 0) return undefined;
    const [request] = requests.splice(at, 1);
    if (requests.length === 0) open.delete(id);
    return request;
  };

  const wait = (id: string, record: AuditRecord, out: Sink): void => {
    const stage = { held: out.hold(), record };
    const requests = open.get(id);
    const known = requests?.find(({ received }) => received === record.requestReceivedTimestamp);
    if (known !== undefined) known.stages.push(stage);
    else if (requests !== undefined) requests.push({ received: record.requestReceivedTimestamp, stages: [stage] });
    else open.set(id, [{ received: record.requestReceivedTimestamp, stages: [stage] }]);
    if (open.size <= OPEN_REQUESTS) return;
    const [oldest, given] = open.entries().next().value as [string, Request[]];
    open.delete(oldest);
    for (const request of given) give(request, out);
  };

  return {
    take(record, out) {
      const { auditID: id, stage } = record;
      if (id !== undefined && (stage === 'RequestReceived' || stage === 'ResponseStarted')) return wait(id, record, out);
      const request =
        id === undefined || open.size === 0 ? undefined : close(id, ({ received }) => received === record.requestReceivedTimestamp);
      emit(record, out, undefined, request?.stages ?? []);
    },
    takeCut(record, out) {
      const { auditID: id } = record;
      const received = record.requestReceivedTimestamp;
      const request = id === undefined ? undefined : close(id, (other) => received === undefined || other.received === received);
      emit(
        request === undefined ? record : { ...record, requestReceivedTimestamp: received ?? request.received },
        out,
        undefined,
        request?.stages ?? [],
      );
    },
    takeOne: (record, out) => emit(record, out, undefined, []),
    end(out) {
      for (const requests of open.values()) for (const request of requests) give(request, out);
      open.clear();
    },
  };
}

export function auditDecoder(): Decoder<TextFrame> {
  const walk = recordWalker();
  const joiner = stageJoiner();
  return {
    push(frame, out) {
      const { text } = frame;
      const walked = frame.damage === undefined ? walk(text) : undefined;
      if (walked !== undefined) return joiner.take(walked, out);
      takeText(text, frame.damage !== undefined, out, joiner);
    },
    end: (out) => joiner.end(out),
  };
}

function takeText(text: string, damaged: boolean, out: Sink, joiner: StageJoiner): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = text.startsWith('{') ? salvageJson(text) : undefined;
    if (!isAuditRecord(value))
      return out.problem(damaged ? 'truncated' : 'malformed', 'no JSON document, and nothing of one that could be saved');
    if (!damaged) out.problem('truncated', 'the JSON document is broken: its beginning was read');
    return joiner.takeCut(recordOf(value), out);
  }
  takeValue(value, out, joiner);
}

/** One parsed document: a record, or a list of records in one frame. */
function takeValue(value: unknown, out: Sink, joiner: StageJoiner): void {
  if (isObject(value) && Array.isArray(value['items']) && value['auditID'] === undefined) return takeList(value['items'], out, joiner);
  if (!isAuditRecord(value)) return out.problem('malformed', 'a JSON document that is no audit record');
  joiner.take(recordOf(value), out);
}

/** Records of one frame cannot wait for others: every one is an event of its own. */
function takeList(items: readonly unknown[], out: Sink, joiner: StageJoiner): void {
  if (items.length === 0) return out.ignore();
  for (const item of items) {
    if (isAuditRecord(item)) joiner.takeOne(recordOf(item), out);
    else out.problem('malformed', 'an item of the list is no audit record');
  }
}
