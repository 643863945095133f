/** sudo's log file in JSON (`Defaults log_format=json, logfile=/var/log/sudo.json`), one big object or one record a line. */
import { sudoJsonRecords } from '../formats/framing/sudo-json.js';
import type { Line } from '../formats/framing/lines.js';
import type { Decoder, Parser } from '../model/parser.js';
import { CUT, parseSudoJson, sudoJsonReading, sudoTime, type SudoJson } from '../programs/sudo/json.js';
import { newRuns } from '../programs/sudo/runs.js';

const RECORD = /^ {4}"(?:accept|reject|alert|exit)": \{$/;
const COMPACT = /^\{"(?:accept|reject|alert|exit)":\{"(?:uuid|reason|server_time|submit_time|alert_time)":/;

export const parser: Parser<Line> = {
  id: 'sudo-json',
  title: "sudo's JSON log file",
  signs: 'an object of `accept`, `reject`, `alert` and `exit` members with `submituser`',
  framing: sudoJsonRecords,
  matches(_name, head) {
    const [first = '', second = ''] = head.lines;
    return (first === '{' && RECORD.test(second)) || COMPACT.test(first) ? 0.99 : 0;
  },
  decoder,
};

function decoder(): Decoder<Line> {
  const runs = newRuns();
  return {
    push(frame, out) {
      const text = frame.text.trim();
      if (text === '' || text === '{' || text === '}') return out.ignore();
      const found = parseSudoJson(text.startsWith('{') ? text : `{${text.replace(/,$/, '')}}`);
      const reading = found === undefined ? undefined : sudoJsonReading(found);
      if (found === undefined || reading === undefined) return out.problem('malformed', "no record of sudo's JSON log");
      const time = timeOf(found);
      if (time === undefined) return out.problem('time', 'a record without a time');
      if (found.truncated) out.problem('truncated', CUT);
      const { host, ...details } = reading.details ?? {};
      out.event({ ...runs.complete(reading), time, host: typeof host === 'string' ? host : undefined, details });
    },
  };
}

/** When it happened; when it was logged, for a record that does not say. */
function timeOf({ kind, fields }: SudoJson): string | undefined {
  const own = kind === 'alert' ? fields.alert_time : kind === 'exit' ? fields.exit_time : fields.submit_time;
  return sudoTime(own) ?? sudoTime(fields.server_time);
}
