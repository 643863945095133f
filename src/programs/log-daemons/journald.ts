/**
 * systemd-journald.
 * {@link https://github.com/systemd/systemd/blob/v252/src/journal/journald-server.c | journald-server.c}, {@link https://github.com/systemd/systemd/blob/v252/src/journal/journald-kmsg.c | journald-kmsg.c}
 */
import { present, type Rule } from '../rules.js';
import { lost } from './rsyslog.js';

export const journaldRules: readonly Rule[] = [
  { starts: 'Journal ', pattern: /^Journal started$/, read: () => ({ action: 'log.start' }) },
  { starts: 'Journal ', pattern: /^Journal stopped$/, read: () => ({ action: 'log.stop' }) },
  // Suppressed 1234 messages from noisy.service
  { starts: 'Suppressed ', pattern: /^Suppressed (?<count>\d{1,15}) messages from (?<of>[^]*)$/, read: lost },
  // Missed 13 kernel messages
  { starts: 'Missed ', pattern: /^Missed (?<count>\d{1,15}) (?<of>kernel) messages$/, read: lost },
  { starts: '/dev/kmsg buffer ', pattern: /^\/dev\/kmsg buffer overrun, some messages lost\.$/, read: () => lost({ of: 'kernel' }) },
  // Forwarding to syslog missed 5 messages.
  { starts: 'Forwarding to ', pattern: /^Forwarding to (?<of>syslog|kmsg|console|wall) missed (?<count>\d{1,15}) messages\.$/, read: lost },
  // Failed to write entry (22 items, 700 bytes), ignoring: No space left on device
  // Failed to write entry to /var/log/journal/…/system.journal (22 items, 700 bytes), ignoring: …
  { starts: 'Failed to write entry', pattern: /^Failed to write entry (?:to \S+ )?\([^)]*\)[^:]*: (?<reason>[^]*)$/, read: lost },
  // Failed to read an entry        Dropping message, as we can't find a place to store the data.
  { starts: 'Dropping message', pattern: /^(?<reason>Dropping message[^]*)$/, read: lost },
  // File /var/log/journal/…/system.journal corrupted or uncleanly shut down, renaming and replacing.
  {
    starts: 'File ',
    pattern: /^File (?<path>\/[^]*) (?<reason>corrupted or uncleanly shut down), renaming and replacing\.$/,
    read: ({ path = '', reason }) => ({ action: 'log.loss', file: { path }, details: { reason } }),
  },
  // /var/log/journal/…/system.journal: Journal file corrupted, rotating.
  {
    starts: '/',
    pattern:
      /^(?<path>\/[^:]*): (?<reason>Journal file corrupted|Journal file has been deleted|Unclean shutdown|IO error|Allocation limit reached|Journal header limits reached[^,]*|Journal file from other machine|Journal file is from the future|Read-only file system|Unsupported feature), rotating\.$/,
    read: ({ path = '', reason }) => ({
      action: /corrupted|deleted|IO error/.test(reason ?? '') ? 'log.loss' : 'log.rotate',
      file: { path },
      details: { reason },
    }),
  },
  // Time jumped backwards, rotating.        Realtime clock jumped backwards relative to last journal entry, rotating.
  {
    starts: ['Time jumped ', 'Realtime clock '],
    pattern: /^(?:Time|Realtime clock) jumped (?<direction>backwards)/,
    read: ({ direction }) => ({ action: 'host.time', details: { direction } }),
  },
  // Vacuuming done, freed 128.0M of archived journals from /var/log/journal/….
  {
    starts: 'Vacuuming done',
    pattern: /^Vacuuming done, freed (?<freed>\S+)(?: bytes)? of archived journals(?: on disk| from (?<path>\/[^]*?))?\.$/,
    read: ({ freed, path }) => ({
      action: 'log.rotate',
      file: path === undefined ? undefined : { path },
      details: { how: 'vacuum', freed },
    }),
  },
  // Deleted archived journal /var/log/journal/…/system@….journal (8.0M).
  {
    starts: 'Deleted ',
    pattern: /^Deleted (?:archived|empty) journal (?<path>\/[^]*) \((?<freed>[^)]*)\)\.$/,
    read: ({ path = '', freed }) => ({ action: 'log.rotate', file: { path }, details: { how: 'deleted', freed } }),
  },
  // Received client request to rotate journal, rotating.        Rotating system journal.
  {
    starts: ['Received ', 'Rotating'],
    pattern: /^(?:Received client request to (?<request>rotate|flush|sync|relinquish)|(?<rotating>Rotating))/,
    read: ({ request }) => ({
      action: request === undefined || request === 'rotate' ? 'log.rotate' : 'log.message',
      details: present({ request }),
    }),
  },
  // Time spent on flushing to /var/log/journal/… is 3.123ms for 12 entries.
  {
    starts: 'Time spent on flushing ',
    pattern: /^Time spent on flushing to (?<path>\/[^]*) is (?<spent>\S+) for (?<entries>\d+) entries\.$/,
    read: ({ path, entries }) => ({ action: 'log.message', details: { flushedTo: path, entries: Number(entries) } }),
  },
  // System Journal (/var/log/journal/…) is 8.0M, max 4.0G, 3.9G free.
  {
    starts: ['System Journal ', 'Runtime Journal '],
    pattern: /^(?<journal>System|Runtime) Journal \((?<path>[^)]*)\) is (?<size>\S+), max (?<most>\S+), (?<free>\S+) free\.$/,
    read: ({ journal, path, size, most, free }) => ({ action: 'log.message', details: { journal, path, size, most, free } }),
  },
];
