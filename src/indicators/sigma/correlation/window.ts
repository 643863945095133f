/**
 * The hits of one group within the timespan, sliding over event time, and the burst they belong to.
 *
 * ```
 * hits      x   x x x        x  x x            x
 * windows   [-------]        [------]               each as long as the timespan at most
 *             [----------------]                    not met: nothing
 * burst     |-------|        |------|               windows that are met and share hits make one burst
 * ```
 */
import type { CorrelationRule } from '../rule.js';
import type { Hit, Sample } from './hit.js';
import { isLowerBound, meets, newMeasure, type Measure } from './measure.js';
import { parseTime } from './time.js';

/** Windows that met the condition, as one. */
export class Burst<S extends Sample> {
  private readonly samples: { readonly at: number; readonly sample: S }[] = [];
  private readonly known = new Set<S>();
  count = 0;
  private from = Infinity;
  private to = -Infinity;
  /** As the samples write it. */
  first = '';
  last = '';
  readonly rules: number[] = [];
  value: number;

  constructor(
    value: number,
    private readonly keep: number,
  ) {
    this.value = value;
  }

  add(hit: Hit<S>): void {
    for (const rule of hit.rules) this.rules[rule] = (this.rules[rule] ?? 0) + 1;
    for (const sample of hit.samples) {
      if (this.known.has(sample)) continue;
      this.count++;
      const at = parseTime(sample.time) ?? hit.time;
      if (at < this.from) [this.from, this.first] = [at, sample.time];
      if (at >= this.to) [this.to, this.last] = [at, sample.time];
      if (this.samples.length >= this.keep) continue;
      this.known.add(sample);
      this.samples.push({ at, sample });
    }
  }

  inOrder(): S[] {
    return this.samples.toSorted((a, b) => a.at - b.at).map(({ sample }) => sample);
  }
}

/** What a window gives as it moves on. */
export interface WindowEvents<S extends Sample> {
  /** A burst is over. */
  burst(burst: Burst<S>): void;
  /** The condition is met at this time by these hits; for correlations of correlations. */
  met(time: number, fresh: readonly Hit<S>[]): void;
}

/** More hits with one count never undo the condition: it can be judged at each hit. Others are judged when a window is as full as it gets. */
export function isMonotone(rule: CorrelationRule): boolean {
  return MONOTONE.has(rule.type) && rule.bounds.every(isLowerBound);
}

const MONOTONE: ReadonlySet<string> = new Set(['event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_max']);

export class Window<S extends Sample> {
  private hits: Hit<S>[] = [];
  /** Index of the oldest hit that is still in the window. */
  private start = 0;
  /** Index behind the last hit that is in the burst. */
  private counted = 0;
  private readonly measure: Measure;
  private burst: Burst<S> | undefined;

  constructor(
    private readonly rule: CorrelationRule,
    private readonly monotone: boolean,
    private readonly keep: number,
    private readonly events: WindowEvents<S>,
  ) {
    this.measure = newMeasure(rule);
  }

  get last(): number {
    return this.hits[this.hits.length - 1]?.time ?? -Infinity;
  }

  add(hit: Hit<S>): void {
    this.advance(hit.time);
    // Late by more than the timespan: no window that is open holds it.
    if (hit.time < this.last - this.rule.timespan) return;
    this.insert(hit);
    this.measure.add(hit);
    if (this.monotone) this.judge();
  }

  /** Mostly at the end; a late hit where its time is. */
  private insert(hit: Hit<S>): void {
    let at = this.hits.length;
    while (at > this.start && (this.hits[at - 1] as Hit<S>).time > hit.time) at--;
    if (at === this.hits.length) this.hits.push(hit);
    else this.hits.splice(at, 0, hit);
    if (at >= this.counted) return;
    this.counted++;
    this.burst?.add(hit);
  }

  /** Lets go of the hits that are too old for a window that ends at `time`. */
  private advance(time: number): void {
    const oldest = time - this.rule.timespan;
    if (this.start >= this.hits.length || (this.hits[this.start] as Hit<S>).time >= oldest) return;
    if (!this.monotone) this.judge();
    while (this.start < this.hits.length && (this.hits[this.start] as Hit<S>).time < oldest)
      this.measure.remove(this.hits[this.start++] as Hit<S>);
    if (this.start >= this.counted) this.close();
    if (this.start > 64 && this.start * 2 > this.hits.length) this.compact();
  }

  private compact(): void {
    this.hits = this.hits.slice(this.start);
    this.counted = Math.max(0, this.counted - this.start);
    this.start = 0;
  }

  private judge(): void {
    const { value } = this.measure;
    if (this.start >= this.hits.length || value === undefined || !meets(value, this.rule.bounds)) return;
    const upper = !this.rule.bounds.some(isLowerBound);
    const burst = (this.burst ??= new Burst<S>(value, this.keep));
    burst.value = upper ? Math.min(burst.value, value) : Math.max(burst.value, value);
    const fresh = this.hits.slice(Math.max(this.start, this.counted));
    for (const hit of fresh) burst.add(hit);
    this.counted = this.hits.length;
    this.events.met(this.last, fresh);
  }

  private close(): void {
    const { burst } = this;
    this.burst = undefined;
    if (burst !== undefined) this.events.burst(burst);
  }

  end(): void {
    if (!this.monotone) this.judge();
    this.close();
  }
}
