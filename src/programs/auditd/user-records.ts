/**
 * Records that programs write themselves, in `msg='op=… acct=… exe=… hostname=… addr=… terminal=… res=…'`: logins, PAM, sudo, accounts, services.
 * {@link https://github.com/linux-audit/audit-userspace/blob/v3.0.9/lib/audit_logging.c | audit_logging.c}
 */
import { RawFields, type Fields } from '../../formats/audit/fields.js';
import { MessageFields } from '../../formats/audit/message-fields.js';
import type { Action } from '../../model/action.js';
import type { Client, Identity, Process } from '../../model/event.js';
import { actorOf, idOf, nameOf, numberOf, outcomeOf, sessionOf, terminalOf } from './identity.js';
import type { RecordMeaning } from './kernel-records.js';
import { readDecision } from './policy.js';
import { isLone } from './record-kinds.js';

/** What the parts of a program's record say, before its type gives them a meaning. */
interface Told {
  readonly fields: Fields;
  readonly said: MessageFields;
  readonly op: string | undefined;
  readonly exe: string | undefined;
  readonly account: Identity | undefined;
}

type Refine = (told: Told, meaning: RecordMeaning) => RecordMeaning;

const is =
  (action: Action): Refine =>
  (_told, meaning) => ({ ...meaning, action });

/** The action by the words of `op=`; the first that fits. */
const byWords =
  (otherwise: Action, ...words: readonly (readonly [pattern: RegExp, action: Action])[]): Refine =>
  ({ op = '' }, meaning) => ({ ...meaning, action: words.find(([pattern]) => pattern.test(op))?.[1] ?? otherwise });

/** Somebody logs in or out: the account is who does it. The record's own uid is the login program's. */
const login =
  (action: Action): Refine =>
  ({ account, fields }, meaning) => {
    const audit = idOf(fields, 'auid', 'AUID');
    const actor = { user: account?.user, uid: account?.uid, loginUid: audit.id, loginUser: audit.name };
    const known = account !== undefined || audit.id !== undefined || audit.name !== undefined;
    return { ...meaning, action, actor: known ? actor : undefined, target: undefined };
  };

// msg='cwd="/home/alice" cmd=636174202F6574632F736861646F77 exe="/usr/bin/sudo" terminal=pts/0 res=success'
const command: Refine = ({ said, exe, fields }, meaning) => {
  const sudo = exe === undefined || /\/sudo(?:edit|-rs)?$/.test(exe);
  const tool = exe?.slice(exe.lastIndexOf('/') + 1);
  const commandLine = said.text('cmd');
  const first = commandLine?.split(' ', 1)[0] ?? '';
  const process: Process = {
    name: first === '' ? undefined : first.slice(first.lastIndexOf('/') + 1),
    exe: first.startsWith('/') ? first : undefined,
    commandLine,
    cwd: said.text('cwd'),
    tty: terminalOf(said.get('terminal')),
    parent: { name: tool, pid: numberOf(fields.get('pid')), exe },
  };
  return { ...meaning, action: sudo ? 'sudo.run' : 'process.start', process };
};

// msg='unit=ssh comm="systemd" exe=… res=success'
const unit =
  (action: Action): Refine =>
  ({ said }, meaning) => ({ ...meaning, action, details: { ...meaning.details, unit: said.text('unit') } });

// msg='virt=kvm op=start reason=booted vm="web" uuid=… vm-pid=5'
const machine: Refine = ({ op, said }, meaning) => ({
  ...meaning,
  action: op === 'start' || op === 'create' ? 'service.start' : op === 'stop' || op === 'destroy' ? 'service.stop' : 'log.message',
  details: { ...meaning.details, virtualization: said.get('virt'), machine: said.text('vm'), reason: said.get('reason') },
});

// msg='avc:  denied  { start } for auid=… scontext=… exe=… res=?'
const userDecision: Refine = ({ fields }, meaning) => {
  const text = fields.get('msg') ?? '';
  const read = readDecision(new RawFields().load(text), text);
  return read === undefined
    ? meaning
    : { ...meaning, ...read, actor: meaning.actor ?? read.actor, process: read.process ?? meaning.process };
};

const key: Refine = ({ exe }, meaning) => ({ ...meaning, action: exe?.includes('sshd') === true ? 'ssh.key' : 'log.message' });

const account = byWords('user.update', [/group/, 'group.update']);
const security = is('security.change');

