/**
 * What people typed, as their shells keep it: bash (with and without times), zsh's extended form, fish.
 *
 * - bash: {@link https://www.gnu.org/software/bash/manual/bash.html#index-HISTTIMEFORMAT | `#seconds` on the line before the command}
 * - zsh: {@link https://zsh.sourceforge.io/Doc/Release/Options.html#History | EXTENDED_HISTORY}, `: start:elapsed;command`
 * - fish: {@link https://github.com/fish-shell/fish-shell/blob/3.6.0/src/history_file.cpp | `- cmd:` and `  when:`}
 *
 * A command without a time stands where the last known time of its file does, marked `from-file`: the order is evidence, the time is not.
 */
import { detach } from '../formats/bytes.js';
import { lines, type Line } from '../formats/framing/lines.js';
import { parseEpoch } from '../formats/time.js';
import type { Draft, Instant } from '../model/event.js';
import type { Decoder, Held, Parser, Sink } from '../model/parser.js';
import type { Facts } from '../model/source.js';

type Shell = 'bash' | 'zsh' | 'fish';

interface Entry {
  readonly shell: Shell;
  text: string;
  time?: Instant;
  /** zsh: how long the command ran, in seconds. */
  readonly elapsed?: number;
  readonly at: Held;
  readonly also: Held[];
}

/** Lines of one command; a longer one is given in parts. */
const LINES = 1000;
const NO_TIME: Instant = '1970-01-01T00:00:00.000000000Z';

// #1714558272
const STAMP = /^#(?<seconds>\d{9,11})$/;
// : 1714558272:3;kubectl get pods
const ZSH = /^: {0,3}(?<seconds>\d{9,11}):(?<elapsed>\d{1,9});(?<command>[^]*)$/;
// - cmd: kubectl get pods
const FISH = /^- cmd: (?<command>[^]*)$/;
//   when: 1714558272
const FISH_TIME = /^ {2}when: (?<seconds>\d{9,11})$/;
// home/deploy/.bash_history        root/.zsh_history
const NAME = /(?:^|[/!\\])[._]?(?<shell>bash|zsh|ash|sh|ksh|fish)_history(?:[.-](?:\d{1,9}|old|bak|orig|txt|plain))?$/;
const HOME = /(?:^|[/!])(?:home\/(?<user>[^/!]{1,64})|(?<root>root))\/[^!]{0,200}$/;

function decoder(facts: Facts, path: string): Decoder<Line> {
  const user = userOf(path);
  let stamp: { time: Instant; held: Held } | undefined;
  let entry: Entry | undefined;
  let last: Instant | undefined = facts.collected;
  let warned = false;

  const give = (out: Sink): void => {
    if (entry === undefined) return;
    const { time, text, at, also, shell, elapsed } = entry;
    entry = undefined;
    if (time !== undefined) last = time;
    const draft: Draft = {
      time: time ?? last ?? NO_TIME,
      action: 'terminal.input',
      process: { name: shell, commandLine: text },
      message: text,
    };
    if (time === undefined) draft.timeQuality = 'from-file';
    if (user !== undefined) draft.actor = { user };
    if (elapsed !== undefined) draft.details = { elapsed };
    out.event(draft, at, also);
    if (last !== undefined || warned) return;
    warned = true;
    out.problem('time', 'commands without times, and nothing else tells when: they are shown in 1970', at);
  };

  const begin = (next: Omit<Entry, 'at' | 'also'>, out: Sink, also: Held[] = []): void => {
    give(out);
    entry = { ...next, text: detach(next.text), at: out.hold(), also };
  };

  const command = (text: string, out: Sink): void => {
    const zsh = ZSH.exec(text)?.groups;
    if (zsh !== undefined)
      return begin(
        { shell: 'zsh', text: zsh.command ?? '', time: parseEpoch(zsh.seconds ?? ''), elapsed: Number(zsh.elapsed) || undefined },
        out,
      );
    const fish = FISH.exec(text)?.groups;
    if (fish !== undefined) return begin({ shell: 'fish', text: unescapeFish(fish.command ?? '') }, out);
    begin({ shell: 'bash', text, time: stamp?.time }, out, stamp === undefined ? [] : [stamp.held]);
    stamp = undefined;
  };

  /** Lines that belong to the entry before them. */
  const continues = (text: string, out: Sink): boolean => {
    if (entry === undefined || entry.also.length >= LINES) return false;
    if (entry.shell === 'zsh' && entry.text.endsWith('\\')) entry.text = detach(`${entry.text.slice(0, -1)}\n${text}`);
    else if (entry.shell === 'fish' && text.startsWith('  ')) {
      const seconds = FISH_TIME.exec(text)?.groups?.seconds;
      if (seconds !== undefined) entry.time = parseEpoch(seconds);
    } else if (entry.shell === 'bash' && entry.time !== undefined && !STAMP.test(text)) {
      // bash reads all up to the next time as one command: `echo "a` and `b"` are two lines of one.
      entry.text = detach(`${entry.text}\n${text}`);
    } else return false;
    entry.also.push(out.hold());
    return true;
  };

  return {
    push({ text }, out) {
      if (continues(text, out)) return;
      if (text.trim() === '') return out.ignore();
      const time = parseEpoch(STAMP.exec(text)?.groups?.seconds ?? '');
      if (time === undefined) return command(text, out);
      give(out);
      if (stamp !== undefined) out.ignore(stamp.held);
      stamp = { time, held: out.hold() };
    },
    end(out) {
      give(out);
      if (stamp !== undefined) out.ignore(stamp.held);
    },
  };
}

/** Only what the path of a home folder says. */
function userOf(path: string): string | undefined {
  const home = HOME.exec(path)?.groups;
  return home?.user ?? home?.root;
}

function unescapeFish(text: string): string {
  return text.replace(/\\([\\n])/g, (_, char: string) => (char === 'n' ? '\n' : '\\'));
}

export const parser: Parser<Line> = {
  id: 'shell-history',
  title: 'Shell history: bash, zsh, fish',
  signs: 'commands with the shell’s own times, or a file named like a history',
  framing: lines,
  matches(name, head) {
    const named = NAME.test(name);
    const timed = head.lines.filter((line) => STAMP.test(line) || ZSH.test(line) || FISH_TIME.test(line)).length;
    if (timed > 0 && timed >= head.lines.length / 8) return named ? 0.95 : 0.7;
    return named && !head.bytes.includes(0) ? 0.6 : 0;
  },
  decoder,
};
