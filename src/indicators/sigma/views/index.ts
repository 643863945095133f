/** Events as rules expect them: one table of views. */
import type { Event } from '../../../model/event.js';
import type { Sample } from '../correlation/hit.js';
import type { AnyRecord } from '../detector.js';
import type { LogSource } from '../logsource.js';
import type { RuleMatch } from '../rule.js';
import type { MatchOptions, RuleSet } from '../rule-set.js';
import { auditd } from './auditd.js';
import { cloudViews } from './cloud.js';
import { LazyView, rawText, type ViewKind } from './event-view.js';
import { fileEvent } from './file-event.js';
import { kubernetesAudit } from './kubernetes-audit.js';
import { networkConnection } from './network-connection.js';
import { processCreation } from './process-creation.js';
import { applicationLog, systemLog, systemLogSources } from './system-log.js';
import { webServer } from './web.js';

const kinds: readonly ViewKind[] = [
  processCreation,
  fileEvent,
  networkConnection,
  auditd,
  kubernetesAudit,
  applicationLog,
  webServer,
  ...cloudViews,
];

/** A view of an event: its record is made when it is asked for. */
export interface EventView {
  readonly logsource: LogSource;
  readonly record: AnyRecord;
  readonly line: string | undefined;
}

/** All ways in which rules may look at an event. */
export function* viewsOf(event: Event): Generator<EventView> {
  for (const kind of kinds) if (kind.applies(event)) yield* viewsOfKind(kind, event, kind.logsources);
  if (systemLog.applies(event)) yield* viewsOfKind(systemLog, event, systemLogSources(event));
}

function* viewsOfKind(kind: ViewKind, event: Event, logsources: readonly LogSource[]): Generator<EventView> {
  const line = (record: AnyRecord) => (kind.line === undefined ? rawText(event) : kind.line(event, record));
  let made: readonly AnyRecord[] | undefined;
  const records = () => (made ??= [...kind.records(event)]);
  for (const logsource of logsources) {
    if (kind !== auditd) yield new LazyView(logsource, () => records()[0] ?? {}, line);
    else for (const record of records()) yield new LazyView(logsource, () => record, line);
  }
}

export interface EventMatch extends RuleMatch {
  /** Of the view that matched. */
  readonly logsource: LogSource;
}

/** Rules that match an event in any of its views; each rule once. */
export function matchEvent(rules: RuleSet, event: Event, options?: Pick<MatchOptions, 'includeReferred'>): EventMatch[] {
  const matches = new Map<RuleMatch['rule'], EventMatch>();
  for (const view of viewsOf(event)) {
    const { logsource } = view;
    if (!rules.knows(logsource)) continue;
    for (const match of rules.match(view.record, { ...options, logsource, line: view.line })) {
      if (!matches.has(match.rule)) matches.set(match.rule, { ...match, logsource });
    }
  }
  return [...matches.values()];
}

/** An event for {@link RuleSet.correlate}. */
export function sampleOf<E extends Event>(event: E): Sample & { readonly event: E } {
  return { time: event.time, views: { [Symbol.iterator]: () => viewsOf(event) }, event };
}
