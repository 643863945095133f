/**
 * Texts with wildcards: `*` any characters, `?` one character, `\` before either (or before `\`) a plain one.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html#string-wildcard | Sigma rules, String Wildcard and Escape Character}
 */

export const ANY_LENGTH = 0;
export const ONE_CHARACTER = 1;
/** A piece of a pattern: plain text or a wildcard. */
export type Part = string | typeof ANY_LENGTH | typeof ONE_CHARACTER;
export type Parts = readonly Part[];

/** Where in a text something was found: UTF-16 code units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** A question to a text, and where the answer is. */
export interface TextTest {
  test(text: string): boolean;
  find(text: string): Span | undefined;
}

export function parsePattern(text: string): Part[] {
  const parts: Part[] = [];
  let plain = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '\\') {
      const next = text[i + 1];
      if (next === '*' || next === '?' || next === '\\') i++;
      plain += next === '*' || next === '?' ? next : '\\';
    } else if (char === '*' || char === '?') {
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(char === '*' ? ANY_LENGTH : ONE_CHARACTER);
    } else plain += char;
  }
  if (plain !== '') parts.push(plain);
  return parts;
}

/** The way back, for people: wildcards that are plain characters get their backslash. */
export function formatPattern(parts: Parts): string {
  return parts.map((part) => (part === ANY_LENGTH ? '*' : part === ONE_CHARACTER ? '?' : part.replace(/[*?]/g, '\\$&'))).join('');
}

/** Neighbouring texts become one, so do neighbouring stars. */
export function joinParts(parts: Parts): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.length - 1;
    const before = joined[last];
    if (part === '' || (part === ANY_LENGTH && before === ANY_LENGTH)) continue;
    if (typeof part === 'string' && typeof before === 'string') joined[last] = before + part;
    else joined.push(part);
  }
  return joined;
}

export function mapText(parts: Parts, change: (text: string) => string): Part[] {
  return parts.map((part) => (typeof part === 'string' ? change(part) : part));
}

export function hasWildcards(parts: Parts): boolean {
  return parts.some((part) => typeof part !== 'string');
}

/** @param parts Must be in lower case already when the texts to come are. */
export function compilePattern(parts: Parts): TextTest {
  const joined = joinParts(parts);
  const open = joined[0] === ANY_LENGTH;
  const ended = joined.length > 1 && joined[joined.length - 1] === ANY_LENGTH;
  const inner = joined.slice(open ? 1 : 0, ended ? -1 : undefined);
  const [only = ''] = inner;
  if (inner.length === 0) return open ? ALWAYS : plainTests.exact('');
  if (inner.length > 1 || typeof only !== 'string') return globTest(inner, open, ended);
  return plainTests[open ? (ended ? 'anywhere' : 'end') : ended ? 'start' : 'exact'](only);
}

const ALWAYS: TextTest = { test: () => true, find: (text) => ({ offset: 0, length: text.length }) };

/** Where a plain text must stand. */
export type Anchor = 'exact' | 'start' | 'end' | 'anywhere';

const plainTests: Readonly<Record<Anchor, (plain: string) => TextTest>> = {
  exact: (plain) =>
    withSpan(
      (text) => text === plain,
      () => 0,
      plain,
    ),
  start: (plain) =>
    withSpan(
      (text) => text.startsWith(plain),
      () => 0,
      plain,
    ),
  end: (plain) =>
    withSpan(
      (text) => text.endsWith(plain),
      (text) => text.length - plain.length,
      plain,
    ),
  anywhere: (plain) =>
    withSpan(
      (text) => text.includes(plain),
      (text) => text.indexOf(plain),
      plain,
    ),
};

function withSpan(test: (text: string) => boolean, offset: (text: string) => number, { length }: string): TextTest {
  return { test, find: (text) => (test(text) ? { offset: offset(text), length } : undefined) };
}

/** What stands between two stars: texts and `?`. */
type Segment = readonly (string | typeof ONE_CHARACTER)[];

/** The leftmost place for each segment in turn: no way back is ever needed, and no pattern is slower than its length times the text's. */
function globTest(parts: Parts, open: boolean, ended: boolean): TextTest {
  const segments: (string | typeof ONE_CHARACTER)[][] = [[]];
  for (const part of parts) {
    if (part === ANY_LENGTH) segments.push([]);
    else (segments[segments.length - 1] as (string | typeof ONE_CHARACTER)[]).push(part);
  }
  const find = (text: string): Span | undefined => {
    let at = 0;
    let offset = 0;
    for (let i = 0; i < segments.length; i++) {
      const first = i === 0;
      const last = i === segments.length - 1;
      const found = findSegment(text, segments[i] as Segment, at, first && !open, last && !ended);
      if (found === undefined) return undefined;
      if (first) ({ offset } = found);
      at = found.offset + found.length;
    }
    return { offset, length: at - offset };
  };
  return { test: (text) => find(text) !== undefined, find };
}

function findSegment(text: string, segment: Segment, from: number, atStart: boolean, atEnd: boolean): Span | undefined {
  const [head] = segment;
  for (let start = from; start <= text.length; start++) {
    if (!atStart && typeof head === 'string') {
      start = text.indexOf(head, start);
      if (start < 0) return undefined;
    }
    const end = endOfSegment(text, segment, start);
    if (end >= 0 && (!atEnd || end === text.length)) return { offset: start, length: end - start };
    if (atStart) return undefined;
  }
  return undefined;
}

function endOfSegment(text: string, segment: Segment, start: number): number {
  let at = start;
  for (const part of segment) {
    if (typeof part === 'string') {
      if (!text.startsWith(part, at)) return -1;
      at += part.length;
    } else {
      if (at >= text.length) return -1;
      at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
    }
  }
  return at;
}
