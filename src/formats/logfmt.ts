/**
 * `time="2024-05-01T10:11:12.123456789Z" level=info msg="StartContainer for \"3b1f\" returns successfully" id=3b1f`
 * {@link https://github.com/sirupsen/logrus/blob/v1.9.3/text_formatter.go | TextFormatter.Format()}, and the same as JSON.
 */
import { parseGoQuoted, quotedEnd } from './go-quoted.js';

/** Set where the text ends inside a quoted value. No key is like it: it holds a blank. */
const CUT = ' cut';
const MOST_PAIRS = 64;
const LONGEST = 65536;

/** `key=value` pairs from the start to the end. The first of equal keys counts. @returns undefined when the text does not begin with a pair. */
export function parseLogfmt(whole: string): ReadonlyMap<string, string> | undefined {
  const text = whole.length > LONGEST ? whole.slice(0, LONGEST) : whole;
  const fields = new Map<string, string>();
  let i = 0;
  while (i < text.length && fields.size < MOST_PAIRS) {
    while (text.charCodeAt(i) === 32) i++;
    const equals = text.indexOf('=', i);
    if (equals <= i || equals - i > 128) break;
    const key = text.slice(i, equals);
    if (/[\s"]/.test(key)) break;
    const quoted = parseGoQuoted(text, equals + 1);
    let value = quoted;
    if (quoted === undefined && text.charCodeAt(equals + 1) === 34) {
      // The record was cut inside a value: what is there of it is kept.
      if (!fields.has(key)) fields.set(key, text.slice(equals + 2));
      fields.set(CUT, key);
      break;
    }
    if (quoted === undefined) {
      const blank = text.indexOf(' ', equals + 1);
      i = blank < 0 ? text.length : blank;
      value = text.slice(equals + 1, i);
    } else i = quotedEnd;
    if (!fields.has(key)) fields.set(key, value as string);
  }
  return fields.size === 0 ? undefined : fields;
}

export interface LevelledRecord {
  readonly time?: string;
  readonly level: string;
  readonly message: string;
  /** The text ends inside a value. */
  readonly cut?: boolean;
  /** The other fields, in order. */
  readonly fields: ReadonlyMap<string, unknown>;
}

const OWN: ReadonlySet<string> = new Set(['time', 'level', 'msg']);

/** A logrus record, text or JSON; undefined when level or msg is missing. */
export function parseLogrus(text: string): LevelledRecord | undefined {
  const fields = text.charCodeAt(0) === 123 /* { */ ? parseJson(text) : parseLogfmt(text);
  const level = fields?.get('level');
  const message = fields?.get('msg');
  if (fields === undefined || typeof level !== 'string' || typeof message !== 'string') return undefined;
  const time = fields.get('time');
  const others = new Map<string, unknown>();
  for (const [key, value] of fields) if (!OWN.has(key) && key !== CUT) others.set(key, value);
  const record = { time: typeof time === 'string' ? time : undefined, level, message, fields: others };
  return fields.has(CUT) ? { ...record, cut: true } : record;
}

function parseJson(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

/** True for text that begins as logrus writes its records. */
export function looksLogrus(text: string): boolean {
  if (text.startsWith('time=')) return /^time="?\d{4}-\d\d-\d\d[T ][^"\s]{8,40}[^"]{0,20}"? level=[a-z]{4,8} msg=/.test(text.slice(0, 200));
  return text.startsWith('{"') && text.includes('"level":"') && text.includes('"msg":"');
}
