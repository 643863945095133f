/** Rules that name other rules: filters are put into theirs, correlations are set in an order that works. */
import type { RuleError, RuleErrorCode } from './errors.js';
import { isForLogSource } from './logsource.js';
import type { CorrelationRule, DetectionRule, FilterRule, RuleHead } from './rule.js';

export type NamedRule = DetectionRule | CorrelationRule;

/** Rules by id and by name. */
export class Registry {
  private readonly rules = new Map<string, NamedRule>();

  constructor(rules: readonly NamedRule[]) {
    for (const rule of rules) {
      if (rule.id !== undefined) this.rules.set(rule.id.toLowerCase(), rule);
      if (rule.name !== undefined && !this.rules.has(rule.name.toLowerCase())) this.rules.set(rule.name.toLowerCase(), rule);
    }
  }

  readonly find = (reference: string): NamedRule | undefined => this.rules.get(reference.trim().toLowerCase());
}

export interface Referred<T> {
  readonly rules: readonly T[];
  readonly errors: readonly RuleError[];
}

/**
 * A filter's condition must hold beside the rule's: `not selection` excludes.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-filters-specification.html | Sigma filters, 2.1.0}
 */
export function applyFilters(
  rules: readonly DetectionRule[],
  filters: readonly FilterRule[],
): Referred<DetectionRule> & { readonly warnings: readonly RuleError[] } {
  const warnings: RuleError[] = [];
  const used = new Set<string>();
  const filtered = rules.map((rule) => {
    const own = filters.filter((filter) => isForLogSource(filter.logsource, rule.logsource) && isMeant(filter, rule, used));
    if (own.length === 0) return rule;
    return {
      ...rule,
      filters: own.map((filter) => filter.title),
      expression: { kind: 'and', of: [rule.expression, ...own.map((filter) => filter.expression)] } as const,
    };
  });
  const known = new Registry(rules);
  for (const filter of filters) {
    for (const reference of filter.rules ?? []) {
      if (known.find(reference) === undefined)
        warnings.push(fault(filter, 'unknown-rule', `the filter names the rule ${JSON.stringify(reference)}, which is not there`));
      else if (!used.has(key(filter, reference)))
        warnings.push(
          fault(
            filter,
            'unknown-rule',
            `the rule ${JSON.stringify(reference)} is for another log source than the filter: it is not filtered`,
          ),
        );
    }
  }
  return { rules: filtered, errors: [], warnings };
}

const key = (filter: FilterRule, reference: string) => `${filter.path}:${filter.line}:${reference}`;

function isMeant(filter: FilterRule, rule: DetectionRule, used: Set<string>): boolean {
  if (filter.rules === undefined) return true;
  const names = new Set([rule.id, rule.name].map((name) => name?.toLowerCase()));
  const reference = filter.rules.find((one) => names.has(one.trim().toLowerCase()));
  if (reference === undefined) return false;
  used.add(key(filter, reference));
  return true;
}

/** Each correlation behind those it refers to. Those that refer to nothing, or to each other in a circle, are refused. */
export function orderCorrelations(correlations: readonly CorrelationRule[], registry: Registry): Referred<CorrelationRule> {
  const errors: RuleError[] = [];
  const ordered: CorrelationRule[] = [];
  const states = new Map<CorrelationRule, 'open' | 'good' | 'bad'>();
  const visit = (rule: CorrelationRule): boolean => {
    const state = states.get(rule);
    if (state !== undefined) {
      if (state === 'open') errors.push(fault(rule, 'correlation-cycle', 'the correlation refers to itself, directly or by others'));
      return state === 'good';
    }
    states.set(rule, 'open');
    let good = true;
    for (const reference of rule.rules) {
      const referred = registry.find(reference);
      if (referred === undefined)
        errors.push(
          fault(rule, 'unknown-rule', `the correlation names the rule ${JSON.stringify(reference)}, which is not there or was refused`),
        );
      const fits = referred !== undefined && (referred.kind === 'detection' || visitNested(rule, referred));
      good &&= fits;
    }
    states.set(rule, good ? 'good' : 'bad');
    if (good) ordered.push(rule);
    return good;
  };
  const visitNested = (rule: CorrelationRule, referred: CorrelationRule): boolean => {
    const known = states.get(referred);
    const good = visit(referred);
    if (!good && known !== 'open')
      errors.push(fault(rule, 'unknown-rule', `the correlation ${JSON.stringify(referred.title)} that it names was refused`));
    return good;
  };
  for (const rule of correlations) visit(rule);
  return { rules: ordered, errors };
}

function fault({ path, line, id, title }: RuleHead, code: RuleErrorCode, message: string): RuleError {
  return { code, message, path, line, column: 1, rule: id ?? title };
}
