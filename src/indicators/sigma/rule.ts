/** Rules as they are after reading. */
import type { Instant, Level } from '../../model/index.js';
import type { Expression } from './expression.js';
import type { LogSource } from './logsource.js';
import type { AttackTags } from './tags.js';
import type { Comparison } from './value.js';

/** What every document of a rule file says about itself. */
export interface RuleHead extends AttackTags {
  readonly id?: string;
  /** Short unique name that correlations may use. */
  readonly name?: string;
  readonly title: string;
  readonly level?: Level;
  /** `stable`, `test`, `experimental`, `deprecated`, `unsupported` */
  readonly status?: string;
  readonly description?: string;
  readonly author?: string;
  readonly date?: string;
  readonly modified?: string;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  /** As written. */
  readonly tags: readonly string[];
  /** Fields that the author would like to see with a match. */
  readonly fields: readonly string[];
  readonly path: string;
  /** Where the document begins, from 1. */
  readonly line: number;
}

export interface DetectionRule extends RuleHead {
  readonly kind: 'detection';
  readonly logsource: LogSource;
  /** As written; several are linked with or. */
  readonly conditions: readonly string[];
  /** Filters that were added, by title. */
  readonly filters: readonly string[];
  readonly expression: Expression;
}

export const correlationTypes = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_min',
  'value_max',
  'value_median',
  'value_percentile',
] as const;
export type CorrelationType = (typeof correlationTypes)[number];

export interface Bound {
  readonly comparison: Comparison | 'eq' | 'neq';
  readonly number: number;
}

export interface CorrelationRule extends RuleHead {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  /** Ids or names of detection rules or other correlations, in order. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  /** Alias → rule (id or name) → field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Milliseconds. */
  readonly timespan: number;
  /** All of them must hold. */
  readonly bounds: readonly Bound[];
  /** What is counted or measured; several make one value together. */
  readonly valueFields: readonly string[];
  /** 0–100, for `value_percentile`. */
  readonly percentile?: number;
  /** The rules it refers to give matches of their own, too. */
  readonly generate: boolean;
}

export interface FilterRule extends RuleHead {
  readonly kind: 'filter';
  readonly logsource: LogSource;
  /** Ids or names; undefined: any rule of the log source. */
  readonly rules: readonly string[] | undefined;
  readonly expression: Expression;
}

/** Why a rule matched: one value of one selection. */
export interface Evidence {
  readonly selection: string;
  /** Dotted path; `line` for the raw line. Absent where a field's absence is what matched. */
  readonly field?: string;
  readonly modifiers: readonly string[];
  /** What the rule asked for. */
  readonly value: string;
  /** What the record has there; the part of it that matched. */
  readonly matched?: string;
  /** UTF-16 code units into the field's text. */
  readonly offset?: number;
}

export interface Explanation {
  readonly conditions: readonly string[];
  readonly evidence: readonly Evidence[];
  /** Selections that had to be absent, and were. */
  readonly absent: readonly string[];
}

export interface RuleMatch {
  readonly rule: DetectionRule;
  readonly explanation: Explanation;
}

/** One burst of events that together met a correlation. */
export interface Alert<Sample> {
  readonly rule: CorrelationRule;
  /** Value by group-by name. */
  readonly group: Readonly<Record<string, string>>;
  readonly first: Instant;
  readonly last: Instant;
  /** Events in the burst. */
  readonly count: number;
  /** The count or measure that met the condition: the highest of the burst's windows, the lowest for upper bounds. */
  readonly value: number;
  /** Matches in the burst by rule (id, name or title). */
  readonly rules: Readonly<Record<string, number>>;
  /** The contributing events in time order, at most so many as the options allow. */
  readonly events: readonly Sample[];
}
