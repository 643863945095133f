/** Detection rules, compiled: which of them match a record. One index for each kind of log that is asked for. */
import { compileExpression, type RowTest } from './compile.js';
import { requirementOf, type Requirement } from './literal.js';
import { isForLogSource, logSourceName, normalizeLogSource, type LogSource } from './logsource.js';
import { Columns, Row } from './row.js';
import type { DetectionRule } from './rule.js';
import { RuleIndex } from './rule-index.js';

/** What a rule cost and found so far. */
export interface RuleUse {
  readonly rule: DetectionRule;
  /** Records that it was evaluated on: those its required text is in. */
  readonly evaluated: number;
  readonly hits: number;
  /** Only when asked for. */
  readonly milliseconds?: number;
}

export type AnyRecord = Readonly<Record<string, unknown>>;

export class Detector {
  readonly columns = new Columns();
  /** The record that was looked at last. */
  readonly row = new Row(this.columns);
  private readonly tests: readonly RowTest[];
  private readonly requirements: readonly Requirement[];
  private readonly indexes = new Map<string, RuleIndex>();
  private readonly evaluated: Float64Array;
  private readonly hits: Float64Array;
  private readonly spent: Float64Array | undefined;
  private readonly known = new WeakMap<LogSource, boolean>();
  private lastSource: LogSource | undefined;
  private lastIndex: RuleIndex | undefined;

  constructor(
    readonly rules: readonly DetectionRule[],
    timing: boolean,
  ) {
    this.tests = rules.map((rule) => compileExpression(rule.expression, this.columns));
    this.requirements = rules.map((rule) => requirementOf(rule.expression, this.columns));
    this.evaluated = new Float64Array(rules.length);
    this.hits = new Float64Array(rules.length);
    this.spent = timing ? new Float64Array(rules.length) : undefined;
  }

  /** Numbers of the rules that match, in order. */
  detect(record: AnyRecord, line: string | undefined, source: LogSource | undefined): number[] {
    const { row, tests, evaluated, hits } = this;
    row.load(record, line);
    const matching: number[] = [];
    for (const rule of this.indexFor(source).select(row)) {
      evaluated[rule] = (evaluated[rule] as number) + 1;
      const matches = this.spent === undefined ? (tests[rule] as RowTest)(row) : this.timed(rule);
      if (!matches) continue;
      hits[rule] = (hits[rule] as number) + 1;
      matching.push(rule);
    }
    return matching;
  }

  private timed(rule: number): boolean {
    const spent = this.spent as Float64Array;
    const start = performance.now();
    const matches = (this.tests[rule] as RowTest)(this.row);
    spent[rule] = (spent[rule] as number) + performance.now() - start;
    return matches;
  }

  private indexFor(source: LogSource | undefined): RuleIndex {
    // Mostly the caller's same object again.
    if (this.lastIndex !== undefined && source === this.lastSource) return this.lastIndex;
    const wanted = source === undefined ? undefined : normalizeLogSource(source);
    const name = wanted === undefined ? '*' : logSourceName(wanted);
    let index = this.indexes.get(name);
    if (index === undefined) {
      index = new RuleIndex(this.requirementsFor(wanted));
      this.indexes.set(name, index);
    }
    this.lastSource = source;
    return (this.lastIndex = index);
  }

  private requirementsFor(source: LogSource | undefined): Map<number, Requirement> {
    const requirements = new Map<number, Requirement>();
    for (const [number, rule] of this.rules.entries()) {
      if (source === undefined || isForLogSource(rule.logsource, source)) requirements.set(number, this.requirements[number]);
    }
    return requirements;
  }

  /** Whether some rule is for such records at all. */
  knows(source: LogSource): boolean {
    let known = this.known.get(source);
    if (known === undefined) {
      const wanted = normalizeLogSource(source);
      known = this.rules.some((rule) => isForLogSource(rule.logsource, wanted));
      this.known.set(source, known);
    }
    return known;
  }

  usage(): RuleUse[] {
    return this.rules.map((rule, number) => ({
      rule,
      evaluated: this.evaluated[number] as number,
      hits: this.hits[number] as number,
      milliseconds: this.spent?.[number],
    }));
  }
}
