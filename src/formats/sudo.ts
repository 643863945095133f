/**
 * The line that sudo writes: `deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/usr/bin/id -u`.
 * {@link https://github.com/sudo-project/sudo/blob/v1.9.13/lib/eventlog/eventlog.c | new_logline(), do_syslog_sudo()}
 *
 * Users choose their working directory (`PWD=`), the arguments (`COMMAND=`) and sometimes the environment (`ENV=`),
 * and sudo does not escape ` ; `: a line may be readable in more than one way. Such a line says so.
 */

export interface SudoFields {
  readonly user?: string;
  readonly group?: string;
  readonly tty?: string;
  readonly cwd?: string;
  readonly chroot?: string;
  readonly host?: string;
  /** Id of the I/O log, `TSID=`. */
  readonly ioLog?: string;
  readonly env?: string;
  readonly command?: string;
}

export interface SudoRecord extends SudoFields {
  /** The user who called sudo. */
  readonly caller: string;
  /** Why sudo refused or complained: the text before the fields. */
  readonly reason?: string;
  /** Other readings that the same text allows, at most {@link READINGS}. */
  readonly otherReadings?: readonly SudoFields[];
}

/** `text` is everything behind `caller : `. */
export interface SudoText {
  readonly caller: string;
  readonly text: string;
  /** This is a later part of a line that was too long for one message. */
  readonly continued: boolean;
}

const READINGS = 8;
/** Hostile lines may repeat fields without end; further ones belong to the command. */
const MOST_TOKENS = 24;
const STEPS = 2000;

const names = {
  HOST: 'host',
  TTY: 'tty',
  CHROOT: 'chroot',
  PWD: 'cwd',
  CWD: 'cwd',
  USER: 'user',
  GROUP: 'group',
  TSID: 'ioLog',
  ENV: 'env',
  COMMAND: 'command',
} as const;
type Key = keyof typeof names;

/** The order in which every version writes them; equal numbers come in either order. */
const order: Readonly<Record<Key, number>> = {
  HOST: 0,
  TTY: 0,
  CHROOT: 1,
  PWD: 2,
  CWD: 2,
  USER: 3,
  GROUP: 4,
  TSID: 5,
  ENV: 5,
  COMMAND: 6,
};

/** Fields whose text the caller chooses freely: they may hold what looks like further fields. */
const FREE: ReadonlySet<string> = new Set(['PWD', 'CWD', 'CHROOT', 'ENV']);
/** Fields that a reading keeps when they are there. */
const NEEDED: ReadonlySet<string> = new Set(['COMMAND', 'USER', 'PWD', 'CWD']);
/** Fields that never hold blanks. */
const PLAIN: ReadonlySet<string> = new Set(['TTY', 'HOST', 'TSID']);

const CONTINUED = '(command continued) ';
const FIRST_FIELD = /^(?:(?:TTY|HOST)=[^ ]+ ; |(?:CHROOT|PWD|CWD|USER|GROUP|ENV|COMMAND)=)/;
/** Reasons without text of the caller's in them. */
const FIXED_REASON =
  /^(?:command not allowed|user NOT in sudoers|user NOT authorized on host|\d{1,9} incorrect password attempts?|a password is required|no tty) ; /;
const FIELD = /(?:^| ; )(HOST|TTY|CHROOT|PWD|CWD|USER|GROUP|TSID|ENV|COMMAND)=/g;

/**
 * Splits off the caller: the first ` : ` behind which sudo's own text can begin.
 * A caller named `root : TTY=pts/0` does not hide behind root: a tty has no blanks.
 */
