/**
 * What a journal entry says: the line its program wrote, and what journald knows of the sender.
 * {@link https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html | systemd.journal-fields(7)}
 *
 * Fields that begin with `_` are journald's own; all others are the sender's to choose.
 */
import { parseCgroupPath } from '../formats/cgroup.js';
import { fieldOf, type FieldValue, type JournalEntry } from '../formats/journal/entry.js';
import { priorityOf } from '../formats/syslog/priority.js';
import { instantOfMicros } from '../formats/time.js';
import type { Draft, Instant } from '../model/event.js';
import { claimOf } from './journal/claim.js';
import { otherFields } from './journal/fields.js';
import type { LogLine } from './program.js';
import { present } from './rules.js';

export interface EntryMeaning {
  readonly line: LogLine;
  readonly extra: Partial<Draft>;
  /** Absent: the entry has no message at all. */
  readonly message?: string;
  /** What was wrong with its time. */
  readonly timeFault?: string;
}

/** @param last Where an entry without any time of its own stands. */
export function meaningOf(entry: JournalEntry, last: Instant): EntryMeaning {
  const of = (name: string): string | undefined => fieldOf(entry, name);
  const received = entry.realtime === undefined ? undefined : instantOfMicros(entry.realtime);
  const sent = instantOf(of('_SOURCE_REALTIME_TIMESTAMP'));
  const time = sent ?? received;
  const message = of('MESSAGE');
  const pid = pidOf(of('SYSLOG_PID')) ?? pidOf(of('_PID'));
  const line: LogLine = {
    time: time ?? last,
    timeQuality: time === undefined ? 'from-file' : undefined,
    host: of('_HOSTNAME'),
    program: programOf(of('SYSLOG_IDENTIFIER')) ?? of('_COMM') ?? (of('_TRANSPORT') === 'kernel' ? 'kernel' : undefined),
    pid,
    message: message ?? '',
  };
  const extra = extraOf(entry, of);
  const details = detailsOf(entry, of, received === time ? undefined : received, pid);
  return { line, extra: { ...extra, details }, message, timeFault: time === undefined ? 'the entry tells no possible time' : undefined };
}

function instantOf(micros: string | undefined): Instant | undefined {
  return micros === undefined ? undefined : instantOfMicros(micros);
}

function pidOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** The C library names programs by their path when they were started so. */
function programOf(identifier: string | undefined): string | undefined {
  return identifier === undefined || identifier === '' ? undefined : identifier;
}

type Field = (name: string) => string | undefined;

function extraOf(entry: JournalEntry, of: Field): Partial<Draft> {
  const cgroup = of('_SYSTEMD_CGROUP');
  const owner = cgroup === undefined ? {} : parseCgroupPath(cgroup);
  const extra: { -readonly [K in keyof Draft]?: Draft[K] } = {};
  const process = present({ name: of('_COMM'), pid: pidOf(of('_PID')), exe: of('_EXE'), commandLine: of('_CMDLINE') });
  if (process !== undefined) extra.process = process;
  const actor = present({ uid: of('_UID'), gid: of('_GID'), loginUid: loginUidOf(of('_AUDIT_LOGINUID')) });
  if (actor !== undefined) extra.actor = actor;
  const session = of('_SYSTEMD_SESSION') ?? sessionOf(of('_AUDIT_SESSION'));
  if (session !== undefined) extra.session = session;
  if (owner.podUid !== undefined) extra.pod = { uid: owner.podUid };
  const container = containerOf(entry, of, owner.containerId);
  if (container !== undefined) extra.container = container;
  return extra;
}

/** 2^32 - 1 is "unset". */
function loginUidOf(text: string | undefined): string | undefined {
  return text === '4294967295' || text === '-1' ? undefined : text;
}

const sessionOf = loginUidOf;

/** docker's journald driver names the container it speaks for; only dockerd and podman are believed. */
function containerOf(entry: JournalEntry, of: Field, id: string | undefined): Draft['container'] {
  const sender = of('_COMM');
  if (entry.fields.has('CONTAINER_ID_FULL') && (sender === 'dockerd' || sender === 'conmon' || sender === undefined))
    return present({ id: of('CONTAINER_ID_FULL'), name: of('CONTAINER_NAME'), image: of('IMAGE_NAME') });
  return id === undefined ? undefined : { id };
}

function detailsOf(entry: JournalEntry, of: Field, received: Instant | undefined, pid: number | undefined): Record<string, unknown> {
  const details: Record<string, unknown> = {};
  const put = (name: string, value: unknown): void => {
    if (value !== undefined) details[name] = value;
  };
  const priority = number(of('PRIORITY'), 7);
  const facility = number(of('SYSLOG_FACILITY'), 127);
  if (priority !== undefined) put('severity', priorityOf(priority).severity);
  if (facility !== undefined) put('facility', priorityOf(facility * 8).facility);
  put('transport', of('_TRANSPORT'));
  put('unit', of('_SYSTEMD_UNIT'));
  put('userUnit', of('_SYSTEMD_USER_UNIT'));
  put('slice', of('_SYSTEMD_SLICE'));
  put('cgroup', of('_SYSTEMD_CGROUP'));
  put('senderUid', of('_UID'));
  put('senderGid', of('_GID'));
  put('loginUid', loginUidOf(of('_AUDIT_LOGINUID')));
  put('auditSession', sessionOf(of('_AUDIT_SESSION')));
  const senderPid = pidOf(of('_PID'));
  if (senderPid !== pid) put('senderPid', senderPid);
  put('messageId', of('MESSAGE_ID'));
  put('bootId', entry.bootId);
  put('machineId', of('_MACHINE_ID'));
  put('monotonic', entry.monotonic);
  put('seqnum', entry.seqnum);
  put('seqnumId', entry.seqnumId);
  put('received', received);
  put('untrusted', claimOf(of));
  put('binary', entry.binary);
  put('omitted', entry.omitted);
  put('journalFields', otherFields(entry.fields as ReadonlyMap<string, FieldValue>));
  return details;
}

function number(text: string | undefined, most: number): number | undefined {
  const value = text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
  return value === undefined || value > most ? undefined : value;
}
