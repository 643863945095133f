/** What the joined records of one event say: the event draft, or two where a security module's decision stands beside the call. */
import { RawFields, type Fields } from '../../formats/audit/fields.js';
import { instantOf } from '../../formats/time.js';
import type { Actor, Draft, Instant } from '../../model/event.js';
import { titleOf } from './arguments.js';
import { archOf, exitOf, nameOfCall, type Call, type CallReader, type Meaning } from './call.js';
import { fileCalls, otherCall } from './file-calls.js';
import { hostCalls } from './host-calls.js';
import { actorOf, numberOf, sessionOf, terminalOf } from './identity.js';
import type { Joined } from './joined.js';
import { decisions, kernelRecords, type RecordMeaning } from './kernel-records.js';
import { workingFolder } from './paths.js';
import { processCalls } from './process-calls.js';
import { socketCalls } from './socket-calls.js';
import { readUserRecord } from './user-records.js';

export interface AuditReading {
  readonly draft: Draft;
  /** Further events from the same records. */
  readonly more?: readonly Draft[];
  /** Something that is not as it should be, beside what could be read. */
  readonly fault?: string;
}

const calls: ReadonlyMap<string, CallReader> = new Map(Object.entries({ ...fileCalls, ...processCalls, ...socketCalls, ...hostCalls }));
const NEVER: Instant = '1970-01-01T00:00:00.000000000Z';
const CALL_TYPES = ['SYSCALL', 'URINGOP'] as const;
/** Records that never stand alone: without their SYSCALL record something is missing. */
const PARTS: ReadonlySet<string> = new Set(
  'PATH CWD EXECVE PROCTITLE SOCKADDR SOCKETCALL IPC IPC_SET_PERM MQ_OPEN MQ_SENDRECV MQ_NOTIFY MQ_GETSETATTR FD_PAIR OBJ_PID BPRM_FCAPS CAPSET MMAP EOE KERN_MODULE OPENAT2'.split(
    ' ',
  ),
);

export function readAuditEvent(joined: Joined): AuditReading {
  const time = instantOf(joined.head.second, joined.head.nanos) ?? NEVER;
  for (const type of CALL_TYPES) {
    const index = joined.types.indexOf(type);
    if (index >= 0) return readCall(joined, index, time);
  }
  return readWithoutCall(joined, time);
}

const callFields = new RawFields();

function readCall(joined: Joined, index: number, time: Instant): AuditReading {
  const fields = joined.fields(index, callFields);
  const arch = archOf(fields);
  const name = nameOfCall(fields);
  const exit = exitOf(fields);
  const succeeded = fields.get('success');
  const success = succeeded === 'yes' ? true : succeeded === 'no' && !isUnderWay(exit) ? false : undefined;
  const cwd = workingFolder(joined);
  const call: Call = { name, arch, fields, joined, success, exit, cwd };
  const told = joined.types.length > 1 ? ownMeaning(joined, kernelRecords) : undefined;
  const decided = joined.types.length > 1 ? ownMeaning(joined, decisions) : undefined;
  const read = (calls.get(name) ?? otherCall)(call);
  // A denial tells more than the call it failed; one that let the call through stands beside it.
  const replaced =
    told?.meaning ?? (decided !== undefined && success !== true && decided.meaning.action === 'access.deny' ? decided.meaning : undefined);
  const meaning: RecordMeaning | Meaning = replaced === undefined ? read : { ...read, ...withoutAbsent(replaced) };
  const draft: Draft = {
    time,
    action: meaning.action,
    outcome:
      meaning.outcome ??
      (success === undefined || (told !== undefined && OUTCOME_OF_ITS_OWN.has(told.type)) ? undefined : success ? 'success' : 'failure'),
    host: joined.head.node,
    actor: joinActor(actorOf(fields), replaced),
    target: meaning.target,
    client: meaning.client,
    server: meaning.server,
    process: {
      name: fields.text('comm'),
      pid: numberOf(fields.get('pid')),
      ppid: numberOf(fields.get('ppid')),
      exe: fields.text('exe'),
      args: read.process?.args,
      commandLine: read.process?.commandLine ?? titleOf(joined),
      cwd,
      tty: terminalOf(fields.get('tty')),
      exitCode: read.process?.exitCode,
      signal: meaning.process?.signal,
    },
    file: meaning.file,
    session: sessionOf(fields.get('ses')),
    message: replaced === undefined ? undefined : (replaced as RecordMeaning).message,
    details: detailsOf(
      joined,
      {
        type: told?.type ?? (replaced === undefined ? joined.types[index] : decided?.type),
        syscall: name,
        arch,
        exit,
        keys: keysOf(fields),
      },
      meaning.details,
    ),
  };
  const beside =
    decided !== undefined && replaced !== decided.meaning && decided.meaning.action !== 'kernel.message'
      ? [besideCall(joined, draft, decided)]
      : undefined;
  return { draft, more: beside, fault: read.fault };
}

