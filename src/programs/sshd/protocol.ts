/**
 * Talk that is no SSH, or that breaks its rules: scanners, wrong versions, nothing in common, damaged packets.
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/kex.c | kex_exchange_identification()},
 * {@link https://github.com/openssh/openssh-portable/blob/V_7_4_P1/sshd.c | sshd_exchange_identification()}
 */
import type { Rule } from '../rules.js';
import { reading, says } from './reading.js';

const broken = says('ssh.protocol', 'failure');

export const protocolRules: readonly Rule[] = [
  // Unable to negotiate with 203.0.113.9 port 4711: no matching host key type found. Their offer: ssh-dss,ssh-rsa
  {
    starts: 'Unable to negotiate with ',
    pattern:
      /^Unable to negotiate with (?:(?<status>authenticating |invalid )?user (?<user>[^]*) )?(?<ip>\S+)(?: port (?<port>\d{1,5}))?: (?<reason>no matching [A-Za-z][\w ]*)\. Their offer: (?<offer>\S*)$/,
    read: broken,
  },
  // no matching cipher found: client aes128-cbc server aes256-ctr        no kex alg        no hostkey alg
  {
    starts: ['no matching ', 'no kex alg', 'no hostkey alg'],
    pattern:
      /^(?<reason>no matching [A-Za-z][\w ]*|no kex alg|no hostkey alg)(?:: client (?<offer>\S*) server (?<served>\S*)|\. Their offer: (?<theirs>\S*))?$/,
    read: ({ theirs, offer = theirs, ...groups }) => reading('ssh.protocol', 'failure', { ...groups, offer }),
  },
  // Did not receive identification string from 203.0.113.9 port 4711        before 6.9 without port
  {
    starts: 'Did not receive identification string from ',
    pattern: /^Did not receive identification string from (?<ip>\S+)(?: port (?<port>\d{1,5}))?$/,
    read: says('ssh.protocol', 'failure', { reason: 'no identification' }),
  },
  // Bad protocol version identification 'GET / HTTP/1.1' from 203.0.113.9 port 4711        (7.x; the text is the client's)
  {
    starts: 'Bad protocol version identification ',
    pattern: /^Bad protocol version identification '(?<clientVersion>[^]*)' from (?<ip>\S+)(?: port (?<port>\d{1,5}))?$/,
    read: says('ssh.protocol', 'failure', { reason: 'bad identification' }),
  },
  // Bad remote protocol version identification: 'SSH-a'
  {
    starts: 'Bad remote protocol version identification',
    pattern: /^Bad remote protocol version identification: '(?<clientVersion>[^]*)'$/,
    read: says('ssh.protocol', 'failure', { reason: 'bad identification' }),
  },
  // Protocol major versions differ: 2 vs. 1        7.x: Protocol major versions differ for 203.0.113.9 port 4711: SSH-2.0-OpenSSH_7.4 vs. SSH-1.5-x
  {
    starts: 'Protocol major versions differ',
    pattern:
      /^(?<reason>Protocol major versions differ)(?: for (?<ip>\S+?)(?: port (?<port>\d{1,5}))?)?: (?<serverVersion>[^]*?) vs\. (?<clientVersion>[^]*)$/,
    read: broken,
  },
  // scanned from 203.0.113.9 with SSH-1.0-SSH_Version_Mapper.  Don't panic.        probed from 203.0.113.9 port 4711 with x. Don't panic.
  {
    starts: ['scanned from ', 'probed from '],
    pattern: /^(?<reason>scanned|probed) from (?<ip>\S+)(?: port (?<port>\d{1,5}))? with (?<clientVersion>[^]*?)\. {1,2}Don't panic\.$/,
    read: broken,
  },
  // kex_exchange_identification: client sent invalid protocol identifier "GET / HTTP/1.1"
  {
    starts: 'kex_exchange_identification: client sent invalid',
    pattern: /^kex_exchange_identification: client sent invalid protocol identifier "(?<clientVersion>[^]*)"$/,
    read: says('ssh.protocol', 'failure', { reason: 'bad identification' }),
  },
  // kex_exchange_identification: Connection closed by remote host        kex_exchange_identification: read: Connection reset by peer        … banner line too long
  {
    starts: ['kex_exchange_identification: ', 'ssh_exchange_identification: '],
    pattern: /^(?:kex|ssh)_exchange_identification: (?<reason>[^]*)$/,
    read: broken,
  },
  // Connection timed out during banner exchange        Could not write ident string to 203.0.113.9 port 4711
  {
    starts: ['Connection timed out during banner exchange', 'Could not write ident string'],
    pattern:
      /^(?:(?<reason>Connection timed out during banner exchange)|(?<unsent>Could not write ident string) to (?<ip>\S+)(?: port (?<port>\d{1,5}))?)$/,
    read: ({ unsent, reason = unsent, ...groups }) => reading('ssh.protocol', 'failure', { ...groups, reason }),
  },
  // Bad packet length 1349676916.        padding error: need 1349676900 block 8 mod 4        Corrupted MAC on input.        Corrupted check bytes on input.
  {
    starts: ['Bad packet length ', 'padding error', 'Corrupted ', 'Packet corrupt'],
    pattern:
      /^(?<reason>Bad packet length|padding error|Corrupted (?:MAC|check bytes|padlen)[^]*?|Packet corrupt)(?:(?: |: )(?<packetLength>\d{1,12})|: need [^]*)?\.?$/,
    read: ({ packetLength, ...groups }) =>
      reading('ssh.protocol', 'failure', groups, { packetLength: packetLength === undefined ? undefined : Number(packetLength) }),
  },
  // Finished discarding for 203.0.113.9 port 4711
  {
    starts: 'Finished discarding for ',
    pattern: /^(?<reason>Finished discarding) for (?<ip>\S+)(?: port (?<port>\d{1,5}))?$/,
    read: broken,
  },
  // Protocol error: expected packet type 21, got 30        kex protocol error: type 20 seq 5        dispatch_protocol_error: type 90 seq 3
  {
    starts: ['Protocol error', 'kex protocol error', 'dispatch_protocol_', 'Hm, ', 'Unknown packet type '],
    pattern:
      /^(?<reason>Protocol error[^]*|kex protocol error|dispatch_protocol_(?:error|ignore)|Hm, [^]*|Unknown packet type received[^]*)(?:: type (?<type>\d{1,3}) seq (?<sequence>\d{1,10}))?$/,
    read: broken,
  },
  // Client protocol version 2.0; client software version libssh2_1.9.0        Remote protocol version 2.0, remote software version OpenSSH_9.2p1
  {
    starts: ['Client protocol version ', 'Remote protocol version '],
    pattern: /^(?:Client|Remote) protocol version (?<protocol>[\d.]+)[;,] (?:client|remote) software version (?<clientVersion>[^]*)$/,
    read: says('ssh.protocol'),
  },
  // incoming seqnr wraps around        too many SSH2_MSG_EXT_INFO messages sent by peer        SSH2_MSG_EXT_INFO with too many entries, expected <=1024, received 2000
  {
    starts: [
      'incoming seqnr ',
      'outgoing seqnr ',
      'too many SSH2_MSG',
      'SSH2_MSG_',
      'strict KEX violation',
      'Unsupported KEX algorithm ',
      'bad service request ',
    ],
    pattern: /^(?<reason>[^]+)$/,
    read: broken,
  },
];
