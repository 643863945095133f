/**
 * What journalctl prints for people: `-o short` and its kin.
 * src/shared/logs-show.c at v257, output_short(): stamp, host, identifier, `[pid]`, message; further lines of a message are indented by the header's width.
 */
import type { Instant, TimeQuality } from '../../model/event.js';
import type { Facts } from '../../model/source.js';
import { timestampEnd, timestampReader } from '../syslog/timestamp.js';
import { instantOf, parseEpoch, parseLocalDateTime, rfc3339End } from '../time.js';
import { zonelessClock } from '../year.js';
import { abbreviatedOffset } from './abbreviations.js';

export interface ShortEntry {
  /** Absent: the form tells none (short-monotonic), or an impossible one. */
  readonly time?: Instant;
  readonly timeQuality?: TimeQuality;
  /** Microseconds since boot. */
  readonly monotonic?: string;
  readonly host?: string;
  /** The identifier, or the unit in `with-unit`. */
  readonly program?: string;
  readonly pid?: number;
  readonly message: string;
}

interface Stamp {
  readonly time?: Instant;
  readonly timeQuality?: TimeQuality;
  readonly monotonic?: string;
  /** Index behind the stamp. */
  readonly end: number;
}

// [    5.999000] node-1        [    7.000006 <    1.001006 >] node-1        [    5.999000                ] node-1
const MONOTONIC = /^\[ {0,12}(?<seconds>\d{1,12})\.(?<micros>\d{6})(?: <[ \d.]{1,24}>| {16,24})?\] /;
// 1714557013.122456 node-1
const UNIX = /^(?<epoch>\d{8,11}\.\d{6}) /;
// Wed 2024-05-01 11:50:13.122456 CEST
const FULL = /^[A-Z][a-z]{2} (?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/;
const ZONE = / (?<zone>[A-Za-z]{1,6}|[+-]\d{2}(?::?\d{2})?) /y;
// sshd[1234]: text        kernel: text        (sd-pam)[77]:
const TAG = /^(?<program>[^:[\n]{1,256})(?:\[(?<pid>\d{1,10})\])?:(?: |$|(?=\n))/;
// -- Boot b00710000000000000000000000000a1 --        -- Reboot --        -- No entries --        -- cursor: s=…
const HEADING = /^-- (?:Boot (?<boot>[0-9a-f]{32}) --|Reboot --|No entries --|(?:Logs|Journal) begins? at |cursor: )/;

/** A line that journalctl puts between entries. */
export function journalHeading(text: string): { readonly boot?: string } | undefined {
  const match = HEADING.exec(text);
  return match === null ? undefined : { boot: match.groups?.['boot'] };
}

/** Forms that only journalctl writes. */
export function isJournalctlForm(text: string): boolean {
  return (
    FULL.test(text) || ((UNIX.test(text) || MONOTONIC.test(text)) && /^\S+ \S{1,64} [^:[\n]{1,128}(?:\[\d+\])?: /.test(afterStamp(text)))
  );
}

function afterStamp(text: string): string {
  return `x ${text.replace(MONOTONIC, '').replace(UNIX, '')}`;
}

export interface ShortReader {
  read(text: string): ShortEntry | undefined;
  /** `Wed 2024-05-01 11:50:13.122456 CEST` at the start of a text. */
  full(text: string): Stamp | undefined;
}

export function shortReader(facts: Facts): ShortReader {
  const times = timestampReader(facts);
  const zoneless = zonelessClock(facts);

  const full = (text: string): Stamp | undefined => {
    if (!FULL.test(text)) return undefined;
    const local = parseLocalDateTime(text, 4);
    ZONE.lastIndex = rfc3339End;
    const zone = local === undefined ? undefined : ZONE.exec(text)?.groups?.['zone'];
    if (local === undefined || zone === undefined) return undefined;
    const end = ZONE.lastIndex - 1;
    const offset = abbreviatedOffset(zone);
    if (offset === undefined) return { ...zoneless.read(local.second, local.nanos), end };
    return { time: instantOf(local.second - offset, local.nanos), end };
  };

  const stampOf = (text: string): Stamp | undefined => {
    const monotonic = MONOTONIC.exec(text);
    if (monotonic?.groups !== undefined)
      return { monotonic: `${Number(monotonic.groups['seconds'])}${monotonic.groups['micros'] as string}`, end: monotonic[0].length - 1 };
    const unix = UNIX.exec(text)?.groups?.['epoch'];
    if (unix !== undefined) return { time: parseEpoch(unix), end: unix.length };
    const read = full(text);
    if (read !== undefined) return read;
    const time = times.read(text, 0);
    return time === undefined ? undefined : { ...time, end: timestampEnd };
  };

  return {
    full,
    read(text) {
      const stamp = stampOf(text);
      if (stamp === undefined || text.charCodeAt(stamp.end) !== 32) return undefined;
      const { end, ...time } = stamp;
      const space = text.indexOf(' ', end + 1);
      const first = text.slice(end + 1, space < 0 ? text.length : space);
      // No host in the entry: then there is no column for it.
      const hostless = first.endsWith(':') || space < 0;
      const from = hostless ? end + 1 : space + 1;
      const tag = TAG.exec(text.slice(from, from + 300));
      if (tag?.groups === undefined) return { ...time, host: hostless ? undefined : first, message: unindent(text.slice(from), from) };
      const header = from + tag[0].length;
      return {
        ...time,
        host: hostless ? undefined : first,
        program: tag.groups['program'],
        pid: tag.groups['pid'] === undefined ? undefined : Number(tag.groups['pid']),
        message: unindent(text.slice(header), header),
      };
    },
  };
}

/** Takes the header's width off the lines behind the first. */
function unindent(message: string, width: number): string {
  if (!message.includes('\n')) return message;
  const blank = ' '.repeat(width);
  return message
    .split('\n')
    .map((line, i) => (i > 0 && line.startsWith(blank) ? line.slice(width) : line))
    .join('\n');
}
