/**
 * PAM, in whichever program's name its modules speak: `pam_unix(sshd:auth): authentication failure; …`.
 * {@link https://github.com/linux-pam/linux-pam/blob/v1.7.0/libpam/pam_syslog.c | pam_vsyslog()}
 */
import { detach } from '../formats/bytes.js';
import type { Memory } from './memory.js';
import { attribute, NOTHING, toldOf, type Origin, type Told } from './pam/reading.js';
import { pamRules } from './pam/rules.js';
import { readUsual } from './pam/usual.js';
import type { LogLine, Program, ProgramReader, Reading } from './program.js';
import { readByRules } from './rules.js';
import { Tracker } from './sshd/tracker.js';

const LOWER_P = 112;
const UPPER_P = 80;
const BRACKET = 40;

// pam_unix(sshd:auth): text        pam_krb5[4711]: text        pam_ldap: text        pam_unix(gdm-password:session): text
const HEAD = /^(?<module>pam_\w{1,40})(?:\((?<service>[^:()]{0,64})(?::(?<phase>[\w-]{1,20}))?\))?(?:\[\d{1,10}\])?: /;
// (pam_unix) text        (pam_unix)[4711]: text
const OLD_HEAD = /^\((?<module>pam_\w{1,40})\)(?:\[\d{1,10}\]:)? /;
// sshd(pam_unix)[4711]: text
const OLD_TAG = /^(?<service>[^()]{1,64})\((?<module>pam_\w{1,40})\)$/;
// PAM (sshd) illegal module type: auht        PAM 2 more authentication failures; …
const LIBRARY = /^PAM[ -](?:\((?<service>[^)]{1,64})\) )?/;

/** Functions of the library, not modules: who calls them reports them. */
const FUNCTIONS =
  /^pam_(?:authenticate|acct_mgmt|setcred|open_session|close_session|chauthtok|start|end|putenv|getenv|set_item|get_item|get_user|parse)$/;

/** The daemon's PAM lines belong to its connections. */
const SSH: ReadonlySet<string> = new Set(['sshd', 'sshd-session', 'sshd-auth']);

const readRule = readByRules(pamRules);

function readByRule(line: LogLine, text: string): Told | undefined {
  const reading = readRule(line, text);
  return reading === undefined ? undefined : toldOf(reading);
}

function pamReader(memory: Memory): ProgramReader {
  const tracker = new Tracker(memory);
  return {
    read(line) {
      const origin = originOf(line);
      if (origin === undefined) return undefined;
      const text = line.message.slice(origin.length);
      const told = readUsual(text) ?? readByRule(line, text);
      if (told === undefined && origin.module === undefined) return undefined;
      const reading = attribute(line, told ?? NOTHING, origin);
      const program = origin.tagged === true ? origin.service : line.program;
      if (program === undefined || !SSH.has(program)) return reading;
      return origin.tagged === true
        ? tracker.complete({ ...line, program }, withName(reading, line, program))
        : tracker.complete(line, reading);
    },
  };
}

interface Found extends Origin {
  /** Characters in front of the text. */
  readonly length: number;
  /** The module stands in the program's name, not in the message. */
  readonly tagged?: boolean;
}

function originOf({ message, program }: LogLine): Found | undefined {
  const tag = program?.endsWith(')') === true ? OLD_TAG.exec(program)?.groups : undefined;
  if (tag !== undefined) return { module: tag['module'], service: tag['service'], length: 0, tagged: true };
  if (program === 'unix_chkpwd' || program === 'unix_update' || program === 'unix2_chkpwd') return { module: program, length: 0 };
  const usual = usualHead(message);
  if (usual !== undefined) return usual;
  const head = HEAD.exec(message) ?? OLD_HEAD.exec(message);
  if (head === null) {
    const library = LIBRARY.exec(message);
    return library === null ? undefined : { service: library.groups?.['service'], length: library[0].length };
  }
  const { module = '', service, phase } = head.groups ?? {};
  return FUNCTIONS.test(module) ? undefined : { module, service, phase, length: head[0].length };
}

/** Heads already taken apart: there are few. */
const heads = new Map<string, Found>();
const HEADS = 256;
/** Longest head looked for (characters). */
const LONGEST_HEAD = 128;

/** `pam_unix(sshd:auth): ` */
function usualHead(message: string): Found | undefined {
  const end = message.indexOf('): ');
  if (end < 0 || end > LONGEST_HEAD) return undefined;
  const text = message.slice(0, end + 3);
  const known = heads.get(text);
  if (known !== undefined) return known;
  const match = HEAD.exec(text);
  const { module, service, phase } = match?.groups ?? {};
  if (module === undefined || match?.[0].length !== text.length || FUNCTIONS.test(module)) return undefined;
  const found: Found = { module: detach(module), service: detachAny(service), phase: detachAny(phase), length: text.length };
  if (heads.size >= HEADS) heads.clear();
  heads.set(detach(text), found);
  return found;
}

function detachAny(text: string | undefined): string | undefined {
  return text === undefined ? undefined : detach(text);
}

/** `sshd(pam_unix)` is sshd. */
function withName(reading: Reading, { pid }: LogLine, name: string): Reading {
  return reading.process === undefined ? { ...reading, process: { name, pid } } : reading;
}

export const program: Program = {
  id: 'pam',
  title: 'PAM modules, in any program',
  names: ['unix_chkpwd', 'unix_update', 'unix2_chkpwd', 'pam_unix', 'pam_timestamp_check'],
  claims({ message, program }) {
    switch (message.charCodeAt(0)) {
      case LOWER_P:
        return message.startsWith('pam_');
      case UPPER_P:
        return message.startsWith('PAM ');
      case BRACKET:
        return message.startsWith('(pam_');
      default:
        return program !== undefined && program.charCodeAt(program.length - 1) === 41 && program.includes('(pam_');
    }
  },
  reader: pamReader,
};
