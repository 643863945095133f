/** A timeline in memory, for exploring in notebooks and scripts. */
import type { Action } from '../model/action.js';
import { parseInstant } from '../intake/facts.js';
import type { Coverage } from '../intake/plan.js';
import type { Event, Instant } from '../model/event.js';
import { instantNanos, instantSecond } from '../formats/time.js';
import { formatTable, type TableOptions } from './table.js';
import type { TimelineStream } from './timeline.js';

/** Fields that `where` compares with: an event fits when all given ones are equal. */
export interface Match {
  readonly action?: Action | readonly Action[];
  readonly outcome?: Event['outcome'];
  readonly host?: string;
  readonly user?: string;
  readonly ip?: string;
  readonly session?: string;
  readonly parser?: string;
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom');
/** Rows that a timeline shows of itself. */
const SHOWN = 20;

/** Events in order. Every narrowing gives a new Timeline over the same events. */
export class Timeline implements Iterable<Event> {
  constructor(
    readonly events: readonly Event[],
    readonly coverage: readonly Coverage[] = [],
  ) {}

  get length(): number {
    return this.events.length;
  }

  [Symbol.iterator](): Iterator<Event> {
    return this.events[Symbol.iterator]();
  }

  /** Events from `from` on and before `to`, both RFC 3339 times. */
  between(from: string, to: string): Timeline {
    const start = parseInstant(from);
    const end = parseInstant(to);
    return this.slice(start, end);
  }

  /** Events that a predicate, or all the given fields, pick. */
  where(match: Match | ((event: Event) => boolean)): Timeline {
    const picks = typeof match === 'function' ? match : matcher(match);
    return new Timeline(this.events.filter(picks), this.coverage);
  }

  /**
   * Events at most this long before or after one.
   * @param span `500ms`, `30s`, `10m`, `2h`, `1d`.
   * @throws RangeError with code `duration`.
   */
  around(center: Event | string, span: string): Timeline {
    const seconds = parseSpan(span);
    const middle = typeof center === 'string' ? parseInstant(center) : center.time;
    return this.where((event) => Math.abs(secondsBetween(middle, event.time)) <= seconds);
  }

  /** Groups by what the callback says, in order of first appearance; events it says nothing of are left out. */
  by(key: (event: Event) => string | undefined): Map<string, Timeline> {
    const groups = new Map<string, Event[]>();
    for (const event of this.events) {
      const name = key(event);
      if (name === undefined) continue;
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [event]);
      else group.push(event);
    }
    return new Map([...groups].map(([name, events]) => [name, new Timeline(events, this.coverage)]));
  }

  table(options?: TableOptions): string {
    return formatTable(this.events, options);
  }

  [INSPECT](): string {
    const more = this.length > SHOWN ? `\n… ${this.length - SHOWN} more` : '';
    return `Timeline of ${this.length} events\n${formatTable(this.events.slice(0, SHOWN))}${more}`;
  }

  private slice(start: Instant, end: Instant): Timeline {
    return new Timeline(this.events.slice(this.lowerBound(start), this.lowerBound(end)), this.coverage);
  }

  private lowerBound(time: Instant): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle] as Event).time < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Reads a stream to its end. */
export async function collect(stream: TimelineStream): Promise<Timeline> {
  const events: Event[] = [];
  for await (const batch of stream.batches()) for (const event of batch) events.push(event);
  return new Timeline(events, stream.coverage);
}

function matcher(match: Match): (event: Event) => boolean {
  const actions = match.action === undefined ? undefined : new Set<string>([match.action].flat());
  return (event) =>
    (actions === undefined || actions.has(event.action)) &&
    (match.outcome === undefined || event.outcome === match.outcome) &&
    (match.host === undefined || event.host === match.host) &&
    (match.user === undefined || event.actor?.user === match.user || event.target?.user === match.user) &&
    (match.ip === undefined || event.client?.ip === match.ip || event.server?.ip === match.ip) &&
    (match.session === undefined || event.session === match.session) &&
    (match.parser === undefined || event.origin.parser === match.parser);
}

function secondsBetween(from: Instant, to: Instant): number {
  return instantSecond(to) - instantSecond(from) + (instantNanos(to) - instantNanos(from)) / 1e9;
}

/** Seconds of each unit. */
const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 };

function parseSpan(span: string): number {
  const match = /^(?<count>\d{1,9}(?:\.\d{1,6})?)(?<unit>ms|s|m|h|d)$/.exec(span);
  const unit = UNITS[match?.groups?.unit ?? ''];
  if (unit === undefined)
    throw Object.assign(new RangeError(`"${span}" is not a duration`), { code: 'duration', hint: 'write it as 500ms, 30s, 10m, 2h or 1d' });
  return Number(match?.groups?.count) * unit;
}
