/** What auditd and its dispatcher say of themselves in syslog. {@link https://github.com/linux-audit/audit-userspace/blob/v3.0.9/src/auditd-event.c | auditd-event.c} */
import { present, type Rule } from '../rules.js';
import { lost } from './rsyslog.js';

export const auditDaemonRules: readonly Rule[] = [
  // Init complete, auditd 3.0.9 listening for events (startup state enable)
  {
    starts: 'Init complete, auditd ',
    pattern: /^Init complete, auditd (?<version>\S+) listening for events \(startup state (?<state>\w+)\)/,
    read: ({ version, state }) => ({ action: 'audit.start', outcome: 'success', details: { version, state } }),
  },
  // The audit daemon is exiting.
  { starts: 'The audit daemon is ', pattern: /^The audit daemon is exiting\.?$/, read: () => ({ action: 'audit.stop' }) },
  {
    starts: ['Started dispatcher', 'audispd initialized'],
    pattern: /^(?:Started dispatcher: (?<dispatcher>\S+)|audispd initialized)/,
    read: ({ dispatcher }) => ({ action: 'log.message', details: present({ dispatcher }) }),
  },
  // Audit daemon rotating log files
  { starts: 'Audit daemon rotating', pattern: /^Audit daemon rotating log files/, read: () => ({ action: 'log.rotate' }) },
  // Audit daemon is suspending logging due to no space left on logging partition.
  {
    starts: ['Audit daemon is suspending', 'Audit daemon has no space', 'Audit daemon detected an error'],
    pattern: /^Audit daemon (?<reason>is suspending logging[^]*?|has no space left[^]*?|detected an error[^]*?)\.?$/,
    read: lost,
  },
  // Audit daemon is low on disk space for logging
  {
    starts: ['Audit daemon is low', 'Audit daemon log file is larger'],
    pattern: /^Audit daemon (?<warning>is low on disk space|log file is larger than max size)/,
    read: ({ warning }) => ({ action: 'log.message', details: { warning } }),
  },
  // dispatch err (pipe full) event lost        queue to plugins is full - dropping event        audispd: queue is full - dropping event
  { pattern: /^(?<reason>dispatch err[^]{0,80}|(?:audispd: )?queue (?:to plugins )?is full[^]{0,80})$/, read: lost },
  // Error receiving audit netlink packet (No buffer space available)
  {
    starts: 'Error receiving audit netlink',
    pattern: /^Error receiving audit netlink packet \((?<reason>No buffer space available)\)/,
    read: lost,
  },
];
