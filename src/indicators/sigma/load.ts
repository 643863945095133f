/** Rule files to a rule set. One bad rule costs only itself. */
import { FaultList } from './fault-list.js';
import type { RuleError } from './errors.js';
import type { Placeholders } from './placeholders.js';
import { readCorrelationRule } from './read-correlation.js';
import { readDetectionRule, readFilterRule, type ReadContext } from './read-rule.js';
import { applyFilters, orderCorrelations, Registry } from './references.js';
import type { CorrelationRule, DetectionRule, FilterRule } from './rule.js';
import { RuleSet } from './rule-set.js';
import { readYaml, textOf, valueOf, type YamlMap } from './yaml.js';

export interface RuleFile {
  readonly path: string;
  readonly text: string;
}

export interface LoadOptions {
  /** What `%name%` stands for under `expand`. A rule with others is refused. */
  readonly placeholders?: Placeholders;
  /** Measure each rule's time. Costs a look at the clock for every evaluation. Default is false. */
  readonly timing?: boolean;
}

type AnyRule = DetectionRule | CorrelationRule | FilterRule;

class Loader {
  readonly rules: AnyRule[] = [];
  readonly errors: RuleError[] = [];
  readonly warnings: RuleError[] = [];
  private readonly seen = new Map<string, AnyRule>();

  constructor(private readonly placeholders: Placeholders) {}

  file({ path, text }: RuleFile): void {
    const file = readYaml(text);
    const whole = new FaultList(path, file);
    for (const { code, message, at } of file.faults) whole.error(code, message, at);
    this.errors.push(...whole.errors);
    const legacy = file.documents.find((document) => document.kind === 'map' && valueOf(document, 'action') !== undefined);
    for (const document of file.documents) {
      const faults = new FaultList(path, file);
      if (document.kind !== 'map') faults.error('yaml', 'a rule is a map of keys', document.at);
      else if (legacy !== undefined) {
        // The other documents of such a file are no rules without it: one error says it for all.
        if (document !== legacy) continue;
        faults.rule = textOf(valueOf(document, 'id')) ?? textOf(valueOf(document, 'title'));
        faults.error(
          'unsupported',
          `action: ${textOf(valueOf(document, 'action')) ?? ''} (rule collections) is not part of Sigma any more`,
          document.at,
          'write the rules out one by one',
        );
      } else this.document(document, { path, line: file.place(document.at).line, placeholders: this.placeholders, faults });
      this.errors.push(...faults.errors);
      this.warnings.push(...faults.warnings);
    }
  }

  private document(document: YamlMap, context: ReadContext): void {
    const read =
      valueOf(document, 'correlation') !== undefined
        ? readCorrelationRule
        : valueOf(document, 'filter') !== undefined
          ? readFilterRule
          : readDetectionRule;
    const rule = read(document, context);
    if (rule === undefined || !this.isFirst(rule, document, context)) return;
    this.rules.push(rule);
  }

  private isFirst(rule: AnyRule, document: YamlMap, { faults }: ReadContext): boolean {
    for (const key of ['id', 'name'] as const) {
      const name = rule[key]?.toLowerCase();
      if (name === undefined) continue;
      const other = this.seen.get(name);
      if (other !== undefined) {
        faults.error(
          'duplicate-id',
          `the ${key} ${JSON.stringify(rule[key])} is taken by ${other.path}:${other.line}`,
          valueOf(document, key)?.at ?? document.at,
        );
        return false;
      }
    }
    for (const name of [rule.id, rule.name]) if (name !== undefined) this.seen.set(name.toLowerCase(), rule);
    return true;
  }
}

/**
 * Reads rules, correlations and filters.
 * ```ts
 * const rules = loadRules([{ path: 'ssh.yml', text }], { placeholders: { Admins: ['adm_*'] } });
 * for (const error of rules.errors) console.error(formatRuleError(error));
 * ```
 * @param files Text of one file, or files. Never throws on what is in them.
 */
export function loadRules(files: string | Iterable<RuleFile>, { placeholders = {}, timing = false }: LoadOptions = {}): RuleSet {
  const loader = new Loader(placeholders);
  for (const file of typeof files === 'string' ? [{ path: 'rules', text: files }] : files) loader.file(file);
  const detections = loader.rules.filter((rule) => rule.kind === 'detection');
  const filters = loader.rules.filter((rule) => rule.kind === 'filter');
  const filtered = applyFilters(detections, filters);
  const registry = new Registry([...filtered.rules, ...loader.rules.filter((rule) => rule.kind === 'correlation')]);
  const correlations = orderCorrelations(
    loader.rules.filter((rule) => rule.kind === 'correlation'),
    registry,
  );
  return new RuleSet({
    rules: filtered.rules,
    correlations: correlations.rules,
    filters,
    errors: [...loader.errors, ...correlations.errors],
    warnings: [...loader.warnings, ...filtered.warnings],
    registry,
    timing,
  });
}
