/**
 * Who was not let in, and why, beside the verdict itself.
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/auth.c | allowed_user(), getpwnamallow(), auth_root_allowed()}
 */
import type { Rule } from '../rules.js';
import { FOR_FROM, reading, says } from './reading.js';

const refused = says('ssh.login', 'failure');

export const attemptRules: readonly Rule[] = [
  // Invalid user admin from 203.0.113.9 port 33903        Illegal user admin from 203.0.113.9        (before 7.3 without port)
  {
    starts: ['Invalid user ', 'Illegal user '],
    pattern: /^(?<status>Invalid|Illegal) user (?<user>[^]*) from (?<ip>\S+)(?: port (?<port>\d{1,5}))?$/,
    read: says('ssh.login', 'failure', { reason: 'unknown user' }),
  },
  // input_userauth_request: invalid user admin
  {
    starts: 'input_userauth_request: ',
    pattern: /^input_userauth_request: (?<status>invalid|illegal) user (?<user>[^]*)$/,
    read: says('ssh.login', 'failure', { reason: 'unknown user' }),
  },
  // User carol from 203.0.113.7 not allowed because listed in DenyUsers        User locked not allowed because account is locked
  {
    starts: 'User ',
    pattern: /^User (?<user>[^]+?)(?: from (?<ip>\S+))? not allowed because (?<reason>[^]+)$/,
    read: refused,
  },
  // User root login attempt … old: User root not allowed because of listed in …; User aged password has expired (password aged)
  {
    starts: 'User ',
    pattern: /^User (?<user>[^]+) (?<reason>password has expired) \((?<detail>root forced|password aged)\)$/,
    read: says('auth.check'),
  },
  // ROOT LOGIN REFUSED FROM 203.0.113.7 port 46295
  {
    starts: 'ROOT LOGIN REFUSED FROM ',
    pattern: /^ROOT LOGIN REFUSED FROM (?<ip>\S+)(?: port (?<port>\d{1,5}))?$/,
    read: (groups) => reading('ssh.login', 'failure', { ...groups, user: 'root' }, { reason: 'root may not log in' }),
  },
  // Root login accepted for forced command.        (the verdict is in the line that follows)
  {
    starts: 'Root login accepted for forced command',
    pattern: /^Root login accepted for forced command\.?$/,
    read: () => reading('ssh.login', undefined, { user: 'root' }, { reason: 'forced command' }),
  },
  // maximum authentication attempts exceeded for invalid user ubuntu from 203.0.113.9 port 60997 ssh2
  {
    starts: 'maximum authentication attempts exceeded for ',
    pattern: new RegExp(`^(?<reason>maximum authentication attempts exceeded) for ${FOR_FROM}$`),
    read: refused,
  },
  // Access denied for user expired by PAM account configuration
  {
    starts: 'Access denied for user ',
    pattern: /^Access denied for user (?<user>[^]*) by (?<reason>PAM account configuration)$/,
    read: refused,
  },
  // PAM: Authentication failure for illegal user oracle from 203.0.113.9        PAM: User account has expired for expired from node-a.example
  {
    starts: 'PAM: ',
    pattern: /^PAM: (?<reason>[A-Z][^:]*?) for (?<status>illegal user |invalid user )?(?<user>[^]*) from (?<ip>\S+)$/,
    read: says('auth.check', 'failure'),
  },
  // PAM rejected by account configuration[9]: Authentication failure        PAM: pam_open_session(): Module is unknown
  {
    starts: ['PAM: ', 'PAM rejected '],
    pattern: /^PAM(?::| rejected) (?<reason>[^]+)$/,
    read: says('auth.check', 'failure'),
  },
  // administratively prohibited connection for invalid user admin from 203.0.113.9 port 33903        (RefuseConnection, 10.0)
  {
    starts: 'administratively prohibited connection for ',
    pattern: new RegExp(`^(?<reason>administratively prohibited connection) for ${FOR_FROM}$`),
    read: refused,
  },
  // Account expired has expired
  { starts: 'Account ', pattern: /^Account (?<user>[^]+) (?<reason>has expired)$/, read: refused },
  // Login restricted for deploy: There have been too many unsuccessful login attempts.
  { starts: 'Login restricted for ', pattern: /^Login restricted for (?<user>[^]+?): (?<reason>[^]+)$/, read: refused },
  // Could not get shadow information for NOUSER
  {
    starts: 'Could not get shadow information for ',
    pattern: /^(?<reason>Could not get shadow information) for (?<user>[^]*)$/,
    read: ({ user, reason }) =>
      user === 'NOUSER'
        ? reading('auth.check', 'failure', {}, { reason, invalidUser: true })
        : reading('auth.check', 'failure', { user }, { reason }),
  },
  // refused connect from scanner.example (203.0.113.9)        refused connect from 203.0.113.9        (TCP wrappers)
  {
    starts: 'refused connect from ',
    pattern: /^refused connect from (?:(?<name>\S+) \((?<inner>[\da-fA-F.:%]+)\)|(?<ip>\S+))$/,
    read: ({ name, inner, ip }) => {
      const read = reading('ssh.connect', 'failure', { ip: inner ?? ip }, { reason: 'TCP wrappers' });
      return name === undefined || name === inner ? read : { ...read, client: { ...read.client, host: name } };
    },
  },
  // Password expired        (fatal: the client could not change it)        password change not supported
  {
    starts: ['Password expired', 'password change not supported', 'Too many authentication failures'],
    pattern: /^(?<reason>Password expired|password change not supported|Too many authentication failures)(?: for (?<user>[^]+))?$/,
    read: says('auth.check', 'failure'),
  },
  // fatal: INTERNAL ERROR: authenticated invalid user root
  {
    starts: 'INTERNAL ERROR: ',
    pattern: /^INTERNAL ERROR: (?<reason>authenticated invalid user|authenticated and postponed|bad method)(?: (?<user>[^]*))?$/,
    read: refused,
  },
  // Username too long from 203.0.113.9 port 4711
  {
    starts: 'Username too long from ',
    pattern: /^(?<reason>Username too long) from (?<ip>\S+) port (?<port>\d{1,5})$/,
    read: refused,
  },
  // bad service request ssh-connection2        Authentication methods list "publickey,x" contains disabled method, skipping
  {
    starts: ['GSSAPI MIC check failed', 'Authentication methods list ', 'No AuthenticationMethods left '],
    pattern: /^(?<reason>GSSAPI MIC check failed|Authentication methods list [^]+|No AuthenticationMethods left [^]+)$/,
    read: says('auth.check', 'failure'),
  },
  // Authorized to alice, krb5 principal alice@EXAMPLE.COM (krb5_kuserok)
  {
    starts: 'Authorized to ',
    pattern: /^Authorized to (?<user>[^]+), krb5 principal (?<principal>\S+) \((?<by>[^)]*)\)$/,
    read: says('auth.check', 'success'),
  },
  // Rhosts authentication refused for deploy: bad ownership or modes for home directory.
  {
    starts: 'Rhosts authentication refused for ',
    pattern: /^(?<method>Rhosts) authentication refused for (?<user>[^:]+): (?<reason>[^]+)$/,
    read: says('auth.check', 'failure'),
  },
  // userauth_hostbased mismatch: client sends web9.example, but we resolve 203.0.113.7 to web1.example
  {
    starts: 'userauth_hostbased mismatch: ',
    pattern: /^userauth_hostbased mismatch: client sends (?<clientHost>[^]*), but we resolve (?<ip>\S+) to (?<resolved>\S+)$/,
    read: says('auth.check', 'failure', { reason: 'host name mismatch', method: 'hostbased' }),
  },
];
