/**
 * systemd-logind: sessions, seats, power.
 * {@link https://github.com/systemd/systemd/blob/v252/src/login/logind-session.c | session_start(), session_stop_scope(), session_finalize()}
 */
import type { LogLine, Program, ProgramReader, Reading } from './program.js';
import { present, readByRules, type Rule } from './rules.js';

/** Sessions whose user is remembered: the lines about a session's end do not name one. */
const SESSIONS = 16384;

const staticRules: readonly Rule[] = [
  // System is powering down.        System is rebooting (kexec).
  {
    starts: 'System is ',
    pattern: /^System is (?<how>powering down|powering off|rebooting|halting|shutting down|suspending|hibernating)\b/,
    read: ({ how = '' }) =>
      /suspend|hibernat/.test(how) ? { action: 'log.message', details: { how } } : { action: 'host.shutdown', details: { how } },
  },
  // The system will reboot now!        The system will power off at Wed 2024-05-01 10:11:12 UTC!
  {
    starts: 'The system will ',
    pattern:
      /^The system (?:will (?<how>power off|reboot|halt|shut down|be halted|restart)|is going down for (?<wall>[\w -]+))(?: (?<when>now|at [^!]*))?!?$/,
    read: ({ how, wall, when }) =>
      when === undefined || when === 'now'
        ? { action: 'host.shutdown', details: present({ how: how ?? wall }) }
        : { action: 'log.message', details: present({ shutdownPlanned: how ?? wall, when }) },
  },
  // Powering Off...        Rebooting...
  {
    starts: ['Powering ', 'Rebooting'],
    pattern: /^(?<how>Powering [Oo]ff|Rebooting)\.\.\.$/,
    read: ({ how }) => ({ action: 'host.shutdown', details: { how } }),
  },
  // Power key pressed short.
  {
    starts: ['Power ', 'Reboot ', 'Suspend ', 'Hibernate ', 'Lid '],
    pattern: /^(?<key>Power|Reboot|Suspend|Hibernate) key pressed(?: (?<press>short|long))?\.$/,
    read: ({ key, press }) => ({ action: 'log.message', details: present({ key, press }) }),
  },
  // New seat seat0.        Removed seat seat0.
  {
    starts: ['New seat ', 'Removed seat '],
    pattern: /^(?<change>New|Removed) seat '?(?<seat>[^'.]+)'?\.$/,
    read: ({ change, seat }) => ({ action: 'log.message', details: { change, seat } }),
  },
  // System shutdown has been cancelled
  {
    starts: 'System shutdown has',
    pattern: /^System shutdown has been cancelled/,
    read: () => ({ action: 'log.message', details: { shutdownCancelled: true } }),
  },
];

// New session 3 of user deploy.        New session '3' of user 'deploy' with class 'user' and type 'tty'.
const NEW =
  /^New session '?(?<session>[A-Za-z0-9]+)'? of user (?<quoted>')?(?<user>[^]+?)(?:' with class '(?<class>[^']*)' and type '(?<type>[^']*)')?'?\.$/;
// Session 3 logged out. Waiting for processes to exit.
const LOGGED_OUT = /^Session '?(?<session>[A-Za-z0-9]+)'? logged out\. Waiting for processes to exit\.$/;
// Removed session 3.
const REMOVED = /^Removed session '?(?<session>[A-Za-z0-9]+)'?\.$/;

const readStatic = readByRules(staticRules);

function logindReader(): ProgramReader {
  const users = new Map<string, string>();

  const started = (line: LogLine): Reading | undefined => {
    const groups = NEW.exec(line.message)?.groups;
    if (groups === undefined) return undefined;
    const { session = '', user = '' } = groups;
    if (users.size >= SESSIONS) users.delete(users.keys().next().value as string);
    users.set(`${line.host ?? ''}\0${session}`, user);
    const details = present({ class: groups.class, type: groups.type });
    return { action: 'session.start', outcome: 'success', actor: { user }, target: { user }, session, details };
  };

  const ended = (line: LogLine): Reading | undefined => {
    const out = LOGGED_OUT.exec(line.message)?.groups?.session;
    const session = out ?? REMOVED.exec(line.message)?.groups?.session;
    if (session === undefined) return undefined;
    const user = users.get(`${line.host ?? ''}\0${session}`);
    if (out === undefined) users.delete(`${line.host ?? ''}\0${session}`);
    return {
      action: 'session.end',
      actor: present({ user }),
      target: present({ user }),
      session,
      details: { stage: out === undefined ? 'removed' : 'logged-out' },
    };
  };

  return { read: (line) => started(line) ?? ended(line) ?? readStatic(line) };
}

export const program: Program = {
  id: 'logind',
  title: 'systemd-logind and elogind',
  names: ['systemd-logind', 'elogind', 'elogind-daemon'],
  reader: logindReader,
};
