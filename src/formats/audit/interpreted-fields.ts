/**
 * Fields of records that `ausearch -i` wrote: no quotes, so that a value may hold blanks and look like fields.
 * What an attacker chooses is therefore read between the fields the kernel puts around it, from the outside in.
 */
import { decodeUtf8 } from '../bytes.js';
import type { Fields } from './fields.js';

/** Free text goes from its key to the last of these keys (to the end, without any); fields behind it are sought from the right. */
const FREE: Readonly<Record<string, readonly (readonly [key: string, before: string])[]>> = {
  SYSCALL: [
    ['comm', 'exe'],
    ['exe', 'subj'],
    ['exe', 'key'],
  ],
  PATH: [
    ['name', 'inode'],
    ['name', 'nametype'],
  ],
  CWD: [['cwd', '']],
  PROCTITLE: [['proctitle', '']],
  TTY: [['data', '']],
  USER_TTY: [['data', '']],
  KERN_MODULE: [['name', '']],
  SOCKADDR: [['saddr', '']],
};

interface Place {
  readonly key: string;
  readonly value: string;
}

export class InterpretedFields implements Fields {
  readonly interpreted = true;
  private readonly places: readonly Place[];

  constructor(type: string, text: string) {
    const trimmed = text.trimEnd();
    const free = FREE[type]?.map(([key, before]) => cut(trimmed, key, before)).find((found) => found !== undefined);
    this.places =
      type === 'EXECVE'
        ? execArguments(trimmed)
        : free === undefined
          ? split(trimmed)
          : [...split(free.before), { key: free.key, value: free.value }, ...splitAfter(free)];
  }

  get size(): number {
    return this.places.length;
  }

  keyAt(index: number): string {
    return (this.places[index] as Place).key;
  }

  get(key: string): string | undefined {
    return this.places.find((place) => place.key === key)?.value;
  }

  text(key: string): string | undefined {
    const value = this.get(key);
    return value === undefined ? undefined : interpretedText(value);
  }

  textAt(index: number): string | undefined {
    return interpretedText((this.places[index] as Place).value);
  }
}

interface Cut {
  readonly before: string;
  readonly key: string;
  readonly value: string;
  readonly after: string;
}

function cut(text: string, key: string, last: string): Cut | undefined {
  const at = text.startsWith(`${key}=`) ? 0 : text.indexOf(` ${key}=`) + 1;
  if (at === 0 && !text.startsWith(`${key}=`)) return undefined;
  const from = at + key.length + 1;
  const end = last === '' ? text.length : text.lastIndexOf(` ${last}=`);
  return end < from ? undefined : { before: text.slice(0, at), key, value: text.slice(from, end), after: text.slice(end + 1) };
}

/** Behind a SYSCALL's `comm` stands `exe`, free text itself. */
function splitAfter({ key, after }: Cut): Place[] {
  const exe = key === 'comm' ? (cut(after, 'exe', 'subj') ?? cut(after, 'exe', 'key')) : undefined;
  return exe === undefined ? split(after) : [{ key: 'exe', value: exe.value }, ...split(exe.after)];
}

// uid=root auid=unset exe=/tmp/a b key=x      saddr={ saddr_fam=inet … }
const KEY = /(?<=^| )[A-Za-z][\w-]{0,40}=/g;

function split(text: string): Place[] {
  // A program's own message is one field.
  const message = text.indexOf("msg='");
  const keys = [...(message < 0 ? text : text.slice(0, message + 4)).matchAll(KEY)];
  return keys.map((match, i) => ({
    key: match[0].slice(0, -1),
    value: unwrap(text.slice(match.index + match[0].length, keys[i + 1]?.index ?? text.length).trimEnd()),
  }));
}

function unwrap(value: string): string {
  const first = value[0];
  return value.length > 1 && (first === '"' || first === "'") && value.endsWith(first) ? value.slice(1, -1) : value;
}

// argc=3 a0=ls a1=-l a2=/tmp/a b
function execArguments(text: string): Place[] {
  const places: Place[] = [];
  const first = / a(?<index>\d{1,7})=/.exec(` ${text}`)?.groups?.['index'];
  const argc = /^argc=(?<argc>\d{1,10})(?: |$)/.exec(text)?.groups?.['argc'];
  if (argc !== undefined) places.push({ key: 'argc', value: argc });
  if (first === undefined) return places;
  let index = Number(first);
  let from = text.startsWith(`a${index}=`) ? 0 : text.indexOf(` a${index}=`) + 1;
  for (;;) {
    const key = `a${index}`;
    const next = text.indexOf(` a${index + 1}=`, from + key.length + 1);
    places.push({ key, value: text.slice(from + key.length + 1, next < 0 ? undefined : next) });
    if (next < 0) return places;
    from = next + 1;
    index++;
  }
}

/** `a\\012b`: control characters and bytes outside ASCII come as three octal digits each. */
export function interpretedText(written: string): string | undefined {
  if (written === '(null)' || written === '?' || written === '(none)') return undefined;
  return written.includes('\\')
    ? written.replace(/(?:\\[0-3][0-7]{2})+/g, (run) =>
        decodeUtf8(Uint8Array.from(run.slice(1).split('\\'), (octal) => Number.parseInt(octal, 8))),
      )
    : written;
}
