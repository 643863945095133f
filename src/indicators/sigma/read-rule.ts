/** Documents of rule files: detection rules and filters. */
import type { Level } from '../../model/finding.js';
import { parseCondition } from './condition.js';
import { readSelection, type Selection } from './detection.js';
import { resolveCondition, type Expression } from './expression.js';
import type { FaultList } from './fault-list.js';
import { logSourceKeys, normalizeLogSource, type LogSource } from './logsource.js';
import type { Placeholders } from './placeholders.js';
import type { DetectionRule, FilterRule, RuleHead } from './rule.js';
import { attackTags } from './tags.js';
import { textOf, textsOf, valueOf, type YamlMap, type YamlNode, type YamlScalar } from './yaml.js';

export interface ReadContext {
  readonly path: string;
  readonly line: number;
  readonly placeholders: Placeholders;
  readonly faults: FaultList;
}

const LEVELS: ReadonlySet<string> = new Set<Level>(['informational', 'low', 'medium', 'high', 'critical']);

export function readHead(document: YamlMap, { path, line, faults }: ReadContext): RuleHead {
  const text = (key: string) => textOf(valueOf(document, key));
  const id = text('id');
  const title = text('title');
  faults.rule = id ?? title;
  if (title === undefined || title.trim() === '') faults.error('missing-field', 'a rule needs a title', document.at);
  const level = text('level')?.toLowerCase();
  if (level !== undefined && !LEVELS.has(level))
    faults.warning('bad-value', `unknown level ${JSON.stringify(level)}`, valueOf(document, 'level')?.at ?? document.at);
  const tags = textsOf(valueOf(document, 'tags'));
  return {
    id,
    name: text('name'),
    title: title ?? '',
    level: level !== undefined && LEVELS.has(level) ? (level as Level) : undefined,
    status: text('status')?.toLowerCase(),
    description: text('description'),
    author: text('author'),
    date: text('date'),
    modified: text('modified'),
    references: textsOf(valueOf(document, 'references')),
    falsePositives: textsOf(valueOf(document, 'falsepositives')),
    tags,
    ...attackTags(tags),
    fields: textsOf(valueOf(document, 'fields')),
    path,
    line,
  };
}

/** @returns undefined when something is wrong: the faults say what. */
export function readDetectionRule(document: YamlMap, context: ReadContext): DetectionRule | undefined {
  const { faults } = context;
  const head = readHead(document, context);
  const logsource = readLogSource(document, context);
  const detection = valueOf(document, 'detection');
  if (detection?.kind !== 'map')
    faults.error(
      detection === undefined ? 'missing-field' : 'bad-value',
      'a rule needs a detection: a map of search identifiers and a condition',
      detection?.at ?? document.at,
    );
  const read = detection?.kind === 'map' ? readDetection(detection, NOT_SELECTIONS, context) : undefined;
  if (faults.errors.length > 0 || read === undefined || logsource === undefined) return undefined;
  return { kind: 'detection', ...head, logsource, conditions: read.conditions, filters: [], expression: read.expression };
}

export function readFilterRule(document: YamlMap, context: ReadContext): FilterRule | undefined {
  const { faults } = context;
  const head = readHead(document, context);
  const logsource = readLogSource(document, context);
  const filter = valueOf(document, 'filter');
  if (filter?.kind !== 'map') {
    faults.error('bad-value', 'a filter is a map of rules, search identifiers and a condition', filter?.at ?? document.at);
    return undefined;
  }
  const rules = readFilteredRules(filter, context);
  const read = readDetection(filter, NOT_FILTER_SELECTIONS, context, `${head.title}: `);
  if (faults.errors.length > 0 || read === undefined || logsource === undefined) return undefined;
  return { kind: 'filter', ...head, logsource, rules, expression: read.expression };
}

/** @returns undefined for any rule. */
function readFilteredRules(filter: YamlMap, { faults }: ReadContext): readonly string[] | undefined {
  const node = valueOf(filter, 'rules');
  if (node === undefined) faults.error('missing-field', 'a filter needs rules: ids, names, or any', filter.at);
  const rules = textsOf(node);
  if (node?.kind === 'list' && rules.length === 0)
    faults.error('empty-list', 'rules: an empty list means no rule', node.at, 'write any for all rules of the log source');
  return rules.length === 1 && rules[0]?.toLowerCase() === 'any' ? undefined : rules;
}

function readLogSource(document: YamlMap, { faults }: ReadContext): LogSource | undefined {
  const node = valueOf(document, 'logsource');
  if (node?.kind !== 'map') {
    faults.error(
      node === undefined ? 'missing-field' : 'bad-value',
      'a logsource is needed: a map with category, product or service',
      node?.at ?? document.at,
    );
    return undefined;
  }
  const named = logSourceKeys.map((key) => [key, textOf(valueOf(node, key))] as const).filter(([, text]) => text !== undefined);
  if (named.length === 0) faults.error('missing-field', 'the logsource has neither category nor product nor service', node.at);
  return normalizeLogSource(Object.fromEntries(named));
}

/** Keys beside the search identifiers. The timeframe belonged to the old aggregations. */
const NOT_SELECTIONS: ReadonlySet<string> = new Set(['condition', 'timeframe']);
const NOT_FILTER_SELECTIONS: ReadonlySet<string> = new Set(['condition', 'rules']);

function readDetection(
  map: YamlMap,
  beside: ReadonlySet<string>,
  context: ReadContext,
  label = '',
): { conditions: string[]; expression: Expression } | undefined {
  const { faults } = context;
  const selections = new Map<string, Selection>();
  for (const { key, value } of map.entries) if (!beside.has(key)) selections.set(key, readSelection(value, context));
  if (selections.size === 0) faults.error('missing-field', 'there is no search identifier', map.at);
  const conditions = conditionsOf(valueOf(map, 'condition'), map, context);
  const resolved = conditions.map((condition) => readCondition(condition, selections, context, label)).filter((one) => one !== undefined);
  const [first] = resolved;
  if (faults.errors.length > 0 || first === undefined) return undefined;
  return {
    conditions: conditions.map((condition) => String(condition.value)),
    expression: resolved.length === 1 ? first : { kind: 'or', of: resolved },
  };
}

function conditionsOf(node: YamlNode | undefined, map: YamlMap, { faults }: ReadContext): readonly YamlScalar[] {
  if (node === undefined) faults.error('missing-field', 'there is no condition', map.at);
  if (node?.kind === 'list' && node.items.length === 0) faults.error('empty-list', 'the list of conditions is empty', node.at);
  const nodes = node === undefined ? [] : node.kind === 'list' ? node.items : [node];
  const conditions = nodes.filter((one): one is YamlScalar => one.kind === 'scalar' && one.value !== null);
  if (conditions.length < nodes.length) faults.error('bad-value', 'a condition is a text', node?.at ?? map.at);
  return conditions;
}

function readCondition(
  node: YamlScalar,
  selections: ReadonlyMap<string, Selection>,
  { faults }: ReadContext,
  label: string,
): Expression | undefined {
  const text = typeof node.value === 'string' ? node.value : node.source;
  // Places within are exact for conditions that stand on one line without quotes.
  const plain = node.source === text;
  const at = (index: number) => node.at + (plain ? index : 0);
  const condition = parseCondition(text);
  if ('code' in condition) {
    faults.error(condition.code, condition.message, at(condition.at), condition.hint);
    return undefined;
  }
  return resolveCondition(condition, selections, faults, at, label);
}
