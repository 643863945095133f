/** Messages about users and their passwords. */
import type { Action } from '../../model/action.js';
import type { LogLine, Reading } from '../program.js';
import { present, ttyOf, type Groups, type Rule } from '../rules.js';

/** Something done to the user of the `user` group; all other groups become details. */
function userChange(action: Action, outcome: Reading['outcome'], extra?: Record<string, unknown>): Rule['read'] {
  return ({ user, uid, gid, by, ...others }) => ({
    action,
    outcome,
    actor: present({ user: by }),
    target: present({ user, uid, gid }),
    details: present({ ...others, ...extra }),
  });
}

function created(groups: Groups, line: LogLine): Reading {
  return {
    action: 'user.create',
    outcome: 'success',
    target: present({ user: groups.user, uid: groups.uid, gid: groups.gid }),
    process: { name: line.program, pid: line.pid, tty: ttyOf(groups.from) },
    details: present({ home: groups.home, shell: groups.shell }),
  };
}

/** `change user 'x' UID from '1000' to '0'`: which property, and both values. */
function property({ user, name = '', from, to }: Groups): Reading {
  const key = name === 'UID' || name === 'GID' ? name.toLowerCase() : name;
  return {
    action: 'user.update',
    outcome: 'success',
    target: { user, uid: name === 'UID' ? to : undefined, gid: name === 'GID' ? to : undefined },
    details: { property: key, from, to },
  };
}

const DATABASES = new Map([
  ['group', '/etc/group'],
  ['gshadow', '/etc/gshadow'],
  ['passwd', '/etc/passwd'],
  ['shadow', '/etc/shadow'],
]);

