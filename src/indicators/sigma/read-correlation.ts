/**
 * Correlation documents.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-correlation-rules-specification.html | Sigma correlation rules, 2.1.0}
 */
import { readHead, type ReadContext } from './read-rule.js';
import { correlationTypes, type Bound, type CorrelationRule, type CorrelationType } from './rule.js';
import { parseNumber } from './value.js';
import { textOf, textsOf, valueOf, type YamlMap, type YamlNode } from './yaml.js';

export function readCorrelationRule(document: YamlMap, context: ReadContext): CorrelationRule | undefined {
  const { faults } = context;
  const head = readHead(document, context);
  const map = valueOf(document, 'correlation');
  if (map?.kind !== 'map') {
    faults.error('bad-value', 'a correlation is a map', map?.at ?? document.at);
    return undefined;
  }
  const type = readType(map, context);
  const rules = textsOf(valueOf(map, 'rules'));
  if (rules.length === 0) faults.error('missing-field', 'a correlation needs rules: ids or names', valueOf(map, 'rules')?.at ?? map.at);
  const timespan = readTimespan(map, context);
  const condition = type === undefined ? undefined : readBounds(map, type, rules.length, context);
  const correlation: Omit<CorrelationRule, keyof typeof head> = {
    kind: 'correlation',
    type: type ?? 'event_count',
    rules,
    groupBy: textsOf(valueOf(map, 'group-by')),
    aliases: readAliases(valueOf(map, 'aliases'), context),
    timespan: timespan ?? 0,
    bounds: condition?.bounds ?? [],
    valueFields: condition?.fields ?? [],
    percentile: condition?.percentile,
    generate: textOf(valueOf(map, 'generate'))?.toLowerCase() === 'true',
  };
  return faults.errors.length > 0 ? undefined : { ...head, ...correlation };
}

function readType(map: YamlMap, { faults }: ReadContext): CorrelationType | undefined {
  const node = valueOf(map, 'type');
  const text = textOf(node);
  const type = correlationTypes.find((known) => known === text?.toLowerCase());
  if (text === undefined) faults.error('missing-field', 'a correlation needs a type', map.at);
  else if (type === undefined) faults.error('bad-value', `unknown correlation type ${JSON.stringify(text)}`, node?.at ?? map.at);
  return type;
}

/** Milliseconds. Months and years are mean ones, as in pySigma. */
const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_629_746_000,
  y: 31_556_952_000,
};

function readTimespan(map: YamlMap, { faults }: ReadContext): number | undefined {
  const node = valueOf(map, 'timespan') ?? valueOf(map, 'timeframe');
  const text = textOf(node);
  // 90m     1h
  const { count, unit } = /^(?<count>\d{1,9})(?<unit>[smhdwMy])$/.exec(text ?? '')?.groups ?? {};
  const timespan = Number(count) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (timespan > 0) return timespan;
  if (text === undefined) faults.error('missing-field', 'a correlation needs a timespan', map.at);
  else
    faults.error('bad-value', `the timespan ${JSON.stringify(text)} is not a number from 1 and one of s, m, h, d, w`, node?.at ?? map.at);
  return undefined;
}

function readAliases(node: YamlNode | undefined, { faults }: ReadContext): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const aliases = new Map<string, ReadonlyMap<string, string>>();
  if (node !== undefined && node.kind !== 'map') faults.error('bad-value', 'aliases are a map of maps', node.at);
  for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
    if (value.kind !== 'map') faults.error('bad-value', `the alias ${key} is a map from rules to fields`, value.at);
    else aliases.set(key, new Map(value.entries.map((entry) => [entry.key, textOf(entry.value) ?? ''])));
  }
  return aliases;
}

const COMPARISONS: ReadonlySet<string> = new Set<Bound['comparison']>(['gt', 'gte', 'lt', 'lte', 'eq', 'neq']);

interface BoundsRead {
  readonly bounds: readonly Bound[];
  readonly fields: readonly string[];
  readonly percentile?: number;
}

function readBounds(map: YamlMap, type: CorrelationType, rules: number, { faults }: ReadContext): BoundsRead | undefined {
  const node = valueOf(map, 'condition');
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  // All the rules, when nothing else is said.
  if (node === undefined && temporal) return { bounds: [{ comparison: 'gte', number: rules }], fields: [] };
  if (node?.kind === 'scalar' && temporal) {
    faults.error('unsupported', 'conditions over rule names are not part of the specification 2.1', node.at, 'use a map such as gte: 2');
    return undefined;
  }
  if (node?.kind !== 'map') {
    faults.error(
      node === undefined ? 'missing-field' : 'bad-value',
      `a ${type} correlation needs a condition such as gte: 10`,
      node?.at ?? map.at,
    );
    return undefined;
  }
  const bounds: Bound[] = [];
  for (const { key, at, value } of node.entries) {
    if (key === 'field' || key === 'percentile') continue;
    const number = value.kind === 'scalar' ? parseNumber(value.value) : undefined;
    if (!COMPARISONS.has(key)) faults.error('bad-value', `unknown comparison ${JSON.stringify(key)}`, at);
    else if (number === undefined) faults.error('bad-value', `${key} needs a number`, value.at);
    else bounds.push({ comparison: key as Bound['comparison'], number });
  }
  if (bounds.length === 0) faults.error('missing-field', 'the condition has no comparison such as gte', node.at);
  const fields = textsOf(valueOf(node, 'field') ?? valueOf(map, 'field'));
  if (type.startsWith('value_') && fields.length === 0)
    faults.error('missing-field', `a ${type} correlation needs a field in its condition`, node.at);
  return { bounds, fields, percentile: readPercentile(valueOf(node, 'percentile'), { faults }) };
}

function readPercentile(node: YamlNode | undefined, { faults }: Pick<ReadContext, 'faults'>): number | undefined {
  if (node === undefined) return undefined;
  const number = node.kind === 'scalar' ? parseNumber(node.value) : undefined;
  if (number === undefined || number < 0 || number > 100) faults.error('bad-value', 'percentile is a number from 0 to 100', node.at);
  return number;
}
