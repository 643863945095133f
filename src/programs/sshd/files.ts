/**
 * What an SFTP server did, as `sftp-server` and `internal-sftp` log it at INFO and VERBOSE.
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/sftp-server.c | process_open(), handle_log_close(), send_status()}
 *
 * An operation is logged before it is tried. What came of it is in a `sent status` line, and only when it failed.
 */
import type { FileRef } from '../../model/event.js';
import type { Reading } from '../program.js';
import { present, type Groups, type Rule } from '../rules.js';
import { reading } from './reading.js';

const NUMBERS = ['bytesRead', 'bytesWritten', 'version', 'users', 'groups'] as const;

function operation(name: string | undefined, outcome: Reading['outcome'], groups: Groups): Reading {
  const { path, targetPath, mode, asked, uid, gid, size, ...others } = groups;
  const details: Record<string, unknown> = { operation: name, ...others };
  // Asked for: the umask takes bits away, and a file that is there keeps its own.
  if (asked !== undefined) details['mode'] = modeOf(asked);
  for (const key of NUMBERS) if (groups[key] !== undefined) details[key] = Number(groups[key]);
  for (const key in details) if (details[key] === undefined) delete details[key];
  const file =
    path === undefined ? undefined : (present({ path, targetPath, mode: modeOf(mode), uid, gid, size: numberOf(size) }) as FileRef);
  return { action: 'ssh.file', outcome, file, details };
}

/** `0644` of `0100644` too: the type of file is not a permission. */
function modeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const bits = text.replace(/^0+/, '');
  return bits.slice(-4).padStart(4, '0');
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

