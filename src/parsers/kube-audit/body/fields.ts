/** Reading of bodies that may be anything: every value is taken only as what it should be, and everything is bounded. */

/** Longest text (characters) and list taken over from a body. */
const TEXT = 4096;
const LIST = 256;

export type Loose = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, TEXT) : undefined;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function truth(value: unknown): true | undefined {
  return value === true ? true : undefined;
}

/** `false` where it was said: for what is on unless somebody turns it off. */
export function denial(value: unknown): false | undefined {
  return value === false ? false : undefined;
}

/** The value under a path of keys. */
export function at(value: unknown, ...path: string[]): unknown {
  let inner = value;
  for (const key of path) {
    if (!isObject(inner) || !Object.hasOwn(inner, key)) return undefined;
    inner = inner[key];
  }
  return inner;
}

/** The objects of a list; none when it is no list. */
export function objects(value: unknown): Loose[] {
  return Array.isArray(value) ? value.slice(0, LIST).filter(isObject) : [];
}

/** The texts of a list; undefined when it is no list or empty. */
export function texts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return nonEmpty(value.slice(0, LIST).map(text));
}

/** A list as it was given: an empty one says something too (all taken away). What says nothing stays as an empty object. */
export function each<T>(value: unknown, make: (item: Loose) => T | undefined): (T | Loose)[] | undefined {
  return Array.isArray(value) ? objects(value).map((item) => make(item) ?? {}) : undefined;
}

/** The values of a list, without those that are absent; undefined when nothing is left. */
export function nonEmpty<T>(list: readonly (T | undefined)[]): T[] | undefined {
  const found = list.filter((item): item is T => item !== undefined);
  return found.length === 0 ? undefined : found;
}

/** Leaves out what is absent. @returns undefined when nothing is left. */
export function some<T extends object>(value: T): T | undefined {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as T);
}

/** The keys of several objects, each once. */
export function keysOf(...values: readonly unknown[]): string[] {
  return [...new Set(values.flatMap((value) => (isObject(value) ? Object.keys(value) : [])))]
    .slice(0, LIST)
    .map((key) => key.slice(0, TEXT));
}

/** Labels or annotations. `null` is how a patch takes one away. */
export function labels(value: unknown): Record<string, string | null> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).slice(0, LIST);
  return Object.fromEntries(entries.map(([key, item]) => [key.slice(0, TEXT), item === null ? null : (text(item) ?? String(item))]));
}

/** `namespace/name` of a reference to a service. */
export function serviceOf(value: unknown): string | undefined {
  const name = text(at(value, 'name'));
  return name === undefined ? undefined : `${text(at(value, 'namespace')) ?? ''}/${name}`;
}
