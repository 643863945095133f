/**
 * One message per format string of OpenSSH's sources, 5.x to 10.x, with what it must mean.
 * `user`, `ip`, `port`, `method` are left out where the message names none.
 */
import type { Action } from '../../../src/model/action.js';

export interface Expected {
  readonly action: Action;
  readonly outcome?: 'success' | 'failure';
  readonly user?: string;
  readonly ip?: string;
  readonly port?: number;
  readonly method?: string;
  readonly details?: Record<string, unknown>;
  readonly path?: string;
}

const FP = 'SHA256:HpZUqEpXSgO3wgQC14k+VLhUbiFBFs6XoqN5jsWtREg';
const MD5 = '07:f5:0b:8e:b5:5a:2b:1e:77:c8:5b:c1:aa:01:99:4d';
const IP = '203.0.113.9';
const at = { ip: IP, port: 4711 } as const;
const login = (outcome: Expected['outcome'], user: string | undefined, more: Partial<Expected> = {}): Expected => ({
  action: 'ssh.login',
  outcome,
  user,
  ...at,
  ...more,
});
const end = (user?: string, more: Partial<Expected> = {}): Expected => ({ action: 'ssh.disconnect', user, ...at, ...more });
const key = (outcome: Expected['outcome'], more: Partial<Expected> = {}): Expected => ({ action: 'ssh.key', outcome, ...more });
const protocol = (more: Partial<Expected> = {}): Expected => ({ action: 'ssh.protocol', outcome: 'failure', ...more });
const session = (outcome: Expected['outcome'], more: Partial<Expected> = {}): Expected => ({ action: 'ssh.session', outcome, ...more });
const forward = (more: Partial<Expected> = {}): Expected => ({ action: 'ssh.forward', outcome: 'failure', ...more });
const daemon = (outcome?: Expected['outcome'], more: Partial<Expected> = {}): Expected => ({ action: 'ssh.daemon', outcome, ...more });
const throttle = (more: Partial<Expected> = {}): Expected => ({ action: 'ssh.throttle', ...more });
const check = (outcome: Expected['outcome'], more: Partial<Expected> = {}): Expected => ({ action: 'auth.check', outcome, ...more });
const file = (path: string | undefined, outcome?: Expected['outcome'], more: Partial<Expected> = {}): Expected => ({
  action: 'ssh.file',
  outcome,
  path,
  ...more,
});
const crash = (more: Partial<Expected> = {}): Expected => ({ action: 'process.crash', ...more });

