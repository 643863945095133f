/** Feeds samples to the correlations: rules match, matches become hits, hits make bursts, bursts are hits for other correlations. */
import type { AnyRecord, Detector } from '../detector.js';
import type { Alert, CorrelationRule, DetectionRule } from '../rule.js';
import type { HitSource, Sample, View } from './hit.js';
import { CorrelationNode, type Met } from './node.js';
import { parseTime } from './time.js';

export interface CorrelateOptions {
  /** Contributing events that an alert lists at most; all are counted. Default is 1,000. */
  readonly maxEvents?: number;
}

/** Where a rule's matches go. */
interface Target<S extends Sample> {
  readonly node: CorrelationNode<S>;
  /** Place in the correlation's list of rules. */
  readonly place: number;
}

export class Correlator<S extends Sample> {
  /** Samples without a time that can be read: they are in no window. */
  untimed = 0;
  private alerts: Alert<S>[] = [];
  private sequence = 0;
  private now = -Infinity;
  /** Those that others refer to come first. */
  private readonly nodes: CorrelationNode<S>[] = [];
  private readonly targets = new Map<DetectionRule | CorrelationRule, Target<S>[]>();

  /**
   * @param ordered Correlations, each behind those it refers to.
   * @param silent Correlations that give no alerts of their own.
   */
  constructor(
    private readonly detector: Detector,
    ordered: readonly CorrelationRule[],
    resolve: (reference: string) => DetectionRule | CorrelationRule | undefined,
    silent: ReadonlySet<CorrelationRule>,
    { maxEvents = 1000 }: CorrelateOptions = {},
  ) {
    for (const rule of ordered) {
      const referred = rule.rules.map(resolve);
      const node = new CorrelationNode<S>(
        rule,
        referred.map((one, i) => namesOf(one, rule.rules[i] as string)),
        maxEvents,
        {
          alert: (alert) => {
            if (!silent.has(rule)) this.alerts.push(alert);
          },
          met: (met) => this.pass(rule, met),
        },
      );
      this.nodes.push(node);
      for (const [place, one] of referred.entries()) if (one !== undefined) this.addTarget(one, { node, place });
    }
  }

  private addTarget(rule: DetectionRule | CorrelationRule, target: Target<S>): void {
    const targets = this.targets.get(rule);
    if (targets === undefined) this.targets.set(rule, [target]);
    else targets.push(target);
  }

  /** @returns Alerts of bursts that are over now. */
  push(sample: S): Alert<S>[] {
    const time = parseTime(sample.time);
    if (time === undefined) {
      this.untimed++;
      return [];
    }
    this.sequence++;
    if (time > this.now) {
      this.now = time;
      for (const node of this.nodes) node.expire(time);
    }
    const found: Matching[] = [];
    for (const view of 'views' in sample ? sample.views : [sample as View]) this.detect(view, found);
    if (found.length > 0) this.spread(found, time, [sample]);
    return this.take();
  }

  end(): Alert<S>[] {
    for (const node of this.nodes) node.end();
    return this.take();
  }

  private take(): Alert<S>[] {
    const { alerts } = this;
    if (alerts.length > 0) this.alerts = [];
    return alerts;
  }

  private detect(view: View, found: Matching[]): void {
    const { logsource, line } = view;
    if (logsource !== undefined && !this.detector.knows(logsource)) return;
    for (const number of this.detector.detect(view.record, line, logsource)) {
      const rule = this.detector.rules[number] as DetectionRule;
      // A rule for all of Linux sees more than one view of an event.
      if (!found.some((other) => other.rule === rule)) found.push({ rule, source: { record: view.record } });
    }
  }

  /** One sample is one event of a correlation, however many of its rules it matches. */
  private spread(found: readonly Matching[], time: number, samples: readonly S[]): void {
    const taken = new Map<CorrelationNode<S>, Map<AnyRecord, { source: HitSource; places: number[] }>>();
    for (const { rule, source } of found) {
      for (const { node, place } of this.targets.get(rule) ?? []) {
        const sources = taken.get(node) ?? new Map<AnyRecord, { source: HitSource; places: number[] }>();
        taken.set(node, sources);
        const own = sources.get(source.record);
        if (own !== undefined) own.places.push(place);
        else if (node.isTemporal || sources.size === 0) sources.set(source.record, { source, places: [place] });
      }
    }
    const { sequence } = this;
    for (const [node, sources] of taken)
      for (const { source, places } of sources.values()) node.take(places, source, time, sequence, samples);
  }

  private pass(rule: CorrelationRule, { time, samples, source }: Met<S>): void {
    if (this.targets.has(rule)) this.spread([{ rule, source }], time, samples);
  }
}

/** A rule that matched, and where its fields are read. */
interface Matching {
  readonly rule: DetectionRule | CorrelationRule;
  readonly source: HitSource;
}

function namesOf(rule: DetectionRule | CorrelationRule | undefined, reference: string): string[] {
  return [reference, rule?.name, rule?.id].filter((name) => name !== undefined);
}
