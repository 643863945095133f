/** Joins the records of one request: one event for all of its stages. */
import { parseRfc3339 } from '../../formats/time.js';
import type { Instant } from '../../model/event.js';
import type { Held, Sink } from '../../model/parser.js';
import { draftOf, timeOf } from './draft.js';
import type { AuditRecord } from './record.js';

/** Requests whose last stage has not come yet: watches stay open for up to an hour. */
const OPEN_REQUESTS = 50_000;
/** Of those, how many are given up at once when there are too many: looking for the oldest one by one is slow. */
const GIVEN_UP = 5000;
/** Finished requests that are remembered for stages that come late, and for how many records we look whether there are any. */
const TOLD_REQUESTS = 25_000;
const LOOKED_AT = 4096;

/** An earlier stage of a request. */
interface Stage {
  readonly held: Held;
  readonly record: AuditRecord;
}

/** One request on its way, known by its id and the moment it came in. */
interface Request {
  readonly received: Moment;
  readonly stages: Stage[];
}

/** When a request came in: what tells requests with the same id apart. */
type Moment = string | undefined;

export interface StageJoiner {
  /** Takes the current frame's record: gives its event, or waits for the request's last stage. */
  take(record: AuditRecord, out: Sink): void;
  /** Takes a record whose first and last part each have a time of their own (Cloud Logging): only the id joins them. */
  takePart(record: AuditRecord, out: Sink): void;
  /** Takes a record that was cut: what it lacks is looked for in the request's other stages. */
  takeCut(record: AuditRecord, out: Sink): void;
  /** Takes one of several records of the current frame: they cannot wait. */
  takeOne(record: AuditRecord, out: Sink): void;
  end(out: Sink): void;
}

const isEarly = (stage: string | undefined): boolean => stage === 'RequestReceived' || stage === 'ResponseStarted';

function momentOf({ requestReceivedTimestamp: received }: AuditRecord): Moment {
  return received === undefined ? undefined : (parseRfc3339(received) ?? received);
}

/** The same auditID from another API server came in at another moment: it stays apart. */
export function stageJoiner(): StageJoiner {
  /** By auditID; several requests share one only when API servers pass them on to each other. */
  const open = new Map<string, Request[]>();
  const told = toldRequests();
  /** Where a record without a time of its own stands: by its neighbour. */
  let lastTime: Instant | undefined;

  const emit = (record: AuditRecord, out: Sink, at: Held | undefined, earlier: readonly Stage[] | undefined): void => {
    const time = timeOf(record);
    if (time !== undefined) lastTime = time;
    if (time === undefined && lastTime === undefined) {
      for (const { held } of earlier ?? []) out.problem('time', 'an earlier stage of an audit record without time', held);
      return out.problem('time', 'the audit record has no time that can be read', at);
    }
    if (earlier === undefined || earlier.length === 0) {
      const draft = draftOf(record, time ?? (lastTime as Instant), undefined);
      return out.event(time === undefined ? placed(draft, out, at) : draft, at);
    }
    const stages = [...earlier.map((stage) => stage.record.stage ?? ''), record.stage ?? ''];
    const draft = draftOf(record, time ?? (lastTime as Instant), stages);
    out.event(
      time === undefined ? placed(draft, out, at) : draft,
      at,
      earlier.map((stage) => stage.held),
    );
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

  const wait = (id: string, received: Moment, record: AuditRecord, out: Sink): void => {
    // The request's end was told already: its beginning says nothing that the end does not.
    if (told.has(id, received)) return out.ignore();
    const stage = { held: out.hold(), record };
    const requests = open.get(id);
    const known = requests?.find((request) => request.received === received);
    if (known !== undefined) known.stages.push(stage);
    else if (requests !== undefined) requests.push({ received, stages: [stage] });
    else open.set(id, [{ received, stages: [stage] }]);
    if (open.size > OPEN_REQUESTS) giveUp(out);
  };

  /** The oldest are told as far as they are known. */
  const giveUp = (out: Sink): void => {
    let left = GIVEN_UP;
    for (const [id, requests] of open) {
      if (left-- === 0) return;
      open.delete(id);
      for (const request of requests) give(request, out);
    }
  };

  return {
    take(record, out) {
      const { auditID: id, stage } = record;
      if (id === undefined) return emit(record, out, undefined, undefined);
      const received = momentOf(record);
      if (isEarly(stage)) return wait(id, received, record, out);
      told.add(id, received);
      const request = open.size === 0 ? undefined : close(id, (other) => other.received === received);
      emit(record, out, undefined, request?.stages);
    },
    takePart(record, out) {
      const { auditID: id, stage } = record;
      if (id === undefined) return emit(record, out, undefined, undefined);
      if (isEarly(stage)) return wait(id, undefined, record, out);
      told.add(id, undefined);
      const first = close(id, () => true);
      const began = first?.stages[0]?.record.requestReceivedTimestamp;
      emit(began === undefined ? record : { ...record, requestReceivedTimestamp: began }, out, undefined, first?.stages);
    },
    takeCut(record, out) {
      const { auditID: id } = record;
      const received = momentOf(record);
      const request = id === undefined ? undefined : close(id, (other) => received === undefined || other.received === received);
      const whole =
        request === undefined ? record : { ...record, requestReceivedTimestamp: record.requestReceivedTimestamp ?? request.received };
      emit(whole, out, undefined, request?.stages);
    },
    takeOne: (record, out) => emit(record, out, undefined, undefined),
    end(out) {
      for (const requests of open.values()) for (const request of requests) give(request, out);
      open.clear();
    },
  };
}

function placed<T extends { timeQuality?: string }>(draft: T, out: Sink, at: Held | undefined): T {
  draft.timeQuality = 'from-file';
  out.problem('time', 'the audit record has no time that can be read: shown where its neighbour stands', at);
  return draft;
}

interface ToldRequests {
  add(id: string, received: Moment): void;
  has(id: string, received: Moment): boolean;
}

/** Requests whose event was given. Exports that are not in order (newest first) tell the end before the beginning. */
function toldRequests(): ToldRequests {
  // Two halves: when the young one is full the old one is forgotten.
  let young = new Map<string, Moment>();
  let old = new Map<string, Moment>();
  /** Most policies keep the last stage only: then nothing needs to be remembered. */
  let staged = false;
  let seen = 0;
  return {
    add(id, received) {
      if (!staged && ++seen > LOOKED_AT) return;
      if (young.size >= TOLD_REQUESTS) {
        old = young;
        young = new Map();
      }
      young.set(id, received);
    },
    has(id, received) {
      staged = true;
      const known = young.has(id) ? young : old;
      return known.has(id) && known.get(id) === received;
    },
  };
}
