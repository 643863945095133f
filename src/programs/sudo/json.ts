/**
 * sudo's JSON messages (`Defaults log_format=json`): `@cee:{"sudo":{"accept":{"submituser":"deploy",…}}}`.
 * {@link https://github.com/sudo-project/sudo/blob/v1.9.13/lib/eventlog/eventlog.c | format_json()}
 */
import type { Action } from '../../model/action.js';
import { joinSudoCommand } from '../../formats/sudo.js';
import { instantOf } from '../../formats/time.js';
import type { Instant } from '../../model/event.js';
import type { Sink } from '../../model/parser.js';
import type { LogLine, Reading } from '../program.js';
import { present, ttyOf } from '../rules.js';
import { outcomeOf } from './record.js';

type Fields = Readonly<Record<string, unknown>>;

const kinds = new Map<string, { action: Action; outcome: (reason: string | undefined) => Reading['outcome'] }>([
  ['accept', { action: 'sudo.run', outcome: () => 'success' }],
  ['reject', { action: 'sudo.run', outcome: () => 'failure' }],
  ['alert', { action: 'sudo.run', outcome: (reason) => (reason === undefined ? undefined : outcomeOf(reason)) }],
  ['exit', { action: 'process.end', outcome: () => undefined }],
]);

/** One record: which kind it is, and its members. */
export interface SudoJson {
  readonly kind: string;
  readonly fields: Fields;
  /** The text ended before the record did. */
  readonly truncated: boolean;
}

/** Reads `{"accept":{…}}`, whole or cut short. */
export function parseSudoJson(json: string): SudoJson | undefined {
  const whole = parse(json, (value) => value);
  if (whole !== undefined) return { ...whole, truncated: false };
  const saved = salvage(json, (value) => value);
  return saved === undefined ? undefined : { ...saved, truncated: true };
}

/** A syslog message: `@cee:{"sudo":{"accept":{…}}}`. */
export function readSudoJson(line: LogLine, out: Sink): Reading | undefined {
  const json = line.message.slice('@cee:'.length).trimStart();
  const inside = (value: Fields): unknown => value.sudo;
  const whole = parse(json, inside);
  const found = whole ?? salvage(json, inside);
  const reading = found === undefined ? undefined : sudoJsonReading({ ...found, truncated: whole === undefined }, line.pid);
  if (reading !== undefined && whole === undefined) out.problem('truncated', CUT);
  return reading;
}

export const CUT = "sudo's JSON was cut off: only its beginning was read";

export function sudoJsonReading({ kind, fields, truncated }: SudoJson, pid?: number): Reading | undefined {
  const known = kinds.get(kind);
  if (known === undefined) return undefined;
  const reason = text(fields.reason) ?? text(fields.message);
  return {
    action: known.action,
    outcome: known.outcome(reason),
    actor: present({ user: text(fields.submituser) }),
    target: present({
      user: text(fields.runuser),
      group: text(fields.rungroup),
      uid: number(fields.runuid)?.toString(),
      gid: number(fields.rungid)?.toString(),
    }),
    process: processOf(fields, pid),
    details: present({
      reason,
      truncated: truncated ? true : undefined,
      uuid: text(fields.uuid),
      submitTime: sudoTime(fields.submit_time),
      host: text(fields.submithost),
      submitCwd: text(fields.submitcwd),
      chroot: text(fields.runchroot),
      rule: text(fields.source),
      peer: text(fields.peeraddr),
      ioLog: text(fields.iolog_path),
    }),
  };
}

/** sudo nests four deep. */
const MOST_NESTING = 16;

type Found = Pick<SudoJson, 'kind' | 'fields'>;

function parse(json: string, inside: (value: Fields) => unknown): Found | undefined {
  try {
    const [first] = Object.entries(record(inside(record(JSON.parse(json)) ?? {})) ?? {});
    const fields = first === undefined ? undefined : record(first[1]);
    return first === undefined || fields === undefined ? undefined : { kind: first[0], fields };
  } catch {
    // Cut off by the log daemon, or not JSON at all.
    return undefined;
  }
}

/** Members up to the last whole one: sudo writes the most important first. */
function salvage(json: string, inside: (value: Fields) => unknown): Found | undefined {
  let closers = '';
  let end = 0;
  let closersThere = '';
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const char = json[at] as string;
    if (inString) {
      if (char === '\\') at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{') closers = `}${closers}`;
    else if (char === '[') closers = `]${closers}`;
    else if (char === '}' || char === ']') closers = closers.slice(1);
    else if (char === ',') [end, closersThere] = [at, closers];
    if (closers.length > MOST_NESTING) return undefined;
  }
  return end === 0 ? undefined : parse(json.slice(0, end) + closersThere, inside);
}

function processOf(fields: Fields, pid: number | undefined): Reading['process'] {
  const exe = text(fields.command);
  const args = Array.isArray(fields.runargv) ? fields.runargv.filter((arg): arg is string => typeof arg === 'string') : undefined;
  const signal = text(fields.signal);
  return {
    name: exe?.slice(exe.lastIndexOf('/') + 1),
    exe: exe?.startsWith('/') === true ? exe : undefined,
    args,
    commandLine: args === undefined ? exe : joinSudoCommand([exe ?? args[0] ?? '', ...args.slice(1)]),
    cwd: text(fields.runcwd) ?? text(fields.submitcwd),
    tty: ttyOf(text(fields.ttyname)),
    exitCode: number(fields.exit_value),
    signal: signal === undefined || signal.startsWith('SIG') ? signal : `SIG${signal}`,
    parent: { name: 'sudo', pid },
  };
}

/** `{"seconds":1795530991,"nanoseconds":802023228,…}` */
export function sudoTime(value: unknown): Instant | undefined {
  const time = record(value);
  const seconds = number(time?.seconds);
  const nanos = number(time?.nanoseconds) ?? 0;
  return seconds === undefined || nanos < 0 || nanos > 999_999_999 ? undefined : instantOf(seconds, nanos);
}

function record(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}
