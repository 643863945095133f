/** Covered tracks: histories and logs that are gone or cut, names that deceive, times that do not fit. */
import { toText } from '../byte-string.js';
import { baseName } from '../path.js';
import { isFile } from './subject.js';
import { words, type ChangeRule } from './rule.js';

const HISTORY =
  /(?:^|\/)\.(?:(?:bash|zsh|sh|ash|python|mysql|psql|redis|node_repl|sqlite|rediscli)_?history|histfile|viminfo|lesshst|wget-hsts)$/;
const LOG = /^var\/(?:log\/.+|run\/utmp|account\/.+)$|^run\/utmp$/;

export const traceRules: readonly ChangeRule[] = [
  {
    ...words('history-removed', 'A history of commands was removed or cut', 'high', 70, 'T1070.003'),
    test: (subject) => (HISTORY.test(subject.path) ? lossOf(subject) : undefined),
  },
  {
    ...words('log-removed', 'A log was removed or cut', 'medium', 60, 'T1070.002'),
    test: (subject) => (LOG.test(subject.path) ? lossOf(subject) : undefined),
  },
  {
    ...words('deceptive-name', 'A name deceives the eye', 'high', 65, 'T1036'),
    test({ path, change }) {
      if (change === 'deleted') return undefined;
      return deceptionOf(baseName(path));
    },
  },
  {
    ...words('same-time', 'A file was rewritten and has its old time', 'high', 65, 'T1070.006'),
    test({ before, after, what, change }) {
      if (change !== 'modified' || !what.has('content') || what.has('mtime') || !isFile(before) || !isFile(after)) return undefined;
      // Whole seconds on either side may hide that the times differ.
      const exact = before.nanoseconds !== undefined && after.nanoseconds !== undefined;
      return exact
        ? 'content differs, the modification time does not, to the nanosecond'
        : 'content differs, the modification time does not, as far as it is recorded';
    },
  },
];

function lossOf({ change, before, after }: Parameters<ChangeRule['test']>[0]): string | undefined {
  if (change === 'deleted') return isFile(before) && before.size > 0 ? `removed, it had ${before.size} bytes` : undefined;
  if (after?.type === 'symlink' && after.linkTarget === '/dev/null') return 'a link to /dev/null: nothing is kept';
  if (change === 'added') return undefined;
  if (after?.type === 'symlink') return `now a link to ${toText(after.linkTarget ?? '')}`;
  return isFile(before) && isFile(after) && after.size < before.size ? `cut from ${before.size} to ${after.size} bytes` : undefined;
}

/** Letters of other scripts that look like Latin ones. */
const LOOKALIKES = /[\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u03bf\u03b1\u0501\u051b\u0261\uff01-\uff5e]/;

const DECEPTIONS: readonly (readonly [RegExp, string])[] = [
  [/^\.{3,}$/, 'only dots, as if it were the parent folder'],
  [/^\.{1,2}[ \t]+$/, 'a dot and blanks, as if it were a folder of every listing'],
  [/^[ \t]|[ \t]$/, 'begins or ends with a blank'],
  [/[\u202a-\u202e\u2066-\u2069]/, 'turns the direction of writing around'],
  [/[\u200b-\u200f\u2060\ufeff\u00ad]/, 'has characters that are not seen'],
  [/[\0-\x1f\x7f]/, 'has control characters'],
];

/** @returns What is wrong with a name; undefined when it is plain. */
export function deceptionOf(name: string): string | undefined {
  const text = toText(name);
  const found = DECEPTIONS.find(([pattern]) => pattern.test(text))?.[1];
  if (found !== undefined) return found;
  return LOOKALIKES.test(text) && /[a-z]/i.test(text) ? 'mixes Latin letters with ones of other scripts that look the same' : undefined;
}