export function parseSudoText(message: string): SudoText | undefined {
  const from = message.search(/[^ ]/);
  let fallback = -1;
  for (let at = message.indexOf(' : ', from); at > 0; at = message.indexOf(' : ', at + 1)) {
    const text = message.slice(at + 3);
    const continued = text.startsWith(CONTINUED);
    if (continued || FIRST_FIELD.test(text) || FIXED_REASON.test(text)) {
      return { caller: message.slice(from, at), text: continued ? text.slice(CONTINUED.length) : text, continued };
    }
    if (fallback < 0) fallback = at;
    if (at - from > 256) break;
  }
  if (fallback < 0) return undefined;
  return { caller: message.slice(from, fallback), text: message.slice(fallback + 3), continued: false };
}

interface Token {
  readonly key: Key;
  /** Start of ` ; KEY=` in the text, and of the value. */
  readonly start: number;
  readonly value: number;
}

/** @returns undefined when the text has none of sudo's fields. */
export function parseSudoRecord(caller: string, text: string): SudoRecord | undefined {
  const tokens = findTokens(text);
  const first = tokens[0];
  if (first === undefined) return undefined;
  const reason = first.start > 0 ? { reason: text.slice(0, first.start) } : {};
  const [chosen, ...others] = isUnambiguous(text, tokens) ? [fieldsOf(text, tokens)] : readingsOf(text, tokens);
  // Without a command nothing ran, and what else the text may say does not matter.
  return others.length > 0 && chosen?.command !== undefined
    ? { caller, ...reason, ...chosen, otherReadings: others }
    : { caller, ...reason, ...chosen };
}

/** Whether {@link parseSudoRecord} would find anything. */
export function hasSudoFields(text: string): boolean {
  FIELD.lastIndex = 0;
  return FIELD.test(text);
}

/**
 * The usual line: every field once, in its order, nothing behind the command, and behind each free text a field that no reading
 * can do without. {@link walk} finds one reading of it only, and ten times as slowly.
 */
function isUnambiguous(text: string, tokens: readonly Token[]): boolean {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const next = tokens[i + 1];
    if (!isFit(text, token, next)) return false;
    for (let j = 0; j < i; j++) if (names[(tokens[j] as Token).key] === names[token.key]) return false;
    if (next === undefined) return true;
    if (token.key === 'COMMAND' || order[token.key] > order[next.key] || (FREE.has(token.key) && !NEEDED.has(next.key))) return false;
  }
  return true;
}

/** Every way to read the tokens, likeliest first. */
function readingsOf(text: string, tokens: readonly Token[]): readonly SudoFields[] {
  const search: Search = { text, tokens, readings: [], steps: 0 };
  walk(search, [tokens[0] as Token], 1);
  return search.readings.length > 0 ? distinct(search.readings) : [fieldsOf(text, tokens)];
}

function findTokens(text: string): Token[] {
  const tokens: Token[] = [];
  FIELD.lastIndex = 0;
  for (let match = FIELD.exec(text); match !== null && tokens.length < MOST_TOKENS; match = FIELD.exec(text)) {
    tokens.push({ key: match[1] as Key, start: match.index, value: FIELD.lastIndex });
    // The next separator may begin right behind this `=`.
  }
  return tokens.length > 0 ? withUnseparatedCommand(text, tokens) : tokens;
}

/** Some 1.9 versions leave out the ` ; ` between ENV= and COMMAND=: `ENV=A=1COMMAND=/usr/bin/id`. */
function withUnseparatedCommand(text: string, tokens: Token[]): Token[] {
  const env = tokens.findIndex((token) => token.key === 'ENV');
  if (env < 0 || tokens.some((token) => token.key === 'COMMAND')) return tokens;
  const at = text.indexOf('COMMAND=/', (tokens[env] as Token).value);
  return at < 0 ? tokens : [...tokens.slice(0, env + 1), { key: 'COMMAND', start: at, value: at + 8 }];
}

interface Search {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly readings: SudoFields[];
  steps: number;
}

/**
 * Finds the ways to read the tokens, likeliest first: the first COMMAND= begins the command, and what comes twice before it
 * is part of the working directory. sudo writes each field once and in its order; what a free field swallows is no field.
 */
