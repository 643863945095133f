/** Journal entries to events, whatever form they came in. */
import type { JournalEntry } from '../../formats/journal/entry.js';
import type { Draft, Instant } from '../../model/event.js';
import type { Sink } from '../../model/parser.js';
import type { Facts } from '../../model/source.js';
import { toDraft } from '../../programs/draft.js';
import { interpreter } from '../../programs/interpreter.js';
import { meaningOf } from '../../programs/journal-entry.js';
import type { LogLine } from '../../programs/program.js';

/** Shown when neither the entry nor its neighbours nor the examiner tell any time. */
const NO_TIME: Instant = '1970-01-01T00:00:00.000000000Z';

export interface EntryDecoder {
  read(entry: JournalEntry, out: Sink, details?: Record<string, unknown>): void;
  /** An entry of which only its printed line is known; without a time it stands where its neighbour does. */
  line(line: Omit<LogLine, 'time'> & { readonly time?: Instant }, out: Sink, details?: Record<string, unknown>): void;
  end(out: Sink): void;
}

export function entryDecoder(facts: Facts): EntryDecoder {
  const programs = interpreter(facts);
  let last: Instant = facts.collected ?? NO_TIME;
  return {
    read(entry, out, details) {
      const { line, extra, message, timeFault } = meaningOf(entry, last);
      if (timeFault !== undefined) out.problem('time', timeFault);
      last = line.time;
      if (details !== undefined) Object.assign(extra.details as object, details);
      if (message !== undefined) return programs.read(line, out, extra);
      const draft: Draft = toDraft({ ...line, extra }, undefined);
      delete draft.message;
      out.event(draft);
    },
    line(line, out, details) {
      if (line.time !== undefined) last = line.time;
      const known: LogLine = line.time === undefined ? { ...line, time: last, timeQuality: 'from-file' } : (line as LogLine);
      programs.read(known, out, details === undefined ? undefined : { details });
    },
    end: (out) => programs.end(out),
  };
}
