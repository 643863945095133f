/** What programs of a machine log: sshd, auth, sudo, cron, syslog. Rules mostly seek keywords in the message. */
import type { Event } from '../../../model/event.js';
import type { LogSource } from '../logsource.js';
import { userName, type ViewKind } from './event-view.js';

const AUTH = ['auth'] as const;
/** By program: the services beside its own name. */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  sshd: ['sshd', 'auth'],
  'sshd-session': ['sshd', 'auth'],
  'sshd-auth': ['sshd', 'auth'],
  sudo: ['sudo', 'auth'],
  cron: ['cron'],
  crond: ['cron'],
  crontab: ['cron'],
  anacron: ['cron'],
  guacd: ['guacamole'],
  clamd: ['clamav'],
  freshclam: ['clamav'],
  ...Object.fromEntries(
    'su login systemd-logind polkitd pkexec useradd usermod userdel groupadd groupmod groupdel passwd chpasswd gpasswd chage chsh chfn newgrp runuser'
      .split(' ')
      .map((name) => [name, AUTH]),
  ),
};

/** Actions that are not what a program of the machine logged. */
const OTHERS: ReadonlySet<Event['action']> = new Set<Event['action']>(['container.output', 'terminal.input']);

const sources = new Map<string, LogSource>();
/** Programs are named by evidence: only so many get a log source of their own. */
const MAX_SOURCES = 1000;

function sourceOf(service: string): LogSource | undefined {
  let source = sources.get(service);
  if (source === undefined && sources.size < MAX_SOURCES) {
    source = { product: 'linux', service };
    sources.set(service, source);
  }
  return source;
}

const SYSLOG: LogSource = { product: 'linux', service: 'syslog' };

/** The program's own service, those it belongs to, and syslog. */
export function systemLogSources({ process }: Event): LogSource[] {
  const services = new Set<string>();
  for (const name of [process?.name, process?.parent?.name]) {
    if (name === undefined) continue;
    const program = name.toLowerCase();
    for (const service of Object.hasOwn(SERVICES, program) ? (SERVICES[program] as readonly string[]) : []) services.add(service);
    services.add(program);
  }
  return [...[...services].map(sourceOf).filter((source) => source !== undefined), SYSLOG];
}

export const systemLog: ViewKind = {
  logsources: [],
  applies: ({ action, message, details }) => message !== undefined && !OTHERS.has(action) && details?.['auditID'] === undefined,
  records: ({ message, host, process, actor, target, client, details }) => [
    {
      message,
      hostname: host,
      program: process?.parent?.name ?? process?.name,
      pid: process?.pid,
      // As sudo writes it.
      USER: userName(target),
      COMMAND: process?.commandLine,
      TTY: process?.tty,
      PWD: process?.cwd,
      user: userName(actor),
      src_ip: client?.ip,
      src_port: client?.port,
      details,
    },
  ],
};

const APPLICATIONS = ['jvm', 'spring', 'velocity', 'python', 'django', 'nodejs', 'ruby_on_rails', 'sql'] as const;

/** What containers print may be from any kind of application: the rules tell them apart by what is printed. */
export const applicationLog: ViewKind = {
  logsources: APPLICATIONS.map((product) => ({ category: 'application', product })),
  applies: ({ action, message }) => action === 'container.output' && message !== undefined,
  records: ({ message, container, pod }) => [{ message, container: container?.name, pod: pod?.name }],
};