export const messages: readonly (readonly [message: string, expected: Expected])[] = [
  // auth.c auth_log()
  ['Accepted password for root from 203.0.113.9 port 4711 ssh2', login('success', 'root', { method: 'password' })],
  ['Accepted password for root from 203.0.113.9 port 4711', login('success', 'root', { method: 'password' })],
  [
    `Accepted publickey for root from 203.0.113.9 port 4711 ssh2: ED25519 ${FP}`,
    login('success', 'root', { method: 'publickey', details: { keyType: 'ED25519' } }),
  ],
  [
    `Accepted publickey for root from 203.0.113.9 port 4711 ssh2: RSA ${MD5}`,
    login('success', 'root', { method: 'publickey', details: { keyType: 'RSA' } }),
  ],
  [`Accepted publickey for root from 203.0.113.9 port 4711 ssh2: RSA MD5:${MD5}`, login('success', 'root', { method: 'publickey' })],
  [
    `Accepted publickey for root from 203.0.113.9 port 4711 ssh2: ED25519-SK ${FP}, signature count = 7`,
    login('success', 'root', { method: 'publickey', details: { signatureCount: 7 } }),
  ],
  [
    `Accepted publickey for root from 203.0.113.9 port 4711 ssh2: ECDSA-CERT ${FP} ID laptop (serial 42) CA ED25519 ${FP}`,
    login('success', 'root', { method: 'publickey', details: { certificate: { id: 'laptop', serial: 42, ca: FP, caKeyType: 'ED25519' } } }),
  ],
  [
    `Accepted publickey for root from 203.0.113.9 port 4711 ssh2: RSA-CERT ID laptop (serial 18446744073709551615) CA RSA ${MD5}`,
    login('success', 'root', { details: { certificate: { id: 'laptop', serial: '18446744073709551615', ca: MD5, caKeyType: 'RSA' } } }),
  ],
  [
    `Accepted hostbased for alice from 203.0.113.9 port 4711 ssh2: ED25519 ${FP}, client user "alice", client host "web1.example"`,
    login('success', 'alice', { method: 'hostbased', details: { clientUser: 'alice', clientHost: 'web1.example' } }),
  ],
  ['Accepted hostbased for alice from 203.0.113.9 port 4711 ssh2', login('success', 'alice', { method: 'hostbased' })],
  ['Accepted gssapi-with-mic for alice from 203.0.113.9 port 4711 ssh2', login('success', 'alice', { method: 'gssapi-with-mic' })],
  [
    'Accepted gssapi-with-mic for alice from 203.0.113.9 port 4711 ssh2: alice@EXAMPLE.COM',
    login('success', 'alice', { details: { principal: 'alice@EXAMPLE.COM' } }),
  ],
  [
    'Accepted keyboard-interactive/pam for alice from 2001:db8::7 port 4711 ssh2',
    login('success', 'alice', { ip: '2001:db8::7', method: 'keyboard-interactive/pam' }),
  ],
  ['Accepted none for guest from 203.0.113.9 port 4711 ssh2', login('success', 'guest', { method: 'none' })],
  ['Failed password for root from 203.0.113.9 port 4711 ssh2', login('failure', 'root', { method: 'password' })],
  [
    'Failed password for invalid user admin from 203.0.113.9 port 4711 ssh2',
    login('failure', 'admin', { method: 'password', details: { invalidUser: true } }),
  ],
  [
    'Failed password for illegal user admin from ::ffff:203.0.113.9 port 4711 ssh2',
    login('failure', 'admin', { ip: '::ffff:203.0.113.9', details: { invalidUser: true } }),
  ],
  ['Failed password for invalid user  from 203.0.113.9 port 4711 ssh2', login('failure', undefined, { details: { invalidUser: true } })],
  ['Failed none for invalid user admin from 203.0.113.9 port 4711 ssh2', login('failure', 'admin', { method: 'none' })],
  [`Failed publickey for root from 203.0.113.9 port 4711 ssh2: RSA ${FP}`, login('failure', 'root', { method: 'publickey' })],
  [
    'Failed keyboard-interactive/pam for invalid user oracle from 203.0.113.9 port 4711 ssh2',
    login('failure', 'oracle', { method: 'keyboard-interactive/pam' }),
  ],
  ['Failed hostbased for alice from 203.0.113.9 port 4711 ssh2', login('failure', 'alice', { method: 'hostbased' })],
  [
    'Failed gssapi-with-mic for alice from UNKNOWN port 65535 ssh2',
    { action: 'ssh.login', outcome: 'failure', user: 'alice', method: 'gssapi-with-mic' },
  ],
  [
    'Postponed publickey for root from 203.0.113.9 port 4711 ssh2 [preauth]',
    login(undefined, 'root', { method: 'publickey', details: { verdict: 'postponed' } }),
  ],
  [
    'Postponed keyboard-interactive for invalid user admin from 203.0.113.9 port 4711 ssh2 [preauth]',
    login(undefined, 'admin', { details: { verdict: 'postponed' } }),
  ],
  [
    `Partial publickey for alice from 203.0.113.9 port 4711 ssh2: ED25519 ${FP}`,
    login(undefined, 'alice', { details: { verdict: 'partial' } }),
  ],
  // auth.c getpwnamallow(), allowed_user(), auth_root_allowed(), auth_maxtries_exceeded()
  ['Invalid user admin from 203.0.113.9 port 4711', login('failure', 'admin', { details: { invalidUser: true } })],
  ['Invalid user admin from 203.0.113.9', login('failure', 'admin', { port: undefined })],
  ['Invalid user  from 203.0.113.9 port 4711', login('failure', undefined)],
  ['Illegal user admin from 203.0.113.9', login('failure', 'admin', { port: undefined })],
  ['input_userauth_request: invalid user admin [preauth]', login('failure', 'admin', { ip: undefined, port: undefined })],
  [
    'User bob not allowed because account is locked',
    login('failure', 'bob', { ip: undefined, port: undefined, details: { reason: 'account is locked' } }),
  ],
  ['User bob not allowed because shell /bin/nope does not exist', login('failure', 'bob', { ip: undefined, port: undefined })],
  ['User bob not allowed because shell /etc/motd is not executable', login('failure', 'bob', { ip: undefined, port: undefined })],
  ['User bob from 203.0.113.9 not allowed because listed in DenyUsers', login('failure', 'bob', { port: undefined })],
  ['User bob from 203.0.113.9 not allowed because not listed in AllowUsers', login('failure', 'bob', { port: undefined })],
  ['User bob from 203.0.113.9 not allowed because not in any group', login('failure', 'bob', { port: undefined })],
  ['User bob from 203.0.113.9 not allowed because a group is listed in DenyGroups', login('failure', 'bob', { port: undefined })],
  [
    "User bob from scanner.example not allowed because none of user's groups are listed in AllowGroups",
    login('failure', 'bob', { ip: undefined, port: undefined }),
  ],
  ['User bob not allowed because /etc/nologin exists', login('failure', 'bob', { ip: undefined, port: undefined })],
  ['User bob password has expired (root forced)', check(undefined, { user: 'bob' })],
  ['User bob password has expired (password aged)', check(undefined, { user: 'bob' })],
  ['Account bob has expired', login('failure', 'bob', { ip: undefined, port: undefined })],
  ['ROOT LOGIN REFUSED FROM 203.0.113.9 port 4711 [preauth]', login('failure', 'root')],
  ['ROOT LOGIN REFUSED FROM 203.0.113.9', login('failure', 'root', { port: undefined })],
  ['Root login accepted for forced command.', login(undefined, 'root', { ip: undefined, port: undefined })],
  [
    'error: maximum authentication attempts exceeded for root from 203.0.113.9 port 4711 ssh2 [preauth]',
    login('failure', 'root', { details: { level: 'error', stage: 'preauth' } }),
  ],
  [
    'error: maximum authentication attempts exceeded for invalid user admin from 203.0.113.9 port 4711 ssh2 [preauth]',
    login('failure', 'admin', { details: { invalidUser: true } }),
  ],
  [
    'fatal: Access denied for user expired by PAM account configuration [preauth]',
    login('failure', 'expired', { ip: undefined, port: undefined }),
  ],
  ['administratively prohibited connection for invalid user admin from 203.0.113.9 port 4711', login('failure', 'admin')],
  ['error: Could not get shadow information for NOUSER', check('failure')],
  ['error: Could not get shadow information for bob', check('failure', { user: 'bob' })],
  [
    'Login restricted for bob: There have been too many unsuccessful login attempts.',
    login('failure', 'bob', { ip: undefined, port: undefined }),
  ],
  ['fatal: Username too long from 203.0.113.9 port 4711', login('failure', undefined)],
  ['fatal: INTERNAL ERROR: authenticated invalid user root', login('failure', 'root', { ip: undefined, port: undefined })],
  ['password change not supported', check('failure')],
  ['fatal: Password expired', check('failure')],
  ['GSSAPI MIC check failed', check('failure')],
  ['Authorized to alice, krb5 principal alice@EXAMPLE.COM (krb5_kuserok)', check('success', { user: 'alice' })],
  ['Rhosts authentication refused for alice: bad ownership or modes for home directory.', check('failure', { user: 'alice' })],
  ['userauth_hostbased mismatch: client sends web9.example, but we resolve 203.0.113.9 to web1.example', check('failure', { ip: IP })],
  ['refused connect from scanner.example (203.0.113.9)', { action: 'ssh.connect', outcome: 'failure', ip: IP }],
  ['refused connect from 203.0.113.9', { action: 'ssh.connect', outcome: 'failure', ip: IP }],
  // auth-pam.c
  ['error: PAM: Authentication failure for root from 203.0.113.9', check('failure', { user: 'root', ip: IP })],
  [
    'error: PAM: Authentication failure for illegal user oracle from 203.0.113.9',
    check('failure', { user: 'oracle', ip: IP, details: { invalidUser: true } }),
  ],
  [
    'error: PAM: User not known to the underlying authentication module for illegal user a b from scanner.example',
    check('failure', { user: 'a b' }),
  ],
  ['error: PAM: Module is unknown for root from 203.0.113.9', check('failure', { user: 'root', ip: IP })],
  ['error: PAM: pam_open_session(): Module is unknown', check('failure')],
  ['fatal: PAM: pam_setcred(): Authentication failure', check('failure')],
  ['fatal: PAM: pam_chauthtok(): Authentication token manipulation error', check('failure')],
  ['PAM rejected by account configuration[9]: Authentication failure', check('failure')],
  // auth2-pubkey.c, auth2-pubkeyfile.c, auth.c auth_key_is_revoked(), monitor.c
  [
    `Accepted key ED25519 ${FP} found at /root/.ssh/authorized_keys:1`,
    key('success', { path: '/root/.ssh/authorized_keys', details: { keyLine: 1 } }),
  ],
  [
    `Accepted certificate ID "alice laptop" (serial 42) signed by ED25519 CA ${FP} via /etc/ssh/ca.pub`,
    key('success', { path: '/etc/ssh/ca.pub' }),
  ],
  [
    `Accepted certificate ID "alice laptop" (serial 42) signed by CA ED25519 ${FP} found at /home/alice/.ssh/authorized_keys:2`,
    key('success', { path: '/home/alice/.ssh/authorized_keys', details: { keyLine: 2 } }),
  ],
  [`Accepted certificate ID "web1" signed by ED25519 CA ${FP} from alice@web1.example`, key('success')],
  [`Accepted certificate ID "x" (serial 0) signed by RSA CA ${MD5} via /etc/ssh/ca.pub`, key('success', { path: '/etc/ssh/ca.pub' })],
  [`Accepted ED25519 public key ${FP} from alice@web1.example`, key('success', { method: 'hostbased' })],
  [`Found matching RSA key: ${MD5}`, key('success')],
  [`Found matching ED25519 key: ${FP}`, key('success')],
  [
    `error: Authentication key ED25519 ${FP} revoked by file /etc/ssh/krl`,
    key('failure', { path: '/etc/ssh/krl', details: { reason: 'revoked' } }),
  ],
  [
    `error: Error checking authentication key ED25519 ${FP} in revoked keys file /etc/ssh/krl: No such file or directory`,
    key('failure', { path: '/etc/ssh/krl' }),
  ],
  [`error: WARNING: authentication attempt with a revoked RSA key ${MD5} `.trim(), key('failure')],
  ['error: WARNING: revoked key for web1.example attempted authentication', key('failure')],
  [
    'Authentication tried for alice with correct key but not from a permitted host (host=a.example, ip=203.0.113.9).',
    key('failure', { user: 'alice', ip: IP }),
  ],
  [
    '/home/alice/.ssh/authorized_keys:4: Authentication tried for alice with correct key but not from a permitted host (host=a.example, ip=203.0.113.9, required=192.0.2.1).',
    key('failure', { user: 'alice', ip: IP, path: '/home/alice/.ssh/authorized_keys' }),
  ],
  [
    'cert: Authentication tried for alice with valid certificate but not from a permitted source address (203.0.113.9).',
    key('failure', { user: 'alice', ip: IP }),
  ],
  ['Authentication refused: bad ownership or modes for directory /home/mallory', key('failure', { path: '/home/mallory' })],
  [
    'Authentication refused: bad ownership or modes for file /home/mallory/.ssh/authorized_keys',
    key('failure', { path: '/home/mallory/.ssh/authorized_keys' }),
  ],
  [
    'Authentication refused for alice: bad owner or modes for /etc/ssh/known_hosts',
    key('failure', { user: 'alice', path: '/etc/ssh/known_hosts' }),
  ],
  ['Authentication refused: realpath /x failed: No such file or directory', key('failure')],
  [
    `error: public key ED25519-SK ${FP} signature for alice from 203.0.113.9 port 4711 rejected: user presence (authenticator touch) requirement not met `,
    key('failure', { user: 'alice', ...at }),
  ],
  [
    `error: public key ED25519-SK ${FP} signature for invalid user bob from 203.0.113.9 port 4711 rejected: user verification requirement not met `,
    key('failure', { user: 'bob', ...at, details: { invalidUser: true } }),
  ],
  ['error: publickey key type ssh-rsa is not in permitted list ssh-ed25519,ecdsa-sha2-nistp256', key('failure', { method: 'publickey' })],
  [
    'userauth_pubkey: key type ssh-dss not in PubkeyAcceptedKeyTypes [preauth]',
    key('failure', { method: 'publickey', details: { algorithm: 'ssh-dss' } }),
  ],
  [
    'userauth_pubkey: signature algorithm ssh-rsa not in PubkeyAcceptedAlgorithms [preauth]',
    key('failure', { details: { algorithm: 'ssh-rsa', reason: 'not in PubkeyAcceptedAlgorithms' } }),
  ],
  ['userauth_pubkey: unsupported public key algorithm: ssh-x [preauth]', key('failure', { details: { algorithm: 'ssh-x' } })],
  ['userauth_pubkey: certificate signature algorithm ssh-rsa: signature algorithm not supported [preauth]', key('failure')],
  ['error: userauth_pubkey: cannot decode key: ssh-rsa [preauth]', key('failure')],
  [
    'error: userauth_pubkey: parse key: Invalid key length [preauth]',
    key('failure', { details: { reason: 'parse key: Invalid key length' } }),
  ],
  ['refusing previously-used ED25519 key [preauth]', key('failure', { details: { reason: 'used before' } })],
  ['refusing RSA key: Invalid key length [preauth]', key('failure', { details: { reason: 'Invalid key length' } })],
  ['error: Refusing RSA key because peer uses unsafe signature format', key('failure')],
  ['error: Certificate invalid: expired', key('failure', { details: { reason: 'expired' } })],
  ['error: Certificate invalid: name is not a listed principal', key('failure')],
  ['error: Certificate does not contain an authorized principal', key('failure')],
  ['error: Refused by key options', key('failure')],
  ['error: Refused by certificate options', key('failure')],
  ['error: Certificate critical option "x" is not supported', key('failure')],
  ['Certificate extension "x" is not supported', key('failure')],
  ['error: Invalid certificate options', key('failure')],
  [
    "Could not open user 'alice' authorized keys '/home/alice/.ssh/authorized_keys': Permission denied",
    key('failure', { user: 'alice', path: '/home/alice/.ssh/authorized_keys' }),
  ],
  [
    "Could not open authorized keys '/home/alice/.ssh/authorized_keys': Permission denied",
    key('failure', { path: '/home/alice/.ssh/authorized_keys' }),
  ],
  [
    'User alice authorized keys /home/alice/.ssh/authorized_keys is not a regular file',
    key('failure', { user: 'alice', path: '/home/alice/.ssh/authorized_keys' }),
  ],
  ['error: AuthorizedKeysCommand /usr/bin/keys alice failed, status 1', key('failure')],
  ['error: AuthorizedKeysCommandUser "nobodyx" not found: Success', key('failure')],
  ['error: No user for AuthorizedKeysCommand specified, skipping', key('failure')],
  ['error: Unsafe AuthorizedKeysCommand "/tmp/k": bad ownership or modes for file /tmp/k', key('failure')],
  // sshd.c, sshd-session.c, packet.c, serverloop.c: connections
  ['Connection from 203.0.113.9 port 4711', { action: 'ssh.connect', ...at }],
  ['Connection from 203.0.113.9 port 4711 on 192.0.2.10 port 22', { action: 'ssh.connect', ...at }],
  ['Connection from 203.0.113.9 port 4711 on 192.0.2.10 port 22 rdomain ""', { action: 'ssh.connect', ...at }],
  [
    'Connection from 203.0.113.9 port 4711 on 192.0.2.10 port 22 rdomain "mgmt"',
    { action: 'ssh.connect', ...at, details: { routingDomain: 'mgmt' } },
  ],
  ['fatal: Connection from 203.0.113.9 port 4711 with IP opts:  44 0c', { action: 'ssh.connect', outcome: 'failure', ...at }],
  ['Connection closed by 203.0.113.9 [preauth]', end(undefined, { port: undefined })],
  ['Connection closed by 203.0.113.9 port 4711 [preauth]', end()],
  ['Connection closed by UNKNOWN [preauth]', { action: 'ssh.disconnect' }],
  ['Connection closed by UNKNOWN port 65535 [preauth]', { action: 'ssh.disconnect' }],
  ['Connection closed by authenticating user root 203.0.113.9 port 4711 [preauth]', end('root')],
  ['Connection closed by invalid user admin 203.0.113.9 port 4711 [preauth]', end('admin', { details: { invalidUser: true } })],
  ['Connection closed by invalid user  203.0.113.9 port 4711 [preauth]', end(undefined, { details: { invalidUser: true } })],
  ['Connection reset by 203.0.113.9 port 4711 [preauth]', end(undefined, { details: { how: 'reset' } })],
  ['Connection reset by authenticating user root 203.0.113.9 port 4711 [preauth]', end('root')],
  [
    'fatal: Connection from authenticating user root 203.0.113.9 port 4711 timed out [preauth]',
    end('root', { details: { reason: 'timed out' } }),
  ],
  ['Disconnected from 203.0.113.9', end(undefined, { port: undefined })],
  ['Disconnected from 203.0.113.9 port 4711 [preauth]', end()],
  ['Disconnected from user alice 203.0.113.9 port 4711', end('alice')],
  ['Disconnected from authenticating user root 203.0.113.9 port 4711 [preauth]', end('root')],
  [
    'Received disconnect from 203.0.113.9: 11: Bye Bye [preauth]',
    end(undefined, { port: undefined, details: { code: 11, reason: 'Bye Bye' } }),
  ],
  ['Received disconnect from 2001:db8::7: 11: disconnected by user', end(undefined, { ip: '2001:db8::7', port: undefined })],
  ['Received disconnect from 203.0.113.9 port 4711:11: Bye Bye [preauth]', end(undefined, { details: { code: 11, reason: 'Bye Bye' } })],
  [
    'error: Received disconnect from 203.0.113.9 port 4711:3: com.jcraft.jsch.JSchException: Auth fail [preauth]',
    end(undefined, { details: { code: 3, reason: 'com.jcraft.jsch.JSchException: Auth fail' } }),
  ],
  [
    'error: Received disconnect from 203.0.113.9 port 4711:14: No supported authentication methods available [preauth]',
    end(undefined, { details: { code: 14 } }),
  ],
  ['Received disconnect from 203.0.113.9 port 4711:11:  [preauth]', end(undefined, { details: { code: 11 } })],
  ['Disconnecting: Too many authentication failures for root [preauth]', end('root', { ip: undefined, port: undefined })],
  ['Disconnecting: Too many authentication failures [preauth]', end(undefined, { ip: undefined, port: undefined })],
  [
    'Disconnecting authenticating user root 203.0.113.9 port 4711: Too many authentication failures [preauth]',
    end('root', { details: { reason: 'Too many authentication failures' } }),
  ],
  [
    'Disconnecting invalid user a 203.0.113.9 port 4711: Change of username or service not allowed: (a,ssh-connection) -> (b,ssh-connection) [preauth]',
    end('a'),
  ],
  [
    'Disconnecting: Change of username or service not allowed: (a,ssh-connection) -> (b,ssh-connection) [preauth]',
    end(undefined, { ip: undefined, port: undefined }),
  ],
  ['Disconnecting 203.0.113.9 port 4711: Packet corrupt [preauth]', end()],
  ['Disconnecting user alice 203.0.113.9 port 4711: wait returned status 0137.', end('alice')],
  ['Disconnecting 203.0.113.9 port 4711: bad service request ssh-x [preauth]', end()],
  ['fatal: Timeout before authentication for 203.0.113.9', end(undefined, { port: undefined })],
  ['fatal: Timeout before authentication for 203.0.113.9 port 4711', end()],
  [
    'Timeout before authentication for connection from 203.0.113.9 to 192.0.2.10, pid = 812',
    end(undefined, { port: undefined, details: { childPid: 812 } }),
  ],
  ['Timeout, client not responding.', end(undefined, { ip: undefined, port: undefined })],
  ['Timeout, client not responding from user alice 203.0.113.9 port 4711', end('alice')],
  ['terminating inactive connection from user alice 203.0.113.9 port 4711', end('alice')],
  ['Read error from remote host 203.0.113.9: Connection reset by peer', end(undefined, { port: undefined })],
  ['Read error from remote host 203.0.113.9 port 4711: Connection timed out', end()],
  ['fatal: Read from socket failed: Connection reset by peer [preauth]', end(undefined, { ip: undefined, port: undefined })],
  ['fatal: Write failed: Broken pipe [preauth]', end(undefined, { ip: undefined, port: undefined })],
  ['packet_write_wait: Connection from 203.0.113.9 port 4711: Broken pipe', end()],
  ['packet_write_wait: Connection from user alice 203.0.113.9 port 4711: Broken pipe', end('alice')],
  ['fatal: ssh_packet_send_debug: Connection from user alice 203.0.113.9 port 4711: Broken pipe', end('alice')],
  ['Closing connection to 203.0.113.9 port 4711', end()],
  ['Closing connection to 203.0.113.9', end(undefined, { port: undefined })],
  [
    'Transferred: sent 3120, received 2544 bytes',
    end(undefined, { ip: undefined, port: undefined, details: { sent: 3120, received: 2544 } }),
  ],
  [
    'reverse mapping checking getaddrinfo for scanner.example [203.0.113.9] failed - POSSIBLE BREAK-IN ATTEMPT!',
    { action: 'ssh.connect', ip: IP },
  ],
  [
    'reverse mapping checking getaddrinfo for scanner.example [203.0.113.9] failed.',
    { action: 'ssh.connect', ip: IP, details: { claimedHost: 'scanner.example' } },
  ],
  [
    'Address 203.0.113.9 maps to scanner.example, but this does not map back to the address - POSSIBLE BREAK-IN ATTEMPT!',
    { action: 'ssh.connect', ip: IP },
  ],
  ['Address 203.0.113.9 maps to scanner.example, but this does not map back to the address.', { action: 'ssh.connect', ip: IP }],
  [
    'Nasty PTR record "10.0.0.1" is set up for 203.0.113.9, ignoring',
    { action: 'ssh.connect', ip: IP, details: { claimedHost: '10.0.0.1' } },
  ],
  ['Could not reverse map address 203.0.113.9.', { action: 'ssh.connect', ip: IP }],
  // kex.c, packet.c, dispatch.c: the protocol
  [
    'Unable to negotiate with 203.0.113.9 port 4711: no matching key exchange method found. Their offer: diffie-hellman-group1-sha1 [preauth]',
    protocol({ ...at, details: { offer: 'diffie-hellman-group1-sha1' } }),
  ],
  ['fatal: Unable to negotiate with 203.0.113.9: no matching host key type found. Their offer: ssh-dss [preauth]', protocol({ ip: IP })],
  ['fatal: Unable to negotiate with 203.0.113.9 port 4711: no matching MAC found. Their offer: hmac-md5 [preauth]', protocol({ ...at })],
  ['fatal: no matching cipher found: client aes128-cbc server aes256-ctr [preauth]', protocol({ details: { offer: 'aes128-cbc' } })],
  ['fatal: no matching mac found: client hmac-md5 server hmac-sha2-256 [preauth]', protocol()],
  ['fatal: no kex alg [preauth]', protocol()],
  ['fatal: no hostkey alg [preauth]', protocol()],
  ['Did not receive identification string from 203.0.113.9', protocol({ ip: IP })],
  ['Did not receive identification string from 203.0.113.9 port 4711', protocol({ ...at })],
  [
    "Bad protocol version identification 'GET / HTTP/1.1' from 203.0.113.9 port 4711",
    protocol({ ...at, details: { clientVersion: 'GET / HTTP/1.1' } }),
  ],
  ["Bad protocol version identification '\\026\\003\\001' from 203.0.113.9", protocol({ ip: IP })],
  ["error: Bad remote protocol version identification: 'SSH-x'", protocol({ details: { clientVersion: 'SSH-x' } })],
  ['error: Protocol major versions differ: 2 vs. 1', protocol()],
  [
    'Protocol major versions differ for 203.0.113.9 port 4711: SSH-2.0-OpenSSH_7.4 vs. SSH-1.5-x',
    protocol({ ...at, details: { clientVersion: 'SSH-1.5-x' } }),
  ],
  ["scanned from 203.0.113.9 with SSH-1.0-SSH_Version_Mapper.  Don't panic.", protocol({ ip: IP })],
  ["probed from 203.0.113.9 port 4711 with SSH-x. Don't panic.", protocol({ ...at })],
  [
    'error: kex_exchange_identification: client sent invalid protocol identifier "GET / HTTP/1.1"',
    protocol({ details: { clientVersion: 'GET / HTTP/1.1' } }),
  ],
  ['error: kex_exchange_identification: Connection closed by remote host', protocol()],
  ['error: kex_exchange_identification: read: Connection reset by peer', protocol()],
  ['error: kex_exchange_identification: banner line too long', protocol()],
  ['error: kex_exchange_identification: banner line contains invalid characters', protocol()],
  ['banner exchange: Connection from 203.0.113.9 port 4711: invalid format', protocol({ ...at })],
  ['banner exchange: Connection from 203.0.113.9 port 4711: could not read protocol version', protocol({ ...at })],
  ['error: Connection timed out during banner exchange', protocol()],
  ['Could not write ident string to 203.0.113.9 port 4711', protocol({ ...at })],
  ['ssh_dispatch_run_fatal: Connection from 203.0.113.9 port 4711: message authentication code incorrect [preauth]', protocol({ ...at })],
  [
    'ssh_dispatch_run_fatal: Connection from authenticating user root 203.0.113.9 port 4711: Connection corrupted [preauth]',
    protocol({ ...at, user: 'root' }),
  ],
  ['Bad packet length 1349676916. [preauth]', protocol({ details: { packetLength: 1349676916 } })],
  ['padding error: need 1349676900 block 8 mod 4 [preauth]', protocol()],
  ['Corrupted MAC on input.', protocol()],
  ['Corrupted check bytes on input.', protocol()],
  ['Finished discarding for 203.0.113.9 port 4711', protocol({ ...at })],
  ['dispatch_protocol_error: type 90 seq 3 [preauth]', protocol()],
  ['kex protocol error: type 20 seq 5 [preauth]', protocol()],
  ['error: kex_input_kexinit: discard proposal: string is too large [preauth]', protocol()],
  ['error: kex_protocol_error: type 20 seq 5 [preauth]', protocol()],
  [
    'Client protocol version 2.0; client software version libssh2_1.9.0',
    { action: 'ssh.protocol', details: { clientVersion: 'libssh2_1.9.0' } },
  ],
  [
    'debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1',
    { action: 'ssh.protocol', details: { clientVersion: 'OpenSSH_9.2p1', level: 'debug1' } },
  ],
  ['error: too many SSH2_MSG_EXT_INFO messages sent by peer', protocol()],
  // session.c, serverloop.c, channels.c
  [
    'Starting session: shell on pts/0 for alice from 203.0.113.9 port 4711',
    session('success', { user: 'alice', ...at, details: { kind: 'shell' } }),
  ],
  ['Starting session: shell on pts/0 for alice from 203.0.113.9 port 4711 id 0', session('success', { user: 'alice', ...at })],
  [
    'Starting session: command for alice from 203.0.113.9 port 4711 id 0',
    session('success', { user: 'alice', ...at, details: { kind: 'command' } }),
  ],
  [
    "Starting session: subsystem 'sftp' for alice from 203.0.113.9 port 4711 id 0",
    session('success', { user: 'alice', ...at, details: { subsystem: 'sftp' } }),
  ],
  [
    "Starting session: forced-command (key-option) '/bin/echo it's' for alice from 203.0.113.9 port 4711 id 0",
    session('success', { user: 'alice', ...at, details: { command: "/bin/echo it's", forcedBy: 'key-option' } }),
  ],
  [
    "Starting session: forced-command (config) 'internal-sftp' on pts/3 for alice from 203.0.113.9 port 4711 id 1",
    session('success', { user: 'alice', ...at, details: { forcedBy: 'config' } }),
  ],
  ['Close session: user alice from 203.0.113.9 port 4711 id 0', { action: 'ssh.logout', user: 'alice', ...at }],
  ['User child is on pid 42', session(undefined, { details: { childPid: 42 } })],
  ['subsystem request for sftp', session(undefined, { details: { subsystem: 'sftp' } })],
  ['subsystem request for sftp by user alice', session(undefined, { user: 'alice' })],
  ['subsystem request for x by user alice failed, subsystem not found', session('failure', { user: 'alice' })],
  ['error: subsystem: cannot stat /usr/lib/x: No such file or directory', session('failure', { path: '/usr/lib/x' })],
  ['Changed root directory to "/srv/sftp"', session('success', { path: '/srv/sftp' })],
  [
    'fatal: bad ownership or modes for chroot directory "/home/sftponly"',
    session('failure', { path: '/home/sftponly', details: { reason: 'bad ownership or modes for chroot' } }),
  ],
  ['fatal: bad ownership or modes for chroot directory component "/home/"', session('failure', { path: '/home/' })],
  [
    'fatal: chroot("/srv/x"): Operation not permitted [postauth]',
    session('failure', { path: '/srv/x', details: { error: 'Operation not permitted' } }),
  ],
  ['fatal: chroot path "/srv/x" is not a directory', session('failure', { path: '/srv/x' })],
  ['fatal: server lacks privileges to chroot to ChrootDirectory', session('failure')],
  ['fatal: safely_chroot: stat("/srv/x"): No such file or directory [postauth]', session('failure', { path: '/srv/x' })],
  ['Connection from user forced 203.0.113.9 port 4711: refusing non-sftp session', session('failure', { user: 'forced', ...at })],
  ['error: no more sessions', session('failure')],
  ['error: session_pty_req: session 0 alloc failed', session('failure')],
  ['syslogin_perform_logout: logout() returned an error', session('failure')],
  ['fatal: Failed to set uids to 1000.', session('failure')],
  [
    'Received request from 203.0.113.9 port 4711 to connect to host 127.0.0.1 port 22, but the request was denied.',
    forward({ ...at, details: { toHost: '127.0.0.1', toPort: 22 } }),
  ],
  ['Received request to connect to host 10.0.0.5 port 80, but the request was denied.', forward({ details: { toHost: '10.0.0.5' } })],
  [
    'Received request from 203.0.113.9 port 4711 to remote forward to host localhost port 8080, but the request was denied.',
    forward({ ...at }),
  ],
  ['Received request from 203.0.113.9 port 4711 to remote forward, but the request was denied.', forward({ ...at })],
  [
    'Received request to connect to path /var/run/docker.sock, but the request was denied.',
    forward({ details: { toPath: '/var/run/docker.sock' } }),
  ],
  [
    'refused local port forward: originator 127.0.0.1 port 4711, target 10.0.0.5 port 80',
    forward({ details: { toHost: '10.0.0.5', toPort: 80 } }),
  ],
  [
    'refused streamlocal port forward: originator 127.0.0.1 port 0, target /var/run/docker.sock',
    forward({ details: { toPath: '/var/run/docker.sock' } }),
  ],
  ['error: connect_to 127.0.0.1 port 1: failed.', forward({ details: { toPort: 1 } })],
  ['error: connect_to nosuch.example: unknown host (Name or service not known)', forward({ details: { toHost: 'nosuch.example' } })],
  ['channel 3: open failed: administratively prohibited: open failed', forward({ details: { channel: 3 } })],
  ['channel 3: open failed: connect failed: Connection refused', forward()],
  ['error: bind [127.0.0.1]:80: Permission denied', forward({ details: { listenPort: 80 } })],
  ['error: channel_setup_fwd_listener_tcpip: cannot listen to port: 80', forward()],
  ['X11 connection rejected because of wrong authentication.', forward({ details: { kind: 'X11' } })],
  ['Rejected X11 connection after ForwardX11Timeout expired', forward()],
  ['error: Failed to allocate internet-domain X11 display socket.', forward()],
  ['error: authentication forwarding requested twice.', forward()],
  // sshd.c, srclimit.c: the daemon
  ['Server listening on 0.0.0.0 port 22.', daemon('success')],
  ['Server listening on :: port 22.', daemon('success')],
  ['Server listening on 192.0.2.10 port 22 rdomain 2.', daemon('success')],
  ['Received SIGHUP; restarting.', daemon()],
  ['Received signal 15; terminating.', daemon(undefined, { details: { signal: 15, state: 'terminating' } })],
  ['Exiting on signal 15', daemon(undefined, { details: { signal: 15 } })],
  ["RESTART FAILED: av[0]='/usr/sbin/sshd', error: No such file or directory.", daemon('failure')],
  ['sshd version OpenSSH_7.4, OpenSSL 1.0.2k-fips  26 Jan 2017', daemon()],
  ['error: Bind to port 22 on 0.0.0.0 failed: Address already in use.', daemon('failure')],
  ['fatal: listen on [0.0.0.0]:22: Address already in use', daemon('failure')],
  ['fatal: Cannot bind any address.', daemon('failure')],
  ['error: Could not load host key: /etc/ssh/ssh_host_dsa_key', daemon('failure')],
  ['error: Unable to load host key "/etc/ssh/ssh_host_rsa_key": invalid format', daemon('failure')],
  ['sshd: no hostkeys available -- exiting.', daemon('failure')],
  ['fatal: Privilege separation user sshd does not exist', daemon('failure')],
  ['fatal: Missing privilege separation directory: /run/sshd', daemon('failure')],
  ['error: beginning MaxStartups throttling', throttle()],
  ['exited MaxStartups throttling after 00:01:20, 42 connections dropped', throttle({ details: { count: 42 } })],
  ['error: in MaxStartups throttling for 00:05:00, 7 connections dropped', throttle({ details: { count: 7 } })],
  ['drop connection #10 from [203.0.113.9]:4711 on [192.0.2.10]:22 past MaxStartups', throttle({ ...at })],
  ['drop connection #2 from [203.0.113.9]:4711 on [192.0.2.10]:22 Maxstartups', throttle({ ...at })],
  [
    'drop connection #0 from [203.0.113.9]:4711 on [192.0.2.10]:22 penalty: failed authentication',
    throttle({ ...at, details: { reason: 'penalty: failed authentication' } }),
  ],
  [
    'drop connection #0 from [2001:db8::7]:4711 on [2001:db8::22]:22 penalty: exceeded LoginGraceTime',
    throttle({ ip: '2001:db8::7', port: 4711 }),
  ],
  ['PerSourcePenalties logging rate-limited: additional 12 connections dropped', throttle({ details: { count: 12 } })],
  [
    'srclimit_penalise: ipv4: new 203.0.113.9/32 active penalty of 10 seconds for penalty: failed authentication',
    throttle({ ip: IP, details: { seconds: 10, state: 'active' } }),
  ],
  [
    'srclimit_penalise: ipv6: new 2001:db8::/64 deferred penalty of 5 seconds for penalty: connections without attempting authentication',
    throttle({ details: { network: '2001:db8::/64' } }),
  ],
  [
    'srclimit_penalise: 203.0.113.9/32: activating ipv4 penalty of 17 seconds for penalty: caused crash',
    throttle({ ip: IP, details: { seconds: 17 } }),
  ],
  ['srclimit_penalise: ipv4 penalty table full, cannot penalise 203.0.113.9/32 for penalty: caused crash', throttle({ ip: IP })],
  ['client 203.0.113.9/32 penalty: failed authentication (8 secs left)', throttle({ ip: IP })],
  ['3 active ipv4 penalties', throttle()],
  ['2 active startups', daemon()],
  ['child 0: fd=7 pid=812 connection from 203.0.113.9 to 192.0.2.10 (early)', daemon(undefined, { ip: IP })],
  [
    'error: session process 812 for connection from 203.0.113.9 to 192.0.2.10 killed by signal 11',
    crash({ ip: IP, details: { childPid: 812, signal: 11 } }),
  ],
  ['error: session process 812 for connection from 203.0.113.9 to 192.0.2.10 terminated abnormally, status=0x80', crash({ ip: IP })],
  ['Session process 812 unpriv child crash for connection from 203.0.113.9 to 192.0.2.10', crash({ ip: IP })],
  ['error: mm_reap: preauth child terminated by signal 31', daemon('failure')],
  ['fatal: privsep_preauth: preauth child terminated by signal 31', crash({ details: { signal: 31 } })],
  ['fatal: mm_request_receive: read: rtype 4 != type 6', daemon('failure', { details: { function: 'mm_request_receive' } })],
  ['error: setsockopt SO_KEEPALIVE: Invalid argument', daemon('failure')],
  // sftp-server.c
  ['session opened for local user alice from [203.0.113.9]', session('success', { user: 'alice', ip: IP })],
  ['session closed for local user alice from [203.0.113.9]', { action: 'ssh.logout', user: 'alice', ip: IP }],
  ['session opened for local user alice from [203.0.113.9] [postauth]', session('success', { user: 'alice', ip: IP })],
  ['received client version 3', file(undefined)],
  [
    'open "/home/alice/a "b".txt" flags WRITE,CREATE,TRUNCATE mode 0644',
    file('/home/alice/a "b".txt', undefined, { details: { flags: 'WRITE,CREATE,TRUNCATE', mode: '0644' } }),
  ],
  ['close "/home/alice/a.txt" bytes read 0 written 12', file('/home/alice/a.txt', 'success', { details: { bytesWritten: 12 } })],
  [
    'forced close "/home/alice/a.txt" bytes read 7 written 0',
    file('/home/alice/a.txt', 'success', { details: { operation: 'forced close' } }),
  ],
  ['opendir "/home/alice"', file('/home/alice')],
  ['closedir "/home/alice"', file('/home/alice')],
  ['realpath "."', file('.')],
  ['stat name "/etc/passwd"', file('/etc/passwd')],
  ['lstat name "/etc/passwd"', file('/etc/passwd')],
  ['readlink "/a"', file('/a')],
  ['statvfs "/a"', file('/a')],
  ['fsync "/a"', file('/a')],
  ['remove name "/a"', file('/a')],
  ['mkdir name "/a" mode 0777', file('/a')],
  ['rmdir name "/a"', file('/a')],
  ['rename old "/a" new "/b"', file('/a')],
  ['posix-rename old "/a" new "/b"', file('/a')],
  ['symlink old "/a" new "/b"', file('/a')],
  ['hardlink old "/a" new "/b"', file('/a')],
  ['set "/a" mode 0600', file('/a')],
  ['set "/a" size 0', file('/a')],
  ['set "/a" modtime 20240501-10:11:12', file('/a')],
  ['set "/a" owner 1000 group 1000', file('/a')],
  ['sent status No such file', file(undefined, 'failure', { details: { status: 'No such file' } })],
  ['sent status Permission denied', file(undefined, 'failure')],
  ['Refusing open request in read-only mode', file(undefined, 'failure', { details: { reason: 'read-only mode' } })],
  ['Refusing denylisted remove request', file(undefined, 'failure', { details: { operation: 'remove' } })],
  ['Refusing non-allowlisted posix-rename request', file(undefined, 'failure')],
  ['error: bad message from 203.0.113.9 local user alice', { action: 'ssh.file', outcome: 'failure', user: 'alice', ip: IP }],
  ['error: Unknown message 33', file(undefined, 'failure')],
  ['error: process_write: write failed: No space left on device', file(undefined, 'failure')],
];
