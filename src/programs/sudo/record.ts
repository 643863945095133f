/** What one complete sudo line says. */
import { splitSudoCommand, unescapeSudo, type SudoFields, type SudoRecord } from '../../formats/sudo.js';
import type { Process } from '../../model/event.js';
import type { Reading } from '../program.js';
import { present, ttyOf } from '../rules.js';

/** With these, nothing was run. Any other reason may be a warning before a run: then the outcome is not known. */
const REFUSED =
  /^(?:command not allowed|user NOT (?:in sudoers|authorized on host)|\d{1,9} incorrect password attempts?|a password is required|no tty|sorry, |user not allowed to |you are not (?:permitted|allowed) to |unknown (?:user|group|uid)|account validation failure|Account expired|Password expired|PAM (?:account management|authentication) error|authentication failure|approval failed|invalid (?:shell|authentication)|no valid sudoers|command in current directory|too many levels|sudoedit doesn't need|timed out reading password|hostname mismatch)/;
const ATTEMPTS = /^(?<attempts>\d{1,9}) incorrect password attempt/;
/** Requests that run nothing. {@link https://www.sudo.ws/docs/man/sudo.man/ | sudo -l, -v} */
const REQUEST = /^(?<request>list|validate)(?: (?<about>[^]+))?$/;

/** What a reason means for the command; none: it ran. */
export function outcomeOf(reason: string | undefined): Reading['outcome'] {
  return reason === undefined ? 'success' : REFUSED.test(reason) ? 'failure' : undefined;
}

export function readSudoRecord(record: SudoRecord, pid: number | undefined): Reading {
  const { reason } = record;
  const outcome = outcomeOf(reason);
  if (!record.command && outcome !== 'failure')
    return { action: 'log.message', actor: { user: record.caller }, details: present({ reason }) };
  const request = record.command === undefined ? undefined : REQUEST.exec(record.command)?.groups;
  return {
    action: 'sudo.run',
    outcome,
    actor: { user: record.caller },
    target: present({ user: record.user, group: record.group }),
    process: request === undefined ? commandProcess(record, pid) : { name: 'sudo', pid, cwd: cwdOf(record.cwd), tty: ttyOf(record.tty) },
    details: present({
      reason,
      attempts: numberOf(ATTEMPTS.exec(reason ?? '')?.groups?.attempts),
      request: request?.request,
      about: request?.about,
      chroot: record.chroot,
      host: record.host,
      ioLog: record.ioLog,
      env: record.env,
      otherReadings: record.otherReadings?.map((reading) => present({ ...reading })),
    }),
  };
}

function commandProcess(fields: SudoFields, pid: number | undefined): Process {
  const place = { cwd: cwdOf(fields.cwd), tty: ttyOf(fields.tty), parent: { name: 'sudo', pid } };
  const { command } = fields;
  if (command === undefined || command === '') return place;
  const space = command.indexOf(' ');
  const first = unescapeSudo(space < 0 ? command : command.slice(0, space));
  return {
    name: first.slice(first.lastIndexOf('/') + 1),
    exe: first.startsWith('/') ? first : undefined,
    args: splitSudoCommand(command),
    commandLine: command,
    ...place,
  };
}

function cwdOf(text: string | undefined): string | undefined {
  return text === undefined || text === 'unknown' ? undefined : text;
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
