/** Messages about groups and who is in them. */
import type { Action } from '../../model/action.js';
import type { Reading } from '../program.js';
import { present, ttyOf, type Groups, type Rule } from '../rules.js';

/** Something done to the group of the `group` group of the pattern, perhaps to one member. */
function groupChange(action: Action, outcome: Reading['outcome'], extra?: Record<string, unknown>): Rule['read'] {
  return ({ group, gid, user, by, shadow, ...others }) => ({
    action,
    outcome,
    actor: present({ user: by }),
    target: present({ user, group, gid }),
    details: present({ ...others, shadow: shadow === undefined || shadow === '' ? undefined : true, ...extra }),
  });
}

/** One of the files in which a group is kept was written: a step of what the tool tells in full elsewhere. */
function fileStep({ file = '', group, gid }: Groups, change: string): Reading {
  return { action: 'file.update', outcome: 'success', target: present({ group, gid }), file: { path: file }, details: { change } };
}

// gpasswd ends its failures with why: `… to group devs: Permission denied`
const members: readonly Rule[] = [
  // add 'evil' to group 'sudo'        add 'evil' to shadow group 'sudo'
  {
    starts: "add '",
    pattern: /^add '(?<user>[^']*)' to (?<shadow>shadow )?group '(?<group>[^']*)'$/,
    read: groupChange('group.update', 'success', { change: 'member-added' }),
  },
  // delete 'evil' from group 'sudo'
  {
    starts: "delete '",
    pattern: /^delete '(?<user>[^']*)' from (?<shadow>shadow )?group '(?<group>[^']*)'\n?$/,
    read: groupChange('group.update', 'success', { change: 'member-removed' }),
  },
  // change 'old' to 'new' in group 'sudo'      change admin 'old' to 'new' in shadow group 'sudo'
  {
    starts: 'change ',
    pattern: /^change (?:(?<role>admin) )?'(?<user>[^']*)' to '(?<to>[^']*)' in (?<shadow>shadow )?group '(?<group>[^']*)'$/,
    read: groupChange('group.update', 'success', { change: 'member-renamed' }),
  },
  // user evil added by root to group sudo
  {
    starts: 'user ',
    pattern: /^user (?<user>\S+) added by (?<by>\S+) to group (?<group>[^\s:]+)(?:[: ]+(?<remark>[^: ][^]*))?$/,
    read: groupChange('group.update', 'success', { change: 'member-added' }),
  },
  {
    starts: 'user ',
    pattern: /^user (?<user>\S+) removed by (?<by>\S+) from group (?<group>[^\s:]+)(?:[: ]+(?<remark>[^: ][^]*))?$/,
    read: groupChange('group.update', 'success', { change: 'member-removed' }),
  },
  // administrators of group sudo set by root to alice,bob
  {
    starts: ['administrators of group ', 'members of group '],
    pattern: /^(?<role>administrators|members) of group (?<group>\S+) set by (?<by>\S+) to (?<to>[^]*)$/,
    read: ({ role, ...groups }, line) => groupChange('group.update', 'success', { change: `${role ?? ''}-set` })(groups, line),
  },
  // password of group ops changed by root       password of group ops removed by root
  {
    starts: 'password of group ',
    pattern: /^password of group (?<group>\S+) (?<verb>changed|removed) by (?<by>[^\s:]+)(?:[: ]+(?<remark>[^: ][^]*))?$/,
    read: ({ verb, ...groups }, line) => groupChange('group.update', 'success', { change: `password-${verb ?? ''}` })(groups, line),
  },
  // access to group ops restricted by root
  {
    starts: 'access to group ',
    pattern: /^access to group (?<group>\S+) restricted by (?<by>[^\s:]+)(?:[: ]+(?<remark>[^: ][^]*))?$/,
    read: groupChange('group.update', 'success', { change: 'access-restricted' }),
  },
  // deploy failed to add user evil to group sudo
  {
    pattern:
      /^(?<by>\S+) failed to (?<verb>add|remove) user (?<user>\S+) (?:to|from) group (?<group>[^\s:]+)(?:[: ]+(?<reason>[^: ][^]*))?$/,
    read: ({ verb, ...groups }, line) =>
      groupChange('group.update', 'failure', { change: verb === 'add' ? 'member-added' : 'member-removed' })(groups, line),
  },
  // deploy failed to set the members of group sudo to evil
  {
    pattern:
      /^(?<by>\S+) failed to (?<change>(?:remove|change) password of|restrict access to|set the (?:administrators|members) of) group (?<group>[^\s:]+)(?:[: ]+(?<reason>[^: ][^]*))?$/,
    read: groupChange('group.update', 'failure'),
  },
];

