/** Syslog text files, in every header that daemons write: RFC 3164 and its dialects, rsyslog's ISO form, RFC 5424. */
import { indentedLines } from '../formats/framing/indented.js';
import type { Line } from '../formats/framing/lines.js';
import { syslogLikeness, syslogMonthDay } from '../formats/syslog/record.js';
import type { Parser } from '../model/parser.js';
import { syslogDecoder } from './syslog/decoder.js';

/** What a line's look is worth: a time alone is little, other logs begin with one too. */
const WORTH = [0, 0.2, 0.85, 0.95];
/** Second field of a container log line: `2024-05-01T10:11:12.1Z stdout F text` */
const CONTAINER_LINE = /^\S+ (?:stdout|stderr) [FP]/;

export const parser: Parser<Line> = {
  id: 'syslog',
  title: 'Syslog files',
  signs: 'lines that begin with a syslog timestamp, a host and a program',
  framing: indentedLines,
  matches(_name, head) {
    const lines = head.lines.filter((line) => !/^\s/.test(line));
    if (lines.length === 0) return 0;
    const worth = lines.map((line) => (CONTAINER_LINE.test(line) ? 0 : (WORTH[syslogLikeness(line.slice(0, 4096))] as number)));
    return worth.reduce((sum, value) => sum + value, 0) / lines.length;
  },
  decoder: syslogDecoder,
  monthDay: syslogMonthDay,
};
