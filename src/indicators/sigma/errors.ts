/** What can be wrong with a rule. Collected with its place, never thrown: one bad rule does not cost the others. */

export const ruleErrorCodes = [
  /** Not YAML, or not a map of keys. */
  'yaml',
  /** YAML aliases that unfold to too much, or into themselves. */
  'alias-bomb',
  /** A key that a rule must have. */
  'missing-field',
  /** A key with a value of the wrong kind. */
  'bad-value',
  'unknown-modifier',
  /** A modifier that cannot be applied to this value or in this place. */
  'modifier-misuse',
  /** The condition does not follow the grammar. */
  'condition-syntax',
  /** The condition names a search identifier that the rule does not have. */
  'unknown-identifier',
  /** `| count() …` and its like: replaced by correlation rules. */
  'unsupported-aggregation',
  /** `%name%` under `expand`, without a value for it. */
  'unresolved-placeholder',
  'empty-list',
  'bad-regex',
  /** A valid expression that cannot be run in linear time. */
  'unsupported-regex',
  'bad-cidr',
  'duplicate-id',
  /** A correlation or filter refers to a rule that is not there. */
  'unknown-rule',
  /** Correlations that refer to each other in a circle. */
  'correlation-cycle',
  /** A form that is understood, but not read. */
  'unsupported',
  /** One of our limits was reached. */
  'limit',
] as const;

export type RuleErrorCode = (typeof ruleErrorCodes)[number];

export interface RuleError {
  readonly code: RuleErrorCode;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** Id of the rule, or its title when it has none. */
  readonly rule?: string;
}

/** `rules/a.yml:12:5: unknown-modifier: …` */
export function formatRuleError({ path, line, column, code, message, hint }: RuleError): string {
  return `${path}:${line}:${column}: ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}
