/**
 * su, runuser and doas: one user becoming another.
 *
 * - {@link https://github.com/util-linux/util-linux/blob/v2.38.1/login-utils/su-common.c | util-linux log_syslog()}
 * - {@link https://github.com/shadow-maint/shadow/blob/4.13/libmisc/sulog.c | shadow sulog()}, {@link https://github.com/shadow-maint/shadow/blob/4.13/src/su.c | su.c}
 * - {@link https://github.com/Duncaen/OpenDoas/blob/v6.8.2/doas.c | doas}
 */
import type { Reading } from './program.js';
import type { LogLine, Program } from './program.js';
import { present, ruleReader, ttyOf, type Groups, type Rule } from './rules.js';

type Outcome = Reading['outcome'];

function switched(outcome: Outcome, groups: Groups, line: LogLine): Reading {
  const tty = ttyOf(groups.tty);
  return {
    action: 'su.switch',
    outcome,
    actor: present({ user: known(groups.by), uid: groups.uid }),
    target: present({ user: known(groups.to) }),
    process: { name: line.program, pid: line.pid, tty },
    details: present({ reason: groups.reason, from: groups.from }),
  };
}

/** shadow's su writes `???` for a user it could not name. */
function known(user: string | undefined): string | undefined {
  return user === '' || user === '???' ? undefined : user;
}

// User names may hold blanks; ttys may not: the tty is taken from the right.
const rules: readonly Rule[] = [
  // (to root) deploy on pts/0
  {
    starts: '(to ',
    pattern: /^\(to (?<to>[^)]+)\) (?<by>[^]*) on (?<tty>[^ ]+)$/,
    read: (groups, line) => switched('success', groups, line),
  },
  // FAILED SU (to root) deploy on pts/0
  {
    starts: ['FAILED SU (to ', 'FAILED RUNUSER (to '],
    pattern: /^FAILED (?:SU|RUNUSER) \(to (?<to>[^)]+)\) (?<by>[^]*) on (?<tty>[^ ]+)$/,
    read: (groups, line) => switched('failure', groups, line),
  },
  // Successful su for root by deploy
  {
    starts: 'Successful su for ',
    pattern: /^Successful su for (?<to>\S+) by (?<by>[^]*)$/,
    read: (groups, line) => switched('success', groups, line),
  },
  // FAILED su for root by deploy
  {
    starts: 'FAILED su for ',
    pattern: /^FAILED su for (?<to>\S+) by (?<by>[^]*)$/,
    read: (groups, line) => switched('failure', groups, line),
  },
  // + /dev/pts/0 deploy:root        (old: `+ pts/0 deploy-root`)
  { starts: '+ ', pattern: /^\+ (?<tty>\S+) (?<by>[^:]+?)[:](?<to>[^:]+)$/, read: (groups, line) => switched('success', groups, line) },
  { starts: '- ', pattern: /^- (?<tty>\S+) (?<by>[^:]+?)[:](?<to>[^:]+)$/, read: (groups, line) => switched('failure', groups, line) },
  { starts: '+ ', pattern: /^\+ (?<tty>\S+) (?<by>[^-\s]+)-(?<to>[^-\s]+)$/, read: (groups, line) => switched('success', groups, line) },
  { starts: '- ', pattern: /^- (?<tty>\S+) (?<by>[^-\s]+)-(?<to>[^-\s]+)$/, read: (groups, line) => switched('failure', groups, line) },
  // BAD SU deploy to root on /dev/pts/0
  {
    starts: 'BAD SU ',
    pattern: /^BAD SU (?<by>\S+) to (?<to>\S+)(?: on (?<tty>\S+))?$/,
    read: (groups, line) => switched('failure', groups, line),
  },
  // deploy to root on /dev/ttyp0      (BSD)
  { pattern: /^(?<by>[\w.-]+) to (?<to>[\w.-]+) on (?<tty>\S+)$/, read: (groups, line) => switched('success', groups, line) },
  // Authentication failed for root
  {
    starts: 'Authentication failed for ',
    pattern: /^Authentication failed for (?<to>[^]+)$/,
    read: (groups, line) => switched('failure', groups, line),
  },
  // pam_authenticate: Authentication failure
  {
    starts: 'pam_a',
    pattern: /^(?:pam_authenticate|pam_acct_mgmt): (?<reason>[^]+)$/,
    read: (groups, line) => switched('failure', groups, line),
  },
  // No passwd entry for user 'ghost'
  {
    starts: 'No passwd entry for user ',
    pattern: /^(?<reason>No passwd entry) for user '(?<to>[^]*)'$/,
    read: (groups, line) => switched('failure', groups, line),
  },
  // SU by deploy to restricted account ops
  {
    starts: 'SU by ',
    pattern: /^SU by (?<by>[^]+) to (?<reason>restricted account) (?<to>\S+)$/,
    read: (groups, line) => switched('failure', groups, line),
  },
  // DENIED su from 'deploy' to 'root' (/etc/suauth)
  {
    starts: 'DENIED su from ',
    pattern: /^DENIED su from '(?<by>[^']*)' to '(?<to>[^']*)' \((?<reason>[^)]*)\)\n?$/,
    read: (groups, line) => switched('failure', groups, line),
  },
  // NO password asked for su from 'deploy' to 'root' (/etc/suauth): what came of it is in another line
  {
    starts: ['NO password asked for su from ', 'su from '],
    pattern: /^(?:NO password asked for )?su from '(?<by>[^']*)' to '(?<to>[^']*)'(?<reason>[^]*)$/,
    read: ({ by, to }, line) => ({ ...switched(undefined, { by, to }, line), action: 'auth.check' }),
  },
  // Cannot determine the user name of the caller (UID 1007)
  {
    starts: 'Cannot determine the user name',
    pattern: /^(?<reason>Cannot determine the user name of the caller) \(UID (?<uid>\d+)\)$/,
    read: (groups, line) => switched('failure', groups, line),
  },
  // deploy ran command /bin/sh as root from /home/deploy
  {
    pattern: /^(?<by>\S+) ran command (?<command>[^]+) as (?<to>\S+) from (?<cwd>\/[^]*?)(?<dots>(?:\.\.\.)?)$/,
    read: (groups, line) => (line.program === 'doas' ? ranByDoas(groups, line) : undefined),
  },
  // command not permitted for deploy: cat /etc/shadow
  {
    starts: 'command not permitted for ',
    pattern: /^(?<reason>command not permitted) for (?<by>\S+): (?<command>[^]*)$/,
    read: (groups, line) => ({
      ...switched('failure', groups, line),
      process: { commandLine: groups.command, parent: { name: line.program, pid: line.pid } },
    }),
  },
  // failed auth for deploy
  {
    starts: ['failed auth for ', 'tty required for ', 'failed command for '],
    pattern: /^(?<reason>failed auth|tty required) for (?<by>\S+)$/,
    read: (groups, line) => switched('failure', groups, line),
  },
];

function ranByDoas(groups: Groups, line: LogLine): Reading {
  const { command = '', cwd } = groups;
  const [name = ''] = command.split(' ');
  return {
    action: 'su.switch',
    outcome: 'success',
    actor: { user: groups.by },
    target: present({ user: groups.to }),
    process: {
      name: name.slice(name.lastIndexOf('/') + 1),
      exe: name.startsWith('/') ? name : undefined,
      commandLine: command,
      cwd,
      parent: { name: line.program, pid: line.pid },
    },
  };
}

export const program: Program = {
  id: 'su',
  title: 'su, runuser and doas',
  names: ['su', 'su-l', 'runuser', 'runuser-l', 'doas'],
  reader: ruleReader(rules),
};
