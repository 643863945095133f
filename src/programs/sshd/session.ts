/**
 * Sessions of who is logged in: shells, commands, subsystems, forwardings.
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/session.c | do_exec(), session_close(), safely_chroot()},
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/channels.c | channel_setup_remote_fwd_listener(), channel_connect_to_port()}
 */
import type { LogLine, Reading } from '../program.js';
import { ttyOf, type Groups, type Rule } from '../rules.js';
import { reading, says } from './reading.js';

const refusedForward = says('ssh.forward', 'failure');
const failed = says('ssh.session', 'failure');

function started({ tty, kind, forcedBy, command, subsystem, channel, ...groups }: Groups, line: LogLine): Reading {
  const forced = forcedBy?.slice(1, -1);
  const read = reading('ssh.session', 'success', groups, {
    kind,
    forcedBy: forced,
    command,
    subsystem,
    channel: channel === undefined ? undefined : Number(channel),
  });
  const terminal = ttyOf(tty);
  return terminal === undefined ? read : { ...read, process: { name: line.program, pid: line.pid, tty: terminal } };
}

export const sessionRules: readonly Rule[] = [
  // Starting session: shell on pts/0 for alice from 203.0.113.7 port 58381 id 0        Starting session: subsystem 'sftp' for alice from …
  // Starting session: forced-command (key-option) '/bin/echo forced' for forced from 203.0.113.7 port 38395 id 0
  {
    starts: 'Starting session: ',
    pattern:
      /^Starting session: (?<kind>shell|command|subsystem|forced-command)(?: (?<forcedBy>\((?:config|key-option)\)) '(?<command>[^]*)'| '(?<subsystem>[^]*)')?(?: on (?<tty>\S+))? for (?<user>[^]*) from (?<ip>\S+) port (?<port>\d{1,5})(?: id (?<channel>\d{1,9}))?$/,
    read: started,
  },
  // Close session: user alice from 203.0.113.7 port 58381 id 0
  {
    starts: 'Close session: ',
    pattern: /^Close session: user (?<user>[^]*) from (?<ip>\S+) port (?<port>\d{1,5}) id (?<channel>\d{1,9})$/,
    read: ({ channel, ...groups }) => reading('ssh.logout', undefined, groups, { channel: Number(channel) }),
  },
  // User child is on pid 42
  { starts: 'User child is on pid ', pattern: /^User child is on pid (?<childPid>\d{1,10})$/, read: says('ssh.session') },
  // subsystem request for sftp by user alice        subsystem request for x by user y failed, subsystem not found        before 5.9: subsystem request for sftp
  {
    starts: 'subsystem request for ',
    pattern:
      /^subsystem request for (?<subsystem>[^]*?)(?: by user (?<user>[^]*?))?(?<failed>(?: failed)?, subsystem not found| failed: [^]*)?$/,
    read: ({ failed: fault, ...groups }) =>
      reading('ssh.session', fault === undefined ? undefined : 'failure', groups, {
        kind: 'subsystem',
        reason: fault?.replace(/^ failed(?:, |: )|^, /, ''),
      }),
  },
  // subsystem: exec() /usr/lib/openssh/sftp-server        subsystem: cannot stat /x: No such file or directory
  {
    starts: 'subsystem: ',
    pattern: /^subsystem: (?:exec\(\) (?<command>[^]+)|cannot stat (?<path>[^]+?): (?<reason>[^:]+))$/,
    read: ({ path, ...groups }) => ({
      ...reading('ssh.session', groups.reason === undefined ? undefined : 'failure', groups, { kind: 'subsystem' }),
      file: path === undefined ? undefined : { path },
    }),
  },
  // Changed root directory to "/home/sftponly"
  {
    starts: 'Changed root directory to ',
    pattern: /^Changed root directory to "(?<path>[^]*)"$/,
    read: ({ path = '' }) => ({ ...reading('ssh.session', 'success', {}, { kind: 'chroot' }), file: { path } }),
  },
  // bad ownership or modes for chroot directory component "/home/"        chroot("/x"): Operation not permitted        chroot path "/x" is not a directory
  {
    starts: [
      'bad ownership or modes for chroot',
      'chroot',
      'Unable to chdir to chroot ',
      'server lacks privileges to chroot',
      'safely_chroot: ',
    ],
    pattern:
      /^(?<reason>[^"(]{1,80}?)(?: directory| path)?(?: component)?[ (]*(?:"(?<path>[^"]*)"?\)?(?:: (?<error>[^]*)| (?<fault>is not a directory))?)?$/,
    read: ({ path, reason, error, fault = error }) => ({
      ...reading('ssh.session', 'failure', {}, { kind: 'chroot', reason, error: fault }),
      file: path === undefined ? undefined : { path },
    }),
  },
  // error: session_pty_req: session 0 alloc failed        no more sessions        Failed to disconnect from controlling tty.
  {
    starts: ['session_pty_req: ', 'no more sessions', 'session_by_pid: ', 'session_x11_req: ', 'Could not chdir to home directory '],
    pattern: /^(?<reason>[^]+)$/,
    read: failed,
  },
  // Received request from 203.0.113.7 port 4711 to connect to host 127.0.0.1 port 22, but the request was denied.
  // Received request to connect to host 10.0.0.5 port 80, but the request was denied.
  {
    starts: ['Received request from ', 'Received request to '],
    pattern:
      /^Received request (?:from (?<ip>\S+) port (?<port>\d{1,5}) )?to (?<kind>connect|remote forward)(?: to (?:host (?<toHost>[^]*) port (?<toPort>\d{1,5})|path "?(?<toPath>[^]*?)"?))?, but the request was denied\.$/,
    read: forwardTo,
  },
  // refused local port forward: originator 127.0.0.1 port 4711, target 10.0.0.5 port 80
  // refused streamlocal port forward: originator 127.0.0.1 port 0, target /var/run/docker.sock
  {
    starts: 'refused ',
    pattern:
      /^refused (?<kind>local|streamlocal) port forward: originator (?<originator>\S*) port (?<originatorPort>\d{1,10}), target (?:(?<toHost>[^]*) port (?<toPort>\d{1,10})|(?<toPath>[^]+))$/,
    read: forwardTo,
  },
  // connect_to 127.0.0.1 port 1: failed.        connect_to web9.example: unknown host (Name or service not known)        connect_to 10.0.0.5: no route
  {
    starts: 'connect_to ',
    pattern: /^connect_to (?<toHost>[^]+?)(?: port (?<toPort>\d{1,5}))?: (?<reason>[^]+)$/,
    read: forwardTo,
  },
  // connect to 10.0.0.5 port 80 failed: Connection refused
  {
    starts: 'connect to ',
    pattern: /^connect to (?<toHost>\S+) port (?<toPort>\d{1,5}) failed: (?<reason>[^]+)$/,
    read: forwardTo,
  },
  // channel 3: open failed: administratively prohibited: open failed
  {
    starts: 'channel ',
    pattern: /^channel (?<channel>\d{1,9}): open failed: (?<reason>[^]*)$/,
    read: ({ channel, ...groups }) => reading('ssh.forward', 'failure', groups, { channel: Number(channel) }),
  },
  // channel 0: rcvd too much data 2048, win 1024        channel 2: chan_read_failed for istate 3        channel 0: closing after 60 seconds of inactivity
  {
    starts: 'channel ',
    pattern: /^channel (?<channel>\d{1,9}): (?<reason>[^]*)$/,
    read: ({ channel, ...groups }) => reading('ssh.protocol', undefined, groups, { channel: Number(channel) }),
  },
  // bind [127.0.0.1]:80: Permission denied        channel_setup_fwd_listener_tcpip: cannot listen to port: 80
  {
    starts: ['bind [', 'listen [', 'socket ['],
    pattern: /^(?<step>bind|listen|socket) \[(?<listenHost>[^\]]*)\]:(?<listenPort>\d{1,5}): (?<reason>[^]+)$/,
    read: forwardTo,
  },
  {
    starts: ['channel_setup_fwd_listener', 'server_input_global_request: ', 'server_request_tcpip: '],
    pattern: /^\w+: (?<reason>[^]*?)(?:: (?<listenPort>\d{1,5}))?$/,
    read: forwardTo,
  },
  // X11 connection rejected because of wrong authentication.        Rejected X11 connection after ForwardX11Timeout expired
  // Failed to allocate internet-domain X11 display socket.        Invalid X11 forwarding data
  {
    starts: [
      'X11 ',
      'Rejected X11 ',
      'Failed to allocate internet-domain X11',
      'Invalid X11 ',
      "Can't get IP address for X11",
      'No xauth program; ',
      'x11_',
    ],
    pattern: /^(?<reason>[^]+?)\.?$/,
    read: says('ssh.forward', 'failure', { kind: 'X11' }),
  },
  // authentication forwarding requested twice.        agent forwarding disabled
  { starts: 'authentication forwarding requested twice', pattern: /^(?<reason>[^]+?)\.?$/, read: refusedForward },
  // Allocated listen port 44321 for remote forward to 127.0.0.1:80
  {
    starts: ['Allocated port ', 'Local forwarding listening on '],
    pattern:
      /^(?:Allocated port (?<listenPort>\d{1,5}) for remote forward[^]*|Local forwarding listening on (?<listenHost>\S+) port (?<port2>\d{1,5})\.)$/,
    read: ({ port2, listenPort = port2, listenHost }) => forwardTo({ listenPort, listenHost }, 'success'),
  },
  // Environment and uid trouble of the login itself: Failed to set uids to 1000.        set_id(alice) Failed        syslogin_perform_logout: logout() returned an error
  {
    starts: [
      'Failed to set uids ',
      'set_id(',
      'Login incorrect',
      'Writing login record failed for ',
      'Attempt to write login records',
      'syslogin_',
      'utmp_',
      'wtmp_',
      'lastlog_',
      'record_login: ',
      'login_',
    ],
    pattern: /^(?<reason>[^]+)$/,
    read: failed,
  },
];

/** What a forwarding was to reach, or where it was to listen. */
function forwardTo(groups: Groups, outcome: LogLine | 'success'): Reading {
  const { toPort, originatorPort, listenPort, ...others } = groups;
  return reading('ssh.forward', outcome === 'success' ? 'success' : 'failure', others, {
    toPort: toPort === undefined ? undefined : Number(toPort),
    originatorPort: originatorPort === undefined ? undefined : Number(originatorPort),
    listenPort: listenPort === undefined ? undefined : Number(listenPort),
  });
}
