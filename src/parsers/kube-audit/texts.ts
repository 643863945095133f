/** Audit records out of texts and parsed JSON, whole or cut: what the native log and all wrappings share. */
import { salvageJson } from '../../formats/json-salvage.js';
import type { Instant } from '../../model/event.js';
import type { Sink } from '../../model/parser.js';
import type { StageJoiner } from './joiner.js';
import { isAuditRecord, isObject, recordOf, type AuditRecord } from './record.js';

/** How a record stands in its frame. */
export interface Place {
  /** The frame's bytes were not in order. */
  readonly damaged?: boolean;
  /** The frame holds other records too: this one cannot wait for its other stages. */
  readonly shared?: boolean;
  /** When the wrapping says the record was written: for records that lost their own times. */
  readonly time?: Instant;
  /** What a wrapping knows beside the record. */
  readonly envelope?: Readonly<Record<string, unknown>>;
}

/** What collectors put behind a text that they cut. CloudWatch: `[Truncated...]`. */
const CUT_MARK = /(?:\[Truncated\.{3}\]|\.{3}\[?truncated\]?|…)\s*$/i;

/** True for a text that holds an audit record, or the beginning of one. */
export function looksAudit(text: string): boolean {
  return /^\s{0,64}\{/.test(text) && (text.includes('"audit.k8s.io/') || text.includes('"auditID"'));
}

export function takeText(text: string, out: Sink, joiner: StageJoiner, place: Place = {}): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return takeBroken(text, out, joiner, place);
  }
  takeValue(value, out, joiner, place);
}

/** A record that was cut is evidence: what is whole of it is told. */
function takeBroken(text: string, out: Sink, joiner: StageJoiner, place: Place): void {
  const begins = text.trimStart().replace(CUT_MARK, '');
  const value = begins.startsWith('{') ? salvageJson(begins) : undefined;
  if (!isAuditRecord(value))
    return out.problem(place.damaged === true ? 'truncated' : 'malformed', 'no JSON document, and nothing of one that could be saved');
  if (place.damaged !== true) out.problem('truncated', 'the JSON document is broken: its beginning was read');
  const record = withEnvelope(recordOf(value), place);
  if (place.shared === true) joiner.takeOne(record, out);
  else joiner.takeCut(record, out);
}

/** One parsed document: a record, or a list of records in one frame. */
export function takeValue(value: unknown, out: Sink, joiner: StageJoiner, place: Place = {}): void {
  if (isObject(value) && Array.isArray(value['items']) && value['auditID'] === undefined)
    return takeList(value['items'], out, joiner, place);
  if (!isAuditRecord(value)) return out.problem('malformed', 'a JSON document that is no audit record');
  const record = withEnvelope(recordOf(value), place);
  if (place.shared === true) joiner.takeOne(record, out);
  else joiner.take(record, out);
}

/** Records of one frame cannot wait for others: every one is an event of its own. */
function takeList(items: readonly unknown[], out: Sink, joiner: StageJoiner, place: Place): void {
  if (items.length === 0) return out.ignore();
  for (const item of items) {
    if (isAuditRecord(item)) joiner.takeOne(withEnvelope(recordOf(item), place), out);
    else out.problem('malformed', 'an item of the list is no audit record');
  }
}

function withEnvelope(record: AuditRecord, { envelope, time }: Place): AuditRecord {
  if (envelope === undefined && time === undefined) return record;
  const timeless = record.requestReceivedTimestamp === undefined && record.stageTimestamp === undefined;
  return { ...record, envelope, stageTimestamp: timeless ? time : record.stageTimestamp };
}
