/**
 * Programs that set the clock: chronyd, ntpd, ntpdate, systemd-timesyncd, systemd-timedated, hwclock; and systemd-hostnamed.
 * A step moves all later times of this host: `offsetSeconds` says by how much, positive for forward.
 *
 * - {@link https://gitlab.com/chrony/chrony/-/blob/4.3/reference.c | chrony}, {@link https://gitlab.com/chrony/chrony/-/blob/4.3/sched.c | sched.c}
 * - {@link https://gitlab.com/NTPsec/ntpsec/-/blob/NTPsec_1_2_2/ntpd/ntp_loopfilter.c | ntpd}
 * - {@link https://github.com/systemd/systemd/blob/v252/src/timesync/timesyncd-manager.c | timesyncd}, {@link https://github.com/systemd/systemd/blob/v252/src/timedate/timedated.c | timedated}
 */
import type { Program, Reading } from './program.js';
import { present, ruleReader, type Groups, type Rule } from './rules.js';

function moved(groups: Groups): Reading {
  const { offset, ...others } = groups;
  const seconds = offset === undefined ? undefined : Number(offset);
  return {
    action: 'host.time',
    details: present({ offsetSeconds: seconds === undefined || Number.isNaN(seconds) ? undefined : seconds, ...others }),
  };
}

/** A clock daemon said something of its sources: nothing moved. */
const noted = (groups: Groups): Reading => ({ action: 'log.message', details: present({ ...groups }) });

