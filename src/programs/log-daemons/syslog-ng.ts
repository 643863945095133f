/** syslog-ng. {@link https://github.com/syslog-ng/syslog-ng/blob/syslog-ng-3.38.1/lib/mainloop.c | mainloop.c}, {@link https://github.com/syslog-ng/syslog-ng/blob/syslog-ng-3.38.1/lib/logqueue-fifo.c | logqueue-fifo.c} */
import { present, type Rule } from '../rules.js';
import { lost } from './rsyslog.js';

export const syslogNgRules: readonly Rule[] = [
  // syslog-ng starting up; version='3.38.1'
  {
    starts: 'syslog-ng starting',
    pattern: /^syslog-ng starting up; version='(?<version>[^']*)'/,
    read: ({ version }) => ({ action: 'log.start', details: { version } }),
  },
  // syslog-ng shutting down; version='3.38.1'
  {
    starts: 'syslog-ng shutting',
    pattern: /^syslog-ng shutting down; version='(?<version>[^']*)'/,
    read: ({ version }) => ({ action: 'log.stop', details: { version } }),
  },
  // Destination queue full, dropping messages; queue_len='10000', log_fifo_size='10000', count='12', persist_name='…'
  {
    starts: ['Destination queue full', 'Destination reliable queue full'],
    pattern: /^(?<reason>Destination (?:reliable )?queue full), dropping messages?;?(?:[^]*?\bcount='(?<count>\d{1,15})')?/,
    read: lost,
  },
  // Log statistics; processed='…', dropped='dst.network(d_net#0,…)=5', …        (0 for what was not lost)
  { starts: 'Log statistics; ', pattern: /^Log statistics; (?<counters>[^]*)$/, read: ({ counters = '' }) => readStatistics(counters) },
  // Configuration reload request received, reloading configuration;
  {
    starts: 'Configuration reload ',
    pattern: /^Configuration reload (?:request received|finished)/,
    read: () => ({ action: 'log.rotate', details: { how: 'reload' } }),
  },
  // Number of allowed concurrent connections reached, rejecting connection; client='AF_UNIX(…)', …
  {
    starts: 'Number of allowed concurrent connections',
    pattern: /^(?<reason>Number of allowed concurrent connections reached), rejecting connection;?(?: client='(?<of>[^']*)')?/,
    read: (groups) => lost(present({ ...groups }) ?? {}),
  },
];

/** Counters run since the daemon's start: the numbers are totals, not this line's. */
function readStatistics(counters: string): ReturnType<Rule['read']> {
  const dropped: { destination: string; count: number }[] = [];
  let total = 0;
  for (const match of counters.matchAll(/(?:^|, )dropped='(?<of>[^'=]{1,256})=(?<count>\d{1,15})'/g)) {
    const count = Number(match.groups?.count);
    if (count > 0 && dropped.length < 64) dropped.push({ destination: match.groups?.of ?? '', count });
    total += count;
  }
  return total === 0 ? { action: 'log.message' } : { action: 'log.loss', details: { totalSinceStart: total, dropped } };
}
