/** What journalctl prints: short-full, with-unit, short-unix, short-monotonic, short-delta, verbose; and all short forms where headings show journalctl. */
import { indentedLines } from '../formats/framing/indented.js';
import type { Line } from '../formats/framing/lines.js';
import { isJournalctlForm, journalHeading, shortReader } from '../formats/journal/short.js';
import { isVerboseHead, readVerbose } from '../formats/journal/verbose.js';
import { syslogLikeness, syslogMonthDay } from '../formats/syslog/record.js';
import type { Parser } from '../model/parser.js';
import { entryDecoder } from './journal/decoder.js';

/** Units whose daemon logs under another name. */
const DAEMONS = new Map([['ssh', 'sshd']]);
// sshd.service        user@1000.service/app.service        session-3.scope
const UNIT = /^(?:[^\s/]{1,200}\/)?(?<name>[^\s/@]{1,200})(?:@[^\s/]{0,200})?\.(?<type>service|scope|socket|timer|mount|slice)$/;

export const parser: Parser<Line> = {
  id: 'journal-short',
  title: 'systemd journal, as printed',
  signs: 'a form that only journalctl prints, or its "-- Boot … --" headings',
  framing: indentedLines,
  matches(_name, head) {
    const lines = head.lines.filter((line) => !/^\s/.test(line)).map((line) => line.slice(0, 4096));
    if (lines.length === 0) return 0;
    const headings = lines.filter((line) => journalHeading(line) !== undefined).length;
    const own = lines.filter((line) => isVerboseHead(line) || isJournalctlForm(line)).length;
    if (own > 0) return (0.96 * (own + headings)) / lines.length;
    if (headings === 0) return 0;
    const alike = lines.filter((line) => syslogLikeness(line) >= 2).length;
    return (0.97 * (alike + headings)) / lines.length;
  },
  decoder(facts) {
    const entries = entryDecoder(facts);
    const short = shortReader(facts);
    let bootId: string | undefined;
    return {
      push(frame, out) {
        if (frame.text.trim() === '') return out.ignore();
        const heading = journalHeading(frame.text);
        if (heading !== undefined) {
          bootId = heading.boot;
          return out.ignore();
        }
        const verbose = readVerbose(frame.text);
        if (verbose !== undefined) return entries.read(verbose, out);
        const entry = short.read(frame.text);
        if (entry === undefined) return out.problem('malformed', 'no line of journalctl');
        const { monotonic, program: named, ...line } = entry;
        if (entry.time === undefined && monotonic === undefined) out.problem('time', 'the line tells no possible time');
        const unit = named === undefined ? undefined : UNIT.exec(named)?.groups;
        const details: Record<string, unknown> = {};
        if (unit !== undefined) details['unit'] = named;
        if (monotonic !== undefined) details['monotonic'] = monotonic;
        if (bootId !== undefined) details['bootId'] = bootId;
        const daemon = unit?.['type'] === 'service' ? (unit['name'] as string) : named;
        const program = daemon === undefined ? undefined : (DAEMONS.get(daemon) ?? daemon);
        entries.line({ ...line, program }, out, Object.keys(details).length === 0 ? undefined : details);
      },
      end: (out) => entries.end(out),
    };
  },
  monthDay: syslogMonthDay,
};
