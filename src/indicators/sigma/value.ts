/** What a rule asks of a field's value, after all modifiers. */
import type { Network } from './cidr.js';
import type { Parts } from './pattern.js';
import type { CompiledRegex } from './regex/compile.js';
import type { RegexFlags } from './regex/syntax.js';
import type { TimeUnit } from './time-part.js';

export const comparisons = {
  gt: (a: number, b: number) => a > b,
  gte: (a: number, b: number) => a >= b,
  lt: (a: number, b: number) => a < b,
  lte: (a: number, b: number) => a <= b,
} as const;
export type Comparison = keyof typeof comparisons;

export type Value =
  /** `bytes`: one character per byte, made by an encoding modifier. */
  | { readonly kind: 'text'; readonly parts: Parts; readonly cased: boolean; readonly bytes: boolean; readonly written: string }
  /** `source` as the rule writes it. */
  | { readonly kind: 'number'; readonly number: number; readonly source: string }
  | { readonly kind: 'boolean'; readonly truth: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'exists'; readonly wanted: boolean }
  | { readonly kind: 'pattern'; readonly source: string; readonly flags: RegexFlags }
  | { readonly kind: 'regex'; readonly source: string; readonly regex: CompiledRegex }
  | { readonly kind: 'network'; readonly network: Network; readonly source: string }
  | { readonly kind: 'compare'; readonly comparison: Comparison; readonly number: number }
  | { readonly kind: 'time'; readonly unit: TimeUnit; readonly comparison: Comparison | 'eq'; readonly number: number }
  | { readonly kind: 'field'; readonly name: string; readonly start: boolean; readonly end: boolean; readonly cased: boolean }
  /** One of them is enough, whatever links the values of the list. */
  | { readonly kind: 'any'; readonly of: readonly Value[] };

// 12     -3     0.50
const DECIMAL = /^[+-]?\d{1,30}(?:\.\d{1,30})?$/;

/** A number, or a text that is one in decimals. */
export function parseNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return DECIMAL.test(text) ? Number(text) : undefined;
}
