/**
 * cron, cronie, anacron and at: what ran by the clock, and who changed what will.
 *
 * - {@link https://salsa.debian.org/debian/cron/-/blob/debian/3.0pl1-162/misc.c | cron's log_it(): `(user) EVENT (detail)`}
 * - {@link https://github.com/cronie-crond/cronie/blob/cronie-1.7.0/src/misc.c | cronie log_it()}
 * - {@link https://sourceforge.net/projects/anacron/ | anacron 2.3, runjob.c}
 */
import { commandReading, runByAnacron, type CronCommand } from './cron/reading.js';
import type { LogLine, Program, Reading } from './program.js';
import { present, readByRules, type Groups, type Rule } from './rules.js';

/** The events of `(user) EVENT (detail)`. `user` is the daemon (`CRON`), a file name or an account. */
type Meaning = (user: string, detail: string, line: LogLine) => Reading;

const change =
  (verb: string): Meaning =>
  (user, detail) => ({
    action: 'cron.change',
    outcome: 'success',
    actor: { user },
    target: { user: detail },
    details: { change: verb },
  });
const tabError =
  (error: string): Meaning =>
  (user, detail) => ({
    action: 'cron.change',
    outcome: 'failure',
    target: accountOf(user),
    file: fileOf(detail),
    details: { error, crontab: detail },
  });

function fileOf(detail: string): { path: string } | undefined {
  return detail.startsWith('/') ? { path: detail } : undefined;
}

/** cron calls itself CRON and the system's tables `*system*`: neither is an account. */
function accountOf(user: string): { user: string } | undefined {
  return user === 'CRON' || user === 'crond' || user.startsWith('*system*') || user.includes('/') ? undefined : { user };
}

const meanings = new Map<string, Meaning>([
  ['CMD', (user, detail, line) => commandReading('cron.run', user, detail, line)],
  ['CMDOUT', (user, detail) => ({ action: 'log.message', target: { user }, details: { output: detail } })],
  ['CMDEND', (user, detail, line) => commandReading('process.end', user, detail, line)],
  ['END', (user, detail, line) => commandReading('process.end', user, detail, line)],
  ['LIST', (user, detail) => ({ action: 'cron.read', outcome: 'success', actor: { user }, target: { user: detail } })],
  [
    'BEGIN EDIT',
    (user, detail) => ({ action: 'cron.read', outcome: 'success', actor: { user }, target: { user: detail }, details: { edit: 'begun' } }),
  ],
  [
    'END EDIT',
    (user, detail) => ({ action: 'cron.read', outcome: 'success', actor: { user }, target: { user: detail }, details: { edit: 'ended' } }),
  ],
  ['REPLACE', change('replaced')],
  ['DELETE', change('deleted')],
  [
    'RELOAD',
    (user, detail) => ({
      action: 'cron.change',
      target: accountOf(user),
      file: fileOf(detail),
      details: { change: 'reloaded', crontab: detail },
    }),
  ],
  ['AUTH', (user, detail) => ({ action: 'cron.change', outcome: 'failure', actor: { user }, details: { reason: detail } })],
  [
    'ORPHAN',
    (user, detail) => ({
      action: 'cron.change',
      outcome: 'failure',
      target: accountOf(user),
      details: { error: 'ORPHAN', reason: detail },
    }),
  ],
  [
    'ERROR',
    (user, detail) => ({
      action: 'cron.change',
      outcome: 'failure',
      target: accountOf(user),
      details: { error: detail, crontab: user.replace(/^\*system\*/, '') },
    }),
  ],
  ['STARTUP', (_user, detail) => ({ action: 'service.start', details: { detail } })],
  ['DEATH', (_user, detail) => ({ action: 'service.stop', details: { reason: detail } })],
  ['SHUTDOWN', (_user, detail) => ({ action: 'service.stop', details: { reason: detail } })],
  ['INFO', (_user, detail) => ({ action: 'log.message', details: { info: detail } })],
  ['info', (_user, detail) => ({ action: 'log.message', details: { info: detail } })],
  ['MAIL', (user, detail) => ({ action: 'log.message', target: accountOf(user), details: { mail: detail } })],
]);

// (root) CMD (/usr/local/bin/backup.sh)
// (deploy) INSECURE MODE (mode 0600 expected) (crontabs/deploy)
const EVENT = /^\((?<user>[^()]*)\) (?<event>INSECURE MODE \([^()]{0,40}\)|[A-Za-z][^()]{0,80}?) \((?<detail>[^]*)\)$/;
// 3.0pl1 before Debian: root (05/01-10:11:12-1234) CMD (/usr/bin/id)
const FILE_EVENT = /^(?<user>\S+) \(\d\d\/\d\d-\d\d:\d\d:\d\d-\d+\) (?<event>[A-Za-z][^()]{0,80}) \((?<detail>[^]*)\)$/;

