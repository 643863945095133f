/**
 * sudo's own log file (`Defaults logfile=/var/log/sudo.log`), in which long lines are wrapped and indented.
 * {@link https://github.com/sudo-project/sudo/blob/v1.9.13/lib/eventlog/eventlog.c | do_logfile_sudo()}
 */
import { indentedLines } from '../formats/framing/indented.js';
import type { Line } from '../formats/framing/lines.js';
import { timestampEnd, timestampReader, yearlessMonthDay } from '../formats/syslog/timestamp.js';
import type { Decoder, Parser } from '../model/parser.js';
import type { Facts } from '../model/source.js';
import { toDraft } from '../programs/draft.js';
import { Memory } from '../programs/memory.js';
import { TAKEN, type LogLine } from '../programs/program.js';
import { program as sudo } from '../programs/sudo.js';

// Nov 24 14:35:26 2026 : alice : HOST=node-t ; TTY=pts/1 ; PWD=/home/alice ;
const RECORD = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: \d{4})? : \S[^:]{0,64} : /;

export const parser: Parser<Line> = {
  id: 'sudo-log',
  title: "sudo's log file",
  signs: 'lines `date : user : … ; COMMAND=…`, wrapped and indented',
  framing: indentedLines,
  matches(_name, head) {
    const records = head.lines.filter((line) => !/^\s/.test(line));
    return records.length > 0 && records.every((line) => RECORD.test(line)) ? 0.99 : 0;
  },
  decoder,
  monthDay: (line) => (RECORD.test(line) ? yearlessMonthDay(line, 0) : undefined),
};

function decoder(facts: Facts): Decoder<Line> {
  const times = timestampReader(facts);
  const reader = sudo.reader(new Memory(), facts);
  return {
    push(frame, out) {
      if (frame.text.trim() === '') return out.ignore();
      const stamp = times.read(frame.text, 0);
      const said = stamp === undefined ? undefined : /^ ?: (?<message>[^]*)$/.exec(frame.text.slice(timestampEnd))?.groups?.message;
      if (stamp === undefined || said === undefined) return out.problem('malformed', "no line of sudo's log file");
      if (stamp.time === undefined) return out.problem('time', 'a time that does not exist');
      const line: LogLine = { time: stamp.time, timeQuality: stamp.timeQuality, program: 'sudo', message: said.replace(/\n {4}/g, ' ') };
      const reading = reader.read(line, out);
      if (reading !== TAKEN) out.event(toDraft(line, reading));
    },
    end: (out) => reader.end?.(out),
  };
}
