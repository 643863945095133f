/**
 * Audit records as journald takes them from the kernel: `USER_LOGIN pid=2000 uid=0 …`, with time and serial in fields of the entry.
 * {@link https://github.com/systemd/systemd/blob/v252/src/journal/journald-audit.c | process_audit_string()}
 */
import { instantNanos, instantSecond } from '../time.js';
import type { AuditRecord } from './record.js';
import { isKnownType, recordType } from './record-types.js';

// SYSCALL arch=…      AUDIT1999 pid=…      EOE
const MESSAGE = /^(?<type>[A-Z][A-Z_0-9]{2,40})(?: |$)/;
/** A type that journald has no name for. */
const NUMBERED = /^AUDIT(?<number>\d{4})$/;

/** @returns undefined when the message is no such record. */
export function parseJournalRecord(message: string, time: string, serial: number | undefined): AuditRecord | undefined {
  const written = MESSAGE.exec(message)?.groups?.['type'];
  if (written === undefined) return undefined;
  const number = NUMBERED.exec(written)?.groups?.['number'];
  if (number === undefined && !isKnownType(written)) return undefined;
  return {
    type: recordType(number ?? written),
    stamp: `${time}:${serial ?? ''}`,
    second: instantSecond(time),
    nanos: instantNanos(time) % 1e9,
    serial,
    body: message.slice(written.length + 1),
    interpreted: false,
    local: false,
  };
}