const others: readonly Rule[] = [
  // grandchild #4711 failed with exit status 1
  {
    starts: 'grandchild #',
    pattern:
      /^grandchild #(?<pid>\d{1,9}) failed with (?:exit status (?<code>\d{1,3})|signal (?<signal>\d{1,3})(?<core> \(core dumped\))?)/,
    read: ({ pid, code, signal }) => ended(pid, code, signal),
  },
  // Authentication failure        (PAM's word alone, when an account may not run jobs)
  {
    pattern:
      /^(?<reason>Authentication failure|Permission denied|User account has expired|Authentication token [\w ]+|Cannot make\/remove an entry for the specified session)$/,
    read: ({ reason }) => ({ action: 'auth.check', outcome: 'failure', details: { reason } }),
  },
  // Error: bad username; while reading /etc/cron.d/labbad
  {
    starts: 'Error: ',
    pattern: /^Error: (?<error>[^;]*); while reading (?<path>\/[^]*)$/,
    read: ({ error, path = '' }) => ({ action: 'cron.change', outcome: 'failure', file: { path }, details: { error } }),
  },
  ...anacronRules(),
];

function ended(pid: string | undefined, code: string | undefined, signal: string | undefined): Reading {
  return {
    action: 'process.end',
    outcome: 'failure',
    process: { pid: Number(pid), exitCode: code === undefined ? undefined : Number(code), signal, parent: { name: 'cron' } },
  };
}

function anacronRules(): Rule[] {
  return [
    // Job `cron.daily' started
    { starts: 'Job ', pattern: /^Job [`'](?<job>[^']*)' started$/, read: runByAnacron('cron.run') },
    // Job `cron.daily' terminated (exit status: 1) (mailing output)
    {
      starts: 'Job ',
      pattern: /^Job [`'](?<job>[^']*)' terminated(?: \(exit status: (?<code>\d{1,3})\)| due to signal (?<signal>\d{1,3}))?(?<rest>[^]*)$/,
      read: runByAnacron('process.end'),
    },
    // Anacron 2.3 started on 2024-05-01
    {
      starts: 'Anacron ',
      pattern: /^Anacron (?<version>\S+) started on /,
      read: ({ version }) => ({ action: 'service.start', details: { version } }),
    },
    // Normal exit (1 job run)
    {
      starts: 'Normal exit (',
      pattern: /^Normal exit \((?<jobs>\d+) jobs? run\)/,
      read: ({ jobs }) => ({ action: 'service.stop', details: { jobs: Number(jobs) } }),
    },
    // Updated timestamp for job `cron.daily' to 2024-05-01
    {
      starts: ['Updated timestamp for job ', 'Will run job '],
      pattern: /^(?:Updated timestamp for|Will run) job [`'](?<job>[^']*)'/,
      read: ({ job }) => ({ action: 'log.message', details: { job } }),
    },
  ];
}

const readOther = readByRules(others);

function read(line: LogLine): Reading | undefined {
  const groups: Groups | undefined = (EVENT.exec(line.message) ?? FILE_EVENT.exec(line.message))?.groups;
  return groups === undefined ? (readOther(line) ?? readAt(line)) : readEvent(groups as unknown as CronCommand, line);
}

function readEvent({ user, event, detail }: CronCommand, line: LogLine): Reading | undefined {
  const meaning = meanings.get(event);
  if (meaning !== undefined) return meaning(user, detail, line);
  const failed = /^grandchild #(?<pid>\d{1,9}) failed with (?:exit status (?<code>\d{1,3})|signal (?<signal>\d{1,3}))/.exec(detail)?.groups;
  if (failed !== undefined) return ended(failed.pid, failed.code, failed.signal);
  if (event.startsWith('FAILED to authorize user with PAM')) {
    return { action: 'auth.check', outcome: 'failure', target: { user }, details: { reason: detail } };
  }
  // `(CRON) info (No MTA installed, discarding output)`, `(*system*) ERROR (Missing newline before EOF, …)`
  if (user === 'CRON' && !/FAILED|CAN'T/.test(event)) return { action: 'log.message', details: present({ event, detail }) };
  return tabError(event)(user, detail, line);
}

// Starting job 3 (a0000301a4b2c3) for user 'deploy' (1001)
const AT = /^Starting job (?<job>\d+) \((?<file>\S+)\) for user '(?<user>[^']*)' \((?<uid>\d+)\)$/;

function readAt(line: LogLine): Reading | undefined {
  const groups = AT.exec(line.message)?.groups;
  if (groups === undefined) return undefined;
  return {
    action: 'cron.run',
    outcome: 'success',
    target: { user: groups.user, uid: groups.uid },
    details: { job: groups.job, file: groups.file },
  };
}

export const program: Program = {
  id: 'cron',
  title: 'cron, cronie, anacron and at',
  names: ['cron', 'crond', 'crontab', '/usr/sbin/cron', 'anacron', 'atd', 'at', 'fcron', 'vixie-cron'],
  reader: () => ({ read }),
};
