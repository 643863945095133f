/**
 * Search identifiers: maps (and), lists (or), values with modifiers, keywords.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html#detection | Sigma rules, Detection}
 */
import type { RuleErrorCode } from './errors.js';
import { isModifier, LIST_MODIFIERS, valueModifiers, type ModifierContext } from './modifiers.js';
import { parsePattern } from './pattern.js';
import type { Placeholders } from './placeholders.js';
import { compileRegex } from './regex/compile.js';
import type { Value } from './value.js';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml.js';

export type Selection = { readonly kind: 'every' | 'some'; readonly of: readonly Selection[] } | Item;

/** One field, or no field (keywords), and what its value must be. */
export interface Item {
  readonly kind: 'item';
  readonly field?: string;
  readonly modifiers: readonly string[];
  readonly values: readonly Value[];
  /** `all`: each value, not one of them. */
  readonly every: boolean;
  /** `neq` */
  readonly negated: boolean;
}

export interface Faults {
  error(code: RuleErrorCode, message: string, at: number, hint?: string): void;
  warning(code: RuleErrorCode, message: string, at: number, hint?: string): void;
}

export interface DetectionContext {
  readonly placeholders: Placeholders;
  readonly faults: Faults;
}

/** @returns What could be read; faults are told. A selection with faults must not be used. */
export function readSelection(node: YamlNode, context: DetectionContext): Selection {
  if (node.kind === 'scalar') return readItem(undefined, [], [node], node.at, context);
  if (node.kind === 'map') {
    if (node.entries.length === 0) context.faults.error('empty-list', 'a selection without fields', node.at);
    return { kind: 'every', of: node.entries.map((entry) => readEntry(entry, context)) };
  }
  if (node.items.length === 0) context.faults.error('empty-list', 'an empty list matches nothing', node.at);
  const scalars = node.items.filter((item): item is YamlScalar => item.kind === 'scalar');
  if (scalars.length === node.items.length) return readItem(undefined, [], scalars, node.at, context);
  return { kind: 'some', of: node.items.map((item) => readSelection(item, context)) };
}

function readEntry({ key, at, value }: YamlEntry, context: DetectionContext): Selection {
  const [field = '', ...modifiers] = key.split('|');
  for (const name of modifiers) {
    if (!isModifier(name)) context.faults.error('unknown-modifier', `unknown modifier ${JSON.stringify(name)}`, at, suggestion(name));
  }
  if (value.kind === 'map') context.faults.error('bad-value', `${key}: a map where a value should be`, value.at);
  const nodes = value.kind === 'list' ? value.items : [value];
  if (nodes.length === 0) context.faults.error('empty-list', `${key}: an empty list matches nothing`, value.at);
  const scalars = nodes.filter((node): node is YamlScalar => node.kind === 'scalar');
  if (value.kind === 'list' && scalars.length < nodes.length)
    context.faults.error('bad-value', `${key}: a list of values holds a map or list`, value.at);
  return readItem(field === '' ? undefined : field, modifiers, scalars, at, context);
}

function suggestion(name: string): string | undefined {
  const lower = name.toLowerCase();
  const close = [...Object.keys(valueModifiers), ...LIST_MODIFIERS].find(
    (known) => known === lower || `${known}s` === lower || known === lower.replace(/[_-]/g, ''),
  );
  return close === undefined ? undefined : `did you mean ${close}?`;
}

function readItem(
  field: string | undefined,
  modifiers: readonly string[],
  nodes: readonly YamlScalar[],
  at: number,
  context: DetectionContext,
): Item {
  const every = modifiers.includes('all');
  if (every && nodes.length === 1) context.faults.warning('modifier-misuse', 'all has no meaning for one value', at);
  if (nodes.length > 1 && nodes.some((node) => node.value === null)) {
    context.faults.warning('bad-value', 'null in a list of values: the specification wants it in a selection of its own', at);
  }
  const values: Value[] = [];
  for (const node of nodes) {
    const value = readValue(field, modifiers, node, context);
    if (value === undefined) continue;
    if (value.kind === 'any' && !every) values.push(...value.of);
    else values.push(value);
  }
  return { kind: 'item', field, modifiers, values, every, negated: modifiers.includes('neq') };
}

function readValue(
  field: string | undefined,
  modifiers: readonly string[],
  node: YamlScalar,
  { placeholders, faults }: DetectionContext,
): Value | undefined {
  let value = plainValue(node, modifiers);
  if (field === undefined && value.kind === 'null') {
    faults.error('bad-value', 'null needs a field', node.at);
    return undefined;
  }
  const applied: string[] = [];
  for (const name of modifiers) {
    const modify = Object.hasOwn(valueModifiers, name) ? valueModifiers[name] : undefined;
    if (modify !== undefined) {
      const context: ModifierContext = { placeholders, applied, field };
      const modified = modify(value, context);
      if ('code' in modified) {
        faults.error(modified.code, `${name}: ${modified.message}`, node.at);
        return undefined;
      }
      value = modified;
    }
    applied.push(name);
  }
  return withRegexes(value, node.at, faults);
}

function plainValue({ value, source }: YamlScalar, modifiers: readonly string[]): Value {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'boolean') return { kind: 'boolean', truth: value };
  if (typeof value === 'number') return { kind: 'number', number: value, source };
  // In regular expressions * ? and \ mean something else.
  return { kind: 'text', parts: modifiers.includes('re') ? [value] : parsePattern(value), cased: false, bytes: false, written: value };
}

/** Regular expressions are compiled once all modifiers are known. */
function withRegexes(value: Value, at: number, faults: Faults): Value | undefined {
  if (value.kind === 'any') {
    const of = value.of.map((one) => withRegexes(one, at, faults)).filter((one) => one !== undefined);
    return of.length === value.of.length ? { kind: 'any', of } : undefined;
  }
  if (value.kind !== 'pattern') return value;
  const regex = compileRegex(value.source, value.flags);
  if ('code' in regex) {
    faults.error(regex.code, `${JSON.stringify(value.source)}: ${regex.message}`, at);
    return undefined;
  }
  return { kind: 'regex', source: value.source, regex };
}
