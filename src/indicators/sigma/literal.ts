/** Texts that a record must have before a rule can match it: what the index looks for. */
import type { Item, Selection } from './detection.js';
import type { Expression } from './expression.js';
import { joinParts, type Anchor, type Parts } from './pattern.js';
import type { Columns } from './row.js';
import type { Value } from './value.js';

/** The slot of keywords: all texts of the record. */
export const ANYWHERE = -1;

export interface Literal {
  readonly slot: number;
  /** In lower case. */
  readonly text: string;
  readonly anchor: Anchor;
}

/** One of them must be there. undefined: nothing can be told. */
export type Requirement = readonly Literal[] | undefined;

export function requirementOf(expression: Expression, columns: Columns): Requirement {
  switch (expression.kind) {
    case 'selection':
      return requirementOfSelection(expression.selection, columns);
    case 'not':
      return undefined;
    case 'and':
      return best(expression.of.map((one) => requirementOf(one, columns)));
    case 'or':
      return union(expression.of.map((one) => requirementOf(one, columns)));
    case 'atLeast': {
      const each = expression.of.map((one) => requirementOf(one, columns));
      return expression.count >= each.length ? best(each) : union(each);
    }
  }
}

function requirementOfSelection(selection: Selection, columns: Columns): Requirement {
  if (selection.kind === 'item') return requirementOfItem(selection, columns);
  const each = selection.of.map((one) => requirementOfSelection(one, columns));
  return selection.kind === 'every' ? best(each) : union(each);
}

function requirementOfItem(item: Item, columns: Columns): Requirement {
  if (item.negated) return undefined;
  const slot = item.field === undefined ? ANYWHERE : columns.slotOf(item.field);
  const each = item.values.map((value) => requirementOfValue(value, slot));
  return item.every ? best(each) : union(each);
}

function requirementOfValue(value: Value, slot: number): Requirement {
  const literal = (text: string, anchor: Anchor): Requirement =>
    // Greek sigma is lowered by its place in the word.
    text === '' || /[σς]/.test(text) ? undefined : [{ slot, text, anchor: slot === ANYWHERE ? 'anywhere' : anchor }];
  switch (value.kind) {
    case 'text': {
      const { text, anchor } = longestText(value.parts);
      return literal(text.toLowerCase(), anchor);
    }
    case 'number':
      // 7, 07, 7.0 and -7 all hold a 7.
      return Number.isSafeInteger(value.number) && value.source === String(value.number)
        ? literal(String(Math.abs(value.number)), 'anywhere')
        : undefined;
    case 'boolean':
      return literal(String(value.truth), 'exact');
    case 'regex':
      return value.regex.literals === undefined ? undefined : union(value.regex.literals.map((text) => literal(text, 'anywhere')));
    case 'any':
      return union(value.of.map((one) => requirementOfValue(one, slot)));
    default:
      return undefined;
  }
}

function longestText(parts: Parts): { text: string; anchor: Anchor } {
  const joined = joinParts(parts);
  let best = -1;
  for (const [index, part] of joined.entries()) {
    if (typeof part === 'string' && (best < 0 || part.length > (joined[best] as string).length)) best = index;
  }
  if (best < 0) return { text: '', anchor: 'anywhere' };
  const text = joined[best] as string;
  if (joined.length === 1) return { text, anchor: 'exact' };
  const anchor = best === 0 ? 'start' : best === joined.length - 1 ? 'end' : 'anywhere';
  return { text, anchor };
}

/** A literal that says less and takes less room: still needed by every match. */
export function cutLiteral({ slot, text, anchor }: Literal, length: number): Literal {
  if (text.length <= length) return { slot, text, anchor };
  if (anchor === 'start') return { slot, text: text.slice(0, length), anchor };
  return { slot, text: text.slice(-length), anchor: anchor === 'exact' ? 'end' : anchor };
}

function union(each: readonly Requirement[]): Requirement {
  const all: Literal[] = [];
  for (const one of each) {
    if (one === undefined) return undefined;
    all.push(...one);
  }
  return all;
}

function best(each: readonly Requirement[]): Requirement {
  let found: Requirement;
  let score = -Infinity;
  for (const one of each) {
    if (one === undefined) continue;
    const own = scoreOf(one);
    if (own > score) {
      found = one;
      score = own;
    }
  }
  return found;
}

/** How seldom a record that is not meant has one of them: the weakest counts, few are better than many. */
function scoreOf(literals: readonly Literal[]): number {
  let weakest = Infinity;
  for (const { text, anchor, slot } of literals) {
    const rarity = Math.min(text.length, 12) + (anchor === 'anywhere' ? 0 : anchor === 'exact' ? 4 : 2) - (slot === ANYWHERE ? 3 : 0);
    if (rarity < weakest) weakest = rarity;
  }
  return weakest - Math.log2(literals.length + 1);
}
