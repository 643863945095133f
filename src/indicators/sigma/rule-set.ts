/** Rules that are ready: ask it about records, one by one or together. */
import { Correlator, type CorrelateOptions } from './correlation/correlator.js';
import type { Sample } from './correlation/hit.js';
import { parseTime } from './correlation/time.js';
import { Detector, type AnyRecord, type RuleUse } from './detector.js';
import type { RuleError } from './errors.js';
import { Explainer } from './explain.js';
import type { LogSource } from './logsource.js';
import type { Registry } from './references.js';
import type { Alert, CorrelationRule, DetectionRule, FilterRule, RuleMatch } from './rule.js';

export interface MatchOptions {
  /** What kind of log the record is from. Without it every rule is tried. */
  readonly logsource?: LogSource;
  /** The text that the record came from: keywords are sought in it, too. */
  readonly line?: string;
  /** Also rules that correlations are made of: they give no matches of their own, unless `generate` says so. Default is false. */
  readonly includeReferred?: boolean;
}

export interface RuleSetParts {
  readonly rules: readonly DetectionRule[];
  /** Each behind those it refers to. */
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly FilterRule[];
  readonly errors: readonly RuleError[];
  readonly warnings: readonly RuleError[];
  readonly registry: Registry;
  readonly timing: boolean;
}

export class RuleSet {
  readonly rules: readonly DetectionRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly FilterRule[];
  /** Why rules were refused. */
  readonly errors: readonly RuleError[];
  /** What is odd about rules that were taken. */
  readonly warnings: readonly RuleError[];
  private readonly registry: Registry;
  private readonly detector: Detector;
  private readonly referred: ReadonlySet<DetectionRule | CorrelationRule>;
  /** By rule number, made at a rule's first match. */
  private readonly explainers: (Explainer | undefined)[] = [];
  private readonly isReferred: readonly boolean[];

  constructor({ rules, correlations, filters, errors, warnings, registry, timing }: RuleSetParts) {
    this.rules = rules;
    this.correlations = correlations;
    this.filters = filters;
    this.errors = errors;
    this.warnings = warnings;
    this.registry = registry;
    this.detector = new Detector(rules, timing);
    this.referred = new Set(
      correlations.filter((rule) => !rule.generate).flatMap((rule) => rule.rules.map(registry.find).filter((one) => one !== undefined)),
    );
    this.isReferred = rules.map((rule) => this.referred.has(rule));
  }

  /** Rules that match a record, with the reasons. The record may be any plain JSON. */
  match(record: AnyRecord, { logsource, line, includeReferred = false }: MatchOptions = {}): RuleMatch[] {
    const matches: RuleMatch[] = [];
    for (const number of this.detector.detect(record, line, logsource)) {
      if (!includeReferred && this.isReferred[number] === true) continue;
      const rule = this.rules[number] as DetectionRule;
      matches.push({ rule, explanation: this.explainer(number, rule).explain(this.detector.row) });
    }
    return matches;
  }

  private explainer(number: number, { conditions, expression }: DetectionRule): Explainer {
    return (this.explainers[number] ??= new Explainer(conditions, expression, this.detector.columns));
  }

  /** Whether some rule is for this kind of log: others need no view. */
  knows(logsource: LogSource): boolean {
    return this.detector.knows(logsource);
  }

  /** For pipelines: push samples in time order, take alerts as their bursts end. */
  correlator<S extends Sample>(options?: CorrelateOptions): Correlator<S> {
    const silent = new Set(this.correlations.filter((rule) => this.referred.has(rule)));
    return new Correlator<S>(this.detector, this.correlations, this.registry.find, silent, options);
  }

  /**
   * Bursts of events that meet the correlations.
   * @param samples In time order; an array is put in order first.
   */
  correlate<S extends Sample>(samples: Iterable<S>, options?: CorrelateOptions): Generator<Alert<S>>;
  correlate<S extends Sample>(samples: AsyncIterable<S>, options?: CorrelateOptions): AsyncGenerator<Alert<S>>;
  correlate<S extends Sample>(
    samples: Iterable<S> | AsyncIterable<S>,
    options?: CorrelateOptions,
  ): Generator<Alert<S>> | AsyncGenerator<Alert<S>> {
    const correlator = this.correlator<S>(options);
    return Symbol.asyncIterator in samples
      ? correlateAsync(samples, correlator)
      : correlateSync(Array.isArray(samples) ? inOrder(samples as S[]) : samples, correlator);
  }

  /** What each rule cost and found so far. */
  usage(): RuleUse[] {
    return this.detector.usage();
  }
}

function* correlateSync<S extends Sample>(samples: Iterable<S>, correlator: Correlator<S>): Generator<Alert<S>> {
  for (const sample of samples) yield* correlator.push(sample);
  yield* correlator.end();
}

async function* correlateAsync<S extends Sample>(samples: AsyncIterable<S>, correlator: Correlator<S>): AsyncGenerator<Alert<S>> {
  for await (const sample of samples) yield* correlator.push(sample);
  yield* correlator.end();
}

function inOrder<S extends Sample>(samples: readonly S[]): readonly S[] {
  const timed = samples.map((sample) => ({ sample, time: parseTime(sample.time) ?? -Infinity }));
  return timed.sort((a, b) => (a.time === b.time ? 0 : a.time - b.time)).map(({ sample }) => sample);
}
