/**
 * Keys and certificates: found, taken, refused.
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/auth2-pubkey.c | userauth_pubkey(), user_cert_trusted_ca()},
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/auth2-pubkeyfile.c | auth_check_authkey_line()}
 */
import type { Reading } from '../program.js';
import { present, type Groups, type Rule } from '../rules.js';
import { FOR_FROM, reading, says } from './reading.js';

const refused = says('ssh.key', 'failure');

/** `/home/alice/.ssh/authorized_keys:3`, `/home/alice/.ssh/authorized_keys, line 3` */
const PLACE = /^(?<path>\/[^]*?)(?::(?<line>\d{1,7})|, line (?<row>\d{1,7}))?$/;

function found(outcome: Reading['outcome'], { at = '', ...groups }: Groups): Reading {
  const place = PLACE.exec(at)?.groups;
  const line = place?.line ?? place?.row;
  const read = reading('ssh.key', outcome, groups, { keyLine: line === undefined ? undefined : Number(line) });
  return place?.path === undefined ? read : { ...read, file: { path: place.path } };
}

function certificate(groups: Groups): Reading {
  const { certificateId, serial, ca, caKeyType, at, ...others } = groups;
  const number = Number(serial);
  const shown = serial === undefined ? undefined : Number.isSafeInteger(number) ? number : serial;
  const read = reading('ssh.key', 'success', others, { certificate: present({ id: certificateId, serial: shown, ca, caKeyType }) });
  if (at === undefined) return read;
  const place = PLACE.exec(at)?.groups;
  const line = place?.line ?? place?.row;
  const details = line === undefined ? read.details : { ...read.details, keyLine: Number(line) };
  return { ...read, details, file: { path: place?.path ?? at } };
}

