/**
 * The same record collected twice, or the same line in a journal and in a file: one event with all its origins.
 * Only records of different sources are ever folded; two equal lines of one source are two happenings.
 */
import { instantNanos, instantSecond } from '../formats/time.js';
import type { Event } from '../model/event.js';
import type { Item } from './run.js';

/** Two clocks that stamp the same message (a journal and a syslog file) differ by at most this (seconds). */
const TOLERANCE = 1;

/** Equal keys looked at for one event at most: a flood of one message must not cost its square. */
const CANDIDATES = 64;

interface Kept {
  item: Item;
  event: Event;
  readonly order: number;
  readonly key: string;
  readonly sources: Set<string>;
  /** Handed on: nothing can be folded into it any more. */
  gone: boolean;
}

/** Events of one key, oldest first, and how far each source has already been matched among them. */
interface Rivals {
  readonly kept: Kept[];
  readonly from: Map<string, number>;
  live: number;
}

export interface Folder {
  /** Takes items in time order; gives those that nothing can be folded into any more. */
  push(items: readonly Item[]): Item[];
  end(): Item[];
  /** Events folded into others so far. */
  readonly folded: number;
}

export function folder(): Folder {
  const rivals = new Map<string, Rivals>();
  let pending: Kept[] = [];
  let order = 0;
  let moved = false;
  let folded = 0;

  const keep = (item: Item, event: Event, key: string): void => {
    const kept: Kept = { item: { ...item, event }, event, order: order++, key, sources: new Set([event.origin.source]), gone: false };
    pending.push(kept);
    const known = rivals.get(key);
    if (known === undefined) rivals.set(key, { kept: [kept], from: new Map(), live: 1 });
    else {
      known.kept.push(kept);
      known.live++;
    }
  };

  const fold = (twin: Kept, event: Event): void => {
    folded++;
    twin.sources.add(event.origin.source);
    const wins = rank(event) > rank(twin.event);
    moved ||= wins;
    twin.event = wins ? join(event, twin.event) : join(twin.event, event);
    twin.item = { second: instantSecond(twin.event.time), nanos: instantNanos(twin.event.time), event: twin.event };
  };

  const release = (horizon: number): Item[] => {
    if (moved) pending.sort((a, b) => a.item.second - b.item.second || a.item.nanos - b.item.nanos || a.order - b.order);
    moved = false;
    let end = 0;
    while (end < pending.length && (pending[end] as Kept).item.second < horizon) end++;
    if (end === 0) return [];
    const done = pending.slice(0, end);
    pending = pending.slice(end);
    for (const kept of done) {
      kept.gone = true;
      const known = rivals.get(kept.key) as Rivals;
      if (--known.live === 0) rivals.delete(kept.key);
    }
    return done.map((kept) => kept.item);
  };

  return {
    push(items) {
      for (const item of items) {
        const event = item.event ?? (JSON.parse(item.line as string) as Event);
        const key = keyOf(event);
        const twin = findTwin(rivals.get(key), event, item);
        if (twin === undefined) keep(item, event, key);
        else fold(twin, event);
      }
      const last = items[items.length - 1];
      return last === undefined ? [] : release(last.second - 2 * TOLERANCE);
    },
    end: () => release(Infinity),
    get folded() {
      return folded;
    },
  };
}

/** The oldest event of this key that another source told and this one has not yet. */
function findTwin(rivals: Rivals | undefined, event: Event, item: Item): Kept | undefined {
  if (rivals === undefined) return undefined;
  const { source } = event.origin;
  let at = rivals.from.get(source) ?? 0;
  let settled = true;
  for (const end = Math.min(rivals.kept.length, at + CANDIDATES); at < end; at++) {
    const kept = rivals.kept[at] as Kept;
    const over = kept.gone || kept.sources.has(source) || secondsBetween(kept.item, item) > TOLERANCE;
    if (over && settled) rivals.from.set(source, at + 1);
    if (over) continue;
    if (isTwin(kept, event, item)) return kept;
    settled = false;
  }
  return undefined;
}

/** What two tellings of one record share, whatever the envelope. */
function keyOf(event: Event): string {
  if (event.message !== undefined) return `${event.action}\0${event.message}`;
  const auditId = event.details?.['auditID'];
  return `${event.action}\0${event.time}\0${typeof auditId === 'string' ? auditId : ''}\0${event.process?.pid ?? ''}\0${event.file?.path ?? ''}`;
}

function isTwin(kept: Kept, event: Event, item: Item): boolean {
  const other = kept.event;
  if (!agree(shortHost(other.host), shortHost(event.host)) || !agree(other.process?.pid, event.process?.pid)) return false;
  if (other.origin.parser === event.origin.parser) return other.time === event.time && content(other) === content(event);
  return event.message !== undefined && Math.abs(secondsBetween(kept.item, item)) <= TOLERANCE;
}

/** Exact to some nanoseconds where it matters: close by. */
function secondsBetween(from: Item, to: Item): number {
  return to.second - from.second + (to.nanos - from.nanos) / 1e9;
}

function agree(a: unknown, b: unknown): boolean {
  return a === undefined || b === undefined || a === b;
}

function shortHost(host: string | undefined): string | undefined {
  const dot = host?.indexOf('.') ?? -1;
  return dot > 0 ? host?.slice(0, dot).toLowerCase() : host?.toLowerCase();
}

/** All that an event says, without where it stands. */
function content(event: Event): string {
  return JSON.stringify({ ...event, id: '', origin: undefined, also: undefined, raw: undefined });
}

/** Which telling knows the time best: a recorded year and zone, then the finer clock. */
function rank(event: Event): number {
  return (
    (event.timeQuality === undefined ? 4 : event.timeQuality === 'assumed-zone' ? 2 : 0) + (event.time.endsWith('.000000000Z') ? 0 : 1)
  );
}

function join(winner: Event, loser: Event): Event {
  const joined: Event = { ...loser, ...withoutUndefined(winner) };
  if (winner.timeQuality === undefined) delete joined.timeQuality;
  joined.also = [...(winner.also ?? []), loser.origin, ...(loser.also ?? [])];
  return joined;
}

function withoutUndefined(event: Event): Event {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)) as unknown as Event;
}