const lifecycle: readonly Rule[] = [
  // new group: name=ops, GID=1005
  { starts: 'new group: ', pattern: /^new group: name=(?<group>[^,]*), GID=(?<gid>\d+)$/, read: groupChange('group.create', 'success') },
  // group added to /etc/group: name=ops, GID=1005
  {
    starts: 'group added to ',
    pattern: /^group added to (?<file>\/\S+): name=(?<group>[^,]*)(?:, GID=(?<gid>\d+))?$/,
    read: (groups) => fileStep(groups, 'group-added'),
  },
  // group 'ops' removed from /etc/group
  {
    starts: "group '",
    pattern: /^group '(?<group>[^']*)' removed from (?<file>\/\S+)$/,
    read: (groups) => fileStep(groups, 'group-removed'),
  },
  { starts: "group '", pattern: /^group '(?<group>[^']*)' removed\n?$/, read: groupChange('group.delete', 'success') },
  // removed group 'evil' owned by 'evil'      removed shadow group 'evil' owned by 'evil'
  {
    starts: 'removed ',
    pattern: /^removed (?<shadow>shadow )?group '(?<group>[^']*)' owned by '(?<owner>[^']*)'\n?$/,
    read: groupChange('group.delete', 'success'),
  },
  // group changed in /etc/group (group ops/1005, new name: admins, new gid: 0)
  {
    starts: 'group changed in ',
    pattern: /^group changed in (?<file>\/\S+) \(group (?<group>[^/,]+)(?:\/(?<gid>\d+))?(?:, (?<what>[^]*))?\)$/,
    read: changed,
  },
  // failed to add group ops to /etc/group
  {
    starts: 'failed to add group ',
    pattern: /^failed to add group (?<group>\S+)(?: to (?<database>\/\S+))?$/,
    read: groupChange('group.create', 'failure'),
  },
  {
    starts: 'failed to remove group ',
    pattern: /^failed to remove group (?<group>\S+)(?: from (?<database>\/\S+))?$/,
    read: groupChange('group.delete', 'failure'),
  },
  // failed to change /etc/group (group ops/1005, new gid: 0)
  {
    starts: 'failed to change ',
    pattern: /^failed to change (?<database>\/\S+) \(group (?<group>[^/,]+)(?:\/(?<gid>\d+))?(?:, (?<what>[^]*))?\)$/,
    read: groupChange('group.update', 'failure'),
  },
  // add group 'ops' to '/etc/gshadow'        (grpck)
  {
    starts: 'add group ',
    pattern: /^add group '(?<group>[^']*)' to '(?<file>[^']*)'$/,
    read: (groups) => fileStep(groups, 'group-added'),
  },
];

/** groupmod writes up to three files and tells of each: `/etc/group` stands for the change itself. */
function changed({ file = '', group, gid, what }: Groups): Reading {
  const details = present({
    change: what,
    newName: /(?:^|, )new name: (?<name>[^,]*)/.exec(what ?? '')?.groups?.name,
    newGid: /(?:^|, )new gid: (?<gid>\d+)/.exec(what ?? '')?.groups?.gid,
  });
  return {
    action: file === '/etc/group' ? 'group.update' : 'file.update',
    outcome: 'success',
    target: present({ group, gid }),
    file: { path: file },
    details,
  };
}

const switching: readonly Rule[] = [
  // user 'deploy' (login 'deploy' on pts/0) switched to group 'docker'
  {
    starts: "user '",
    pattern: /^user '(?<user>[^']*)' \(login '(?<login>[^']*)' on (?<tty>[^)]*)\) (?<verb>switched|returned) to group '(?<group>[^']*)'$/,
    read: ({ user, login, tty, verb, group }, line) => ({
      action: 'process.privilege',
      outcome: 'success',
      actor: present({ user, loginUser: login === '???' ? undefined : login }),
      target: { group },
      process: { name: line.program, pid: line.pid, tty: ttyOf(tty) },
      details: { change: verb },
    }),
  },
  // Invalid password for group 'docker' from 'deploy'
  {
    starts: 'Invalid password for group ',
    pattern: /^(?<reason>Invalid password) for group '(?<group>[^']*)' from '(?<by>[^']*)'$/,
    read: groupChange('auth.check', 'failure'),
  },
];

export const groupRules: readonly Rule[] = [...members, ...lifecycle, ...switching];
