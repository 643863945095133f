/** One match of a rule that a correlation refers to. */
import type { LogSource } from '../logsource.js';
import type { AnyRecord } from '../detector.js';

/** One way to look at what happened. */
export interface View {
  readonly record: AnyRecord;
  /** Absent: rules for any kind of log are tried. */
  readonly logsource?: LogSource;
  /** The text that the record came from. */
  readonly line?: string;
}

/** What correlations look at, in time order: a record, or several views of one event. */
export type Sample = { readonly time: string } & (View | { readonly views: Iterable<View> });

/** Where fields are read: a correlation within a correlation also has its own group. */
export interface HitSource {
  readonly record: AnyRecord;
  readonly group?: Readonly<Record<string, string>>;
}

export interface Hit<S> {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Which of the correlation's rules, by their places in its list. */
  readonly rules: readonly number[];
  /** Counts the samples: two hits of one sample are not one after the other. */
  readonly sequence: number;
  /** What is counted or measured. */
  readonly value?: string | number;
  /** Usually one; more for the first hit of a correlation within a correlation. */
  readonly samples: readonly S[];
  readonly source: HitSource;
}
