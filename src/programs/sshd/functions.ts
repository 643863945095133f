/**
 * Errors that name the function they happened in: `kex_input_kexinit: discard proposal: string is too large`.
 * The function tells what kind of trouble it is, whatever the words.
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/log.h | error_f(), fatal_f(), fatal_fr()}
 */
import type { Action } from '../../model/action.js';
import type { Reading } from '../program.js';

// mm_request_receive: read: rtype 4 != type 6        do_log_in_monitor [postauth]: text
const NAMED = /^(?<function>[a-z_][\w-]{2,60})(?: \[\w{4,8}\])?: (?<reason>[^]+)$/;

/** How functions' names begin, the longer ones first. */
const KINDS: readonly (readonly [string, Action])[] = [
  ['userauth_', 'ssh.key'],
  ['user_key', 'ssh.key'],
  ['user_cert', 'ssh.key'],
  ['match_principals', 'ssh.key'],
  ['auth_', 'ssh.key'],
  ['sshkey_', 'ssh.key'],
  ['key_', 'ssh.key'],
  ['input_userauth', 'auth.check'],
  ['sshpam_', 'auth.check'],
  ['pam_', 'auth.check'],
  ['kex', 'ssh.protocol'],
  ['ssh_packet_', 'ssh.protocol'],
  ['packet_', 'ssh.protocol'],
  ['sshpkt_', 'ssh.protocol'],
  ['ssh_dispatch', 'ssh.protocol'],
  ['dispatch_', 'ssh.protocol'],
  ['input_', 'ssh.protocol'],
  ['cipher_', 'ssh.protocol'],
  ['mac_', 'ssh.protocol'],
  ['choose_', 'ssh.protocol'],
  ['ssh_set_newkeys', 'ssh.protocol'],
  ['buffer_', 'ssh.protocol'],
  ['channel_', 'ssh.forward'],
  ['channels_', 'ssh.forward'],
  ['connect_', 'ssh.forward'],
  ['server_request_', 'ssh.forward'],
  ['server_input_global', 'ssh.forward'],
  ['x11_', 'ssh.forward'],
  ['unix_listener', 'ssh.forward'],
  ['session_', 'ssh.session'],
  ['do_exec', 'ssh.session'],
  ['do_child', 'ssh.session'],
  ['safely_chroot', 'ssh.session'],
  ['pty_', 'ssh.session'],
  ['process_', 'ssh.file'],
];

/** Messages that name none: trouble of the daemon or of the machine, of which only the level says that it matters. */
export function readFailure(text: string, level: string | undefined): Reading | undefined {
  if (level !== 'error' && level !== 'fatal') return undefined;
  const groups = NAMED.exec(text)?.groups;
  const name = groups?.['function'] ?? '';
  const action = KINDS.find(([begin]) => name.startsWith(begin))?.[1] ?? 'ssh.daemon';
  const details = groups === undefined ? { reason: text } : { function: name, reason: groups['reason'] };
  return { action, outcome: 'failure', details };
}
