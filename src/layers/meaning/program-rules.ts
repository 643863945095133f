/** Programs where none should be, or other ones than before; told by their first bytes, not by name or mode. */
import { toText } from '../byte-string.js';
import { PROGRAMS } from '../content-format.js';
import { contentText, isFile, type Subject } from './subject.js';
import { words, type ChangeRule } from './rule.js';

const OPEN_FOLDER = /^(?:tmp|var\/tmp|dev|run|var\/run|var\/spool\/[^/]+)\//;
/** Folders of tools that hide themselves for tidiness. */
const TIDY =
  /(?:^|\/)\.(?:git|github|npm|nvm|cache|cargo|rustup|local|config|venv|pyenv|rbenv|gem|m2|gradle|bin|build-id|dockerenv|bundle|yarn|pnpm|deps|node_modules)(?:\/|$)/;
const HIDDEN = /(?:^|\/)\.[^/]/;
const SYSTEM = /^(?:usr\/(?:local\/)?)?(?:s?bin|lib(?:32|64|x32|exec)?)\//;

export const programRules: readonly ChangeRule[] = [
  {
    ...words('program-in-open-folder', 'A program lies where anyone may write', 'high', 75, 'T1105', 'T1059'),
    test: (subject) => (isNewProgram(subject) && OPEN_FOLDER.test(subject.path) ? describe(subject) : undefined),
  },
  {
    ...words('hidden-program', 'A program has a hidden name or lies in a hidden folder', 'high', 70, 'T1564.001'),
    test: (subject) => (isNewProgram(subject) && HIDDEN.test(subject.path) && !TIDY.test(subject.path) ? describe(subject) : undefined),
  },
  {
    ...words('system-program', 'A program or library of the system was replaced', 'high', 80, 'T1554', 'T1036.005'),
    test(subject) {
      const { path, before, after, change, what } = subject;
      if (change !== 'modified' || !SYSTEM.test(path) || !(what.has('content') || what.has('type') || what.has('linkTarget')))
        return undefined;
      if (!isCode(before, path) && !isCode(after, path) && after?.type !== 'symlink') return undefined;
      const how = after?.copiedUp === true ? ', edited in place' : after?.copiedUp === false ? ', put there as a new file' : '';
      if (after?.type === 'symlink') return `now a link to ${toText(after.linkTarget ?? '')}${how}`;
      return `${before?.size ?? 0} bytes before, ${after?.size ?? 0} now${how}`;
    },
  },
  {
    ...words('shared-library-shadow', 'A library was added to a system folder', 'low', 35, 'T1574.006'),
    test: ({ path, after, change }) =>
      change === 'added' && isFile(after) && after.format === 'elf' && SYSTEM.test(path) && /\.so(?:\.|$)/.test(path)
        ? describeFile(after.size, 'elf')
        : undefined,
  },
  {
    ...words('web-shell', 'A page of a web application runs what it is sent', 'critical', 90, 'T1505.003'),
    test(subject) {
      const text = subject.rewritten ? contentText(subject.after) : undefined;
      if (text === undefined || !WEB_PAGE.test(subject.path)) return undefined;
      const sign = SHELL_SIGNS.find(([pattern]) => pattern.test(text));
      return sign?.[1];
    },
  },
  {
    ...words('web-page', 'A page of a web application was added or changed', 'low', 35, 'T1505.003'),
    test: ({ path, rewritten, after }) =>
      rewritten && isFile(after) && WEB_PAGE.test(path) && WEB_ROOT.test(path) ? 'runs when it is asked for' : undefined,
  },
  {
    ...words('escape-script', 'A script names ways out of a container', 'high', 80, 'T1611'),
    test(subject) {
      const text = subject.rewritten ? contentText(subject.after) : undefined;
      const sign = text === undefined ? undefined : ESCAPE.exec(text)?.[0];
      return sign === undefined ? undefined : `its text has ${sign}`;
    },
  },
];

function isNewProgram({ rewritten, after }: Subject): boolean {
  return rewritten && isFile(after) && after.format !== undefined && PROGRAMS.has(after.format);
}

function isCode(inode: Subject['after'], path: string): boolean {
  return (
    isFile(inode) && ((inode.format !== undefined && PROGRAMS.has(inode.format)) || (inode.mode & 0o111) !== 0 || /\.so(?:\.|$)/.test(path))
  );
}

function describe({ after }: Subject): string {
  return describeFile(after?.size ?? 0, after?.format ?? '') + ((after?.mode ?? 0) & 0o111 ? '' : ', without the mode of a program');
}

function describeFile(size: number, format: string): string {
  return `${format === 'elf' ? 'an ELF program' : format === 'script' ? 'a script' : `a program (${format})`} of ${size} bytes`;
}

const WEB_PAGE = /\.(?:php[3457]?|phtml|phar|jspx?|aspx?|ashx|cgi)$/i;
const WEB_ROOT = /(?:^|\/)(?:www|htdocs|html|public|public_html|webapps|wwwroot|webroot)\//;

const SHELL_SIGNS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:eval|assert|system|passthru|shell_exec|exec|popen|proc_open|create_function)[ \t]{0,8}\([^;\n]{0,200}\$_(?:POST|GET|REQUEST|COOKIE|SERVER|FILES)\b/,
    'gives a request to a command or to eval',
  ],
  [/\beval[ \t]{0,8}\([ \t]{0,8}(?:gzinflate|gzuncompress|str_rot13|base64_decode)[ \t]{0,8}\(/, 'runs code that it unpacks'],
  [/\$_(?:POST|GET|REQUEST|COOKIE)\[[^\]\n]{1,60}\][ \t]{0,8}\(/, 'calls a function that the request names'],
  [/Runtime\.getRuntime\(\)\.exec\([^;\n]{0,200}getParameter/, 'gives a request to a command'],
  [/\bProcessStartInfo\b[^;]{0,400}Request\b/, 'gives a request to a command'],
];

const ESCAPE =
  /\b(?:release_agent|notify_on_release|core_pattern|nsenter[ \t]{1,4}(?:-t|--target)[ \t=]{0,4}1\b|\/proc\/1\/root|\/var\/run\/docker\.sock|docker\.sock|debugfs[ \t]{1,4}-w)/;
