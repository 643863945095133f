/**
 * Connections: opened, closed, and why.
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/packet.c | sshpkt_vfatal(), ssh_packet_read_poll2()},
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/sshd.c | main(), grace_alarm_handler()}
 */
import { endpointOf } from '../address.js';
import type { Reading } from '../program.js';
import type { Groups, Rule } from '../rules.js';
import { REMOTE, reading, says } from './reading.js';

const ended = says('ssh.disconnect');
const remote = (before: string, after: string): RegExp => new RegExp(`^${before}${REMOTE}${after}$`);

function opened({ serverIp, serverPort, ...groups }: Groups, outcome?: Reading['outcome']): Reading {
  return { ...reading('ssh.connect', outcome, groups), server: endpointOf(serverIp, serverPort) };
}

export const connectionRules: readonly Rule[] = [
  // Connection from 203.0.113.7 port 58381 on 192.0.2.10 port 22 rdomain ""        before 6.3: Connection from 203.0.113.7 port 58381
  {
    starts: 'Connection from ',
    pattern:
      /^Connection from (?<ip>\S+) port (?<port>\d{1,5})(?: on (?<serverIp>\S+) port (?<serverPort>\d{1,5})(?: rdomain "(?<routingDomain>[^"]*)")?)?$/,
    read: ({ routingDomain, ...groups }) => opened({ ...groups, routingDomain: routingDomain === '' ? undefined : routingDomain }),
  },
  // Connection from 203.0.113.7 port 58381 with IP opts:  44 0c 05
  {
    starts: 'Connection from ',
    pattern: /^Connection from (?<ip>\S+) port (?<port>\d{1,5}) with IP opts: (?<ipOptions>[\da-f ]*)$/,
    read: (groups) => opened(groups, 'failure'),
  },
  // Connection from user forced 203.0.113.7 port 4711: refusing non-sftp session
  {
    starts: 'Connection from ',
    pattern: remote('Connection from ', ': (?<reason>refusing non-sftp session)'),
    read: says('ssh.session', 'failure'),
  },
  // Connection from authenticating user root 203.0.113.9 port 4711 timed out
  {
    starts: 'Connection from ',
    pattern: remote('Connection from ', ' (?<reason>timed out)'),
    read: ended,
  },
  // Connection from 203.0.113.9 port 4711: Broken pipe
  {
    starts: 'Connection from ',
    pattern: remote('Connection from ', ': (?<reason>[A-Za-z][^:]*)'),
    read: ended,
  },
  // Connection closed by authenticating user alice 203.0.113.7 port 36875        before 7.0: Connection closed by 203.0.113.7
  // Connection reset by invalid user  203.0.113.9 port 4711        Disconnected from user alice 203.0.113.7 port 58381
  {
    starts: ['Connection closed by ', 'Connection reset by ', 'Disconnected from '],
    pattern: remote('(?<how>Connection closed|Connection reset|Disconnected) (?:by|from) ', ''),
    read: endedBy,
  },
  {
    starts: ['Connection closed by ', 'Connection reset by ', 'Disconnected from ', 'Connection to '],
    pattern: /^(?<how>Connection closed|Connection reset|Disconnected) (?:by|from) (?<ip>\S+)$/,
    read: endedBy,
  },
  // Closing connection to 203.0.113.7 port 58381
  {
    starts: 'Closing connection to ',
    pattern: /^Closing connection to (?<ip>\S+)(?: port (?<port>\d{1,5}))?$/,
    read: ended,
  },
  // Received disconnect from 203.0.113.7 port 58381:11: disconnected by user        before 7.0: Received disconnect from 203.0.113.7: 11: Bye Bye
  {
    starts: 'Received disconnect from ',
    pattern: /^Received disconnect from (?<ip>\S+?)(?: port (?<port>\d{1,5}):|:(?= )) ?(?<code>\d{1,10}): ?(?<reason>[^]*)$/,
    read: ({ reason, ...groups }) =>
      reading('ssh.disconnect', undefined, { ...groups, reason: reason === '' ? undefined : reason }, { by: 'client' }),
  },
  // Disconnecting authenticating user alice 203.0.113.7 port 46771: Too many authentication failures
  // Disconnecting invalid user a 203.0.113.9 port 4711: Change of username or service not allowed: (a,ssh-connection) -> (b,ssh-connection)
  {
    starts: 'Disconnecting ',
    pattern: /^Disconnecting (?<rest>[^]* port \d{1,5}: Change of username or service not allowed: \([^]*)$/,
    read: ({ rest = '' }) => changedName(rest),
  },
  {
    starts: 'Disconnecting ',
    pattern: remote('Disconnecting ', ': (?<reason>[A-Za-z][^:]*(?:: [^:]*)?)'),
    read: (groups) => reading('ssh.disconnect', undefined, groups, { by: 'server' }),
  },
  // before 7.3: Disconnecting: Too many authentication failures for root        Disconnecting: Change of username or service not allowed: (a,ssh-connection) -> (b,ssh-connection)
  {
    starts: 'Disconnecting: ',
    pattern: /^Disconnecting: (?:(?<tries>Too many authentication failures) for (?<status>invalid user )?(?<user>[^]*)|(?<reason>[^]*))$/,
    read: ({ tries, reason = tries, ...groups }) => reading('ssh.disconnect', undefined, { ...groups, reason }, { by: 'server' }),
  },
  // Timeout before authentication for 203.0.113.9 port 4711        10.0: Timeout before authentication for connection from 203.0.113.9 to 192.0.2.10, pid = 812
  {
    starts: 'Timeout before authentication for ',
    pattern:
      /^(?<reason>Timeout before authentication) for (?:connection from (?<from>\S+) to (?<to>\S+), pid = (?<childPid>\d{1,10})(?: \([\w ]+\))?|(?<ip>\S+?)(?: port (?<port>\d{1,5}))?\.?)$/,
    read: ({ from, to, ip = from, ...groups }) => ({ ...reading('ssh.disconnect', undefined, { ...groups, ip }), server: endpointOf(to) }),
  },
  // Timeout, client not responding from user alice 203.0.113.7 port 4711        before 7.9: Timeout, client not responding.
  {
    starts: 'Timeout, client not responding',
    pattern: new RegExp(`^Timeout, (?<reason>client not responding)(?:\\.| from ${REMOTE})$`),
    read: ended,
  },
  // terminating inactive connection from user alice 203.0.113.7 port 4711
  {
    starts: 'terminating inactive connection from ',
    pattern: remote('terminating (?<reason>inactive connection) from ', ''),
    read: ended,
  },
  // Read error from remote host 203.0.113.7 port 4711: Connection reset by peer        before 8.0 without port
  {
    starts: ['Read error from remote host ', 'Write error to remote host '],
    pattern: /^(?<how>Read error|Write error) (?:from|to) remote host (?<ip>\S+?)(?: port (?<port>\d{1,5}))?: (?<reason>[^]*)$/,
    read: ended,
  },
  // packet_write_wait: Connection from user root 203.0.113.9 port 4711: Broken pipe        ssh_dispatch_run_fatal: Connection from 203.0.113.9 port 4711: message authentication code incorrect
  // banner exchange: Connection from 203.0.113.9 port 4711: invalid format        packet_write_poll: Connection to 203.0.113.9 port 4711: Broken pipe
  {
    pattern: new RegExp(
      `^(?<function>banner exchange|[a-z][\\w-]{1,60}(?:: [\\w ]{1,40})?): Connection (?:from|to) ${REMOTE}(?:: (?<reason>[A-Za-z][^:]*)| (?<late>timed out))$`,
    ),
    read: ({ late, reason = late, ...groups }) => {
      const broken = reason !== undefined && BROKEN.test(reason);
      return reading(broken ? 'ssh.protocol' : 'ssh.disconnect', broken ? 'failure' : undefined, { ...groups, reason });
    },
  },
  // Transferred: sent 3120, received 2544 bytes
  {
    starts: 'Transferred: ',
    pattern: /^Transferred: sent (?<sent>\d{1,20}), received (?<received>\d{1,20}) bytes$/,
    read: ended,
  },
  // Read from socket failed: Connection reset by peer        Write failed: Broken pipe        Connection reset by peer
  {
    starts: ['Read from socket failed: ', 'Write failed: ', 'Connection reset by peer', 'Write failed'],
    pattern: /^(?:(?<how>Read from socket failed|Write failed): )?(?<reason>[A-Z][\w ,'-]*)$/,
    read: ended,
  },
  // reverse mapping checking getaddrinfo for a.example [203.0.113.9] failed - POSSIBLE BREAK-IN ATTEMPT!
  {
    starts: 'reverse mapping checking getaddrinfo for ',
    pattern:
      /^(?<reason>reverse mapping)(?: checking) getaddrinfo for (?<host>\S+) \[(?<ip>[^\]\s]+)\] failed(?: - POSSIBLE BREAK-?IN ATTEMPT!|\.)?$/,
    read: ({ host, ...groups }) => named(groups, host, 'name has no address'),
  },
  // Address 203.0.113.9 maps to a.example, but this does not map back to the address.        … - POSSIBLE BREAK-IN ATTEMPT!
  {
    starts: 'Address ',
    pattern: /^Address (?<ip>\S+) maps to (?<host>\S+), but this does not map back to the address(?: - POSSIBLE BREAK-?IN ATTEMPT!|\.)?$/,
    read: ({ host, ...groups }) => named(groups, host, 'name does not map back'),
  },
  // Nasty PTR record "10.0.0.1" is set up for 203.0.113.9, ignoring
  {
    starts: 'Nasty PTR record ',
    pattern: /^Nasty PTR record "(?<host>[^]*)" is set up for (?<ip>\S+), ignoring$/,
    read: ({ host, ...groups }) => named(groups, host, 'name looks like an address'),
  },
  // Could not reverse map address 203.0.113.9.
  {
    starts: 'Could not reverse map address ',
    pattern: /^Could not reverse map address (?<ip>\S+?)\.?$/,
    read: (groups) => named(groups, undefined, 'address has no name'),
  },
];

const BROKEN = /incorrect|invalid|corrupt|Protocol|version|unexpected|incomplete|too (?:large|big)|mismatch|no matching|signature|key/;

function endedBy({ how, ...groups }: Groups): Reading {
  return reading('ssh.disconnect', undefined, groups, { how: how?.replace('Connection ', '').toLowerCase() });
}

const CHANGED = ': Change of username or service not allowed: (';
const HEAD = new RegExp(`^${REMOTE}$`);

/** Old and new name are both the client's. The old one stands in front of the address and again in the reason: that settles where the address is. */
function changedName(text: string): Reading | undefined {
  let last: Groups | undefined;
  for (let at = text.indexOf(CHANGED); at >= 0; at = text.indexOf(CHANGED, at + 1)) {
    const groups = HEAD.exec(text.slice(0, at))?.groups;
    if (groups === undefined) continue;
    last = { ...groups, reason: text.slice(at + 2) };
    if (text.startsWith(`${groups['user'] ?? ''},`, at + CHANGED.length)) break;
  }
  return last === undefined ? undefined : reading('ssh.disconnect', undefined, last, { by: 'server' });
}

/** The name is what the owner of the address says of it: not to be believed, so no `client.host`. */
function named(groups: Groups, host: string | undefined, reason: string): Reading {
  return reading('ssh.connect', undefined, groups, { reason, claimedHost: host });
}
