/**
 * rsyslogd and logrotate.
 *
 * - {@link https://github.com/rsyslog/rsyslog/blob/v8.2302.0/tools/rsyslogd.c | start, HUP, exit}
 * - {@link https://github.com/rsyslog/rsyslog/blob/v8.2302.0/runtime/ratelimit.c | rate limits}
 */
import type { Reading } from '../program.js';
import { present, type Groups, type Rule } from '../rules.js';

/** Records are missing: how many, whose, and why, as far as the line says. */
export function lost({ count, pid, of, ...others }: Groups): Reading {
  return {
    action: 'log.loss',
    details: present({
      count: count === undefined ? undefined : Number(count),
      pid: pid === undefined ? undefined : Number(pid),
      of,
      ...others,
    }),
  };
}

// rsyslog adds `[v8.2302.0 try https://www.rsyslog.com/e/2177 ]` behind its messages: no pattern is anchored at the end.
export const rsyslogRules: readonly Rule[] = [
  // [origin software="rsyslogd" swVersion="8.2302.0" x-pid="511" x-info="https://www.rsyslog.com"] start
  {
    starts: '[origin software="rsyslogd"',
    pattern: /^\[origin [^\]]*?swVersion="(?<version>[^"]*)"[^\]]*\] ?(?:\(re\)|re)?start$/,
    read: ({ version }) => ({ action: 'log.start', details: { version } }),
  },
  // [origin …] exiting on signal 15.
  {
    starts: '[origin software="rsyslogd"',
    pattern: /^\[origin [^\]]*\] exiting on signal (?<signal>\d+)\.?$/,
    read: ({ signal }) => ({ action: 'log.stop', details: { signal: Number(signal) } }),
  },
  // [origin …] rsyslogd was HUPed
  {
    starts: '[origin software="rsyslogd"',
    pattern: /^\[origin [^\]]*\] rsyslogd was HUPed/,
    read: () => ({ action: 'log.rotate', details: { how: 'HUP' } }),
  },
  // exiting on signal 15        (sysklogd)
  {
    starts: 'exiting on signal ',
    pattern: /^exiting on signal (?<signal>\d+)$/,
    read: ({ signal }) => ({ action: 'log.stop', details: { signal: Number(signal) } }),
  },
  // syslogd 1.5.0#6: restart.        syslogd started: BusyBox v1.36.1
  {
    starts: 'syslogd ',
    pattern: /^syslogd (?:(?<version>\S+): restart|started)/,
    read: ({ version }) => ({ action: 'log.start', details: present({ version }) }),
  },
  // imuxsock lost 133 messages from pid 4711 due to rate-limiting
  { starts: 'imuxsock lost ', pattern: /^imuxsock lost (?<count>\d{1,15}) messages from pid (?<pid>\d{1,9})/, read: lost },
  // imuxsock begins to drop messages from pid 4711 due to rate-limiting
  { starts: 'imuxsock begins ', pattern: /^imuxsock begins to drop messages from pid (?<pid>\d{1,9})/, read: lost },
  // sshd[4711]: 133 messages lost due to rate-limiting (200 allowed within 5 seconds)
  // imjournal: 62018 messages lost due to rate-limiting (20000 allowed within 600 seconds)
  {
    pattern:
      /^(?<of>[^:]{1,256}): (?<count>\d{1,15}) messages lost due to (?<reason>rate-limiting)(?: \((?<allowed>\d+) allowed within (?<seconds>\d+) seconds\))?/,
    read: ({ allowed, seconds, ...groups }) => withLimit(lost(groups), allowed, seconds),
  },
  // imjournal from <web1:sshd>: begin to drop messages due to rate-limiting
  // imuxsock[pid 4711]: begin …      imuxsock[pid: 4711, name: /usr/bin/app] from <web1:app>: begin …
  {
    pattern:
      /^(?<module>[\w./-]+)(?:\[(?:pid:? )?(?<pid>\d{1,9})(?:, name: (?<name>[^\]]{0,256}))?\])?(?: from <(?<of>[^>]*)>)?: begin to drop messages due to (?<reason>rate-limiting)/,
    read: lost,
  },
  // main Q: lost 12 messages from diskqueue (invalid .qi file)
  { pattern: /^(?<of>[^:]{1,256}): lost (?<count>\d{1,15}) messages from (?<reason>diskqueue)/, read: lost },
  // action-3-builtin:omfwd queue: queue full, 17 messages discarded
  { pattern: /\b(?<count>\d{1,15}) messages? (?:were |was )?(?:lost|discarded|dropped)\b/, read: lost },
  // action 'action-1-builtin:omfwd' suspended (module 'builtin:omfwd'), retry 0.
  {
    starts: 'action ',
    pattern: /^action '(?<rsyslogAction>[^']*)' (?<state>suspended|resumed)(?: \(module '(?<module>[^']*)'\))?/,
    read: (groups) => ({ action: 'log.message', details: present({ ...groups }) }),
  },
  // ALERT exited abnormally with [1]        (logrotate)
  {
    starts: 'ALERT exited',
    pattern: /^ALERT exited abnormally with \[(?<status>\d+)\]/,
    read: ({ status }) => ({ action: 'log.rotate', outcome: 'failure', details: { exitCode: Number(status) } }),
  },
];

function withLimit(reading: Reading, allowed: string | undefined, seconds: string | undefined): Reading {
  if (allowed === undefined || seconds === undefined) return reading;
  return { ...reading, details: { ...reading.details, allowed: Number(allowed), seconds: Number(seconds) } };
}
