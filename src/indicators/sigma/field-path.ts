/**
 * A field's values in a record: the literal key first (`"a.b"`), then down (`a` → `b`); lists are searched.
 * Only what the record itself has: `constructor` is a field name like any other.
 */

export type FieldReader = (record: Readonly<Record<string, unknown>>) => unknown;

/** Several values of one field. An own class: a list in the record is not one before it was searched. */
export class Many {
  constructor(readonly values: readonly unknown[]) {}
}

/** @returns A reader: undefined when the field is missing, {@link Many} when lists are in the way. */
export function fieldReader(field: string): FieldReader {
  const segments = field.split('.');
  const direct = field in Object.prototype ? ownValue(field) : (record: Readonly<Record<string, unknown>>) => record[field];
  if (segments.length === 1) return (record) => settle(direct(record));
  // Keys may hold dots themselves, on each level: the longest goes first.
  return (record) => {
    const value = direct(record);
    return settle(value === undefined ? descend(record, segments, 0) : value);
  };
}

function ownValue(field: string): FieldReader {
  return (record) => (Object.hasOwn(record, field) ? record[field] : undefined);
}

function descend(value: unknown, segments: readonly string[], from: number): unknown {
  if (from === segments.length) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return descendList(value, segments, from);
  for (let to = segments.length; to > from; to--) {
    const key = to === from + 1 ? (segments[from] as string) : segments.slice(from, to).join('.');
    if (!Object.hasOwn(value, key)) continue;
    const found = descend((value as Record<string, unknown>)[key], segments, to);
    if (found !== undefined) return found;
  }
  return undefined;
}

function descendList(list: readonly unknown[], segments: readonly string[], from: number): unknown {
  const found: unknown[] = [];
  for (const element of flatten(list)) {
    const value = descend(element, segments, from);
    if (value instanceof Many) found.push(...value.values);
    else if (value !== undefined) found.push(value);
  }
  return found.length === 0 ? undefined : new Many(found);
}

function settle(value: unknown): unknown {
  if (Array.isArray(value)) return new Many(flatten(value));
  if (!(value instanceof Many)) return value;
  return value.values.some(Array.isArray) ? new Many(flatten(value.values)) : value;
}

/** Without recursion: evidence may be nested as deep as it likes. */
function flatten(list: readonly unknown[]): readonly unknown[] {
  if (!list.some(Array.isArray)) return list;
  const flat: unknown[] = [];
  const waiting: unknown[] = [...list].reverse();
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) for (let i = value.length - 1; i >= 0; i--) waiting.push(value[i]);
    else flat.push(value);
  }
  return flat;
}

export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** All values of a record that hold no others, in document order. */
export function leavesOf(record: Readonly<Record<string, unknown>>): unknown[] {
  const leaves: unknown[] = [];
  const values = Object.values(record);
  let nested = false;
  for (const value of values) {
    if (typeof value === 'object' && value !== null) nested = true;
    else leaves.push(value);
  }
  return nested ? nestedLeavesOf(values) : leaves;
}

function nestedLeavesOf(values: unknown[]): unknown[] {
  const leaves: unknown[] = [];
  const waiting = values.reverse();
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) {
      leaves.push(value);
      continue;
    }
    const inner = Array.isArray(value) ? value : Object.values(value);
    for (let i = inner.length - 1; i >= 0; i--) waiting.push(inner[i]);
  }
  return leaves;
}

/** The same with paths (`user.groups.0`), for explanations. */
export function namedLeavesOf(record: Readonly<Record<string, unknown>>): Leaf[] {
  const leaves: Leaf[] = [];
  const waiting: Leaf[] = [{ path: '', value: record }];
  for (let leaf = waiting.pop(); leaf !== undefined; leaf = waiting.pop()) {
    if (typeof leaf.value !== 'object' || leaf.value === null) {
      leaves.push(leaf);
      continue;
    }
    const entries = Object.entries(leaf.value);
    for (const [key, value] of entries.reverse()) waiting.push({ path: leaf.path === '' ? key : `${leaf.path}.${key}`, value });
  }
  return leaves;
}