/** By type; all others are messages of their program. */
const TYPES: ReadonlyMap<string, Refine> = new Map<string, Refine>([
  ['USER_AUTH', is('auth.check')],
  ['USER_ACCT', is('auth.check')],
  ['USER_ERR', is('auth.check')],
  ['USER_CHAUTHTOK', is('password.change')],
  ['GRP_AUTH', is('auth.check')],
  ['CRED_ACQ', is('credential.change')],
  ['CRED_DISP', is('credential.change')],
  ['CRED_REFR', is('credential.change')],
  ['USER_START', is('session.start')],
  ['USER_END', is('session.end')],
  ['USER_LOGIN', login('login.start')],
  ['USER_LOGOUT', login('login.end')],
  ['USER_CMD', command],
  ['USER_MGMT', account],
  ['ADD_USER', byWords('user.update', [/home|mail/, 'user.update'], [/group/, 'group.update'], [/user|account/, 'user.create'])],
  ['DEL_USER', byWords('user.update', [/home|mail/, 'user.update'], [/group/, 'group.update'], [/user|account/, 'user.delete'])],
  ['ADD_GROUP', is('group.create')],
  ['DEL_GROUP', is('group.delete')],
  ['GRP_MGMT', is('group.update')],
  ['GRP_CHAUTHTOK', is('group.update')],
  ['CHGRP_ID', is('group.update')],
  ['CHUSER_ID', is('user.update')],
  ['ACCT_LOCK', is('user.update')],
  ['ACCT_UNLOCK', is('user.update')],
  ['RESP_ACCT_LOCK', is('user.update')],
  ['RESP_ACCT_LOCK_TIMED', is('user.update')],
  ['RESP_ACCT_UNLOCK_TIMED', is('user.update')],
  ['USER_ROLE_CHANGE', is('process.privilege')],
  ['ROLE_ASSIGN', is('user.update')],
  ['ROLE_REMOVE', is('user.update')],
  ['ROLE_MODIFY', is('user.update')],
  ['SERVICE_START', unit('service.start')],
  ['SERVICE_STOP', unit('service.stop')],
  ['SYSTEM_BOOT', is('host.boot')],
  ['SYSTEM_SHUTDOWN', is('host.shutdown')],
  ['VIRT_CONTROL', machine],
  ['USER_AVC', userDecision],
  ['USER_SELINUX_ERR', userDecision],
  ['USER_MAC_POLICY_LOAD', security],
  ['USER_MAC_CONFIG_CHANGE', security],
  ['USER_MAC_STATUS', security],
  ['CRYPTO_KEY_USER', key],
  ['ANOM_LOGIN_FAILURES', is('auth.check')],
  ['ANOM_LOGIN_TIME', is('auth.check')],
  ['ANOM_LOGIN_SESSIONS', is('auth.check')],
  ['ANOM_LOGIN_ACCT', is('auth.check')],
  ['ANOM_LOGIN_LOCATION', is('auth.check')],
]);
/** Types whose `acct=` is a group. */
const GROUPS: ReadonlySet<string> = new Set(['ADD_GROUP', 'DEL_GROUP', 'GRP_MGMT', 'GRP_CHAUTHTOK', 'CHGRP_ID']);

export function readUserRecord(type: string, fields: Fields, body: string): RecordMeaning {
  const text = fields.get('msg');
  const said = new MessageFields(text ?? body, fields.interpreted);
  const exe = said.text('exe');
  const op = said.get('op');
  const acct = said.text('acct');
  const named = acct === undefined || NOBODY.has(acct) ? undefined : acct;
  const id = text === undefined ? {} : accountId(said, fields);
  const account: Identity | undefined = GROUPS.has(type)
    ? target({ group: named, gid: id.uid })
    : target({ user: named ?? id.user, uid: id.uid, group: said.text('grp') });
  const meaning: RecordMeaning = {
    action: 'log.message',
    outcome: outcomeOf(said.get('res')),
    actor: actorOf(fields),
    target: account,
    client: clientOf(said, exe),
    process: writer({
      name: said.text('comm') ?? exe?.slice(exe.lastIndexOf('/') + 1),
      pid: numberOf(fields.get('pid')),
      exe,
      tty: terminalOf(said.get('terminal')),
    }),
    session: sessionOf(fields.get('ses')),
    details: {
      op,
      grantors: known(said.get('grantors')),
      fingerprint: known(said.get('fp')),
      kind: known(said.get('kind')),
      oldId: said.get('old-id'),
      newId: said.get('new-id'),
      oldLevel: said.get('old-level'),
      newLevel: said.get('new-level'),
    },
  };
  const refine = TYPES.get(type);
  const action = isLone(type) || type.startsWith('UNKNOWN') ? 'log.message' : 'kernel.message';
  return refine === undefined ? { ...meaning, action, message: text ?? body } : refine({ fields, said, op, exe, account }, meaning);
}

/** What programs write where the account does not exist. */
const NOBODY: ReadonlySet<string> = new Set(['(unknown user)', '(unknown)', '(invalid user)', '']);

/** `id=1001`, with `ID="evil"` where auditd added it. */
function accountId(said: MessageFields, fields: Fields): Identity {
  const written = known(said.get('id'));
  if (written === undefined || written === '4294967295') return {};
  if (!fields.interpreted) return { uid: written, user: nameOf(fields.get('ID')) };
  const number = /^(?:unknown\()?(?<id>\d{1,10})\)?$/.exec(written)?.groups?.['id'];
  return number === undefined ? { user: written } : { uid: number };
}

function writer(process: Process): Process | undefined {
  return Object.values(process).some((value) => value !== undefined) ? process : undefined;
}

function target(identity: Identity): Identity | undefined {
  return Object.values(identity).some((value) => value !== undefined) ? identity : undefined;
}

const known = (written: string | undefined): string | undefined =>
  written === undefined || written === '?' || written === '' ? undefined : written;

/** Services that strangers reach: a host name without an address is theirs. Elsewhere it is the machine's own. */
const REMOTE = /^(?:ssh|ftp|vsftpd|telnet|smtp|imap|pop3|cockpit)/;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[^:]{0,4}:)[0-9a-fA-F:.]{2,45}(?:%[\w.-]{1,16})?)$/;

function clientOf(said: MessageFields, exe: string | undefined): Client | undefined {
  const address = known(said.get('addr'));
  const host = known(said.text('hostname'));
  const port = numberOf(said.get('rport'));
  const ip = address !== undefined && ADDRESS.test(address) ? address : host !== undefined && ADDRESS.test(host) ? host : undefined;
  const remote = ip !== undefined || REMOTE.test(said.get('terminal') ?? '') || REMOTE.test(exe?.slice(exe.lastIndexOf('/') + 1) ?? '');
  const name = remote && host !== undefined && host !== ip && host !== '(none)' ? host : undefined;
  return ip === undefined && name === undefined
    ? undefined
    : { ip, host: name, port: port !== undefined && port <= 65535 ? port : undefined };
}
