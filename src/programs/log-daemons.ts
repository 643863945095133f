/**
 * Programs that keep logs, on themselves: when they started and stopped, and what they lost. Silence between a stop and a
 * start, or beside a loss, proves nothing.
 */
import { auditDaemonRules } from './log-daemons/auditd.js';
import { journaldRules } from './log-daemons/journald.js';
import { rsyslogRules } from './log-daemons/rsyslog.js';
import { syslogNgRules } from './log-daemons/syslog-ng.js';
import type { Program } from './program.js';
import { readByRules } from './rules.js';

const journald = readByRules(journaldRules);
const syslogNg = readByRules(syslogNgRules);
const audit = readByRules(auditDaemonRules);
const rsyslog = readByRules(rsyslogRules);

const readers = new Map([
  ['systemd-journald', journald],
  ['systemd-journal', journald], // cut to 15 characters by the kernel
  ['journal', journald],
  ['syslog-ng', syslogNg],
  ['auditd', audit],
  ['audispd', audit],
  ['augenrules', audit],
  ['rsyslogd', rsyslog],
  ['rsyslogd-pstats', rsyslog],
  ['rsyslog', rsyslog],
  ['syslogd', rsyslog],
  ['imuxsock', rsyslog],
  ['logrotate', rsyslog],
]);

export const program: Program = {
  id: 'log-daemons',
  title: 'Log daemons: rsyslog, syslog-ng, journald, auditd, logrotate',
  names: [...readers.keys()],
  // syslogd 1.5.0#6: restart.        — a blank where the tag should end, so the envelope sees no program
  claims: (line) => line.program === undefined && line.message.startsWith('syslogd '),
  reader: () => ({ read: (line) => readers.get((line.program ?? 'syslogd').toLowerCase())?.(line) }),
};
