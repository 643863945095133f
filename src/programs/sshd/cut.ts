/** Messages whose end did not fit: how they begin tells what they are, and the rest is in other lines of the connection. */
import type { Action } from '../../model/action.js';
import type { Reading } from '../program.js';
import type { Outcome } from './reading.js';

const KINDS: readonly (readonly [begin: string, action: Action, outcome?: Outcome])[] = [
  ['Connection closed by ', 'ssh.disconnect'],
  ['Connection reset by ', 'ssh.disconnect'],
  ['Connection from ', 'ssh.disconnect'],
  ['Disconnected from ', 'ssh.disconnect'],
  ['Disconnecting ', 'ssh.disconnect'],
  ['Received disconnect from ', 'ssh.disconnect'],
  ['Invalid user ', 'ssh.login', 'failure'],
  ['maximum authentication attempts exceeded for ', 'ssh.login', 'failure'],
  ['input_userauth_request: invalid user ', 'ssh.login', 'failure'],
  ['PAM: ', 'auth.check', 'failure'],
  ['public key ', 'ssh.key', 'failure'],
  ['Accepted key ', 'ssh.key', 'success'],
  ['Accepted certificate ', 'ssh.key', 'success'],
  ['Certificate ', 'ssh.key', 'failure'],
  ['Unable to negotiate with ', 'ssh.protocol', 'failure'],
  ['Bad protocol version identification ', 'ssh.protocol', 'failure'],
  ['Bad remote protocol version identification', 'ssh.protocol', 'failure'],
  ['kex_exchange_identification: ', 'ssh.protocol', 'failure'],
  ['Client protocol version ', 'ssh.protocol'],
  ['Starting session: ', 'ssh.session', 'success'],
  ['subsystem request for ', 'ssh.session'],
  ['Received request ', 'ssh.forward', 'failure'],
  ['refused ', 'ssh.forward', 'failure'],
];

/** `open "/a/very/long/path…`, `posix-rename old "/a…` */
const OPERATION =
  /^(?:forced )?(?<operation>open|close|opendir|closedir|remove|rename|posix-rename|symlink|hardlink|mkdir|rmdir|set|l?stat|realpath|readlink|statvfs|fsync)(?: name| old)? "/;

export function readCut(text: string): Reading | undefined {
  const kind = KINDS.find(([begin]) => text.startsWith(begin));
  if (kind !== undefined) return { action: kind[1], outcome: kind[2] };
  const operation = OPERATION.exec(text)?.groups?.['operation'];
  return operation === undefined ? undefined : { action: 'ssh.file', details: { operation } };
}