export const fileRules: readonly Rule[] = [
  // session opened for local user alice from [203.0.113.7]        session closed for local user alice from [203.0.113.7]
  {
    starts: ['session opened for local user ', 'session closed for local user '],
    pattern: /^session (?<change>opened|closed) for local user (?<user>[^]*) from \[(?<ip>[^\]]*)\]$/,
    read: ({ change, ...groups }) =>
      reading(change === 'opened' ? 'ssh.session' : 'ssh.logout', change === 'opened' ? 'success' : undefined, groups, { kind: 'sftp' }),
  },
  // open "/home/alice/up.txt" flags WRITE,CREATE,TRUNCATE mode 0644
  {
    starts: 'open "',
    pattern: /^open "(?<path>[^]*)" flags (?<flags>[A-Z,]*) mode (?<asked>[0-7]{1,12})$/,
    read: (groups) => operation('open', undefined, groups),
  },
  // close "/home/alice/up.txt" bytes read 0 written 12        forced close "/x" bytes read 0 written 0
  {
    starts: ['close "', 'forced close "'],
    pattern: /^(?<forced>forced )?close "(?<path>[^]*)" bytes read (?<bytesRead>\d{1,20}) written (?<bytesWritten>\d{1,20})$/,
    read: ({ forced, ...groups }) => operation(forced === undefined ? 'close' : 'forced close', 'success', groups),
  },
  // opendir "/home/alice"        closedir "/home/alice"        realpath "."        stat name "/x"        lstat name "/x"        fsync "/x"
  {
    starts: [
      'opendir "',
      'closedir "',
      'forced closedir "',
      'realpath "',
      'readlink "',
      'statvfs "',
      'fsync "',
      'expand "',
      'home-directory "',
    ],
    pattern: /^(?:forced )?(?<name>opendir|closedir|realpath|readlink|statvfs|fsync|expand|home-directory) "(?<path>[^]*)"$/,
    read: ({ name, ...groups }) => operation(name, undefined, groups),
  },
  {
    starts: ['stat name "', 'lstat name "', 'remove name "', 'rmdir name "', 'mkdir name "'],
    pattern: /^(?<name>l?stat|remove|rmdir|mkdir) name "(?<path>[^]*)"(?: mode (?<asked>[0-7]{1,12}))?$/,
    read: ({ name, ...groups }) => operation(name, undefined, groups),
  },
  // rename old "/a" new "/b"        posix-rename old "/a" new "/b"        symlink old "/a" new "/b"        hardlink old "/a" new "/b"
  {
    starts: ['rename old "', 'posix-rename old "', 'symlink old "', 'hardlink old "'],
    pattern: /^(?<name>rename|posix-rename|symlink|hardlink) old "(?<path>[^]*)" new "(?<targetPath>[^]*)"$/,
    read: twoPaths,
  },
  // copy-data "/a" from 0 len 10 to "/b" …
  {
    starts: ['copy-data: ', 'copy-data "'],
    pattern: /^copy-data:? (?<detail>[^]*)$/,
    read: (groups) => operation('copy-data', undefined, groups),
  },
  // set "/a" mode 0600        set "/a" size 0        set "/a" owner 1000 group 1000        set "/a" modtime 20240501-10:11:12
  {
    starts: ['set "', 'fset "', 'lset "'],
    pattern:
      /^[fl]?set "(?<path>[^]*)" (?:mode (?<mode>[0-7]{1,12})|size (?<size>\d{1,20})|modtime (?<modified>\d{8}-\d\d:\d\d:\d\d)|owner (?<uid>\d{1,10}) group (?<gid>\d{1,10}))$/,
    read: (groups) => operation('set', undefined, groups),
  },
  // sent status No such file        sent status Permission denied
  {
    starts: 'sent status ',
    pattern: /^sent status (?<status>[A-Z][\w ]*)$/,
    read: ({ status }) => operation('status', status === 'Success' ? 'success' : 'failure', { status }),
  },
  // received client version 3        Refusing open request in read-only mode        Refusing denylisted remove request
  {
    starts: 'received client version ',
    pattern: /^received client version (?<version>\d{1,9})$/,
    read: (groups) => operation('version', undefined, groups),
  },
  {
    starts: 'Refusing ',
    pattern:
      /^Refusing (?<why>denylisted |blacklisted |non-allowlisted |non-whitelisted )?(?<name>[\w@.-]+) request(?: (?<mode>in read-only mode))?$/,
    read: ({ why, name, mode: readOnly }) =>
      operation(name, 'failure', { reason: readOnly === undefined ? (why ?? 'refused').trim() : 'read-only mode' }),
  },
  // bad message from 203.0.113.7 local user alice        Unknown extended request "x"        Malformed SSH_CONNECTION variable: "…"
  {
    starts: 'bad message from ',
    pattern: /^(?<reason>bad message) from (?<ip>\S+) local user (?<user>[^]*)$/,
    read: (groups) => reading('ssh.file', 'failure', groups),
  },
  // users-groups-by-id: 4 users, 0 groups
  {
    starts: 'users-groups-by-id: ',
    pattern: /^users-groups-by-id: (?<users>\d{1,9}) users, (?<groups>\d{1,9}) groups$/,
    read: (groups) => operation('users-groups-by-id', undefined, groups),
  },
  // Unknown message 33        seek failed        process_write: write failed        read "/x": Input/output error
  {
    starts: [
      'Unknown message ',
      'Unknown extended request ',
      'Malformed SSH_CONNECTION',
      'process_',
      'msg_len ',
      'iqueue grew ',
      'read "',
      'write "',
      'seek "',
      'chdir to "',
    ],
    pattern: /^(?<reason>[^]+)$/,
    read: ({ reason }) => operation(undefined, 'failure', { reason }),
  },
];

/** Both paths are quoted, but not escaped: with one `" new "` only there is no doubt. */
function twoPaths({ name, path = '', targetPath = '' }: Groups): Reading {
  const read = operation(name, undefined, { path, targetPath });
  const whole = `${path}" new "${targetPath}`;
  const parts = whole.split('" new "');
  if (parts.length === 2) return read;
  const otherReadings = parts
    .slice(1, -1)
    .map((_, i) => ({ path: parts.slice(0, i + 1).join('" new "'), targetPath: parts.slice(i + 1).join('" new "') }));
  return { ...read, details: { ...read.details, otherReadings } };
}
