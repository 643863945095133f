/** One correlation rule at work: its groups and their windows. */
import { fieldReader, Many, type FieldReader } from '../field-path.js';
import { parseNumber } from '../value.js';
import { Scalar } from '../row.js';
import type { Alert, CorrelationRule } from '../rule.js';
import type { Hit, HitSource, Sample } from './hit.js';
import { isMonotone, Window, type Burst } from './window.js';

/** A group's condition is met: a hit for the correlations that refer to this one. */
export interface Met<S> {
  readonly time: number;
  readonly samples: readonly S[];
  readonly source: HitSource;
}

export interface NodeEvents<S> {
  alert(alert: Alert<S>): void;
  met(met: Met<S>): void;
}

type Reader = (source: HitSource) => unknown;
interface Group<S extends Sample> {
  readonly values: Readonly<Record<string, string>>;
  readonly window: Window<S>;
}

/** Combinations of values that one hit may belong to. */
const MAX_COMBINATIONS = 64;

export class CorrelationNode<S extends Sample> {
  private readonly monotone: boolean;
  /** In the order of their last hits. */
  private readonly groups = new Map<string, Group<S>>();
  /** By rule and group-by name. */
  private readonly groupReaders: readonly (readonly Reader[])[];
  private readonly valueReaders: readonly Reader[];
  private readonly numeric: boolean;
  /** Counts rules, not events. */
  readonly isTemporal: boolean;

  /** @param names All names by which each of the rules goes. */
  constructor(
    readonly rule: CorrelationRule,
    names: readonly (readonly string[])[],
    private readonly keep: number,
    private readonly events: NodeEvents<S>,
  ) {
    this.monotone = isMonotone(rule);
    this.isTemporal = rule.type === 'temporal' || rule.type === 'temporal_ordered';
    this.groupReaders = names.map((own) => rule.groupBy.map((name) => readerOf(fieldFor(rule, name, own))));
    this.valueReaders = rule.valueFields.map(readerOf);
    this.numeric =
      rule.type.startsWith('value_') && rule.type !== 'value_count' && !(rule.type === 'value_percentile' && rule.percentile === undefined);
  }

  /** @param rules Places of the matching rules in the correlation's list. */
  take(rules: readonly number[], source: HitSource, time: number, sequence: number, samples: readonly S[]): void {
    // Rules that name the group's fields differently make hits of their own; where events are counted, one event is one hit.
    const alike = this.rule.aliases.size === 0 ? [rules] : this.isTemporal ? rules.map((rule) => [rule]) : [rules.slice(0, 1)];
    for (const some of alike) {
      const groups = combinations((this.groupReaders[some[0] as number] as readonly Reader[]).map((read) => textsOf(read(source))));
      for (const values of this.valuesOf(source))
        for (const group of groups) this.add(group, { time, rules: some, sequence, value: values, samples, source });
    }
  }

  private valuesOf(source: HitSource): readonly (string | number | undefined)[] {
    if (this.valueReaders.length === 0) return [undefined];
    const [first] = this.valueReaders;
    if (!this.numeric)
      return combinations(this.valueReaders.map((read) => textsOf(read(source)))).map((texts) =>
        texts.length === 1 ? texts[0] : JSON.stringify(texts),
      );
    const found = first?.(source);
    return (found instanceof Many ? found.values : [found]).map(parseNumber).filter((number) => number !== undefined);
  }

  private add(values: readonly string[], hit: Hit<S>): void {
    const key = values.length === 1 ? (values[0] as string) : JSON.stringify(values);
    let group = this.groups.get(key);
    if (group === undefined) group = this.newGroup(Object.fromEntries(this.rule.groupBy.map((name, i) => [name, values[i] as string])));
    else this.groups.delete(key);
    this.groups.set(key, group);
    group.window.add(hit);
  }

  private newGroup(values: Readonly<Record<string, string>>): Group<S> {
    return {
      values,
      window: new Window<S>(this.rule, this.monotone, this.keep, {
        burst: (burst) => this.events.alert(this.alertOf(values, burst)),
        met: (time, fresh) =>
          this.events.met({
            time,
            samples: fresh.flatMap((hit) => hit.samples),
            source: { record: fresh.at(-1)?.source.record ?? {}, group: values },
          }),
      }),
    };
  }

  private alertOf(group: Readonly<Record<string, string>>, burst: Burst<S>): Alert<S> {
    const { rule } = this;
    return {
      rule,
      group,
      first: burst.first,
      last: burst.last,
      count: burst.count,
      value: burst.value,
      rules: Object.fromEntries(rule.rules.map((name, i) => [name, burst.rules[i] ?? 0])),
      events: burst.inOrder(),
    };
  }

  /** Ends the groups that no hit at `now` or later can belong to. */
  expire(now: number): void {
    for (const [key, { window }] of this.groups) {
      if (window.last + this.rule.timespan >= now) return;
      this.groups.delete(key);
      window.end();
    }
  }

  end(): void {
    for (const { window } of this.groups.values()) window.end();
    this.groups.clear();
  }
}

function fieldFor(rule: CorrelationRule, name: string, ruleNames: readonly string[]): string {
  const alias = rule.aliases.get(name);
  for (const ruleName of ruleNames) {
    const field = alias?.get(ruleName);
    if (field !== undefined) return field;
  }
  return name;
}

function readerOf(field: string): Reader {
  const read: FieldReader = fieldReader(field);
  return ({ record, group }) => (group !== undefined && Object.hasOwn(group, field) ? group[field] : read(record));
}

/** Missing and null have no text: such hits belong to no group. */
function textsOf(value: unknown): string[] {
  const values = value instanceof Many ? value.values : [value];
  return [...new Set(values.filter((one) => one !== undefined && one !== null).map((one) => new Scalar(one).text))];
}

function combinations(columns: readonly (readonly string[])[]): string[][] {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return only.slice(0, MAX_COMBINATIONS).map((text) => [text]);
  let rows: string[][] = [[]];
  for (const texts of columns) rows = rows.flatMap((row) => texts.map((text) => [...row, text])).slice(0, MAX_COMBINATIONS);
  return rows;
}
