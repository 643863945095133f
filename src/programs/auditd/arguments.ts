/** The words of a command: EXECVE records (cut into chunks when long) and PROCTITLE. */
import { trimNuls } from '../../formats/audit/sockaddr.js';
import { RawFields, decodeHex, decodeUntrusted, type Fields } from '../../formats/audit/fields.js';
import { interpretedText } from '../../formats/audit/interpreted-fields.js';
import type { Joined } from './joined.js';

export interface Command {
  readonly args: readonly string[];
  /** Why not all is there. */
  readonly fault?: string;
}

/** Arguments kept of one command; a kernel takes far fewer in practice. */
const MOST = 100_000;

const execve = new RawFields();

/**
 * `argc=3 a0="ls" a1=2D6C…`; long ones as `a1_len=9000 a1[0]=… a1[1]=…`, the chunks in records of their own.
 * {@link https://github.com/torvalds/linux/blob/v6.1/kernel/auditsc.c#L1246 | audit_log_execve_info()}
 */
export function commandOf(joined: Joined): Command | undefined {
  const first = joined.types.indexOf('EXECVE');
  if (first < 0) return undefined;
  const args: string[] = [];
  let argc = -1;
  let chunks: Map<number, string[]> | undefined;
  for (let i = first; i < joined.types.length; i++) {
    if (joined.types[i] !== 'EXECVE') continue;
    const fields = joined.fields(i, execve);
    for (let field = 0; field < fields.size; field++) {
      const key = keyOf(fields, field);
      if (key.index < 0 || key.index >= MOST) {
        if (argc < 0 && key.index < 0 && fields.keyAt(field) === 'argc') argc = Number(fields.get('argc'));
      } else if (key.chunk === undefined) args[key.index] = argumentAt(fields, field);
      else if (key.chunk >= 0 && key.chunk < MOST) {
        chunks ??= new Map();
        const parts = chunks.get(key.index) ?? [];
        parts[key.chunk] = rawAt(fields, field);
        chunks.set(key.index, parts);
      }
    }
  }
  if (chunks !== undefined) for (const [index, parts] of chunks) args[index] = joinChunks(parts);
  return { args: filled(args), fault: faultOf(args, argc, chunks) };
}

interface Key {
  /** -1: no argument. */
  readonly index: number;
  /** Absent: the whole argument. -1: none that is known. */
  readonly chunk?: number;
}

const WHOLE: Key[] = Array.from({ length: 256 }, (_, index) => ({ index }));
const NO_KEY: Key = { index: -1 };
// a12      a12[3]      not: argc, a12_len
const KEY = /^a(?<index>\d{1,7})(?:\[(?<chunk>\d{1,7})\])?$/;

function keyOf(fields: Fields, at: number): Key {
  if (fields instanceof RawFields) {
    const first = fields.keyCode(at, 1) - 48;
    if (fields.keyCode(at, 0) !== 97 /* a */ || !(first >= 0 && first <= 9)) return NO_KEY;
    const second = fields.keyCode(at, 2) - 48;
    if (Number.isNaN(second)) return WHOLE[first] as Key;
    if (second >= 0 && second <= 9 && Number.isNaN(fields.keyCode(at, 3))) return WHOLE[first * 10 + second] as Key;
  }
  const groups = KEY.exec(fields.keyAt(at))?.groups;
  if (groups === undefined) return NO_KEY;
  return { index: Number(groups['index']), chunk: groups['chunk'] === undefined ? undefined : Number(groups['chunk']) };
}

/** An argument may be empty or say `(null)`: in quotes it is text like any other. */
function argumentAt(fields: Fields, index: number): string {
  if (fields instanceof RawFields) {
    const written = fields.valueAt(index);
    return fields.isQuoted(index) ? written : (decodeUntrusted(written) ?? written);
  }
  return fields.textAt(index) ?? '';
}

/** A chunk stays as written: a character may be cut in two by it. */
function rawAt(fields: Fields, index: number): string {
  if (fields instanceof RawFields) return fields.isQuoted(index) ? `"${fields.valueAt(index)}` : fields.valueAt(index);
  return `"${fields.textAt(index) ?? ''}`;
}

/** All chunks of an argument are written the same way: in hex, or all quoted. */
function joinChunks(parts: readonly (string | undefined)[]): string {
  const present = parts.filter((part) => part !== undefined);
  if (present.some((part) => part.startsWith('"'))) return present.map((part) => (part.startsWith('"') ? part.slice(1) : part)).join('');
  const hex = present.join('');
  return decodeHex(hex) ?? hex;
}

/** Those that are there: a record may claim an argument 99999 without the ones before it. */
function filled(args: readonly (string | undefined)[]): string[] {
  return args.includes(undefined) ? args.filter((argument) => argument !== undefined) : (args as string[]);
}

function faultOf(
  args: readonly (string | undefined)[],
  argc: number,
  chunks: ReadonlyMap<number, readonly unknown[]> | undefined,
): string | undefined {
  if (argc >= 0 && args.length < argc) return `argc says ${argc} arguments, ${args.length} are there`;
  if (args.includes(undefined)) return 'arguments are missing between others';
  if (chunks !== undefined)
    for (const [index, parts] of chunks) if (parts.includes(undefined)) return `argument ${index} is missing a piece`;
  return undefined;
}

/** `proctitle=6C73002D6C`: words with NULs between them, cut at 128 bytes. */
export function titleOf(joined: Joined): string | undefined {
  const fields = joined.of('PROCTITLE', execve);
  if (fields === undefined) return undefined;
  const title = fields.interpreted ? interpretedText(fields.get('proctitle') ?? '(null)') : fields.text('proctitle');
  return title === undefined ? undefined : trimNuls(title).replaceAll('\0', ' ');
}
