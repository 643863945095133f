/**
 * The value modifiers, one row each. They are applied in the order the rule writes them.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-appendix-modifiers.html | Sigma modifiers appendix, 2.1.0}
 */
import { parseNetwork } from './cidr.js';
import { BYTE_ORDER_MARK, dashVariants, encodeBase64, encodeBase64Offsets, encodeUtf16, encodeUtf8, type Utf16 } from './encoding.js';
import type { RuleErrorCode } from './errors.js';
import { ANY_LENGTH, hasWildcards, joinParts, mapText, parsePattern, type Part, type Parts } from './pattern.js';
import { expandPlaceholders, type Placeholders } from './placeholders.js';
import { timeUnits, type TimeUnit } from './time-part.js';
import { comparisons, parseNumber, type Comparison, type Value } from './value.js';

/** Why a modifier cannot be applied. */
export interface Misuse {
  readonly code: RuleErrorCode;
  readonly message: string;
}

export interface ModifierContext {
  readonly placeholders: Placeholders;
  /** Modifiers before this one. */
  readonly applied: readonly string[];
  /** Absent for keywords. */
  readonly field?: string;
}

type Modify = (value: Value, context: ModifierContext) => Value | Misuse;
type TextValue = Extract<Value, { kind: 'text' }>;

const misuse = (message: string, code: RuleErrorCode = 'modifier-misuse'): Misuse => ({ code, message });

/** For texts; numbers and booleans are texts, too. */
function onText(modify: (value: TextValue, context: ModifierContext) => Value | Misuse): Modify {
  return (value, context) => {
    if (value.kind === 'any') return eachOf(value.of, onText(modify), context);
    const text = value.kind === 'number' || value.kind === 'boolean' ? asText(value) : value;
    return text.kind === 'text' ? modify(text, context) : misuse(`not for ${nameOf(value)}`);
  };
}

function eachOf(values: readonly Value[], modify: Modify, context: ModifierContext): Value | Misuse {
  const of: Value[] = [];
  for (const value of values) {
    const modified = modify(value, context);
    if ('code' in modified) return modified;
    of.push(modified);
  }
  return { kind: 'any', of };
}

function asText(value: Extract<Value, { kind: 'number' | 'boolean' }>): TextValue {
  const written = value.kind === 'number' ? value.source : String(value.truth);
  return { kind: 'text', parts: [written], cased: false, bytes: false, written };
}

const NAMES: Readonly<Record<Value['kind'], string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'a boolean',
  null: 'null',
  exists: 'a test of existence',
  pattern: 'a regular expression',
  regex: 'a regular expression',
  network: 'a network',
  compare: 'a numeric comparison',
  time: 'a part of a time',
  field: 'a field reference',
  any: 'several values',
};
const nameOf = (value: Value) => NAMES[value.kind];

const wild = (open: boolean): Part[] => (open ? [ANY_LENGTH] : []);

/** `contains`, `startswith`, `endswith`: wildcards around texts, places for fields, anchors for regular expressions. */
function place(before: boolean, after: boolean): Modify {
  const text = onText((value) => ({ ...value, parts: joinParts([...wild(before), ...value.parts, ...wild(after)]) }));
  return (value, context) => {
    if (value.kind === 'field') return { ...value, start: after, end: before };
    if (value.kind !== 'pattern') return text(value, context);
    return before && after ? value : { ...value, source: after ? `^(?:${value.source})` : `(?:${value.source})$` };
  };
}

/** Modifiers that say what a value is: nothing but `first` may stand before them. */
function type(modify: Modify): Modify {
  return (value, context) => {
    const before = context.applied.filter((name) => !LIST_MODIFIERS.has(name));
    return before.length > 0 ? misuse(`must come first, not after ${before.join(', ')}`) : modify(value, context);
  };
}

function encoded(change: (parts: Parts) => Part[]): Modify {
  return onText((value) => ({ ...value, parts: joinParts(change(value.parts)), bytes: true }));
}
const wide = (order: Utf16) => (parts: Parts) => mapText(parts, (text) => encodeUtf16(text, order));

function based(encode: (bytes: string) => readonly string[]): Modify {
  return onText((value) => {
    if (hasWildcards(value.parts)) return misuse('not for a text with wildcards');
    const plain = value.parts.join('');
    const bytes = value.bytes ? plain : encodeUtf8(plain);
    const of = encode(bytes).map((text): Value => ({ ...value, parts: [text], bytes: false }));
    return of.length === 1 ? (of[0] as Value) : { kind: 'any', of };
  });
}

function flag(letter: 'i' | 'm' | 's'): Modify {
  return (value) =>
    value.kind === 'pattern' ? { ...value, flags: { ...value.flags, [letter]: true } } : misuse(`only after re, not for ${nameOf(value)}`);
}

function compared(comparison: Comparison): Modify {
  return (value) => {
    if (value.kind === 'time' && value.comparison === 'eq') return { ...value, comparison };
    const number = numberOf(value);
    return number === undefined ? misuse(`needs a number, not ${nameOf(value)}`) : { kind: 'compare', comparison, number };
  };
}

function timed(unit: TimeUnit): Modify {
  return (value) => {
    const number = numberOf(value);
    return number === undefined ? misuse(`needs a number, not ${nameOf(value)}`) : { kind: 'time', unit, comparison: 'eq', number };
  };
}

