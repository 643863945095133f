/**
 * login and getty: people at consoles and serial lines.
 *
 * - {@link https://github.com/util-linux/util-linux/blob/v2.38.1/login-utils/login.c | util-linux log_syslog(), loginpam_auth()}
 * - {@link https://github.com/shadow-maint/shadow/blob/4.13/src/login.c | shadow login.c}
 */
import type { Client } from '../model/event.js';
import type { LogLine, Program, Reading } from './program.js';
import { present, ruleReader, ttyOf, type Groups, type Rule } from './rules.js';

function login(outcome: Reading['outcome'], groups: Groups, line: LogLine): Reading {
  return {
    action: 'login.start',
    outcome,
    actor: present({ user: groups.user === '' || groups.user === '(unknown)' || groups.user === 'UNKNOWN' ? undefined : groups.user }),
    client: clientOf(groups.host),
    process: { name: line.program, pid: line.pid, tty: ttyOf(groups.tty) },
    details: present({ reason: groups.reason, attempts: groups.count === undefined ? undefined : Number(groups.count) }),
  };
}

/** An address or a name; util-linux writes the terminal where no host is known. */
function clientOf(host: string | undefined): Client | undefined {
  if (host === undefined || host === '' || host === '(null)' || host === '<unknown>' || isTerminal(host)) return undefined;
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || (host.includes(':') && /^[\da-fA-F:.%\w]+$/.test(host)) ? { ip: host } : { host };
}

function isTerminal(text: string): boolean {
  return /^(?:\/dev\/)?(?:tty\w*|pts\/\d+|console|hvc\d+|xvc\d+)$/.test(text);
}

/** util-linux puts one word behind FROM: the host, or else the terminal. */
const fromEither = (groups: Groups): Groups =>
  isTerminal(groups.from ?? '') ? { ...groups, tty: groups.from } : { ...groups, host: groups.from };

// shadow's place: ` on '/dev/tty1' from '10.0.0.1'`
const PLACE = String.raw`(?: ?[oO][nN] '(?<tty>[^']*)')?(?: [fF][rR][oO][mM] '(?<host>[^']*)')?`;

