/** What a control plane writes, freed from a cloud's wrapping: audit records, and the logs of its daemons. */
import { parseKlog } from '../../formats/klog.js';
import { parseRfc3339 } from '../../formats/time.js';
import type { Draft, Instant } from '../../model/event.js';
import type { Sink } from '../../model/parser.js';
import type { Facts } from '../../model/source.js';
import { toDraft } from '../../programs/draft.js';
import { interpreter } from '../../programs/interpreter.js';
import { readDaemon } from '../../programs/klog-daemons.js';
import { looksKlog, withRecordedTime } from '../../programs/kubelet.js';
import { MESSAGE_LIMIT } from '../../programs/program.js';
import { stageJoiner, type StageJoiner } from './joiner.js';
import { looksAudit, takeText, takeValue, type Place } from './texts.js';

/** One message and what its wrapping says of it. */
export interface Wrapped extends Place {
  readonly text: string;
  /** The daemon that wrote it, where the wrapping tells. */
  readonly program?: string;
}

export interface WrappedReader {
  readonly joiner: StageJoiner;
  take(message: Wrapped, out: Sink): void;
  /** An audit record that lies in its wrapping as an object. */
  takeObject(value: unknown, place: Place, out: Sink): void;
  end(out: Sink): void;
}

export function wrappedReader(facts: Facts): WrappedReader {
  const joiner = stageJoiner();
  const programs = interpreter(facts);
  let lastTime: Instant | undefined;

  const line = (message: Wrapped, out: Sink): void => {
    const { text, program, envelope } = message;
    const time = message.time ?? ownTime(text);
    if (time === undefined && lastTime === undefined) return out.problem('time', 'a message without a time, before the first that has one');
    lastTime = time ?? lastTime;
    const known = {
      time: lastTime as Instant,
      timeQuality: time === undefined ? ('from-file' as const) : undefined,
      program,
      message: text,
    };
    const extra: Partial<Draft> | undefined = envelope === undefined ? undefined : { details: { envelope } };
    const record = program === undefined && looksKlog(text) ? parseKlog(text.slice(0, MESSAGE_LIMIT)) : undefined;
    if (record === undefined) return programs.read(known, out, extra);
    // Whose it is the wrapping does not say: all daemons' records are read alike.
    out.event(toDraft({ ...known, extra }, withRecordedTime(readDaemon(record), record.stamp ?? record.time)));
  };

  return {
    joiner,
    take(message, out) {
      const { text } = message;
      if (text.trim() === '') return out.ignore();
      if (looksAudit(text)) takeText(text, out, joiner, message);
      else line(message, out);
    },
    takeObject: (value, place, out) => takeValue(value, out, joiner, place),
    end(out) {
      joiner.end(out);
      programs.end(out);
    },
  };
}

// time="2024-05-01T10:11:12Z" level=info msg=…
const LOGRUS_TIME = /^time="(?<time>\d{4}-\d\d-\d\dT[^"]{8,40})"/;

function ownTime(text: string): Instant | undefined {
  const time = LOGRUS_TIME.exec(text)?.groups?.['time'];
  return time === undefined ? undefined : parseRfc3339(time);
}