const chrony: readonly Rule[] = [
  // System clock was stepped by 3600.123456 seconds
  {
    starts: 'System clock was stepped by ',
    pattern: /^System clock was stepped by (?<offset>[-+]?\d{1,15}\.\d{1,9}) seconds$/,
    read: moved,
  },
  // System clock wrong by -3.123456 seconds, adjustment started        System clock wrong by 1.500000 seconds (step)
  {
    starts: 'System clock wrong by ',
    pattern: /^System clock wrong by (?<wrong>[-+]?\d{1,15}\.\d{1,9}) seconds(?:,? \(?(?<how>[^)]*)\)?)?$/,
    // By how much it was wrong; by how much it then moved at once, `was stepped by` says.
    read: ({ wrong, how }) => ({ action: 'host.time', details: present({ wrongBySeconds: Number(wrong), how }) }),
  },
  // System's initial offset : 3.123456 seconds slow of true (step)
  {
    starts: "System's initial offset",
    pattern: /^System's initial offset : (?<seconds>\d{1,15}\.\d{1,9}) seconds (?<side>slow|fast) of true \((?<how>step|slew)\)$/,
    read: ({ seconds, side, how }) => moved({ offset: side === 'slow' ? seconds : `-${seconds ?? ''}`, how }),
  },
  // Forward time jump detected!        Backward time jump detected!
  { starts: ['Forward time', 'Backward time'], pattern: /^(?<direction>Forward|Backward) time jump detected!/, read: moved },
  // System time set from RTC        System time restored from driftfile
  { starts: 'System time ', pattern: /^System time (?:set|restored) from (?<from>[\w/.-]+)$/, read: moved },
  // System clock was stepped for leap second
  {
    starts: ['System clock was stepped for', 'Adjusting system clock'],
    pattern: /^(?:System clock was stepped|Adjusting system clock) for (?<reason>leap second)$/,
    read: moved,
  },
  // RTC wrong by 3.100 seconds (step)
  {
    starts: 'RTC wrong by',
    pattern: /^RTC wrong by (?<wrong>[-+]?\d{1,15}(?:\.\d{1,9})?) seconds \((?<how>\w+)\)$/,
    read: ({ wrong, how }) => ({ action: 'log.message', details: present({ rtcWrongBySeconds: Number(wrong), how }) }),
  },
  // Selected source 192.0.2.1 (pool.example)
  { starts: 'Selected source ', pattern: /^Selected source (?<source>\S+)/, read: noted },
  { starts: "Can't synchronise", pattern: /^(?<trouble>Can't synchronise: [^]*)$/, read: noted },
  // chronyd version 4.3 starting (+CMDMON +NTP …)        chronyd exiting
  {
    starts: 'chronyd version ',
    pattern: /^chronyd version (?<version>\S+) starting/,
    read: ({ version }) => ({ action: 'service.start', details: { version } }),
  },
  { starts: 'chronyd exiting', pattern: /^chronyd exiting/, read: () => ({ action: 'service.stop' }) },
];

const ntp: readonly Rule[] = [
  // time reset +3599.981234 s        time slew -0.212345 s        CLOCK: time stepped by 3599.98
  {
    pattern: /^(?:CLOCK: )?time (?<how>reset|slew|stepped by|slewed by) (?<offset>[-+]?\d{1,15}(?:\.\d{1,9})?)(?: s)?$/,
    read: ({ how = '', offset }) => moved({ offset, how: how.startsWith('slew') ? 'slew' : 'step' }),
  },
  // 0.0.0.0 c61c 0c clock_step +3599.981234 s
  { pattern: /^(?:PROTO: )?[\d.]+ [0-9a-f]{4} [0-9a-f]{2} clock_step (?<offset>[-+]?\d{1,15}\.\d{1,9}) s$/, read: moved },
  // step time server 192.0.2.1 offset 3599.981234 sec        adjust time server 192.0.2.1 offset -0.001 sec
  {
    starts: ['step time server ', 'adjust time server '],
    pattern: /^(?<how>step|adjust) time server (?<source>\S+) offset (?<offset>[-+]?\d{1,15}\.\d{1,9}) sec$/,
    read: moved,
  },
  // CLOCK: time changed from 2024-05-01 to 2024-05-02
  { starts: 'CLOCK: time changed ', pattern: /^CLOCK: time changed from (?<from>\S+) to (?<to>\S+)$/, read: moved },
  // synchronized to 192.0.2.1, stratum 2
  { starts: 'synchronized to ', pattern: /^synchroni[sz]ed to (?<source>[^ ,]+)/, read: noted },
  // ntpd 4.2.8p15@1.3728-o Wed Sep 23 11:46:38 UTC 2020 (1): Starting        ntpd exiting on signal 15 (Terminated)
  {
    pattern: /^(?:INIT: )?ntpd (?<version>\S+)(?: [^]*)?: Starting$/,
    read: ({ version }) => ({ action: 'service.start', details: { version } }),
  },
  {
    pattern: /^(?:ERR: )?ntpd exiting on signal (?<signal>\d+)/,
    read: ({ signal }) => ({ action: 'service.stop', details: { signal: Number(signal) } }),
  },
];

const systemdTime: readonly Rule[] = [
  // Initial clock synchronization to Wed 2024-05-01 10:11:12.345678 UTC.
  { starts: 'Initial clock sync', pattern: /^Initial clock synchronization to (?<to>[^]*)\.$/, read: moved },
  // System clock time unset or jumped backwards, restored from recorded timestamp: Wed 2024-05-01 10:11:12 UTC
  {
    starts: 'System clock time ',
    pattern: /^System clock time (?<reason>[^:]*), (?:restor|advanc|set)[^:]*: (?<to>[^]*)$/,
    read: moved,
  },
  // Contacted time server 192.0.2.1:123 (pool.example).        Initial synchronization to time server …
  {
    starts: ['Contacted time ', 'Initial synchronization ', 'Synchronized to ', 'Connecting to time '],
    pattern:
      /^(?:Contacted time server|Initial synchronization to time server|Synchronized to time server(?: for the first time)?|Connecting to time server) (?<source>\S+)/,
    read: noted,
  },
  // Changed time zone to 'Europe/Berlin' (CEST).
  { starts: 'Changed time zone ', pattern: /^Changed time zone to '(?<timeZone>[^']*)'(?: \([^)]*\))?\.?$/, read: moved },
  // Changed local time to Wed 2024-05-01 10:11:12 UTC
  { starts: 'Changed local time ', pattern: /^Changed local time to (?<to>[^]*)$/, read: moved },
  // Set NTP to disabled.
  { starts: 'Set NTP to ', pattern: /^Set NTP to (?<ntp>enabled|disabled|yes|no)/, read: noted },
  // RTC configured to local time        RTC configured to UTC
  { starts: 'RTC configured to ', pattern: /^RTC configured to (?<rtc>local time|UTC)/, read: moved },
  // Changed host name to 'web1'        Changed static host name to 'web1'        Hostname set to <web1> (static)
  {
    starts: ['Changed ', 'Hostname set to <', 'hostname changed: '],
    pattern:
      /^(?:Changed (?:(?<kind>static|pretty|transient) )?host ?name to '(?<name>[^']*)'|Hostname set to <(?<set>[^>]*)>(?: \((?<how>\w+)\))?|hostname changed: "(?<old>[^"]*)" -> "(?<now>[^"]*)")\.?$/,
    read: ({ kind, name, set, how, old, now }) => ({
      action: 'host.rename',
      outcome: 'success',
      details: present({ kind: kind ?? how, from: old, name: name ?? set ?? now }),
    }),
  },
];

export const program: Program = {
  id: 'time-daemons',
  title: 'Clock daemons and systemd-hostnamed',
  names: [
    'chronyd',
    'ntpd',
    'ntpdate',
    'sntp',
    'openntpd',
    'systemd-timesyncd',
    'systemd-timesyn', // cut to 15 characters by the kernel
    'systemd-timedated',
    'systemd-timedat',
    'systemd-hostnamed',
    'systemd-hostnam',
    'hwclock',
    'timedatectl',
  ],
  reader: ruleReader([...systemdTime, ...chrony, ...ntp]),
};
