/**
 * Proves that a backtracking engine needs time in proportion to the text. What cannot be proved is not run by one.
 *
 * A pattern is safe when, from each start, only a bounded number of ways is tried, and what is repeated without bound is one set of
 * characters whose run is entered from few starts (a character outside of the set stands before it, or the pattern is anchored)
 * and left in one place (what follows is outside of the set, or nothing unbounded follows).
 */
import { EVERY, isDisjoint, NONE, type CharSet } from './char-set.js';
import type { RegexFlags, RegexNode } from './syntax.js';

/** Steps from one start, worst case. */
const MAX_STEPS = 64;

/** @returns The pattern for a search (not for a full match), simplified; undefined when nothing is proved. */
export function vetRegex(root: RegexNode, flags: RegexFlags): string | undefined {
  const options = root.kind === 'either' ? root.of : [root];
  const vetted = options.map((option) => vetSequence(flatten(option), flags, options.length === 1));
  if (vetted.some((option) => option === undefined)) return undefined;
  return vetted.join('|');
}

/** Elements one after the other; groups that are there once and offer no choice are opened. */
function flatten(node: RegexNode): RegexNode[] {
  return node.kind === 'sequence' ? node.of.flatMap(flatten) : [node];
}

function vetSequence(all: RegexNode[], flags: RegexFlags, alone: boolean): string | undefined {
  const anchored = alone && !flags.m && all[0]?.kind === 'start';
  const elements = trimEnds(all, anchored);
  let steps = 1;
  let entered = anchored;
  for (const [index, element] of elements.entries()) {
    if (isUnbounded(element)) {
      const body = singleSet(element);
      if (body === undefined) return undefined;
      const last = !elements.slice(index + 1).some(isUnbounded);
      if (!entered && !hasGuard(elements, index, body)) return undefined;
      if (!last && !isDisjoint(followers(elements.slice(index + 1)), body)) return undefined;
      entered = false;
      steps *= Math.max(1, element.kind === 'repeat' ? element.min : 1);
    } else {
      const cost = costOf(element);
      if (cost === undefined) return undefined;
      steps *= cost.ways;
    }
    if (steps > MAX_STEPS) return undefined;
  }
  return steps * lengthOf(elements) > MAX_STEPS ? undefined : elements.map((element) => element.source).join('');
}

/** A search does not need what may go on for ever at its ends: `.*x.+` finds what `x.` finds. */
function trimEnds(elements: readonly RegexNode[], anchored: boolean): RegexNode[] {
  const trimmed = [...elements];
  const first = trimmed[0];
  if (!anchored && first !== undefined && isUnbounded(first)) trimmed.splice(0, 1, ...minimal(first));
  const last = trimmed[trimmed.length - 1];
  if (last !== undefined && isUnbounded(last)) trimmed.splice(-1, 1, ...minimal(last));
  return trimmed;
}

function minimal(element: RegexNode): RegexNode[] {
  if (element.kind !== 'repeat' || element.of.kind !== 'set') return [element];
  const { of, min } = element;
  return min === 0 ? [] : [{ kind: 'repeat', of, min, max: min, source: min === 1 ? of.source : `${of.source}{${min}}` }];
}

function isUnbounded(node: RegexNode): boolean {
  if (node.kind === 'repeat') return node.max === Infinity || isUnbounded(node.of);
  if (node.kind === 'sequence' || node.kind === 'either') return node.of.some(isUnbounded);
  return node.kind === 'look' && isUnbounded(node.of);
}

function singleSet(node: RegexNode): CharSet | undefined {
  if (node.kind !== 'repeat') return undefined;
  const body = flatten(node.of);
  return body.length === 1 && body[0]?.kind === 'set' ? body[0].set : undefined;
}

/** Whether a character that must be there, between the unbounded element before and this one, cannot be part of this one's run. */
function hasGuard(elements: readonly RegexNode[], index: number, body: CharSet): boolean {
  for (let i = index - 1; i >= 0; i--) {
    const element = elements[i] as RegexNode;
    if (isUnbounded(element)) return false;
    const set = mandatorySet(element);
    if (set !== undefined && isDisjoint(set, body)) return true;
  }
  return false;
}

function mandatorySet(node: RegexNode): CharSet | undefined {
  if (node.kind === 'set') return node.set;
  return node.kind === 'repeat' && node.min > 0 ? mandatorySet(node.of) : undefined;
}

/** What the next character may be. */
function followers(elements: readonly RegexNode[]): CharSet {
  let set = NONE;
  for (const element of elements) {
    set |= firstOf(element);
    if (!isOptional(element)) return set;
  }
  return EVERY;
}

function firstOf(node: RegexNode): CharSet {
  switch (node.kind) {
    case 'set':
      return node.set;
    case 'repeat':
      return firstOf(node.of);
    case 'sequence':
      return node.of.length === 0 ? NONE : followersWithin(node.of);
    case 'either':
      return node.of.reduce((set, option) => set | firstOf(option), NONE);
    case 'end':
    case 'start':
      return 1n << 10n;
    default:
      return NONE;
  }
}

function followersWithin(elements: readonly RegexNode[]): CharSet {
  let set = NONE;
  for (const element of elements) {
    set |= firstOf(element);
    if (!isOptional(element)) break;
  }
  return set;
}

function isOptional(node: RegexNode): boolean {
  if (node.kind === 'repeat') return node.min === 0 || isOptional(node.of);
  if (node.kind === 'sequence') return node.of.every(isOptional);
  if (node.kind === 'either') return node.of.some(isOptional);
  return node.kind === 'boundary' || node.kind === 'look';
}

interface Cost {
  /** How many ways there are to match at one place. */
  readonly ways: number;
  readonly length: number;
}

function costOf(node: RegexNode): Cost | undefined {
  switch (node.kind) {
    case 'set':
      return { ways: 1, length: 1 };
    case 'sequence':
      return total(node.of, (a, b) => ({ ways: a.ways * b.ways, length: a.length + b.length }), { ways: 1, length: 0 });
    case 'either':
      return total(node.of, (a, b) => ({ ways: a.ways + b.ways, length: Math.max(a.length, b.length) }), { ways: 0, length: 0 });
    case 'look':
      return costOf(node.of);
    case 'repeat':
      return repeatCost(node.min, node.max, costOf(node.of));
    default:
      return { ways: 1, length: 0 };
  }
}

function total(nodes: readonly RegexNode[], add: (a: Cost, b: Cost) => Cost, start: Cost): Cost | undefined {
  let sum = start;
  for (const node of nodes) {
    const cost = costOf(node);
    if (cost === undefined) return undefined;
    sum = add(sum, cost);
  }
  return sum;
}

function repeatCost(min: number, max: number, body: Cost | undefined): Cost | undefined {
  if (body === undefined || max === Infinity) return undefined;
  let ways = 0;
  for (let times = min; times <= max && ways <= MAX_STEPS; times++) ways += body.ways ** times;
  return ways > MAX_STEPS ? undefined : { ways, length: body.length * max };
}

function lengthOf(elements: readonly RegexNode[]): number {
  return elements.reduce((length, element) => length + (costOf(element)?.length ?? 1), 1);
}
