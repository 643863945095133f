/** Mappings as tables: one row per field of the other format. The docs print them, the exporters run them. */
import type { Event } from '../model/event.js';

export interface Mapping {
  /** Field of the other format, dots between its levels. */
  readonly field: string;
  /** What of the event goes there, for the docs. */
  readonly from: string;
  /** @returns undefined, or an empty list, when the event does not say it: the field is then left out. */
  readonly get: (event: Event) => unknown;
}

export const row = (field: string, from: string, get: Mapping['get']): Mapping => ({ field, from, get });

/** A field that is the same in every event. */
export const constant = (field: string, value: unknown): Mapping => row(field, `always ${JSON.stringify(value)}`, () => value);

type Nested = Record<string, unknown>;

interface Step {
  readonly parents: readonly string[];
  readonly leaf: string;
  readonly get: Mapping['get'];
}

/** Runs a table: nested objects by the dots in the fields. */
export function nested(table: readonly Mapping[]): (event: Event) => Nested {
  const steps: Step[] = table.map(({ field, get }) => {
    const path = field.split('.');
    return { parents: path.slice(0, -1), leaf: path[path.length - 1] as string, get };
  });
  return (event) => {
    const result: Nested = {};
    for (const { parents, leaf, get } of steps) {
      const value = get(event);
      if (isAbsent(value)) continue;
      let at = result;
      for (const parent of parents) at = (at[parent] ??= {}) as Nested;
      at[leaf] = value;
    }
    return result;
  };
}

/** Runs a table: one flat object, the dots kept. */
export function flat(table: readonly Mapping[]): (event: Event) => Nested {
  return (event) => {
    const result: Nested = {};
    for (const { field, get } of table) {
      const value = get(event);
      if (!isAbsent(value)) result[field] = value;
    }
    return result;
  };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** The values that are there, each once. */
export function distinct(...values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value): value is string => value !== undefined && value !== ''))];
}
