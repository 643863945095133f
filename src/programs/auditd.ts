/**
 * Audit records inside other logs: sent on by auditd's plugins (`audispd: node=… type=… msg=audit(…): …`), printed by the kernel when no
 * daemon takes them (`audit: type=1400 audit(…): …`), taken by journald (`_TRANSPORT=audit`).
 */
import { parseJournalRecord } from '../formats/audit/journal-record.js';
import { RecordReader, type AuditRecord } from '../formats/audit/record.js';
import { zoneClock } from '../formats/zone.js';
import type { Draft } from '../model/event.js';
import type { Facts } from '../model/source.js';
import { Assembler } from './auditd/assembler.js';
import { giveEvent } from './auditd/give.js';
import { toDraft } from './draft.js';
import { TAKEN, type LogLine, type Program, type ProgramReader } from './program.js';
import { present } from './rules.js';

// type=SYSCALL msg=audit(      node=web type=…      kernel: [12350.000001] audit: type=1400 audit(
const RECORD =
  /^(?<before>(?:\[ {0,8}(?<uptime>\d{1,8}\.\d{6})\](?:\[ {0,4}[TC]\d{1,10}\])? )?(?:audit: )?)(?:node=\S{1,255} )?type=[A-Z0-9_[\]]{1,45} (?:msg=)?audit\(/;
/** Who passes records on. Others may only quote what looks like one. */
const WRITER = /^kernel$|audi(?:t|sp)/i;
/** rsyslog writes control characters as `#` and three octal digits: auditd's additions begin with 0x1d. */
const ESCAPED_SEPARATOR = /#035(?=[A-Z][A-Z_-]{0,30}=)/;

function fromJournal({ message, time, extra, program }: LogLine): AuditRecord | undefined {
  const details = extra?.details;
  if (details?.['transport'] === undefined ? program !== 'audit' : details['transport'] !== 'audit') return undefined;
  const serial = Number((details?.['journalFields'] as Record<string, unknown> | undefined)?.['_AUDIT_ID'] ?? Number.NaN);
  return parseJournalRecord(message, time, Number.isSafeInteger(serial) ? serial : undefined);
}

function claims(line: LogLine): boolean {
  const { message, program } = line;
  const first = message.charCodeAt(0);
  // [ a n t, or a type's first letter
  if (program === undefined || !(first === 91 || first === 97 || first === 110 || first === 116 || (first >= 65 && first <= 90)))
    return false;
  if (first >= 65 && first <= 90) return program === 'audit' && fromJournal(line) !== undefined;
  return WRITER.test(program) && RECORD.test(message);
}

function reader(_memory: unknown, facts: Facts): ProgramReader {
  const records = new RecordReader(zoneClock(facts.timeZone ?? 'UTC'));
  const assembler = new Assembler<LogLine>((event, out) => giveEvent(event, out, dress));
  return {
    read(line, out) {
      const before = RECORD.exec(line.message)?.groups?.['before'];
      const record =
        before === undefined ? fromJournal(line) : records.read(line.message.replace(ESCAPED_SEPARATOR, '\x1d'), before.length);
      if (record === undefined) return undefined;
      // Serials of different machines meet in one log.
      assembler.push(record.node === undefined ? { ...record, node: line.host } : record, line, out);
      return TAKEN;
    },
    end: (out) => assembler.end(out),
  };
}

/** The record's own time is exact; the envelope's tells when it was passed on. */
function dress(draft: Draft, line: LogLine): Draft {
  const uptime = RECORD.exec(line.message)?.groups?.['uptime'];
  const details = present({
    ...draft.details,
    received: line.time === draft.time ? undefined : line.time,
    // Seconds since the machine started.
    uptime: uptime === undefined ? undefined : Number(uptime),
  });
  const dressed = toDraft(line, { ...draft, process: draft.process === undefined ? undefined : present({ ...draft.process }), details });
  return { ...dressed, time: draft.time, timeQuality: draft.timeQuality };
}

export const program: Program = {
  id: 'auditd',
  title: 'Audit records passed on by auditd, the kernel or journald',
  names: ['audisp-syslog', 'audit'],
  claims,
  reader,
};