function numberOf(value: Value): number | undefined {
  return value.kind === 'number' ? value.number : value.kind === 'text' ? parseNumber(value.written) : undefined;
}

/** Ways to write one value with its dashes exchanged. */
const MAX_DASHES = 5 ** 5;

const windash = onText((value) => {
  let variants: Part[][] = [[]];
  for (const part of value.parts) {
    const texts: Parts | undefined = typeof part === 'string' ? dashVariants(part, MAX_DASHES) : [part];
    if (texts === undefined || variants.length * texts.length > MAX_DASHES) return misuse('more than five dashes to exchange', 'limit');
    variants = variants.flatMap((before) => texts.map((text): Part[] => [...before, text]));
  }
  return { kind: 'any', of: variants.map((parts): Value => ({ ...value, parts })) };
});

const expand: Modify = (value, { placeholders }) => {
  const source = value.kind === 'pattern' ? value.source : value.kind === 'text' ? value.written : undefined;
  if (source === undefined) return value.kind === 'number' || value.kind === 'boolean' ? value : misuse(`not for ${nameOf(value)}`);
  const expansion = expandPlaceholders(source, placeholders);
  if ('missing' in expansion) return misuse(`no value is given for the placeholder %${expansion.missing}%`, 'unresolved-placeholder');
  if ('tooMany' in expansion) return misuse(`the placeholders stand for more than ${expansion.tooMany} texts`, 'limit');
  const of = expansion.texts.map((text): Value =>
    value.kind === 'text' ? placed(value, text) : { ...(value as Extract<Value, { kind: 'pattern' }>), source: text },
  );
  return of.length === 1 ? (of[0] as Value) : { kind: 'any', of };
};

/** `contains|expand`: the wildcards that are there already stay around the new text. */
function placed(value: TextValue, text: string): Value {
  const parts = parsePattern(text);
  const own = parsePattern(value.written);
  const before = value.parts[0] === ANY_LENGTH && own[0] !== ANY_LENGTH;
  const after = value.parts[value.parts.length - 1] === ANY_LENGTH && own[own.length - 1] !== ANY_LENGTH;
  return { ...value, parts: joinParts([...wild(before), ...parts, ...wild(after)]), written: text };
}

const TRUTHS: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

/** Each takes one value of the list. */
export const valueModifiers: Readonly<Record<string, Modify>> = {
  contains: place(true, true),
  startswith: place(false, true),
  endswith: place(true, false),
  cased: (value) =>
    value.kind === 'pattern'
      ? value
      : value.kind === 'field'
        ? { ...value, cased: true }
        : onText((text) => ({ ...text, cased: true }))(value, NOTHING),
  windash,
  wide: encoded(wide('utf16le')),
  utf16le: encoded(wide('utf16le')),
  utf16be: encoded(wide('utf16be')),
  utf16: encoded((parts): Part[] => [BYTE_ORDER_MARK, ...wide('utf16le')(parts)]),
  base64: based((bytes) => [encodeBase64(bytes)]),
  base64offset: based(encodeBase64Offsets),
  re: type((value) =>
    value.kind === 'text'
      ? { kind: 'pattern', source: value.written, flags: NO_FLAGS }
      : value.kind === 'number'
        ? { kind: 'pattern', source: value.source, flags: NO_FLAGS }
        : misuse(`not for ${nameOf(value)}`),
  ),
  i: flag('i'),
  ignorecase: flag('i'),
  m: flag('m'),
  multiline: flag('m'),
  s: flag('s'),
  dotall: flag('s'),
  cidr: type((value) => {
    const source = value.kind === 'text' ? value.written.trim() : undefined;
    if (source === undefined) return misuse(`not for ${nameOf(value)}`);
    const network = parseNetwork(source);
    return network === undefined ? misuse(`${JSON.stringify(source)} is no network`, 'bad-cidr') : { kind: 'network', network, source };
  }),
  expand,
  fieldref: type((value) => {
    if (value.kind !== 'text') return misuse(`not for ${nameOf(value)}`);
    return hasWildcards(value.parts)
      ? misuse('a field name has no wildcards')
      : { kind: 'field', name: value.parts.join(''), start: false, end: false, cased: false };
  }),
  exists: type((value, { field }) => {
    if (field === undefined) return misuse('only for a field');
    const wanted = value.kind === 'boolean' ? value.truth : value.kind === 'text' ? TRUTHS[value.written.toLowerCase()] : undefined;
    return wanted === undefined ? misuse('needs true or false') : { kind: 'exists', wanted };
  }),
  ...Object.fromEntries((Object.keys(comparisons) as Comparison[]).map((name) => [name, compared(name)])),
  ...Object.fromEntries(timeUnits.map((unit) => [unit, timed(unit)])),
};

const NO_FLAGS = { i: false, m: false, s: false };
const NOTHING: ModifierContext = { placeholders: {}, applied: [] };

/** These change how the values of the list are linked. */
export const LIST_MODIFIERS: ReadonlySet<string> = new Set(['all', 'neq']);

export function isModifier(name: string): boolean {
  return LIST_MODIFIERS.has(name) || Object.hasOwn(valueModifiers, name);
}