export const keyRules: readonly Rule[] = [
  // Accepted key ED25519 SHA256:… found at /root/.ssh/authorized_keys:1
  {
    starts: 'Accepted key ',
    pattern: /^Accepted key (?<keyType>\S+) (?<fingerprint>\S+) found at (?<at>[^]+)$/,
    read: (groups) => found('success', groups),
  },
  // Accepted certificate ID "alice laptop" (serial 42) signed by ED25519 CA SHA256:… via /etc/ssh/ca.pub
  // Accepted certificate ID "alice laptop" (serial 42) signed by CA ED25519 SHA256:… found at /home/alice/.ssh/authorized_keys:2
  // Accepted certificate ID "web1" signed by ED25519 CA SHA256:… from alice@web1.example
  {
    starts: 'Accepted certificate ID ',
    pattern:
      /^Accepted certificate ID "(?<certificateId>[^]*)" (?:\(serial (?<serial>\d{1,20})\) )?signed by (?:CA (?<inner>\S+)|(?<outer>\S+) CA) (?<ca>\S+)(?: (?:via|found at) (?<at>[^]+)| from (?<clientUser>[^]*)@(?<clientHost>[^\s@]*))?$/,
    read: ({ inner, outer, ...groups }) => certificate({ ...groups, caKeyType: inner ?? outer }),
  },
  // Accepted ED25519 public key SHA256:… from alice@web1.example        (hostbased)
  {
    starts: 'Accepted ',
    pattern: /^Accepted (?<keyType>\S+) public key (?<fingerprint>\S+) from (?<clientUser>[^]*)@(?<clientHost>[^\s@]*)$/,
    read: says('ssh.key', 'success', { method: 'hostbased' }),
  },
  // Found matching RSA key: 07:f5:…        (before 7.9, VERBOSE)        Found matching DSA key SHA256:…
  {
    starts: 'Found matching ',
    pattern: /^Found matching (?<keyType>\S+) key:? (?<fingerprint>\S+)$/,
    read: says('ssh.key', 'success'),
  },
  // Authentication key ED25519 SHA256:… revoked by file /etc/ssh/krl
  // Error checking authentication key ED25519 SHA256:… in revoked keys file /etc/ssh/krl: No such file or directory
  {
    starts: ['Authentication key ', 'Error checking authentication key '],
    pattern:
      /^(?:Authentication key (?<keyType>\S+) (?<fingerprint>\S+) revoked by file (?<at>[^]+)|Error checking authentication key (?<kind>\S+) (?<checked>\S+) in revoked keys file (?<list>[^]+?): (?<error>[^:]+))$/,
    read: ({ kind, checked, list, error, keyType = kind, fingerprint = checked, at = list }) =>
      found('failure', { keyType, fingerprint, at, error, reason: error === undefined ? 'revoked' : 'revocation not checked' }),
  },
  // WARNING: authentication attempt with a revoked ED25519 key SHA256:…        WARNING: revoked key for web1 attempted authentication
  {
    starts: 'WARNING: ',
    pattern:
      /^WARNING: (?:authentication attempt with a (?<reason>revoked) (?<keyType>\S+) key (?<fingerprint>\S+)|(?<revoked>revoked) key for (?<clientHost>\S+) attempted authentication)$/,
    read: ({ revoked, reason = revoked, ...groups }) => reading('ssh.key', 'failure', { ...groups, reason }),
  },
  // Authentication refused: bad ownership or modes for directory /home/mallory
  // Authentication refused for alice: bad owner or modes for /home/alice/.ssh/authorized_keys
  {
    starts: 'Authentication refused',
    pattern:
      /^Authentication refused(?: for (?<user>[^]+?))?: (?<reason>bad owner(?:ship)? or modes for (?:directory |file )?)(?<path>\/[^]*)$/,
    read: ({ reason = '', ...groups }) => withFile({ ...groups, reason: reason.replace(/ for (?:directory |file )?$/, '') }, 'failure'),
  },
  // Authentication refused: realpath /home/x/.ssh/authorized_keys failed: No such file or directory
  { starts: 'Authentication refused', pattern: /^Authentication refused: (?<reason>[^]+)$/, read: refused },
  // public key ED25519-SK SHA256:… signature for alice from 203.0.113.7 port 4711 rejected: user presence (authenticator touch) requirement not met
  {
    starts: 'public key ',
    pattern: new RegExp(
      String.raw`^public key (?<keyType>\S+) (?<fingerprint>\S+) signature for ${FOR_FROM} rejected: (?<reason>[^]+?) ?$`,
    ),
    read: refused,
  },
  // ssh-rsa key type is not in permitted list …: `publickey key type ssh-rsa is not in permitted list ssh-ed25519`
  {
    starts: ['publickey key type ', 'hostbased key type '],
    pattern: /^(?<method>\S+) key type (?<keyType>\S+) is (?<reason>not in permitted list) (?<permitted>\S+)$/,
    read: refused,
  },
  // userauth_pubkey: key type ssh-rsa not in PubkeyAcceptedAlgorithms [preauth]        userauth_pubkey: signature algorithm ssh-rsa not in PubkeyAcceptedAlgorithms
  {
    starts: ['userauth_pubkey: ', 'userauth_hostbased: '],
    pattern:
      /^userauth_(?<method>pubkey|hostbased): (?:(?:key type|signature algorithm|unsupported public key algorithm:|certificate signature algorithm|cannot decode key:) (?<algorithm>[^\s:]+)(?:(?:: | )(?<reason>[^]*))?|(?<other>[^]*))$/,
    read: ({ other, reason = other, method, algorithm }) =>
      reading('ssh.key', 'failure', {
        method: method === 'pubkey' ? 'publickey' : method,
        algorithm,
        reason: reason ?? 'algorithm refused',
      }),
  },
  // refusing previously-used ED25519 key        refusing RSA key: Invalid key length        Refusing RSA key because peer uses unsafe signature format
  {
    starts: ['refusing ', 'Refusing RSA key'],
    pattern: /^[rR]efusing (?<used>previously-used )?(?<keyType>\S+) key(?:: | because )?(?<reason>[^]*)$/,
    read: ({ used, reason, keyType }) =>
      reading('ssh.key', 'failure', { keyType, reason: used !== undefined ? 'used before' : reason === '' ? undefined : reason }),
  },
  // Certificate invalid: expired        Certificate invalid: name is not a listed principal        Refused by key options
  {
    starts: ['Certificate ', 'Invalid certificate options', 'Refused by ', 'key has wrong ', 'Refused Certificate '],
    pattern:
      /^(?:Certificate invalid: (?<invalid>[^]+)|(?<reason>Refused by (?:key|certificate) options|Invalid certificate options|Refused Certificate [^]+|Certificate [^]+))$/,
    read: ({ invalid, reason = invalid }) => reading('ssh.key', 'failure', { reason }),
  },
  // Certificate lacks principal list        Unable to parse certificate options: …        Inconsistent authentication options: …
  {
    starts: ['Unable to parse "', 'Unable to parse certificate', 'Inconsistent authentication options'],
    pattern: /^(?<reason>[^]+)$/,
    read: refused,
  },
  // Could not open authorized keys '/home/x/.ssh/authorized_keys': Permission denied
  // Could not open user 'alice' authorized keys '/home/alice/.ssh/authorized_keys': Permission denied        User 'alice' authorized keys '/x' is not a regular file
  {
    starts: ['Could not open ', "User '", 'User '],
    pattern:
      /^(?:Could not open (?:user '(?<user>[^]+)' )?(?<kind>authorized (?:keys|principals)) '(?<path>[^]+)': (?<reason>[^:]+)|User '?(?<owner>[^']+?)'? (?<type>authorized (?:keys|principals)|hosts file) '?(?<file>\/[^']+?)'? (?<fault>is not a regular file))$/,
    read: ({ owner, file, fault, user = owner, path = file, reason = fault }) => withFile({ user, path, reason }, 'failure'),
  },
  // error: No user for AuthorizedKeysCommand specified, skipping        AuthorizedKeysCommandUser "x" not found: …        AuthorizedKeysCommand /usr/bin/k failed, status 1
  {
    starts: [
      'AuthorizedKeysCommand',
      'AuthorizedPrincipalsCommand',
      'No user for Authorized',
      'Unsafe Authorized',
      'Could not stat Authorized',
    ],
    pattern: /^(?<reason>[^]+)$/,
    read: refused,
  },
  // /home/alice/.ssh/authorized_keys:4: Authentication tried for alice with correct key but not from a permitted host (host=a.example, ip=203.0.113.9, required=192.0.2.1).
  // cert: Authentication tried for alice with valid certificate but not from a permitted source address (203.0.113.9).
  {
    pattern:
      /^(?:(?<at>[^\s:][^:]{0,1024}(?::\d{1,7})?): )?Authentication tried for (?<user>[^]+) with (?<reason>correct key but not from a permitted host|valid certificate but not from a permitted (?:host|source address)) \((?:host=(?<clientHost>[^\s,]*), )?(?:ip=)?(?<ip>[^\s,)]+)(?:, required=(?<required>[^]*))?\)\.?$/,
    read: ({ at, ...groups }) =>
      at === undefined || !at.startsWith('/') ? reading('ssh.key', 'failure', groups) : found('failure', { ...groups, at }),
  },
];

function withFile({ path, keyLine, ...groups }: Groups, outcome: Reading['outcome']): Reading {
  const read = reading('ssh.key', outcome, groups, { keyLine: keyLine === undefined ? undefined : Number(keyLine) });
  return path === undefined ? read : { ...read, file: { path } };
}
