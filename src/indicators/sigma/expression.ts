/** A rule's condition with its search identifiers put in. */
import type { Condition } from './condition.js';
import { matchingNames } from './condition.js';
import type { Faults, Selection } from './detection.js';

export type Expression =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'atLeast'; readonly count: number; readonly of: readonly Expression[] }
  | { readonly kind: 'selection'; readonly name: string; readonly selection: Selection };

/**
 * @param label What stands before the names in explanations: a filter's title.
 * @param at Place of the condition's first character in the file.
 */
export function resolveCondition(
  condition: Condition,
  selections: ReadonlyMap<string, Selection>,
  faults: Faults,
  at: (index: number) => number,
  label = '',
): Expression | undefined {
  const selectionOf = (name: string): Expression => ({
    kind: 'selection',
    name: label + name,
    selection: selections.get(name) as Selection,
  });
  const resolve = (node: Condition): Expression | undefined => {
    switch (node.kind) {
      case 'name':
        if (selections.has(node.name)) return selectionOf(node.name);
        faults.error('unknown-identifier', `the condition names ${JSON.stringify(node.name)}, which the rule does not have`, at(node.at));
        return undefined;
      case 'of': {
        const names = matchingNames(node.pattern, [...selections.keys()]);
        if (names.length === 0) {
          faults.error('unknown-identifier', `no search identifier matches ${JSON.stringify(node.pattern)}`, at(node.at));
          return undefined;
        }
        const count = node.count === 'all' ? names.length : node.count;
        if (count > names.length) faults.warning('condition-syntax', `${count} of ${names.length} can never be`, at(node.at));
        return { kind: 'atLeast', count, of: names.map(selectionOf) };
      }
      case 'not': {
        const of = resolve(node.of);
        return of === undefined ? undefined : { kind: 'not', of };
      }
      default: {
        const of = node.of.map(resolve).filter((one) => one !== undefined);
        return of.length < node.of.length ? undefined : { kind: node.kind, of };
      }
    }
  };
  return resolve(condition);
}