function walk(search: Search, kept: readonly Token[], at: number): void {
  const { text, tokens } = search;
  if (++search.steps > STEPS) return;
  const last = kept[kept.length - 1] as Token;
  if (last.key === 'COMMAND' || at === tokens.length) {
    const complete = (['COMMAND', 'USER', 'PWD'] as const).every((key) => hasKey(kept, key) || !hasKey(tokens, key));
    if (complete && isFit(text, last, undefined)) search.readings.push(fieldsOf(text, kept));
    return;
  }
  const token = tokens[at] as Token;
  const again = hasKey(tokens.slice(at + 1, headerEnd(tokens, at)), token.key);
  const keep = (): void => {
    const inOrder = order[last.key] <= order[token.key] && !kept.some((other) => names[other.key] === names[token.key]);
    if (inOrder && isFit(text, last, token)) walk(search, [...kept, token], at + 1);
  };
  if (!again) keep();
  if (FREE.has(last.key)) walk(search, kept, at + 1);
  if (again) keep();
}

function hasKey(tokens: readonly Token[], key: Key): boolean {
  return tokens.some((token) => names[token.key] === names[key]);
}

/** Where the fields end that the working directory may have swallowed: what follows ENV= is rather the environment's. */
function headerEnd(tokens: readonly Token[], at: number): number {
  const end = tokens.findIndex((token, i) => i > at && (token.key === 'COMMAND' || token.key === 'ENV'));
  return end < 0 ? tokens.length : end;
}

function isFit(text: string, token: Token, next: Token | undefined): boolean {
  return !PLAIN.has(token.key) || !text.slice(token.value, next?.start ?? text.length).includes(' ');
}

function fieldsOf(text: string, tokens: readonly Token[]): SudoFields {
  const fields: { -readonly [K in keyof SudoFields]: string } = {};
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const end = token.key === 'COMMAND' ? text.length : (tokens[i + 1]?.start ?? text.length);
    const value = text.slice(token.value, end).replace(/ ;? ?$/, token.key === 'COMMAND' ? '$&' : '');
    fields[names[token.key]] ??= value;
    if (token.key === 'COMMAND') break;
  }
  return fields;
}

function distinct(readings: readonly SudoFields[]): SudoFields[] {
  const seen = new Set<string>();
  const kept: SudoFields[] = [];
  for (const reading of readings) {
    const key = JSON.stringify([reading.user, reading.group, reading.command, reading.cwd]);
    if (!seen.has(key)) kept.push(reading);
    seen.add(key);
  }
  return kept.slice(0, READINGS);
}

/** Undoes sudo's `#0nn` for control characters and blanks. */
export function unescapeSudo(text: string): string {
  return text.replace(/#0(?:177|[0-3]?[0-7]|40)(?![0-7])/g, (escape) => String.fromCharCode(parseInt(escape.slice(1), 8)));
}

/** Words as sudo ≥ 1.9 writes them. */
export function joinSudoCommand(words: readonly string[]): string {
  return words
    .map((word) => word.replace(/['\\]/g, '\\$&'))
    .map((word) => (word.includes(' ') ? `'${word}'` : word))
    .join(' ');
}

/**
 * The words of a command: sudo ≥ 1.9 puts arguments with blanks in single quotes, `\'` and `\\` inside.
 * @returns undefined when the text does not follow that rule (older sudo writes arguments as they are).
 */
export function splitSudoCommand(command: string): string[] | undefined {
  const words: string[] = [];
  const word = /(?:^| )(?:'((?:[^'\\]|\\['\\])*)'|((?:[^ '\\]|\\['\\])*))(?= |$)/y;
  for (let at = 0; at < command.length;) {
    word.lastIndex = at;
    const match = word.exec(command);
    if (match === null || word.lastIndex === at) return undefined;
    words.push(unescapeSudo((match[1] ?? match[2] ?? '').replace(/\\(['\\])/g, '$1')));
    at = word.lastIndex;
  }
  return words;
}
