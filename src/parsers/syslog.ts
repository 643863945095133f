/** Syslog text files: `Mmm dd hh:mm:ss host prog[pid]: msg` and rsyslog's ISO form. */
import { lines, type Line } from '../formats/framing/lines.js';
import { parseTag } from '../formats/syslog.js';
import { parseMonth, parseRfc3339, rfc3339End } from '../formats/time.js';
import { yearlessClock, type YearlessClock } from '../formats/year.js';
import type { Parser } from '../model/parser.js';
import { interpreter } from '../programs/interpreter.js';
import type { LogLine } from '../programs/program.js';

const BSD = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ \S/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) \S+ \S/;

export const parser: Parser<Line> = {
  id: 'syslog',
  title: 'Syslog files',
  signs: 'lines that begin with a syslog timestamp, a host and a program',
  framing: lines,
  matches(_name, head) {
    if (head.lines.length === 0) return 0;
    const fits = head.lines.filter((line) => BSD.test(line) || ISO.test(line)).length;
    return (0.8 * fits) / head.lines.length;
  },
  decoder(facts) {
    const clock = yearlessClock(facts);
    const programs = interpreter(facts);
    return {
      push(line, out) {
        if (line.text === '') return out.ignore();
        const read = parseIso(line.text) ?? parseBsd(line.text, clock);
        if (read === undefined) return out.problem('malformed', 'no syslog timestamp');
        programs.read(read, out);
      },
      end: (out) => programs.end(out),
    };
  },
  monthDay(line) {
    const month = BSD.test(line) ? parseMonth(line) : undefined;
    return month === undefined ? undefined : month * 100 + Number(line.slice(4, 6));
  },
};

function parseIso(text: string): LogLine | undefined {
  const time = parseRfc3339(text);
  return time === undefined ? undefined : withHost(text, rfc3339End + 1, { time });
}

function parseBsd(text: string, clock: YearlessClock): LogLine | undefined {
  if (!BSD.test(text)) return undefined;
  const second = Number(text.slice(7, 9)) * 3600 + Number(text.slice(10, 12)) * 60 + Number(text.slice(13, 15));
  const read = clock.read(parseMonth(text) ?? 0, Number(text.slice(4, 6)), second, 0);
  return read === undefined ? undefined : withHost(text, 16, read);
}

function withHost(text: string, at: number, read: Pick<LogLine, 'time' | 'timeQuality'>): LogLine {
  const space = text.indexOf(' ', at);
  return { ...read, host: text.slice(at, space), ...parseTag(text, space + 1) };
}
