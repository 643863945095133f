/**
 * The account tools: useradd, usermod, userdel, groupadd, groupmod, groupdel, gpasswd, passwd, chage, chsh, chfn, vipw and kin.
 * {@link https://github.com/shadow-maint/shadow/tree/4.13/src | shadow's SYSLOG() calls}
 *
 * None of them says who ran it (gpasswd and passwd do): that is in the sudo or audit records around it.
 */
import { groupRules } from './accounts/groups.js';
import { userRules } from './accounts/users.js';
import type { Program } from './program.js';
import { ruleReader } from './rules.js';

export const program: Program = {
  id: 'accounts',
  title: 'Account tools (shadow)',
  names: [
    'useradd',
    'usermod',
    'userdel',
    'adduser',
    'deluser',
    'addgroup',
    'delgroup',
    'newusers',
    'groupadd',
    'groupmod',
    'groupdel',
    'groupmems',
    'gpasswd',
    'newgrp',
    'sg',
    'passwd',
    'chpasswd',
    'chgpasswd',
    'chage',
    'chsh',
    'chfn',
    'expiry',
    'vipw',
    'vigr',
    'grpck',
    'pwck',
    'pwconv',
    'grpconv',
  ],
  reader: ruleReader([...userRules, ...groupRules]),
};
