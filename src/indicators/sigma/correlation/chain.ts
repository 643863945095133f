/** Rules one after the other: what `temporal_ordered` measures. */
import type { Hit } from './hit.js';

/** The longest chain of rules in their order that is still within the timespan, however many other hits lie between. */
export class Chain {
  /** By length and last rule: the latest time at which such a chain began, and the sample it ended with. */
  private readonly chains: { start: number; sequence: number }[][];
  private now = -Infinity;
  private hits = 0;

  constructor(
    private readonly rules: number,
    private readonly timespan: number,
  ) {
    this.chains = Array.from({ length: rules }, () => []);
  }

  get value(): number {
    if (this.hits === 0) return 0;
    for (let length = this.rules; length > 0; length--) {
      if ((this.chains[length - 1] as { start: number }[]).some((chain) => chain !== undefined && this.now - chain.start <= this.timespan))
        return length;
    }
    return 0;
  }

  add({ time, rules, sequence }: Hit<unknown>): void {
    this.hits++;
    this.now = Math.max(this.now, time);
    const fresh: { length: number; rule: number; start: number }[] = [];
    for (const rule of rules) {
      fresh.push({ length: 1, rule, start: time });
      for (let length = 2; length <= this.rules; length++) {
        const start = this.latestStart(length - 1, rule, sequence);
        if (start !== undefined) fresh.push({ length, rule, start });
      }
    }
    for (const { length, rule, start } of fresh) {
      const chains = this.chains[length - 1] as { start: number; sequence: number }[];
      const known = chains[rule];
      if (known === undefined || start >= known.start) chains[rule] = { start, sequence };
    }
  }

  /** Of chains of this length that an earlier sample ended with an earlier rule. */
  private latestStart(length: number, before: number, sequence: number): number | undefined {
    let latest: number | undefined;
    for (const [rule, chain] of (this.chains[length - 1] as { start: number; sequence: number }[]).entries()) {
      if (rule >= before || chain === undefined || chain.sequence >= sequence) continue;
      if (latest === undefined || chain.start > latest) latest = chain.start;
    }
    return latest;
  }

  remove(): void {
    if (--this.hits > 0) return;
    for (const chains of this.chains) chains.length = 0;
  }
}
