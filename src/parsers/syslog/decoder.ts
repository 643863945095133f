/** Syslog records to events, whatever cut them out of the bytes. */
import { syslogReader, type SyslogRecord } from '../../formats/syslog/record.js';
import type { Draft, Instant } from '../../model/event.js';
import type { Decoder, Frame } from '../../model/parser.js';
import type { Facts } from '../../model/source.js';
import { interpreter } from '../../programs/interpreter.js';
import type { LogLine } from '../../programs/program.js';

/** Shown when neither the record nor its neighbours nor the examiner tell any time. */
const NO_TIME: Instant = '1970-01-01T00:00:00.000000000Z';

export interface TextFrame extends Frame {
  readonly text: string;
}

export function syslogDecoder(facts: Facts): Decoder<TextFrame> {
  const syslog = syslogReader(facts);
  const programs = interpreter(facts);
  /** A record without a time of its own stands where its neighbour does. */
  let last: Instant = facts.collected ?? NO_TIME;
  return {
    push(frame, out) {
      if (isBlank(frame.text)) return out.ignore();
      const record = syslog.read(frame.text);
      if (record === undefined) return out.problem('malformed', 'no syslog header');
      if (record.fault !== undefined) out.problem(record.time === undefined ? 'time' : 'malformed', record.fault);
      if (record.time !== undefined) last = record.time;
      programs.read(
        record.time === undefined ? { ...record, time: last, timeQuality: 'from-file' } : (record as LogLine),
        out,
        envelope(record),
      );
    },
    end: (out) => programs.end(out),
  };
}

function isBlank(text: string): boolean {
  return !(text.charCodeAt(0) > 32) && text.trim() === '';
}

/** What the header says besides time, host and program. */
function envelope({ priority, messageId, processId, structuredData }: SyslogRecord): Partial<Draft> | undefined {
  if (priority === undefined && messageId === undefined && processId === undefined && structuredData === undefined) return undefined;
  const details: Record<string, unknown> = priority === undefined ? {} : { facility: priority.facility, severity: priority.severity };
  if (processId !== undefined) details['processId'] = processId;
  if (messageId !== undefined) details['messageId'] = messageId;
  if (structuredData !== undefined) details['structuredData'] = structuredData;
  return { details };
}
