/** Records of the kernel that tell by themselves what happened, with a SYSCALL record beside them or without. */
import { formatNetfilterFamily } from '../../formats/audit/netfilter.js';
import type { Fields } from '../../formats/audit/fields.js';
import type { Action } from '../../model/action.js';
import type { Actor, Process } from '../../model/event.js';
import type { Meaning } from './call.js';
import { actorOf, idOf, numberOf, outcomeOf, sessionOf } from './identity.js';
import type { Joined } from './joined.js';
import { processOf, readDecision, readSeccomp } from './policy.js';
import { signalName } from './process-calls.js';

export interface RecordMeaning extends Meaning {
  readonly actor?: Actor;
  readonly process?: Process;
  readonly session?: string;
  readonly message?: string;
}

export type RecordReading = (fields: Fields, joined: Joined, index: number) => RecordMeaning | undefined;

/** Who and which process the record names. */
function basis(fields: Fields): Pick<RecordMeaning, 'actor' | 'process' | 'session' | 'outcome'> {
  return {
    actor: actorOf(fields),
    process: processOf(fields),
    session: sessionOf(fields.get('ses')),
    outcome: outcomeOf(fields.get('res')),
  };
}

const plain =
  (action: Action, ...keys: string[]): RecordReading =>
  (fields) => ({ ...basis(fields), action, details: pick(fields, keys) });

function pick(fields: Fields, keys: readonly string[]): Record<string, unknown> {
  const details: Record<string, unknown> = {};
  for (const key of keys) details[key.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase())] = fields.text(key);
  return details;
}

const decision: RecordReading = (fields, joined, index) => {
  const read = readDecision(fields, joined.body(index));
  return read === undefined ? { ...basis(fields), action: 'kernel.message' } : { ...read, session: sessionOf(fields.get('ses')) };
};

// pid=2000 uid=0 old-auid=4294967295 auid=1000 tty=(none) old-ses=4294967295 ses=8 res=1
const login: RecordReading = (fields) => {
  const user = idOf(fields, 'auid', 'AUID');
  return {
    ...basis(fields),
    action: 'session.start',
    target: user.id === undefined && user.name === undefined ? undefined : { user: user.name, uid: user.id },
    details: {
      what: 'login uid',
      oldLoginUid: idOf(fields, 'old-auid', 'OLD-AUID').id,
      oldSession: sessionOf(fields.get('old-ses')),
    },
  };
};

/** audit itself: `op=set audit_enabled=0 old=1`, `op=add_rule key="exec" list=4`. */
const configChange: RecordReading = (fields) => {
  const changed = SETTINGS.find((key) => fields.get(key) !== undefined);
  return {
    ...basis(fields),
    action: 'audit.config',
    details: {
      op: fields.text('op'),
      ruleList: fields.get('list'),
      path: fields.text('path') ?? fields.text('dir'),
      setting: changed,
      value: changed === undefined ? undefined : fields.get(changed),
      old: fields.get('old'),
    },
  };
};
const SETTINGS = [
  'audit_enabled',
  'audit_failure',
  'audit_pid',
  'audit_rate_limit',
  'audit_backlog_limit',
  'audit_backlog_wait_time',
  'audit_backlog_wait_time_actual',
  'audit_lost',
  'feature',
  'loginuid_immutable',
];

// auid=1000 uid=1000 gid=1000 ses=7 subj=unconfined pid=1700 comm="exploit" exe="/tmp/exploit" sig=11 res=1
const abend: RecordReading = (fields) => {
  const signal = fields.get('sig');
  const name = signalName(numberOf(signal)) ?? signal;
  // res only says that the record was written.
  return { ...basis(fields), outcome: undefined, action: 'process.crash', process: { ...processOf(fields), signal: name } };
};

// dev=eth0 prom=256 old_prom=0
const promiscuous: RecordReading = (fields) => {
  const on = fields.get('prom');
  return {
    ...basis(fields),
    action: 'device.promiscuous',
    outcome: 'success',
    details: { device: fields.text('dev'), state: on === '0' || on === 'no' ? 'left' : 'entered' },
  };
};

// table=filter:7 family=2 entries=4 op=nft_register_rule
const netfilter: RecordReading = (fields) => ({
  ...basis(fields),
  action: 'firewall.change',
  details: {
    table: fields.text('table'),
    family: formatNetfilterFamily(fields.get('family')),
    entries: numberOf(fields.get('entries')),
    op: fields.get('op'),
  },
});

// sec=-16 nsec=124887145      op=freq old=0 new=65536
const clock: RecordReading = (fields) => ({
  ...basis(fields),
  action: 'host.time',
  details: {
    op: fields.get('op'),
    old: fields.get('old'),
    new: fields.get('new'),
    seconds: fields.get('sec'),
    nanoseconds: fields.get('nsec'),
  },
});

// tty pid=2200 uid=0 auid=1000 ses=8 major=136 minor=0 comm="bash" data=6361…
const keystrokes: RecordReading = (fields) => ({ ...basis(fields), action: 'terminal.input', message: fields.text('data') });

