/**
 * pkexec and polkitd: commands as another user, and who proved what for it.
 *
 * - {@link https://github.com/polkit-org/polkit/blob/122/src/programs/pkexec.c | log_message()}
 * - {@link https://github.com/polkit-org/polkit/blob/122/src/polkitbackend/polkitbackendinteractiveauthority.c | log_result(), agents}
 */
import type { LogLine, Program, Reading } from './program.js';
import { present, ruleReader, ttyOf, type Groups, type Rule } from './rules.js';

/** `unix-user:root` → `root`. */
function userOf(identity: string | undefined): string | undefined {
  return identity?.replace(/^unix-(?:user|group):/, '');
}

/** `unix-process:1234:5678` → the pid; `system-bus-name::1.42` says none. */
function pidOf(subject: string | undefined): number | undefined {
  const digits = /^unix-process:(\d{1,9}):/.exec(subject ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function sessionOf(subject: string | undefined): string | undefined {
  return /^unix-session:(\S+)$/.exec(subject ?? '')?.[1];
}

function authorized(outcome: Reading['outcome'], groups: Groups): Reading {
  return {
    action: 'polkit.authorize',
    outcome,
    actor: present({ user: userOf(groups.owner) }),
    target: present({ user: userOf(groups.as) }),
    session: sessionOf(groups.operator),
    process: present({ pid: pidOf(groups.subject), commandLine: groups.command === '<unknown>' ? undefined : groups.command }),
    details: present({ polkitAction: groups.action, operator: groups.operator, subject: groups.subject, grant: groups.grant }),
  };
}

function agent(change: string, groups: Groups): Reading {
  return {
    action: 'polkit.authorize',
    session: sessionOf(groups.operator),
    process: present({ commandLine: groups.command }),
    details: present({ agent: change, subject: groups.operator, busName: groups.bus, objectPath: groups.object, locale: groups.locale }),
  };
}

// deploy: Executing command [USER=root] [TTY=/dev/pts/0] [CWD=/home/deploy] [COMMAND=/usr/bin/id]
const PKEXEC = /^(?<by>[^:]+): (?<text>[^[\]]+) \[USER=(?<to>[^\]]*)\] \[TTY=(?<tty>[^\]]*)\] \[CWD=(?<rest>[^]*)$/;
const FAILED = /^(?:Error executing command as another user|The value for (?:the SHELL|environment) variable)/;

function ranByPkexec(groups: Groups, line: LogLine): Reading | undefined {
  const { rest = '', text = '' } = groups;
  // The directory is the caller's choice and so is the command: sudo's problem again. Both end in `]`.
  const split = rest.indexOf('] [COMMAND=');
  if (split < 0) return undefined;
  const command = rest.slice(split + 11, rest.endsWith(']') ? -1 : undefined);
  const ambiguous = command.includes('] [COMMAND=');
  const name = ambiguous ? undefined : command.split(' ')[0];
  return {
    action: 'polkit.run',
    outcome: text === 'Executing command' ? 'success' : FAILED.test(text) ? 'failure' : undefined,
    actor: { user: groups.by },
    target: present({ user: groups.to }),
    process: {
      // An exploit's first word may be no path at all: `GCONV_PATH=./value`.
      name: name?.includes('=') === true ? undefined : name?.slice(name.lastIndexOf('/') + 1),
      exe: name?.startsWith('/') === true ? name : undefined,
      commandLine: command,
      cwd: rest.slice(0, split),
      tty: ttyOf(groups.tty),
      parent: { name: line.program, pid: line.pid },
    },
    details: present({
      reason: text === 'Executing command' ? undefined : text,
      ambiguous: ambiguous ? true : undefined,
    }),
  };
}

const rules: readonly Rule[] = [
  { pattern: PKEXEC, read: ranByPkexec },
  // Operator of unix-session:3 successfully authenticated as unix-user:deploy to gain TEMPORARY authorization for action org.x.y for unix-process:12:34 [pkexec id] (owned by unix-user:deploy)
  {
    starts: 'Operator of ',
    pattern:
      /^Operator of (?<operator>\S+) successfully authenticated as (?<as>\S+) to gain (?<grant>TEMPORARY|ONE-SHOT) authorization for action (?<action>\S+) for (?<subject>\S+) \[(?<command>[^]*)\] \(owned by (?<owner>[^()]*)\)$/,
    read: (groups) => authorized('success', groups),
  },
  {
    starts: 'Operator of ',
    pattern:
      /^Operator of (?<operator>\S+) FAILED to authenticate to gain authorization for action (?<action>\S+) for (?<subject>\S+) \[(?<command>[^]*)\] \(owned by (?<owner>[^()]*)\)$/,
    read: (groups) => authorized('failure', groups),
  },
  // Registered Authentication Agent for unix-process:1234:5678 (system bus name :1.42 [/usr/bin/pkttyagent --notify-fd 5], object path /org/…, locale C.UTF-8)
  {
    starts: 'Registered Authentication Agent for ',
    pattern:
      /^Registered Authentication Agent for (?<operator>\S+) \(system bus name (?<bus>\S+) \[(?<command>[^]*)\], object path (?<object>\S+), locale (?<locale>[^ )]*)\)$/,
    read: (groups) => agent('registered', groups),
  },
  {
    starts: 'Unregistered Authentication Agent for ',
    pattern:
      /^Unregistered Authentication Agent for (?<operator>\S+) \(system bus name (?<bus>\S+), object path (?<object>\S+), locale (?<locale>[^ )]*)\)(?: \(disconnected from bus\))?$/,
    read: (groups) => agent('unregistered', groups),
  },
  // ALLOWING action org.freedesktop.login1.reboot for unix-process:12:34 [id] owned by unix-user:deploy (check requested by system-bus-name::1.2 [x])
  {
    starts: ['ALLOWING action ', 'DENYING action '],
    pattern:
      /^(?<verdict>ALLOWING|DENYING) action (?<action>\S+) for (?<subject>\S+) \[(?<command>[^]*)\] owned by (?<owner>\S+) \(check requested by /,
    read: (groups) => authorized(groups.verdict === 'ALLOWING' ? 'success' : 'failure', groups),
  },
  // Error executing command as another user: Not authorized   (stderr of pkexec, caught by the journal)
  {
    starts: 'Error executing command as another user: ',
    pattern: /^Error executing command as another user: (?<reason>[^]*)$/,
    read: ({ reason }) => ({ action: 'polkit.run', outcome: 'failure', details: { reason } }),
  },
  // Started polkitd version 126        Lost the name org.freedesktop.PolicyKit1 - exiting
  {
    starts: 'Started polkitd ',
    pattern: /^Started polkitd version (?<version>\S+)$/,
    read: ({ version }) => ({ action: 'service.start', details: { version } }),
  },
  { starts: 'Lost the name ', pattern: /^Lost the name \S+ - exiting$/, read: () => ({ action: 'service.stop' }) },
  // Loading rules from directory /etc/polkit-1/rules.d
  {
    starts: ['Loading rules from directory ', 'Finished loading, compiling and executing ', 'Reloading rules', 'Acquired the name '],
    pattern: /^(?:Loading rules from directory (?<directory>\S+)|Finished loading|Reloading rules|Acquired the name)/,
    read: ({ directory }) => ({ action: 'log.message', details: present({ rulesDirectory: directory }) }),
  },
];

export const program: Program = {
  id: 'polkit',
  title: 'pkexec and polkitd',
  names: ['pkexec', 'polkitd', 'polkitd(authority=local)', 'polkit-agent-helper-1'],
  reader: ruleReader(rules),
};
