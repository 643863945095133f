/**
 * Sigma: generic detection rules, run on any plain JSON record and on kubewitness's events.
 * {@link https://github.com/SigmaHQ/sigma-specification | Sigma specification 2.1.0}: rules, correlations, filters.
 * ```ts
 * const rules = loadRules(files);
 * for (const { rule, explanation } of rules.match(record, { logsource: { product: 'linux', category: 'process_creation' } })) …
 * ```
 */
export { Correlator, type CorrelateOptions } from './correlation/correlator.js';
export type { Sample, View } from './correlation/hit.js';
export type { AnyRecord, RuleUse } from './detector.js';
export { formatRuleError, ruleErrorCodes, type RuleError, type RuleErrorCode } from './errors.js';
export { loadRules, type LoadOptions, type RuleFile } from './load.js';
export type { LogSource } from './logsource.js';
export type { Placeholders } from './placeholders.js';
export {
  correlationTypes,
  type Alert,
  type CorrelationRule,
  type CorrelationType,
  type DetectionRule,
  type Evidence,
  type Explanation,
  type FilterRule,
  type RuleHead,
  type RuleMatch,
} from './rule.js';
export { RuleSet, type MatchOptions } from './rule-set.js';
export { matchEvent, sampleOf, viewsOf, type EventMatch, type EventView } from './views/index.js';