// enforcing=0 old_enforcing=1 auid=1000 ses=7 enabled=1 old-enabled=1 lsm=selinux res=1
const security = plain(
  'security.change',
  'op',
  'enforcing',
  'old_enforcing',
  'enabled',
  'old-enabled',
  'lsm',
  'bool',
  'val',
  'old_val',
  'lsm',
);

// op=appraise_data cause=invalid-hash comm="x" name="/usr/bin/x" res=0
const integrity: RecordReading = (fields) => {
  const path = fields.text('name') ?? fields.text('file');
  const start = basis(fields);
  return {
    ...start,
    action: start.outcome === 'failure' ? 'access.deny' : 'kernel.message',
    file: path?.startsWith('/') === true ? { path } : undefined,
    details: { policy: 'integrity', ...pick(fields, ['op', 'cause', 'hash']) },
  };
};

/** Rules matched and other things the kernel tells: said as they are. */
const told: RecordReading = (fields, joined, index) => ({
  ...integrity(fields, joined, index),
  action: 'kernel.message',
  message: joined.body(index),
});

// op=follow_link ppid=1 pid=2 … res=0
const link: RecordReading = (fields) => ({
  ...basis(fields),
  action: 'access.deny',
  outcome: 'failure',
  details: { policy: 'protected links', op: fields.get('op') },
});

// resp=2      — a program that watches files said no
const fanotify: RecordReading = (fields) =>
  fields.get('resp') === '2' ? { action: 'access.deny', outcome: 'failure', details: { policy: 'fanotify' } } : undefined;

const landlock: RecordReading = (fields) => {
  const path = fields.text('path');
  return {
    ...basis(fields),
    action: 'access.deny',
    outcome: 'failure',
    file: path?.startsWith('/') === true ? { path } : undefined,
    details: { policy: 'landlock', blockers: fields.get('blockers') },
  };
};

/** op=start ver=3.0.9 format=raw kernel=6.1 auid=… pid=… res=success */
const daemon = (action: Action): RecordReading => {
  const read = plain(action, 'op', 'ver', 'format', 'kernel', 'state', 'addr', 'port');
  return (fields, joined, index) => ({
    ...(read(fields, joined, index) as RecordMeaning),
    process: { name: 'auditd', pid: numberOf(fields.get('pid')) },
  });
};

/** The first of these that an event has says what the event is, whatever call it came from. In this order. */
export const kernelRecords: ReadonlyMap<string, RecordReading> = new Map<string, RecordReading>([
  ['LOGIN', login],
  ['CONFIG_CHANGE', configChange],
  ['FEATURE_CHANGE', plain('audit.config', 'feature', 'old', 'new', 'old_lock', 'new_lock')],
  ['NETFILTER_CFG', netfilter],
  ['TIME_INJOFFSET', clock],
  ['TIME_ADJNTPVAL', clock],
  ['ANOM_PROMISCUOUS', promiscuous],
  ['ANOM_ABEND', abend],
  ['ANOM_LINK', link],
  ['ANOM_CREAT', link],
  ['SECCOMP', (fields) => ({ ...readSeccomp(fields), session: sessionOf(fields.get('ses')) })],
  ['FANOTIFY', fanotify],
  ['LANDLOCK_ACCESS', landlock],
  ['TTY', keystrokes],
  ['USER_TTY', keystrokes],
  ['MAC_POLICY_LOAD', security],
  ['MAC_STATUS', security],
  ['MAC_CONFIG_CHANGE', security],
  ['IPE_CONFIG_CHANGE', security],
  ['IPE_POLICY_LOAD', security],
  ['INTEGRITY_POLICY_RULE', security],
  ['INTEGRITY_STATUS', security],
  ['INTEGRITY_DATA', integrity],
  ['INTEGRITY_METADATA', integrity],
  ['INTEGRITY_HASH', told],
  ['INTEGRITY_PCR', told],
  ['INTEGRITY_RULE', told],
  ['INTEGRITY_EVM_XATTR', told],
  ['IPE_ACCESS', integrity],
  ['KERNEL', (_fields, joined, index) => ({ action: 'kernel.message', message: joined.body(index) })],
  ['DAEMON_START', daemon('audit.start')],
  ['DAEMON_RESUME', daemon('audit.start')],
  ['DAEMON_END', daemon('audit.stop')],
  ['DAEMON_ABORT', daemon('audit.stop')],
  ['DAEMON_CONFIG', daemon('audit.config')],
  ['DAEMON_RECONFIG', daemon('audit.config')],
  ['DAEMON_ROTATE', daemon('log.rotate')],
  ['DAEMON_ACCEPT', daemon('log.message')],
  ['DAEMON_CLOSE', daemon('log.message')],
  ['DAEMON_ERR', daemon('log.message')],
]);

/** What a security module decided goes beside what the call did: a permissive one lets it through. */
export const decisions: ReadonlyMap<string, RecordReading> = new Map<string, RecordReading>(
  [
    'AVC',
    'SELINUX_ERR',
    'APPARMOR',
    'APPARMOR_AUDIT',
    'APPARMOR_ALLOWED',
    'APPARMOR_DENIED',
    'APPARMOR_HINT',
    'APPARMOR_STATUS',
    'APPARMOR_ERROR',
    'APPARMOR_KILL',
  ].map((type) => [type, decision] as const),
);