/** Not done yet, and not failed either: a connection that does not block, a call that is made again after a signal. */
function isUnderWay(exit: string | number | undefined): boolean {
  return typeof exit === 'string' && (exit === 'EINPROGRESS' || exit.startsWith('ERESTART'));
}

/** Records about something else than whether the call went through. */
const OUTCOME_OF_ITS_OWN: ReadonlySet<string> = new Set(['SECCOMP', 'ANOM_ABEND']);

/** The first record of the event whose type is in the table, and what it says. */
function ownMeaning(joined: Joined, table: typeof kernelRecords): { type: string; meaning: RecordMeaning } | undefined {
  for (let i = 0; i < joined.types.length; i++) {
    const type = joined.types[i] as string;
    const meaning = table.get(type)?.(joined.fields(i), joined, i);
    if (meaning !== undefined) return { type, meaning };
  }
  return undefined;
}

function withoutAbsent(meaning: RecordMeaning): RecordMeaning {
  return Object.fromEntries(Object.entries(meaning).filter(([, value]) => value !== undefined)) as unknown as RecordMeaning;
}

/** The call's own ids; a record that belongs to the call knows fewer. */
function joinActor(actor: Actor | undefined, replaced: RecordMeaning | undefined): Actor | undefined {
  return actor ?? replaced?.actor;
}

function besideCall(joined: Joined, draft: Draft, { type, meaning }: { type: string; meaning: RecordMeaning }): Draft {
  return {
    ...draft,
    action: meaning.action,
    outcome: meaning.outcome,
    target: undefined,
    client: undefined,
    server: undefined,
    file: meaning.file ?? draft.file,
    details: detailsOf(
      joined,
      { type, syscall: draft.details?.['syscall'], arch: draft.details?.['arch'], keys: draft.details?.['keys'] },
      meaning.details,
    ),
  };
}

function readWithoutCall(joined: Joined, time: Instant): AuditReading {
  const told = ownMeaning(joined, kernelRecords) ?? ownMeaning(joined, decisions);
  if (told !== undefined) return { draft: draftOf(joined, time, told.type, told.meaning) };
  const lone = joined.types.findIndex((type) => !PARTS.has(type));
  if (lone < 0) return readParts(joined, time);
  const type = joined.types[lone] as string;
  const body = joined.body(lone);
  return { draft: draftOf(joined, time, type, readUserRecord(type, joined.fields(lone), body)) };
}

/** Records whose SYSCALL record is not there: lost, or in a file that is not. */
function readParts(joined: Joined, time: Instant): AuditReading {
  const call: Call = {
    name: '',
    arch: '',
    fields: new RawFields(),
    joined,
    success: undefined,
    exit: undefined,
    cwd: workingFolder(joined),
  };
  const sole = joined.head.serial === undefined;
  const started = joined.has('EXECVE') ? calls.get('execve')?.(call) : undefined;
  const meaning: Meaning = started ?? otherCall(call);
  const process = { args: started?.process?.args, commandLine: started?.process?.commandLine ?? titleOf(joined), cwd: call.cwd };
  const draft = draftOf(joined, time, joined.types[0] as string, {
    ...meaning,
    action: started === undefined || sole ? 'syscall.call' : 'process.start',
    process,
  });
  return { draft, fault: sole ? undefined : `the event has no SYSCALL record, only ${[...new Set(joined.types)].join(', ')}` };
}

function draftOf(joined: Joined, time: Instant, type: string, meaning: RecordMeaning): Draft {
  const fields = joined.of(type) as Fields;
  return {
    time,
    action: meaning.action,
    outcome: meaning.outcome,
    host: joined.head.node,
    actor: meaning.actor,
    target: meaning.target,
    client: meaning.client,
    server: meaning.server,
    process: meaning.process,
    file: meaning.file,
    session: meaning.session,
    message: meaning.message,
    details: detailsOf(joined, { type, keys: keysOf(fields) }, meaning.details),
  };
}

/** `key="exec"`; several in hex with 0x01 between them; from ausearch `key=exec key=root-cmd`. */
function keysOf(fields: Fields): string[] | undefined {
  if (fields.interpreted) {
    const keys: string[] = [];
    for (let i = 0; i < fields.size; i++) if (fields.keyAt(i) === 'key') keys.push(fields.textAt(i) ?? '');
    const named = keys.filter((key) => key !== '');
    return named.length === 0 ? undefined : named;
  }
  const written = fields.text('key');
  return written === undefined ? undefined : written.includes('\x01') ? written.split('\x01') : [written];
}

interface Head {
  readonly type: unknown;
  readonly syscall?: unknown;
  readonly arch?: unknown;
  readonly exit?: unknown;
  readonly keys?: unknown;
}

function detailsOf(
  joined: Joined,
  { type, syscall, arch, exit, keys }: Head,
  more: Record<string, unknown> | undefined,
): Record<string, unknown> {
  const { serial } = joined.head;
  const records = joined.kept();
  return more === undefined
    ? { type, serial, syscall, arch, exit, keys, records }
    : { type, serial, syscall, arch, exit, keys, ...more, records };
}
