/** JSON patches as the part of an object that they set: what reads objects then reads them too. */
import { objects, some, text, type Loose } from './fields.js';

const DEEPEST = 32;
const LONGEST_LIST = 256;

type Node = Record<string, unknown> | unknown[];

/**
 * What the operations leave behind of an object of which nothing else is known; `null` where something is taken away.
 * {@link https://www.rfc-editor.org/rfc/rfc6902 | RFC 6902}
 */
export function patchedPart(operations: readonly unknown[]): Loose {
  const whole: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { op, path, value } of objects(operations)) {
    if (typeof path !== 'string' || !path.startsWith('/')) continue;
    if (op === 'add' || op === 'replace') set(whole, path, value);
    else if (op === 'remove') set(whole, path, null);
  }
  return whole;
}

/** The operations themselves, without their values. */
export function operationsOf(operations: readonly unknown[]): unknown[] {
  return objects(operations).map(({ op, path, from }) => some({ op: text(op), path: text(path), from: text(from) }) ?? {});
}

function set(whole: Node, path: string, value: unknown): void {
  const steps = path.split('/', DEEPEST + 2).slice(1);
  if (steps.length > DEEPEST) return;
  let node = whole;
  for (const [i, step] of steps.entries()) {
    const last = i === steps.length - 1;
    const key = Array.isArray(node) ? indexOf(node, step) : step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (key === undefined) return;
    const place = node as Record<string | number, unknown>;
    if (last) {
      if (value !== null || !Array.isArray(node)) place[key] = value;
      return;
    }
    const inner = place[key];
    if (typeof inner === 'object' && inner !== null) node = inner as Node;
    else {
      const next = /^(?:-|\d{1,9})$/.test(steps[i + 1] as string) ? [] : (Object.create(null) as Record<string, unknown>);
      place[key] = next;
      node = next;
    }
  }
}

function indexOf(list: readonly unknown[], step: string): number | undefined {
  const index = step === '-' ? list.length : /^\d{1,9}$/.test(step) ? Number(step) : LONGEST_LIST;
  return index < LONGEST_LIST ? index : undefined;
}
