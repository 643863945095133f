/**
 * The text behind a klog header: `"msg" key="value" key=[…] key=<` and lines.
 * {@link https://github.com/kubernetes/klog/blob/v2.130.1/internal/serialize/keyvalues.go | KVFormat(), writeStringValue()}
 *
 * Three generations write values: quoted Go strings (all), Go's `%+v` (`&{ID:a Type:b}`, `[ns/a ns/b]`, before 1.26) and JSON (since).
 * Quoted values cannot break out; bare ones end at a blank outside of brackets.
 */
import { parseGoQuoted, quotedEnd } from './go-quoted.js';
import type { KlogMessage, KlogValue } from './klog.js';

/** Most pairs read of one record; further ones are in the message only. */
const MOST_PAIRS = 64;
/** Longest text looked at (characters). */
const LONGEST = 65536;

const NO_FIELDS: ReadonlyMap<string, KlogValue> = new Map();

/** Never fails: what is no structured record is a printf-style text. */
export function parseKlogText(whole: string): KlogMessage {
  const text = whole.length > LONGEST ? whole.slice(0, LONGEST) : whole;
  const message = text.charCodeAt(0) === 34 ? parseGoQuoted(text, 0) : undefined;
  if (message === undefined) return { text: whole, structured: false, fields: NO_FIELDS };
  if (quotedEnd < text.length && !isBlank(text, quotedEnd)) return { text: whole, structured: false, fields: NO_FIELDS };
  return { text: message, structured: true, fields: parseKlogPairs(text, quotedEnd) };
}

const isBlank = (text: string, at: number): boolean => text.charCodeAt(at) === 32 || text.charCodeAt(at) === 10;

/** Where the last value ended. */
let valueEnd = 0;

/** `key=value` pairs from `at` to the end. The first of equal keys counts. */
function parseKlogPairs(text: string, at: number): ReadonlyMap<string, KlogValue> {
  const fields = new Map<string, KlogValue>();
  let i = at;
  while (i < text.length && fields.size < MOST_PAIRS) {
    while (isBlank(text, i)) i++;
    const equals = text.indexOf('=', i);
    if (equals < 0 || equals - i > 128) break;
    const key = text.slice(i, equals);
    if (key === '' || /[\s"]/.test(key)) break;
    const value = parseValue(text, equals + 1);
    if (!fields.has(key)) fields.set(key, value);
    i = valueEnd;
  }
  return fields;
}

function parseValue(text: string, at: number): KlogValue {
  const first = text.charCodeAt(at);
  if (first === 34) {
    const quoted = parseGoQuoted(text, at);
    if (quoted !== undefined) {
      valueEnd = quotedEnd;
      return quoted;
    }
  }
  if (first === 60 && text.charCodeAt(at + 1) === 10) return parseLines(text, at + 2);
  const end = bareEnd(text, at);
  valueEnd = end;
  return toValue(text.slice(at, end));
}

/** `<`, lines behind a tab each, and ` >` on a line of its own. Cut text is taken as far as it goes. */
function parseLines(text: string, at: number): string {
  const close = text.indexOf('\n >', at - 1);
  const end = close < 0 ? text.length : close;
  valueEnd = close < 0 ? text.length : close + 3;
  return text.slice(at, Math.max(at, end)).replace(/^\t/gm, '');
}

/** A bare value ends at the first blank outside of brackets and quotes; when the brackets do not close, at the first blank. */
function bareEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34 && depth > 0) {
      if (parseGoQuoted(text, i) === undefined) break;
      i = quotedEnd - 1;
    } else if (code === 91 || code === 123 || code === 40) depth++;
    else if ((code === 93 || code === 125 || code === 41) && depth > 0) depth--;
    else if (depth === 0 && (code === 32 || code === 10)) return i;
  }
  if (depth === 0) return text.length;
  const blank = text.indexOf(' ', at);
  return blank < 0 ? text.length : blank;
}

function toValue(text: string): KlogValue {
  const first = text.charCodeAt(0);
  if (first === 123 || first === 91) {
    try {
      return JSON.parse(text) as KlogValue;
    } catch {
      return text;
    }
  }
  if (text === 'true') return true;
  if (text === 'false') return false;
  return /^-?\d{1,15}(?:\.\d{1,6})?$/.test(text) ? Number(text) : text;
}

// &{ID:7f3c Type:ContainerStarted Data:0123}      {Type:containerd ID:0123}      &PodSandboxMetadata{Name:a,Uid:b,Namespace:c,Attempt:0,}
const MEMBER = /(?:^|[\s,{])([A-Za-z]\w{0,63}):("(?:[^"\\]|\\.){0,4096}"|[^\s,{}"]{0,1024})/g;

/** Members of a Go struct written with `%+v`, flat ones. Values with blanks are cut at the first: use it on machine-written ids only. */
export function parseGoStruct(text: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  for (const match of text.slice(0, 8192).matchAll(MEMBER)) {
    if (members.size >= MOST_PAIRS) break;
    const key = match[1] as string;
    const value = match[2] as string;
    if (!members.has(key)) members.set(key, value.startsWith('"') ? (parseGoQuoted(value, 0) ?? value) : value);
  }
  return members;
}
