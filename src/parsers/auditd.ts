/**
 * The Linux audit log: what auditd writes, raw and enriched, and what `ausearch` makes of it (raw, `--format raw`, `-i`).
 * {@link https://github.com/linux-audit/audit-documentation/wiki | linux-audit}
 */
import { RecordReader } from '../formats/audit/record.js';
import { lines, type Line } from '../formats/framing/lines.js';
import { zoneClock } from '../formats/zone.js';
import type { Parser } from '../model/parser.js';
import { Assembler } from '../programs/auditd/assembler.js';
import { giveEvent } from '../programs/auditd/give.js';

// type=SYSCALL msg=audit(1714557012.101:401): arch=…      node=web type=PATH msg=audit(05/01/24 10:11:12.101:401) : item=0 …
const LINE = /^(?:node=\S{1,255} )?type=[A-Z][A-Z0-9_]{0,40}(?:\[\d{1,5}\])? msg=audit\([^)]{1,60}\) ?:/;
/** What ausearch puts between events. */
const MARK = /^(?:----|time->.*)$/;

export const parser: Parser<Line> = {
  id: 'auditd',
  title: 'Linux audit logs',
  signs: 'lines with type= and msg=audit(time:serial)',
  framing: lines,
  matches(_name, head) {
    const records = head.lines.filter((line) => !MARK.test(line));
    return records.length === 0 ? 0 : (0.98 * records.filter((line) => LINE.test(line)).length) / records.length;
  },
  decoder(facts) {
    const reader = new RecordReader(zoneClock(facts.timeZone ?? 'UTC'));
    const zoned = facts.timeZone !== undefined;
    const assembler = new Assembler<undefined>((event, out) =>
      giveEvent(event, out, zoned || !event.head.local ? undefined : (draft) => ({ ...draft, timeQuality: 'assumed-zone' })),
    );
    return {
      push(frame, out) {
        const { text } = frame;
        const record = reader.read(text);
        if (record !== undefined) return assembler.push(record, undefined, out);
        if (text === '----' || text.startsWith('time->')) {
          out.ignore();
          return assembler.end(out);
        }
        if (text.trim() === '') return out.ignore();
        out.problem('malformed', 'not an audit record: type=… msg=audit(time:serial): …');
      },
      end: (out) => assembler.end(out),
    };
  },
};