const rules: readonly Rule[] = [
  // ROOT LOGIN ON tty1 FROM 10.0.0.1
  {
    starts: 'ROOT LOGIN ON ',
    pattern: /^ROOT LOGIN ON (?<tty>\S+)(?: FROM (?<host>\S+))?$/,
    read: (groups, line) => login('success', { ...groups, user: 'root' }, line),
  },
  // LOGIN ON tty1 BY deploy FROM 10.0.0.1      — the host is one word, the user may hold blanks
  {
    starts: 'LOGIN ON ',
    pattern: /^LOGIN ON (?<tty>\S+) BY (?<user>[^]+) FROM (?<host>\S+)$/,
    read: (groups, line) => login('success', groups, line),
  },
  { starts: 'LOGIN ON ', pattern: /^LOGIN ON (?<tty>\S+) BY (?<user>[^]+)$/, read: (groups, line) => login('success', groups, line) },
  // DIALUP AT ttyS0 BY deploy
  {
    starts: 'DIALUP AT ',
    pattern: /^DIALUP AT (?<tty>\S+) BY (?<user>[^]+)$/,
    read: (groups, line) => ({ ...login(undefined, groups, line), action: 'log.message' }),
  },
  // FAILED LOGIN (1) on '/dev/tty1' FOR 'x', Authentication failure
  {
    starts: 'FAILED LOGIN (',
    pattern: new RegExp(String.raw`^FAILED LOGIN \((?<count>\d{1,9})\)${PLACE} FOR '(?<user>[^]*)', (?<reason>[^']*)$`),
    read: (groups, line) => login('failure', groups, line),
  },
  // FAILED LOGIN 1 FROM tty1 FOR root, Authentication failure
  // FAILED LOGIN SESSION FROM tty1 FOR root, Authentication failure
  {
    starts: 'FAILED LOGIN ',
    pattern: /^FAILED LOGIN (?:SESSION|(?<count>\d{1,9})) FROM (?<from>\S+) FOR (?<user>[^]*), (?<reason>[^,]*)$/,
    read: (groups, line) => login('failure', fromEither(groups), line),
  },
  // TOO MANY LOGIN TRIES (5) FROM tty1 FOR root, Have exhausted maximum number of retries for service
  {
    starts: 'TOO MANY LOGIN TRIES (',
    pattern: /^TOO MANY LOGIN TRIES \((?<count>\d{1,9})\) FROM (?<from>\S+) FOR (?<user>[^]*), (?<reason>[^,]*)$/,
    read: (groups, line) => login('failure', fromEither(groups), line),
  },
  // TOO MANY LOGIN TRIES (5) on '/dev/tty1' FOR 'x'
  {
    starts: 'TOO MANY LOGIN TRIES (',
    pattern: new RegExp(String.raw`^(?<reason>TOO MANY LOGIN TRIES) \((?<count>\d{1,9})\)${PLACE} FOR '(?<user>[^]*)'$`),
    read: (groups, line) => login('failure', groups, line),
  },
  // 'deploy' logged in on '/dev/tty1'
  {
    starts: "'",
    pattern: new RegExp(String.raw`^'(?<user>[^']*)' logged in ${PLACE}$`),
    read: (groups, line) => login('success', groups, line),
  },
  // ROOT LOGIN  on '/dev/tty1'
  {
    starts: 'ROOT LOGIN ',
    pattern: new RegExp(String.raw`^ROOT LOGIN ${PLACE}$`),
    read: (groups, line) => login('success', { ...groups, user: 'root' }, line),
  },
  // invalid password for 'deploy' on '/dev/tty1' from '10.0.0.1'
  {
    starts: ['invalid password for ', 'exceeded failure limit for ', 'invalid login time for '],
    pattern: new RegExp(String.raw`^(?<reason>invalid password|exceeded failure limit|invalid login time) for '(?<user>[^']*)' ?${PLACE}$`),
    read: (groups, line) => login('failure', groups, line),
  },
  // LOGIN 'deploy' REFUSED on '/dev/tty1'
  {
    starts: "LOGIN '",
    pattern: new RegExp(String.raw`^LOGIN '(?<user>[^']*)' (?<reason>REFUSED) ${PLACE}$`),
    read: (groups, line) => login('failure', groups, line),
  },
  // ILLEGAL ROOT LOGIN on '/dev/tty1'
  {
    starts: 'ILLEGAL ROOT LOGIN ',
    pattern: new RegExp(String.raw`^(?<reason>ILLEGAL ROOT LOGIN) ${PLACE}$`),
    read: (groups, line) => login('failure', { ...groups, user: 'root' }, line),
  },
  // REPEATED login failures on '/dev/tty1'
  {
    starts: 'REPEATED login failures',
    pattern: new RegExp(String.raw`^(?<reason>REPEATED login failures)${PLACE}$`),
    read: (groups, line) => login('failure', groups, line),
  },
  // Attempted login by deploy (UID: 1007) on /dev/pts/1        (nologin as shell)
  {
    starts: 'Attempted login by ',
    pattern: /^(?<reason>Attempted login) by (?<user>[^]*) \(UID: (?<uid>\d{1,10})\) on (?<tty>\S+)$/,
    read: (groups, line) => ({ ...login('failure', groups, line), actor: present({ user: groups.user, uid: groups.uid }) }),
  },
  // Invalid user name "x". Abort.      cannot find user x
  {
    starts: ['Invalid user name "', 'cannot find user '],
    pattern: /^(?<reason>Invalid user name|cannot find user) "?(?<user>[^"]*?)"?(?:\. Abort\.| after update of expired password)?$/,
    read: (groups, line) => login('failure', groups, line),
  },
  // No logins allowed for `deploy'      Too many logins (max 3) for deploy
  {
    starts: ['No logins allowed for `', 'Too many logins (max '],
    pattern: /^(?<reason>No logins allowed|Too many logins \(max \d+\)) for `?(?<user>[^'\n]*)'?\n?$/,
    read: (groups, line) => login('failure', groups, line),
  },
];

export const program: Program = {
  id: 'login',
  title: 'login and getty',
  names: ['login', 'agetty', 'getty', 'mgetty', 'mingetty', 'nologin'],
  reader: ruleReader(rules),
};