export const userRules: readonly Rule[] = [
  // new user: name=evil, UID=0, GID=0, home=/root, shell=/bin/bash, from=/dev/pts/0
  {
    starts: 'new user: ',
    pattern:
      /^new user: name=(?<user>[^,]*), UID=(?<uid>\d+), GID=(?<gid>\d+), home=(?<home>[^]*), shell=(?<shell>[^,]*?)(?:, from=(?<from>[^,]*))?$/,
    read: created,
  },
  // failed adding user 'evil', exit code: 9        (before 4.9: `, data deleted`)
  {
    starts: 'failed adding user ',
    pattern: /^failed adding user '(?<user>[^']*)', (?:exit code: (?<exitCode>\d+)|data deleted)$/,
    read: ({ user, exitCode }) => ({
      action: 'user.create',
      outcome: 'failure',
      target: { user },
      details: present({ exitCode: exitCode === undefined ? undefined : Number(exitCode) }),
    }),
  },
  // failed to add user evil to /etc/passwd
  {
    starts: 'failed to add user ',
    pattern: /^failed to add user (?<user>\S+)(?: to (?<database>\/\S+))?$/,
    read: userChange('user.create', 'failure'),
  },
  // delete user 'evil'
  { starts: 'delete user ', pattern: /^delete user '(?<user>[^']*)'\n?$/, read: userChange('user.delete', 'success') },
  // lock user 'deploy' password
  {
    starts: ['lock user ', 'unlock user '],
    pattern: /^(?<change>lock|unlock) user '(?<user>[^']*)' password$/,
    read: (groups, line) => userChange('password.change', 'success', { change: `${groups.change ?? ''}ed` })(groups, line),
  },
  // change user 'deploy' password
  { starts: 'change user ', pattern: /^change user '(?<user>[^']*)' password$/, read: userChange('password.change', 'success') },
  // change user name 'deploy' to 'root2'
  {
    starts: 'change user name ',
    pattern: /^change user name '(?<user>[^']*)' to '(?<to>[^']*)'$/,
    read: ({ user, to }) => ({
      action: 'user.update',
      outcome: 'success',
      target: { user },
      details: { property: 'name', from: user, to },
    }),
  },
  // change user 'deploy' UID from '1000' to '0'
  // change user 'deploy' shell from '/bin/sh' to '/bin/bash'
  {
    starts: 'change user ',
    pattern:
      /^change user '(?<user>[^']*)' (?<name>UID|GID|home|shell|inactive|expiration|comment|gecos) from '(?<from>[^']*)' to '(?<to>[^']*)'$/,
    read: property,
  },
  // changed user 'deploy' shell to '/bin/bash'
  {
    starts: 'changed user ',
    pattern: /^changed user '(?<user>[^']*)' shell to '(?<to>[^']*)'$/,
    read: userChange('user.update', 'success', { property: 'shell' }),
  },
  {
    starts: 'changed user ',
    pattern: /^changed user '(?<user>[^']*)' information$/,
    read: userChange('user.update', 'success', { property: 'gecos' }),
  },
  // can't change shell for 'deploy'
  {
    starts: "can't change shell for ",
    pattern: /^can't change shell for '(?<user>[^']*)'$/,
    read: userChange('user.update', 'failure', { property: 'shell' }),
  },
  // changed password expiry for deploy
  {
    starts: 'changed password expiry for ',
    pattern: /^changed password expiry for (?<user>[^]+)$/,
    read: userChange('user.update', 'success', { property: 'password-expiry' }),
  },
  // password for 'deploy' changed by 'root'
  {
    starts: 'password for ',
    pattern: /^password for '(?<user>[^']*)' changed by '(?<by>[^']*)'$/,
    read: userChange('password.change', 'success'),
  },
  // password locked for 'deploy'        now < minimum age for 'deploy'
  {
    starts: ['password locked for ', 'now < minimum age for '],
    pattern: /^(?<reason>password locked|now < minimum age) for '(?<user>[^']*)'$/,
    read: userChange('password.change', 'failure'),
  },
  // passwd: can't view or modify password information for root
  {
    pattern: /^(?:\S+: )?(?<reason>can't view or modify password information) for (?<user>[^]+)$/,
    read: userChange('password.change', 'failure'),
  },
  // root is not authorized by SELinux to change the password of deploy
  {
    pattern: /^(?<by>\S+) is (?<reason>not authorized by SELinux) to change the password of (?<user>[^]+)$/,
    read: userChange('password.change', 'failure'),
  },
  // incorrect password for deploy
  {
    starts: 'incorrect password for ',
    pattern: /^(?<reason>incorrect password) for [`']?(?<user>[^']*)'?$/,
    read: userChange('auth.check', 'failure'),
  },
  // file /etc/passwd edited
  {
    starts: 'file ',
    pattern: /^file (?<path>\/[^]*) edited$/,
    read: ({ path = '' }) => ({ action: 'file.update', outcome: 'success', file: { path } }),
  },
  // delete passwd line 'x'       delete shadow line 'x'      (pwck, grpck)
  {
    starts: 'delete ',
    pattern: /^delete (?<database>passwd|shadow|group|gshadow) line '(?<entry>[^]*)'$/,
    read: ({ database = '', entry }) => ({
      action: 'file.update',
      outcome: 'success',
      file: { path: DATABASES.get(database) ?? database },
      details: { deleted: entry },
    }),
  },
  // useradd defaults: GROUP=100, HOME=/home, SHELL=/bin/sh, INACTIVE=-1, EXPIRE=, SKEL=/etc/skel, CREATE_MAIL_SPOOL=no
  {
    starts: 'useradd defaults: ',
    pattern: /^useradd defaults: (?<defaults>[^]*)$/,
    read: ({ defaults }) => ({ action: 'file.update', outcome: 'success', file: { path: '/etc/default/useradd' }, details: { defaults } }),
  },
  // Authentication failure        (PAM's word alone, from chsh and kin)
  {
    pattern: /^(?<reason>Authentication failure|Permission denied|Authentication token [\w ]+)$/,
    read: ({ reason }) => ({ action: 'auth.check', outcome: 'failure', details: { reason } }),
  },
  // Removing user `frank' ...
  {
    starts: ['Removing user ', 'Removing group '],
    pattern: /^Removing (?:user `(?<user>[^']*)'|group `(?<group>[^']*)')/,
    read: ({ user, group }) => ({ action: 'log.message', target: present({ user, group }), details: { announced: 'remove' } }),
  },
  // Adding new user `frank' (1006) with group `frank (1006)' ...        (Debian's adduser announces; useradd tells the outcome)
  {
    starts: ['Adding new user ', 'Adding new group ', 'Adding user '],
    pattern:
      /^Adding (?:new )?(?:(?<isUser>user) `(?<user>[^']*)'|group `(?<group>[^']*)')(?: \((?<id>\d+)\))?(?: to group `(?<to>[^']*)')?/,
    read: ({ isUser, user, group, id, to }) => ({
      action: 'log.message',
      target: present({ user, group: group ?? to, ...(isUser === undefined ? { gid: id } : { uid: id }) }),
      details: { announced: to === undefined ? 'add' : 'add-member' },
    }),
  },
];
