/**
 * sudo: who ran what as whom, and who was not let.
 * {@link https://github.com/sudo-project/sudo/blob/v1.9.13/plugins/sudoers/logging.c | log_allowed(), log_denial(), log_auth_failure()}
 *
 * sudo cuts a line longer than `syslog_maxlen` (980 bytes) at a blank into several messages. Nothing in the first says
 * that more will come, so every line waits for the next one of the same caller.
 */
import { detach } from '../formats/bytes.js';
import { hasSudoFields, parseSudoRecord, parseSudoText } from '../formats/sudo.js';
import type { Held, Sink } from '../model/parser.js';
import { toDraft } from './draft.js';
import { TAKEN, type LogLine, type Program, type ProgramReader, type Reading } from './program.js';
import { readSudoJson } from './sudo/json.js';
import { readSudoRecord } from './sudo/record.js';
import { newRuns } from './sudo/runs.js';

/** A line that may go on. */
interface Pending {
  readonly line: LogLine;
  readonly at: Held;
  readonly caller: string;
  readonly texts: string[];
  readonly also: Held[];
}

/** Callers whose last line waits; the one waiting for longest goes first. */
const CALLERS = 256;
/** Parts of one line: sudo's own limit on a command is 128 KiB. */
const PARTS = 256;
/** Accepted commands whose `EXIT=` line may follow (`log_exit_status`). */
const ACCEPTED = 4096;

export const program: Program = {
  id: 'sudo',
  title: 'sudo',
  names: ['sudo', 'sudoedit'],
  reader: sudoReader,
};

function sudoReader(): ProgramReader {
  const waiting = new Map<string, Pending>();
  const accepted = new Set<string>();
  const runs = newRuns();

  const finish = (key: string, pending: Pending, out: Sink): void => {
    waiting.delete(key);
    const text = joinParts(pending);
    const reading = readExit(pending, text, accepted) ?? readText(pending, text);
    if (reading?.action === 'sudo.run' && reading.outcome === 'success') remember(accepted, acceptedKey(pending, text));
    const { line } = pending;
    const whole = pending.also.length === 0 ? line : { ...line, recorded: undefined, message: `${pending.caller} : ${text}` };
    out.event(toDraft(whole, reading), pending.at, pending.also);
  };

  return {
    read(line, out) {
      if (line.message.startsWith('@cee:')) {
        const reading = readSudoJson(line, out);
        return reading === undefined ? undefined : runs.complete(reading);
      }
      const said = parseSudoText(line.message);
      if (said === undefined) return undefined;
      const key = `${line.host ?? ''}\0${line.pid ?? ''}\0${said.caller}`;
      const pending = waiting.get(key);
      if (said.continued) {
        if (pending === undefined || pending.texts.length >= PARTS) return orphan(said.caller);
        pending.texts.push(detach(said.text));
        pending.also.push(out.hold());
        return TAKEN;
      }
      if (pending !== undefined) finish(key, pending, out);
      if (!hasSudoFields(said.text)) return readComplaint(said.caller, said.text);
      if (waiting.size >= CALLERS) finish(...(waiting.entries().next().value as [string, Pending]), out);
      waiting.set(detach(key), { line, at: out.hold(), caller: said.caller, texts: [said.text], also: [] });
      return TAKEN;
    },
    end(out) {
      for (const [key, pending] of [...waiting]) finish(key, pending, out);
    },
  };
}

/** Bytes of `(command continued) `: by so much less of the text fits into each later message. */
const LATER = 20;
const encoder = new TextEncoder();

/**
 * sudo cuts at the last blank that fits, and inside a word only when there is none. So a part without blanks that is as
 * long as messages get here was cut inside a word; all others were cut at a blank.
 */
function joinParts({ texts }: Pending): string {
  let text = texts[0] ?? '';
  if (texts.length === 1) return text;
  const sizes = texts.map((part, i) => encoder.encode(part).length - (i === 0 ? LATER : 0));
  const room = Math.max(...sizes);
  for (let i = 1; i < texts.length; i++) {
    const insideWord = i > 1 && sizes[i - 1] === room && !(texts[i - 1] as string).includes(' ');
    text += insideWord ? (texts[i] as string) : ` ${texts[i] as string}`;
  }
  return text;
}

function readText({ line, caller }: Pending, text: string): Reading | undefined {
  const record = parseSudoRecord(caller, text);
  // The envelope's host wins: sudo's own log file has none.
  return record === undefined ? undefined : { ...readSudoRecord(record, line.pid), host: line.host ?? record.host };
}

// /usr/bin/id ; EXIT=0
// /usr/bin/sleep 60 ; SIGNAL=TERM ; EXIT=143
const EXIT =
  / ; (?:SIGNAL=(?<signal>[A-Z0-9+-]{1,16})|EXIT=(?<code>\d{1,3})|SIGNAL=(?<both>[A-Z0-9+-]{1,16}) ; EXIT=(?<bothCode>\d{1,3}))$/;

/** An end is told of by repeating the accepted line: without that line, ` ; EXIT=0` is an argument like any other. */
function readExit(pending: Pending, text: string, accepted: Set<string>): Reading | undefined {
  const match = EXIT.exec(text);
  if (match?.groups === undefined) return undefined;
  const start = text.slice(0, match.index);
  if (!accepted.delete(acceptedKey(pending, start))) return undefined;
  const run = readText(pending, start);
  if (run === undefined) return undefined;
  const { signal = match.groups.both, code = match.groups.bothCode } = match.groups;
  const ended = { ...run.process, exitCode: code === undefined ? undefined : Number(code), signal: signal && `SIG${signal}` };
  return { ...run, action: 'process.end', outcome: undefined, process: ended };
}

function acceptedKey({ line, caller }: Pending, text: string): string {
  return `${line.host ?? ''}\0${caller}\0${text}`;
}

function remember(accepted: Set<string>, key: string): void {
  if (key.length > 8192) return;
  if (accepted.size >= ACCEPTED) accepted.delete(accepted.values().next().value as string);
  accepted.add(detach(key));
}

function orphan(caller: string): Reading {
  return { action: 'sudo.run', actor: { user: caller }, details: { continuation: true } };
}

// alice : /etc/sudoers.d/zz:1:15: syntax error
// deploy : unable to open /run/sudo/ts/deploy : Permission denied
function readComplaint(caller: string, text: string): Reading | undefined {
  if (!/^[\w.@$\\+-]{1,64}$/.test(caller)) return undefined;
  return { action: 'log.message', actor: { user: caller }, details: { reason: text } };
}
