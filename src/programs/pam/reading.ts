/** The parts that readings of PAM's messages are made of. */
import type { Action } from '../../model/action.js';
import type { Client, Identity, Process } from '../../model/event.js';
import { endpointOf } from '../address.js';
import type { LogLine, Reading } from '../program.js';
import { present, ttyOf, type Groups, type Rule } from '../rules.js';

/** Where a message comes from: `pam_unix(sshd:auth)`. */
export interface Origin {
  readonly module?: string;
  readonly service?: string;
  readonly phase?: string;
}

/** Services that let one user become another: who asked is not whom it is about. In all others the two are one. */
const SWITCHING: ReadonlySet<string> = new Set([
  'su',
  'su-l',
  'sudo',
  'sudo-i',
  'sudoedit',
  'runuser',
  'runuser-l',
  'polkit-1',
  'pkexec',
  'doas',
  'ksu',
  'sux',
  'kdesu',
  'gksu',
  'machinectl',
  'systemd-run0',
]);

/** Written where a program has no terminal: names of the service. */
const NO_TERMINAL: ReadonlySet<string> = new Set(['ssh', 'cron', 'NODEVssh', 'nodevssh', 'pop3', 'imap', 'ftp', 'dovecot']);

// tty1        pts/0        :0        /dev/console
const TERMINAL = /^(?:\/dev\/)?(?:tty\w{0,8}|pts\/\d{1,9}|console|:\d[\d.]{0,5})$/;

/** Groups that go to fields of their own: the account, who asked, where. */
const PLACES: ReadonlySet<string> = new Set(['user', 'uid', 'byUser', 'byUid', 'place', 'tty']);
const COUNTS: ReadonlySet<string> = new Set(['count', 'limit', 'code', 'days', 'euid', 'tries']);

export function pamReading(action: Action, outcome: Reading['outcome'], groups: Groups, extra?: Record<string, unknown>): Reading {
  const details: Record<string, unknown> = { ...extra };
  for (const name in groups) {
    const text = groups[name];
    if (text !== undefined && text !== '' && !PLACES.has(name)) details[name] = COUNTS.has(name) ? Number(text) : text;
  }
  const by = present({ user: nameOf(groups['byUser']), uid: groups['byUid'] });
  if (by !== undefined) details['by'] = by;
  if (groups['tty'] !== undefined) details['tty'] = groups['tty'];
  const account = present({ user: nameOf(groups['user']), uid: groups['uid'] });
  return { action, outcome, actor: account, client: endpointOf(groups['place']), details };
}

function nameOf(text: string | undefined): string | undefined {
  return text === '' || text === '(null)' ? undefined : text;
}

/** The usual rule's `read`. */
export function tells(action: Action, outcome?: Reading['outcome'], extra?: Record<string, unknown>): Rule['read'] {
  return (groups) => pamReading(action, outcome, groups, extra);
}

/** What a message tells, before it is known whose account is whose. */
export interface Told {
  readonly action: Action;
  readonly outcome: Reading['outcome'];
  /** The account it is about. */
  readonly user: string | undefined;
  readonly uid: string | undefined;
  /** Who asked. */
  readonly byUser: string | undefined;
  readonly byUid: string | undefined;
  readonly client: Client | undefined;
  readonly tty: string | undefined;
  readonly file?: Reading['file'];
  readonly details?: Record<string, unknown>;
}

/** A module said something that no rule knows. */
export const NOTHING: Told = {
  action: 'log.message',
  outcome: undefined,
  user: undefined,
  uid: undefined,
  byUser: undefined,
  byUid: undefined,
  client: undefined,
  tty: undefined,
};

/** What the rules' readings keep in details until it has a place. */
type Kept = { by?: Identity; tty?: string } & Record<string, unknown>;

/** A rule's reading as what it tells. */
export function toldOf({ action, outcome, actor, client, file, details }: Reading): Told {
  const { by, tty, ...others } = (details ?? {}) as Kept;
  return { action, outcome, user: actor?.user, uid: actor?.uid, byUser: by?.user, byUid: by?.uid, client, tty, file, details: others };
}

/** Puts account and asker where they belong, now that the service is known, and says where the message comes from. */
export function attribute(line: LogLine, told: Told, { module, service, phase }: Origin): Reading {
  const { action, outcome, client, uid } = told;
  // pam_krb5 writes the account where others write the login name.
  const isLogname = told.user === undefined && module === 'pam_krb5';
  const account = identity(isLogname ? told.byUser : told.user, uid);
  const by = isLogname ? undefined : identity(told.byUser, told.byUid);
  const details: Record<string, unknown> = told.details ?? {};
  if (details['euid'] === 0) delete details['euid'];
  let actor = account;
  let target: Identity | undefined;
  if (service !== undefined && SWITCHING.has(service)) {
    actor = by;
    target = account;
  } else {
    // The daemon itself, as root: that says nothing.
    if (by !== undefined && (by.user !== undefined || by.uid !== '0')) details['by'] = by;
    if (action === 'password.change') [actor, target] = [undefined, account];
    else if (action === 'session.start' || action === 'session.end') target = account;
  }
  if (module !== undefined) details['module'] = module;
  if (service !== undefined && service !== '') details['service'] = service;
  if (phase !== undefined) details['phase'] = phase;
  const isPlace = client?.host === undefined || (client.host !== service && !TERMINAL.test(client.host));
  const terminal = isPlace ? told.tty : TERMINAL.test(client.host) ? client.host : undefined;
  const process = processOf(line, terminal);
  return {
    action,
    outcome,
    host: undefined,
    actor,
    target,
    client: isPlace ? client : undefined,
    server: undefined,
    process,
    file: told.file,
    session: undefined,
    details,
  };
}

function identity(user: string | undefined, uid: string | undefined): Identity | undefined {
  const name = nameOf(user);
  if (name === undefined) return uid === undefined ? undefined : { uid };
  return uid === undefined ? { user: name } : { user: name, uid };
}

function processOf(line: LogLine, terminal: string | undefined): Process | undefined {
  if (terminal === undefined || NO_TERMINAL.has(terminal)) return undefined;
  const tty = ttyOf(terminal);
  return tty === undefined ? undefined : { name: line.program, pid: line.pid, tty };
}
