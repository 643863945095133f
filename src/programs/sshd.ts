/**
 * OpenSSH's server and its SFTP server.
 * {@link https://github.com/openssh/openssh-portable/tree/V_10_0_P1 | sshd.c, sshd-session.c, auth.c, packet.c, session.c, sftp-server.c}, and back to 5.x.
 *
 * User names, certificate ids, versions and reasons are the client's words: they may hold what looks like the rest of a
 * message. sshd writes the address behind them, so it is looked for from the right.
 */
import type { Memory } from './memory.js';
import type { LogLine, Program, ProgramReader, Reading } from './program.js';
import { readByRules } from './rules.js';
import { attemptRules } from './sshd/attempts.js';
import { connectionRules } from './sshd/connection.js';
import { readCut } from './sshd/cut.js';
import { daemonRules } from './sshd/daemon.js';
import { unwrap, type Unwrapped } from './sshd/envelope.js';
import { fileRules } from './sshd/files.js';
import { readFailure } from './sshd/functions.js';
import { keyRules } from './sshd/keys.js';
import { readLogin } from './sshd/login.js';
import { protocolRules } from './sshd/protocol.js';
import { readUsual } from './sshd/remote.js';
import { sessionRules } from './sshd/session.js';
import { Tracker } from './sshd/tracker.js';

const readRule = readByRules([
  ...connectionRules,
  ...attemptRules,
  ...keyRules,
  ...sessionRules,
  ...fileRules,
  ...protocolRules,
  ...daemonRules,
]);

/** How far from the end a client's address stands that a cut can have taken away or faked (characters). */
const TAIL = 120;

const VERSION = /^(?:Client|Remote) protocol version /;

function sshdReader(memory: Memory): ProgramReader {
  const tracker = new Tracker(memory);
  return {
    read(line) {
      const said = unwrap(line.message);
      const reading = readText(line, said, tracker);
      if (reading === undefined) return said.level === undefined ? undefined : { action: 'log.message', details: { level: said.level } };
      const childPid = reading.details?.['childPid'];
      if (reading.action === 'ssh.session' && typeof childPid === 'number') tracker.link(line, childPid);
      return tracker.complete(line, addEnvelope(reading, said));
    },
  };
}

function readText(line: LogLine, said: Unwrapped, tracker: Tracker): Reading | undefined {
  const { text, level, cut } = said;
  // What the developers print for themselves looks like messages, but tells of steps and not of happenings.
  if (level?.startsWith('debug') === true && !VERSION.test(text)) return undefined;
  const known = readLogin(text, () => tracker.clientOf(line), cut) ?? readUsual(text) ?? readRule(line, text);
  const reading = known ?? (cut ? readCut(text) : undefined) ?? readFailure(text, level);
  if (reading === undefined || !cut) return reading;
  // What stands at the end of a cut message is what the client made it end with.
  const { client, ...others } = reading;
  const place = client?.ip ?? client?.host;
  const faked = place !== undefined && text.lastIndexOf(place) > text.length - TAIL;
  return { ...(faked ? others : reading), details: { ...reading.details, truncated: true } };
}

function addEnvelope(reading: Reading, { level, stage }: Unwrapped): Reading {
  if (level === undefined && stage === undefined) return reading;
  const details: Record<string, unknown> = reading.details ?? {};
  if (level !== undefined) details['level'] = level;
  if (stage !== undefined) details['stage'] = stage;
  reading.details = details;
  return reading;
}

export const program: Program = {
  id: 'sshd',
  title: 'OpenSSH server',
  names: ['sshd', 'sshd-session', 'sshd-auth', 'internal-sftp', 'sftp-server'],
  reader: sshdReader,
};
