/** What a window's hits come to, kept up to date as hits come and go. */
import { comparisons } from '../value.js';
import type { Bound, CorrelationRule } from '../rule.js';
import { Chain } from './chain.js';
import type { Hit } from './hit.js';

export interface Measure {
  add(hit: Hit<unknown>): void;
  /** The window's oldest. */
  remove(hit: Hit<unknown>): void;
  /** undefined: there is nothing to measure. */
  readonly value: number | undefined;
}

export function meets(value: number | undefined, bounds: readonly Bound[]): boolean {
  return (
    value !== undefined &&
    bounds.every(({ comparison, number }) =>
      comparison === 'eq' ? value === number : comparison === 'neq' ? value !== number : comparisons[comparison](value, number),
    )
  );
}

export function isLowerBound({ comparison }: Bound): boolean {
  return comparison === 'gt' || comparison === 'gte';
}

export function newMeasure(rule: CorrelationRule): Measure {
  switch (rule.type) {
    case 'event_count':
      return new Count();
    case 'value_count':
      return new Distinct((hit) => [String(hit.value)]);
    case 'temporal':
      return new Distinct((hit) => hit.rules.map(String));
    case 'temporal_ordered':
      return new Chain(rule.rules.length, rule.timespan);
    case 'value_sum':
      return new Sum((sum) => sum);
    case 'value_avg':
      return new Sum((sum, count) => sum / count);
    case 'value_min':
      return new Ranked(0);
    case 'value_max':
      return new Ranked(100);
    case 'value_median':
      return new Ranked(50);
    case 'value_percentile':
      return rule.percentile === undefined ? new Share(rule.bounds.every(isLowerBound)) : new Ranked(rule.percentile);
  }
}

class Count implements Measure {
  value = 0;
  add(): void {
    this.value++;
  }
  remove(): void {
    this.value--;
  }
}

class Distinct implements Measure {
  private readonly counts = new Map<string, number>();

  constructor(private readonly valuesOf: (hit: Hit<unknown>) => readonly string[]) {}

  get value(): number {
    return this.counts.size;
  }
  add(hit: Hit<unknown>): void {
    for (const value of this.valuesOf(hit)) this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }
  remove(hit: Hit<unknown>): void {
    for (const value of this.valuesOf(hit)) {
      const left = (this.counts.get(value) ?? 1) - 1;
      if (left === 0) this.counts.delete(value);
      else this.counts.set(value, left);
    }
  }
}

class Sum implements Measure {
  private sum = 0;
  private count = 0;

  constructor(private readonly measure: (sum: number, count: number) => number) {}

  get value(): number | undefined {
    return this.count === 0 ? undefined : this.measure(this.sum, this.count);
  }
  add(hit: Hit<unknown>): void {
    this.sum += hit.value as number;
    this.count++;
  }
  remove(hit: Hit<unknown>): void {
    this.count--;
    this.sum = this.count === 0 ? 0 : this.sum - (hit.value as number);
  }
}

/** The value below which so many percent lie; between two values, in proportion. */
class Ranked implements Measure {
  private readonly sorted: number[] = [];

  constructor(private readonly percent: number) {}

  get value(): number | undefined {
    const { sorted } = this;
    if (sorted.length === 0) return undefined;
    const place = (this.percent / 100) * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below] as number;
    const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
    return low + (high - low) * (place - below);
  }
  add(hit: Hit<unknown>): void {
    const number = hit.value as number;
    this.sorted.splice(this.placeOf(number), 0, number);
  }
  remove(hit: Hit<unknown>): void {
    this.sorted.splice(this.placeOf(hit.value as number), 1);
  }
  private placeOf(number: number): number {
    let from = 0;
    let to = this.sorted.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.sorted[middle] as number) < number) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/**
 * How many percent of the values are the same one: the most frequent value's, or the rarest one's for upper bounds.
 * This is what the specification's example of `value_percentile` asks for: it names no percentile.
 */
class Share implements Measure {
  private readonly counts = new Map<string, number>();
  /** How many values occur so many times. */
  private readonly frequencies = new Map<number, number>();
  private total = 0;

  constructor(private readonly highest: boolean) {}

  get value(): number | undefined {
    if (this.total === 0) return undefined;
    let extreme: number | undefined;
    for (const count of this.frequencies.keys())
      if (extreme === undefined || (this.highest ? count > extreme : count < extreme)) extreme = count;
    return extreme === undefined ? undefined : (100 * extreme) / this.total;
  }
  add(hit: Hit<unknown>): void {
    this.change(String(hit.value), 1);
  }
  remove(hit: Hit<unknown>): void {
    this.change(String(hit.value), -1);
  }
  private change(value: string, by: 1 | -1): void {
    const before = this.counts.get(value) ?? 0;
    this.total += by;
    this.shift(before, -1);
    this.shift(before + by, 1);
    if (before + by === 0) this.counts.delete(value);
    else this.counts.set(value, before + by);
  }
  private shift(count: number, by: 1 | -1): void {
    if (count === 0) return;
    const values = (this.frequencies.get(count) ?? 0) + by;
    if (values === 0) this.frequencies.delete(count);
    else this.frequencies.set(count, values);
  }
}
