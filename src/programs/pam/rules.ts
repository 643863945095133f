/**
 * What PAM's modules say, after the `pam_unix(sshd:auth): ` in front.
 * {@link https://github.com/linux-pam/linux-pam/tree/v1.7.0/modules | Linux-PAM's pam_syslog() calls}
 */
import type { Rule } from '../rules.js';
import { pamReading, tells } from './reading.js';

const failed = tells('auth.check', 'failure');
const passed = tells('auth.check', 'success');
const noted = tells('log.message');

// The account is the client's word and stands last; nothing in front of it may hold a blank.
const WHO = String.raw`logname=(?<byUser>\S*) uid=(?<byUid>\d*) euid=(?<euid>\d*) tty=(?<tty>\S*) ruser=(?<ruser>\S*) rhost=(?<place>\S*)(?: {1,2}user=(?<user>[^]*)| *)`;

export const pamRules: readonly Rule[] = [
  // session opened for user alice(uid=1000) by (uid=0)        before 1.4 without the account's uid        session opened for user root by LOGIN(uid=0)
  {
    starts: 'session opened for user ',
    pattern: /^session opened for user (?<user>[^]*?)(?:\(uid=(?<uid>\d{1,10})\))? by (?<byUser>[^()]*)(?:\(uid=(?<byUid>\d{1,10})\))?$/,
    read: tells('session.start', 'success'),
  },
  // session closed for user alice
  { starts: 'session closed for user ', pattern: /^session closed for user (?<user>[^]*)$/, read: tells('session.end') },
  // authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root
  {
    starts: 'authentication failure; ',
    pattern: new RegExp(`^authentication failure; ${WHO}$`),
    read: (groups) => asked(groups, 'failure'),
  },
  // authentication success; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9 user=alice        (pam_sss)
  {
    starts: 'authentication success; ',
    pattern: new RegExp(`^authentication success; ${WHO}$`),
    read: (groups) => asked(groups, 'success'),
  },
  // 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=bob
  {
    starts: [...'123456789'],
    pattern: new RegExp(`^(?<count>\\d{1,9}) more authentication failures?; ${WHO}$`),
    read: (groups) => asked(groups, 'failure'),
  },
  // check pass; user unknown        check pass; user (ghost) unknown
  {
    starts: 'check pass; user ',
    pattern: /^check pass; user (?:\((?<user>[^]*)\) )?(?<reason>unknown)$/,
    read: ({ user }) => pamReading('auth.check', 'failure', { user }, { reason: 'user unknown', invalidUser: true }),
  },
  // service(sshd) ignoring max retries; 6 > 3
  {
    starts: 'service(',
    pattern: /^service\((?<service>[^)]*)\) ignoring max retries; (?<tries>\d{1,9}) > (?<limit>\d{1,9})$/,
    read: tells('auth.check', 'failure', { reason: 'too many tries' }),
  },
  // auth could not identify password for [alice]        bad username [x y]        conversation failed
  {
    starts: ['auth could not identify password for ', 'bad username ', 'conversation failed'],
    pattern: /^(?<reason>auth could not identify password|bad username|conversation failed)(?: for)?(?: \[(?<user>[^]*)\])?$/,
    read: failed,
  },
  // could not identify user (from getpwnam(ghost))        could not obtain user info (ghost)        error retrieving information about user ghost
  {
    starts: ['could not identify user ', 'could not obtain user info ', 'error retrieving information about user '],
    pattern:
      /^(?<reason>could not (?:identify user|obtain user info)|error retrieving information)(?: about user (?<about>[^]*)| \((?:from (?:getpwnam\((?<name>[^]*)\)|uid=(?<uid>\d{1,10}))|(?<user>[^]*))\))$/,
    read: ({ about, name = about, user = name, ...groups }) =>
      pamReading('auth.check', 'failure', { ...groups, user }, { invalidUser: true }),
  },
  // account expired has expired (account expired)        expired password for user aged (root enforced)        password for user aged will expire in 3 days
  {
    starts: 'account ',
    pattern: /^account (?<user>[^]*) (?<reason>has expired \((?:account expired|failed to change password)\))$/,
    read: failed,
  },
  {
    starts: ['expired password for user ', 'password for user ', 'Password for user '],
    pattern:
      /^(?:(?<reason>expired password) for user (?<user>[^]*) \((?<why>[^)]*)\)|[pP]assword for user (?<warned>[^]*) will expire in (?<days>\d{1,6}) days?)$/,
    read: ({ warned, user = warned, ...groups }) =>
      pamReading('auth.check', undefined, { ...groups, user }, warned === undefined ? {} : { reason: 'password expires soon' }),
  },
  // account user has password changed in future        (pam_unix: `account %s has password changed in future`)
  {
    starts: 'account ',
    pattern: /^account (?<user>[^]*) (?<reason>has password changed in future)$/,
    read: tells('auth.check'),
  },
  // password changed for alice        password not changed for alice on nis1
  {
    starts: ['password changed for ', 'password not changed for '],
    pattern: /^password (?<not>not )?changed for (?<user>[^]*?)(?: on (?<server>\S+))?$/,
    read: ({ not, ...groups }) => pamReading('password.change', not === undefined ? 'success' : 'failure', groups),
  },
  // password check failed for user (alice)        user mismatch detected: source=0 target=1000        (unix_chkpwd)
  { starts: 'password check failed for user ', pattern: /^(?<reason>password check failed) for user \((?<user>[^]*)\)$/, read: failed },
  {
    starts: ['inappropriate use of Unix helper binary', 'user mismatch detected'],
    pattern:
      /^(?<reason>inappropriate use of Unix helper binary|user mismatch detected)(?: ?\[UID=(?<uid>\d{1,10})\]|: source=(?<source>\d{1,10}) target=(?<wanted>\d{1,10}))$/,
    read: failed,
  },
  // Consecutive login failures for user alice account temporarily locked        (pam_faillock)
  {
    starts: 'Consecutive login failures for user ',
    pattern: /^(?<reason>Consecutive login failures) for user (?<user>[^]*) account temporarily locked$/,
    read: tells('auth.check', 'failure', { locked: true }),
  },
  // User unknown: ghost        User unknown        User ghost is not known to the underlying authentication module
  {
    starts: ['User unknown', 'user unknown', 'unknown user '],
    pattern: /^(?:[uU]ser unknown|unknown user)[:.]?(?: (?<user>[^]*))?$/,
    read: tells('auth.check', 'failure', { reason: 'user unknown', invalidUser: true }),
  },
  // user root (0) tally 12, deny 3        user alice (1000) has time limit [55s left] since last failure.        (pam_tally2)
  {
    starts: ['user ', 'User '],
    pattern:
      /^[uU]ser (?<user>[^]*) \((?<uid>\d{1,10})\) (?:tally (?<count>\d{1,9}), deny (?<limit>\d{1,9})|(?<reason>(?:has|tally|denied|should)\b[^]*))$/,
    read: failed,
  },
  // user 'alice' granted access        user 'alice' denied access (incorrect password or invalid membership)        (pam_winbind)
  {
    starts: 'user ',
    pattern:
      /^user '(?<user>[^]*)' (?<verdict>granted access|denied access|OK|not found|password has expired|needs new password)(?: \((?<reason>[^]*)\))?$/,
    read: ({ verdict = '', reason, ...groups }) =>
      pamReading('auth.check', verdict === 'granted access' || verdict === 'OK' ? 'success' : 'failure', groups, {
        reason: reason ?? (verdict === 'granted access' || verdict === 'OK' ? undefined : verdict),
      }),
  },
  // user alice authenticated as alice@EXAMPLE.COM        (pam_krb5)
  {
    starts: 'user ',
    pattern: /^user (?<user>[^]*) authenticated as (?<principal>\S+)$/,
    read: passed,
  },
  // authentication fails for 'alice' (alice@EXAMPLE.COM): Authentication failure (Preauthentication failed)        authentication succeeds for 'alice' (alice@EXAMPLE.COM)
  {
    starts: ['authentication fails for ', 'authentication succeeds for '],
    pattern: /^authentication (?<verdict>fails|succeeds) for '(?<user>[^]*)' \((?<principal>[^)]*)\)(?:: (?<reason>[^]*))?$/,
    read: ({ verdict, ...groups }) => pamReading('auth.check', verdict === 'fails' ? 'failure' : 'success', groups),
  },
  // received for user alice: 7 (Authentication failure)        (pam_sss)
  {
    starts: 'received for user ',
    pattern: /^received for user (?<user>[^]*): (?<code>\d{1,5}) \((?<reason>[^]*)\)$/,
    read: (groups) => pamReading('auth.check', groups['code'] === '0' ? 'success' : 'failure', groups),
  },
  // Access denied for user alice: 6 (Permission denied)        (pam_sss)
  {
    starts: 'Access denied for user ',
    pattern: /^Access denied for user (?<user>[^]*): (?<code>\d{1,5}) \((?<reason>[^]*)\)$/,
    read: failed,
  },
  // access denied for user `carol' from `203.0.113.7'        (pam_access)
  {
    starts: 'access denied for user ',
    pattern: /^(?<reason>access denied) for user [`'](?<user>[^]*)' from [`'](?<place>[^`']*)'$/,
    read: failed,
  },
  // Access granted to 'alice' for 'root'        Access denied to 'alice' for 'root'        (pam_wheel)
  {
    starts: ["Access granted to '", "Access denied to '"],
    pattern: /^Access (?<verdict>granted|denied) to '(?<byUser>[^]*)' for '(?<user>[^']*)'$/,
    read: ({ verdict, ...groups }) => pamReading('auth.check', verdict === 'granted' ? 'success' : 'failure', groups),
  },
  // requirement "uid >= 1000" not met by user "root"        requirement "user ingroup nopasswd" was met by user "alice"        (pam_succeed_if)
  {
    starts: 'requirement "',
    pattern: /^requirement "(?<requirement>[^]*)" (?<verdict>not met|was met) by user "(?<user>[^"]*)"$/,
    read: ({ verdict, ...groups }) => pamReading('auth.check', verdict === 'was met' ? 'success' : 'failure', groups),
  },
  // Refused user root for service sshd        (pam_listfile)
  {
    starts: 'Refused ',
    pattern: /^Refused (?<item>user|tty|rhost|ruser|group|shell) (?<what>[^]*) for service \S+$/,
    read: ({ item, what, ...groups }) =>
      pamReading(
        'auth.check',
        'failure',
        item === 'user' ? { ...groups, user: what } : item === 'rhost' ? { ...groups, place: what } : { ...groups, what },
        { reason: `${item ?? ''} refused` },
      ),
  },
  // Too many logins (max 3) for deploy        Too many system logins (max 3)        No logins allowed for 'deploy'        (pam_limits)
  {
    starts: ['Too many ', 'No logins allowed for '],
    pattern: /^(?<reason>Too many (?:system )?logins|No logins allowed)(?: \(max (?<limit>\d{1,9})\))?(?: for [`']?(?<user>[^']*)'?)?$/,
    read: failed,
  },
  // User has an invalid shell '/bin/nope'        User alice processes are running. Exclusive login not allowed
  {
    starts: ["User has an invalid shell '", "user has an invalid shell '"],
    pattern: /^[uU]ser has an (?<reason>invalid shell) '(?<shell>[^]*)'$/,
    read: failed,
  },
  // error: login user-name 'ghost' does not exist        set_loginuid failed        required running auditd not detected        Error writing /proc/self/loginuid: …        (pam_loginuid)
  {
    starts: [
      "error: login user-name '",
      'set_loginuid failed',
      'required running auditd not detected',
      'Error writing /proc/self/loginuid',
      'Cannot open /proc/self/loginuid',
    ],
    pattern: /^(?<reason>[^]+)$/,
    read: tells('session.start', 'failure'),
  },
  // Failed to create session: Maximum number of sessions reached        Failed to connect to system bus: …        (pam_systemd)
  {
    starts: ['Failed to create session: ', 'Failed to connect to system bus', 'Failed to get user record', 'Failed to release session: '],
    pattern: /^(?<reason>Failed to [^]+)$/,
    read: tells('session.start', 'failure'),
  },
  // New session created/closed by systemd is the business of logind.        Accepted google_authenticator for alice        Invalid verification code for alice
  {
    starts: [
      'Accepted ',
      'Invalid verification code',
      'Trying to reuse a previously used ',
      'Dry run',
      'Too many concurrent login attempts',
    ],
    pattern:
      /^(?<verdict>Accepted google_authenticator|Accepted|Invalid verification code|Trying to reuse a previously used time-based code|Too many concurrent login attempts[^]*?)(?: for (?<user>[^]*))?$/,
    read: ({ verdict = '', user }) => {
      const accepted = verdict.startsWith('Accepted');
      return pamReading('auth.check', accepted ? 'success' : 'failure', { user }, { reason: accepted ? undefined : verdict });
    },
  },
  // error opening connection to nslcd: No such file or directory        error trying to bind as user "uid=alice,dc=x" (Invalid credentials)        (pam_ldap)
  {
    starts: 'error trying to bind as user ',
    pattern: /^error trying to bind as user "(?<dn>[^]*)" \((?<reason>[^)]*)\)$/,
    read: failed,
  },
  // request wbcLogonUser failed: WBC_ERR_AUTH_ERROR, PAM error: PAM_AUTH_ERR (7), NTSTATUS: NT_STATUS_WRONG_PASSWORD, Error message was: Wrong Password
  { starts: 'request wbc', pattern: /^(?<reason>request \w+ failed): (?<error>[^]+)$/, read: failed },
  // internal module error (retval = PAM_AUTHINFO_UNAVAIL(9), user = 'alice')
  {
    starts: ['internal module error ', 'internal error '],
    pattern: /^(?<reason>internal (?:module )?error) \(retval = (?<error>[^,]+), user = '(?<user>[^']*)'\)$/,
    read: failed,
  },
  // getting password (0x00000388)        pam_get_item returned a password
  { starts: ['getting password (', 'pam_get_item returned a password', 'Verify user '], pattern: /^[^]+$/, read: noted },
  // function=[pam_sm_authenticate] flags=0 service=[sshd] terminal=[ssh] user=[alice] ruser=[<unknown>] rhost=[203.0.113.7]        (pam_warn)
  {
    starts: 'function=[',
    pattern:
      /^function=\[(?<function>\w+)\] flags=(?<flags>\S+) service=\[[^\]]*\] terminal=\[(?<tty>[^\]]*)\] user=\[(?<user>[^]*)\] ruser=\[(?:<unknown>|(?<byUser>[^\]]*))\] rhost=\[(?:<unknown>|(?<place>[^\]]*))\]\s*$/,
    read: tells('auth.check', 'failure'),
  },
  // unable to dlopen(pam_evil.so): …: cannot open shared object file        adding faulty module: pam_evil.so        no modules loaded for `sshd' service
  {
    starts: [
      'unable to dlopen(',
      'adding faulty module: ',
      'unable to resolve symbol: ',
      'no modules loaded for ',
      'bad jump in stack',
      'error loading ',
    ],
    pattern:
      /^(?<reason>unable to dlopen|adding faulty module|unable to resolve symbol|no modules loaded|bad jump in stack|error loading)(?:\((?<dlopened>[^)]*)\): (?<error>[^]*)|(?::| for)? ?(?<what>[^]*))$/,
    read: ({ dlopened, what, ...groups }) => {
      const path = dlopened ?? what ?? '';
      const read = pamReading('auth.check', 'failure', groups);
      return /^[\w./-]+\.so$/.test(path)
        ? { ...read, file: { path } }
        : path === ''
          ? read
          : { ...read, details: { ...read.details, what: path } };
    },
  },
  // (sshd) illegal module type: auht        maximum level of inclusions reached        (mistakes in /etc/pam.d)
  {
    starts: [
      'illegal module type',
      'empty module type',
      'no control flag supplied',
      'no module name supplied',
      '_pam_load_conf_file: ',
      '_pam_init_handlers: ',
    ],
    pattern: /^(?<reason>[^]+)$/,
    read: noted,
  },
];

/** Who asked: the remote or local user where one is told, else the login name. */
function asked(
  { ruser = '', byUser, ...groups }: Parameters<Rule['read']>[0],
  outcome: 'success' | 'failure',
): ReturnType<typeof pamReading> {
  return pamReading('auth.check', outcome, { ...groups, byUser: ruser === '' ? byUser : ruser });
}
