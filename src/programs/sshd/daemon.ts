/**
 * The daemon itself: listening, restarting, dropping connections, losing children, refusing its own configuration.
 * {@link https://github.com/openssh/openssh-portable/blob/V_10_0_P1/sshd.c | server_listen(), drop_connection(), child_reap()},
 * {@link https://github.com/openssh/openssh-portable/blob/V_10_0_P1/srclimit.c | srclimit_penalise()}
 */
import type { Reading } from '../program.js';
import { endpointOf } from '../address.js';
import type { Groups, Rule } from '../rules.js';
import { reading, says } from './reading.js';

const daemon = says('ssh.daemon');
const faulty = says('ssh.daemon', 'failure');
const throttled = says('ssh.throttle');

export const daemonRules: readonly Rule[] = [
  // Server listening on 0.0.0.0 port 22.        Server listening on 192.0.2.10 port 22 rdomain 2.
  {
    starts: 'Server listening on ',
    pattern: /^Server listening on (?<serverIp>\S+) port (?<serverPort>\d{1,5})(?: rdomain (?<routingDomain>\S+?))?\.$/,
    read: ({ serverIp, serverPort, ...groups }) => ({
      ...reading('ssh.daemon', 'success', groups, { state: 'listening' }),
      server: endpointOf(serverIp, serverPort),
    }),
  },
  // Received SIGHUP; restarting.        Received signal 15; terminating.        Exiting on signal 15
  {
    starts: ['Received SIGHUP', 'Received signal ', 'Exiting on signal '],
    pattern: /^(?:Received (?<hangup>SIGHUP); restarting\.|(?:Received signal|Exiting on signal) (?<signal>\d{1,3})(?:; terminating)?\.?)$/,
    read: ({ hangup, signal }) =>
      reading(
        'ssh.daemon',
        undefined,
        {},
        { state: hangup === undefined ? 'terminating' : 'restarting', signal: hangup ?? Number(signal) },
      ),
  },
  // RESTART FAILED: av[0]='/usr/sbin/sshd', error: No such file or directory.
  { starts: 'RESTART FAILED: ', pattern: /^(?<reason>RESTART FAILED: [^]*)$/, read: faulty },
  // sshd version OpenSSH_7.4        OpenSSH_9.2p1, starting
  { starts: 'sshd version ', pattern: /^sshd version (?<version>[^]+)$/, read: daemon },
  // Bind to port 22 on 0.0.0.0 failed: Address already in use.        listen on [0.0.0.0]:22: Address already in use
  {
    starts: ['Bind to port ', 'listen on ['],
    pattern:
      /^(?:Bind to port (?<port>\d{1,5}) on (?<ip>\S+) failed: (?<reason>[^]+?)\.?|listen on \[(?<listenIp>[^\]]+)\]:(?<listenPort>\d{1,5}): (?<error>[^]+))$/,
    read: ({ port, ip, listenIp, listenPort, error, reason = error }) => ({
      ...reading('ssh.daemon', 'failure', {}, { reason }),
      server: endpointOf(ip ?? listenIp, port ?? listenPort),
    }),
  },
  // drop connection #10 from [203.0.113.9]:4711 on [192.0.2.10]:22 past MaxStartups        9.8: … penalty: failed authentication
  {
    starts: 'drop connection #',
    pattern:
      /^drop connection #(?<startups>\d{1,9}) from \[(?<ip>[^\]]+)\]:(?<port>\d{1,5}) on \[(?<serverIp>[^\]]+)\]:(?<serverPort>\d{1,5}) (?<reason>[^]+)$/,
    read: ({ startups, serverIp, serverPort, ...groups }) => ({
      ...reading('ssh.throttle', undefined, groups, { startups: Number(startups) }),
      server: endpointOf(serverIp, serverPort),
    }),
  },
  // beginning MaxStartups throttling        exited MaxStartups throttling after 00:01:20, 42 connections dropped        in MaxStartups throttling for 00:05:00, 7 connections dropped
  {
    starts: ['beginning MaxStartups ', 'exited MaxStartups ', 'in MaxStartups '],
    pattern:
      /^(?<state>beginning|exited|in) MaxStartups throttling(?: (?:after|for) (?<duration>\S+), (?<count>\d{1,10}) connections dropped)?$/,
    read: throttled,
  },
  // PerSourcePenalties logging rate-limited: additional 12 connections dropped
  {
    starts: ['PerSourcePenalties logging ', 'Maxstartups logging ', 'MaxStartups logging '],
    pattern: /^(?<reason>PerSourcePenalties|Max[sS]tartups) logging rate-limited: additional (?<count>\d{1,10}) connections dropped$/,
    read: throttled,
  },
  // srclimit_penalise: ipv4: new 203.0.113.9/32 active penalty of 10 seconds for penalty: failed authentication
  {
    starts: 'srclimit_penalise: ',
    pattern:
      /^srclimit_penalise: (?:ipv[46]: new (?<net>\S+) (?<state>active|deferred) penalty|(?<existing>\S+): (?<activating>activating) ipv[46] penalty) of (?<seconds>\d{1,10}) seconds for (?:penalty: )?(?<reason>[^]+)$/,
    read: ({ net, existing, activating, state = activating, ...groups }) => penalty(net ?? existing, { ...groups, state }),
  },
  // srclimit_penalise: ipv4 penalty table full, cannot penalise 203.0.113.9/32 for penalty: failed authentication
  {
    starts: 'srclimit_penalise: ',
    pattern: /^srclimit_penalise: ipv[46] (?<state>penalty table full), cannot penalise (?<net>\S+) for (?:penalty: )?(?<reason>[^]+)$/,
    read: ({ net, ...groups }) => penalty(net, groups),
  },
  // client 203.0.113.9/32 penalty: failed authentication (8 secs left)        3 active ipv4 penalties        (after SIGINFO)
  {
    starts: 'client ',
    pattern: /^client (?<net>\S+) (?:penalty: )?(?<reason>[^(]+) \((?:(?<seconds>\d{1,20}) secs left|(?<state>expired))\)$/,
    read: ({ net, ...groups }) => penalty(net, groups),
  },
  {
    pattern: /^(?<count>\d{1,9}) active (?<what>startups|ipv4 penalties|ipv6 penalties)$/,
    read: ({ count, what }) => reading(what === 'startups' ? 'ssh.daemon' : 'ssh.throttle', undefined, { count }, { what }),
  },
  // child 0: fd=7 pid=812 connection from 203.0.113.9 to 192.0.2.10 (early)
  {
    starts: 'child ',
    pattern:
      /^child \d{1,9}: fd=-?\d{1,9} pid=(?<childPid>\d{1,10}) (?:connection from (?<ip>\S+) to (?<serverIp>\S+)|[^]*?)(?: \((?<state>[\w ]+)\))?$/,
    read: ({ serverIp, ...groups }) => ({ ...reading('ssh.daemon', undefined, groups), server: endpointOf(serverIp) }),
  },
  // session process 812 for connection from 203.0.113.9 to 192.0.2.10 killed by signal 11        … terminated abnormally, status=0x1
  // Session process 812 unpriv child crash for connection from 203.0.113.9 to 192.0.2.10
  {
    starts: ['session process ', 'Session process '],
    pattern:
      /^[sS]ession process (?<childPid>\d{1,10}) (?:(?<crash>unpriv child crash) )?for (?:connection from (?<ip>\S+) to (?<serverIp>\S+?)|[^]+?)(?: killed by signal (?<signal>\d{1,3})| (?<abnormal>terminated abnormally), status=(?<status2>0x[\da-f]+))?(?: \((?<state>[\w ]+)\))?$/,
    read: ({ crash, abnormal, signal, serverIp, status2, ...groups }) => ({
      ...reading('process.crash', undefined, groups, {
        reason: crash ?? abnormal ?? 'killed',
        signal: signal === undefined ? undefined : Number(signal),
        waitStatus: status2,
      }),
      server: endpointOf(serverIp),
    }),
  },
  // Privilege separation user sshd does not exist        Missing privilege separation directory: /run/sshd
  // Could not load host key: /etc/ssh/ssh_host_dsa_key        Unable to load host key "/etc/ssh/x": invalid format        sshd: no hostkeys available -- exiting.
  {
    starts: [
      'Privilege separation ',
      'Missing privilege separation ',
      'Could not load host ',
      'Unable to load host key',
      'No matching private key for certificate',
      'Certificate file is not a certificate',
      'sshd: no hostkeys available',
      'Cannot bind any address',
      "Couldn't create pid file ",
      'Public key for ',
      'Disabling protocol version ',
      'Deprecated option ',
      'rexec line ',
      'Unsupported option ',
      'Bad configuration option',
      '/etc/ssh/',
      'Too many listen sockets',
      'no hostkeys ',
      '@@@@',
      '@    ',
      'Permissions 0',
      'It is required that your private key',
      'This private key will be ignored',
      'Excess permission or bad ownership on file ',
      'Could not demote ',
      'Could not connect to agent ',
    ],
    pattern: /^(?<reason>[^]+)$/,
    read: faulty,
  },
  // preauth child terminated by signal 11        mm_request_receive: … is told of by the functions' table
  {
    starts: ['preauth child ', 'privsep_preauth: '],
    pattern: /^(?:privsep_preauth: )?(?<reason>preauth child [^]*?)(?:by signal (?<signal>\d{1,3})|status=?(?: )?(?<exitCode>\S+))?$/,
    read: ({ signal, ...groups }) =>
      reading('process.crash', undefined, groups, { signal: signal === undefined ? undefined : Number(signal) }),
  },
];

/** A penalty falls on a network: it is the client's address only when it is one address wide. */
function penalty(net: string | undefined, groups: Groups): Reading {
  const [ip = '', width] = (net ?? '').split('/');
  const single = width === undefined || width === (ip.includes(':') ? '128' : '32');
  return reading('ssh.throttle', undefined, { ...groups, ip: single ? ip : undefined }, { network: single ? undefined : net });
}
