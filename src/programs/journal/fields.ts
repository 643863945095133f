/** The fields of a journal entry that have no place of their own in an event. */
import type { FieldValue } from '../../formats/journal/entry.js';

/** Told elsewhere on the event. */
const PLACED = new Set([
  ...['MESSAGE', 'MESSAGE_ID', 'PRIORITY', 'SYSLOG_FACILITY', 'SYSLOG_IDENTIFIER', 'SYSLOG_PID', '_PID', '_UID', '_GID', '_COMM', '_EXE'],
  ...['_CMDLINE', '_HOSTNAME', '_TRANSPORT', '_SYSTEMD_UNIT', '_SYSTEMD_USER_UNIT', '_SYSTEMD_SLICE', '_SYSTEMD_CGROUP', '_BOOT_ID'],
  ...['_MACHINE_ID', '_SOURCE_REALTIME_TIMESTAMP', '_AUDIT_SESSION', '_AUDIT_LOGINUID', '_SYSTEMD_SESSION'],
]);

/** Longest value kept (characters); the rest stays in the evidence. */
const LONGEST = 4096;

/** Field names are `[A-Z0-9_]` only, so that none is a property every object has. */
export function otherFields(fields: ReadonlyMap<string, FieldValue>): Record<string, FieldValue> | undefined {
  let others: Record<string, FieldValue> | undefined;
  for (const [name, value] of fields) {
    if (PLACED.has(name) && typeof value === 'string') continue;
    others ??= {};
    others[name] = typeof value === 'string' ? shorten(value) : value.map(shorten);
  }
  return others;
}

function shorten(value: string): string {
  return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}
