/** Messages told apart by a table: one row per kind of message that a program writes. */
import type { LogLine, ProgramReader, Reading } from './program.js';

/** A regular expression's named groups. */
export type Groups = Readonly<Record<string, string | undefined>>;

export interface Rule {
  /** What the message begins with, for finding the few rules worth a regular expression. Absent: anything. */
  readonly starts?: string | readonly string[];
  readonly pattern: RegExp;
  /** @returns undefined when it is not such a message after all: the next rule is asked. */
  read(groups: Groups, line: LogLine): Reading | undefined;
}

const NO_GROUPS: Groups = {};

/** Reads a message, or a part of it, by the first rule that fits. */
export function readByRules(rules: readonly Rule[]): (line: LogLine, message?: string) => Reading | undefined {
  const byFirst = new Map<number, Rule[]>();
  const anywhere = rules.filter((rule) => rule.starts === undefined);
  const firsts = rules.flatMap((rule) => [rule.starts ?? []].flat()).map((text) => text.charCodeAt(0));
  for (const first of new Set(firsts)) {
    byFirst.set(
      first,
      rules.filter((rule) => rule.starts === undefined || [rule.starts].flat().some((text) => text.charCodeAt(0) === first)),
    );
  }
  return (line, message = line.message) => {
    for (const rule of byFirst.get(message.charCodeAt(0)) ?? anywhere) {
      const match = begins(message, rule.starts) ? rule.pattern.exec(message) : null;
      const reading = match === null ? undefined : rule.read(match.groups ?? NO_GROUPS, line);
      if (reading !== undefined) return reading;
    }
    return undefined;
  };
}

/** A program's reader that needs no memory. */
export function ruleReader(rules: readonly Rule[]): () => ProgramReader {
  const read = readByRules(rules);
  return () => ({ read: (line) => read(line) });
}

function begins(message: string, starts: string | readonly string[] | undefined): boolean {
  if (starts === undefined) return true;
  return typeof starts === 'string' ? message.startsWith(starts) : starts.some((text) => message.startsWith(text));
}

/** An object without the members that are undefined; undefined when none is left. */
export function present<T extends Record<string, unknown>>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } | undefined {
  const kept: Record<string, unknown> = {};
  let any = false;
  for (const key in members) {
    if (members[key] === undefined) continue;
    kept[key] = members[key];
    any = true;
  }
  return any ? (kept as { [K in keyof T]?: Exclude<T[K], undefined> }) : undefined;
}

/** Terminals are written with and without `/dev/`: here they go without. `none`, `unknown` and `?` are no terminals. */
export function ttyOf(text: string | undefined): string | undefined {
  if (text === undefined || text === '' || NO_TTY.has(text)) return undefined;
  return text.startsWith('/dev/') ? text.slice(5) : text;
}

const NO_TTY: ReadonlySet<string> = new Set(['none', 'unknown', 'notty', '???', '??', '?', '-', '(null)']);
