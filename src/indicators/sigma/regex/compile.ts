/**
 * Regular expressions from rules that anybody may have written, against texts that an attacker wrote: in linear time, or not at all.
 * JavaScript's engine runs what {@link vetRegex} proved, RE2 (automata) the rest.
 */
import { RE2JS } from 're2js';
import type { RuleErrorCode } from '../errors.js';
import type { Span, TextTest } from '../pattern.js';
import { literalsOf } from './literals.js';
import { ForeignSyntax, parseRegex, type RegexFlags, type RegexNode } from './syntax.js';
import { vetRegex } from './vetting.js';

export interface CompiledRegex extends TextTest {
  readonly engine: 'native' | 're2';
  /** In lower case: each text that matches has one of them, in lower case. */
  readonly literals?: readonly string[];
}

export interface RegexRefusal {
  readonly code: RuleErrorCode;
  readonly message: string;
}

/** UTF-16 code units. */
const MAX_PATTERN = 10_000;

export function compileRegex(source: string, given: RegexFlags): CompiledRegex | RegexRefusal {
  if (source.length > MAX_PATTERN)
    return { code: 'limit', message: `a regular expression of ${source.length} characters; ${MAX_PATTERN} are read` };
  const inline = takeInlineFlags(source, given);
  if ('code' in inline) return inline;
  const { pattern, flags } = inline;
  let root: RegexNode | undefined;
  let foreign: string | undefined;
  try {
    root = parseRegex(pattern, flags);
  } catch (error) {
    if (!(error instanceof ForeignSyntax)) throw error;
    foreign = error.message;
  }
  const vetted = root === undefined ? undefined : vetRegex(root, flags);
  const literals = root === undefined ? undefined : literalsOf(root);
  const native = vetted === undefined ? undefined : nativeRegex(vetted, flags);
  if (native !== undefined) return { ...native, literals };
  return re2Regex(pattern, flags, foldsToAscii(literals, flags) ? undefined : literals, foreign);
}

// (?i)abc     (?im)^x
const INLINE = /^\(\?(?<flags>[a-zA-Z]{1,6})\)/;

/** Flags at the front become flags: JavaScript of Node 20 does not know them inline. */
function takeInlineFlags(source: string, given: RegexFlags): { pattern: string; flags: RegexFlags } | RegexRefusal {
  const match = INLINE.exec(source);
  const letters = match?.groups?.['flags'] ?? '';
  const strange = /[^ims]/.exec(letters)?.[0];
  if (strange !== undefined)
    return { code: 'unsupported-regex', message: `the inline flag ${strange} is not supported: only i, m and s are` };
  const on = (flag: 'i' | 'm' | 's') => given[flag] || letters.includes(flag);
  return { pattern: source.slice(match?.[0].length ?? 0), flags: { i: on('i'), m: on('m'), s: on('s') } };
}

function nativeRegex(source: string, { i, m, s }: RegexFlags): Omit<CompiledRegex, 'literals'> | undefined {
  let regex: RegExp;
  try {
    regex = new RegExp(source, `${i ? 'i' : ''}${m ? 'm' : ''}${s ? 's' : ''}`);
  } catch {
    return undefined;
  }
  return { engine: 'native', test: (text) => regex.test(text), find: (text) => spanOf(regex.exec(text)) };
}

function spanOf(match: RegExpExecArray | null): Span | undefined {
  return match === null ? undefined : { offset: match.index, length: match[0].length };
}

function re2Regex(
  source: string,
  { i, m, s }: RegexFlags,
  literals: readonly string[] | undefined,
  foreign: string | undefined,
): CompiledRegex | RegexRefusal {
  const flags = (i ? RE2JS.CASE_INSENSITIVE : 0) | (m ? RE2JS.MULTILINE : 0) | (s ? RE2JS.DOTALL : 0) | RE2JS.LOOKBEHINDS;
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(source, flags);
  } catch (error) {
    return refusalOf(source, error instanceof Error ? error.message : String(error), foreign);
  }
  return {
    engine: 're2',
    literals,
    test: (text) => regex.test(text),
    find(text) {
      const matcher = regex.matcher(text);
      return matcher.find() ? { offset: matcher.start(), length: matcher.end() - matcher.start() } : undefined;
    },
  };
}

function refusalOf(source: string, re2: string, foreign: string | undefined): RegexRefusal {
  const reason = re2.replace(/^error parsing regexp: /, '');
  if (foreign === 'a backreference') return { code: 'unsupported-regex', message: 'backreferences cannot be matched in linear time' };
  if (/\(\?<?[=!]/.test(source) || foreign === 'a possessive quantifier' || source.includes('(?>')) {
    const what =
      foreign === 'a possessive quantifier' || source.includes('(?>') ? 'possessive and atomic groups are' : 'a lookaround of this form is';
    return {
      code: 'unsupported-regex',
      message: `${what} not supported by RE2, and the pattern is not proved to run in linear time without it (RE2: ${reason})`,
    };
  }
  return { code: isNative(source) ? 'unsupported-regex' : 'bad-regex', message: reason };
}

function isNative(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

/** Without case, RE2 takes U+017F for `s` and U+212A for `k`. */
function foldsToAscii(literals: readonly string[] | undefined, { i }: RegexFlags): boolean {
  return i && literals !== undefined && literals.some((literal) => /[sk]/.test(literal));
}
