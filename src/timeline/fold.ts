/**
 * The same record collected twice, or the same line in a journal and in a file: one event with all its origins.
 * Only records of different sources are ever folded; two equal lines of one source are two happenings.
 */
import type { Event } from '../model/event.js';
import { entryOf, eventOf, type Entry } from './entry.js';
import { sameKey } from './mark.js';

/** Two clocks that stamp the same message (a journal and a syslog file) differ by at most this (seconds). */
const TOLERANCE = 1;

/** Equal keys looked at for one event at most: a flood of one message must not cost its square. */
const CANDIDATES = 64;

interface Kept {
  entry: Entry;
  /** The event as an object, and what it shares with its like: made when a rival shows up. */
  event?: Event;
  key?: string;
  readonly order: number;
  /** Numbers of the sources that told it; one number while there is only one. */
  sources: number | Set<number>;
  /** Handed on: nothing can be folded into it any more. */
  gone: boolean;
}

/** Events of one mark, oldest first, and how far each source has already been matched among them. */
interface Rivals {
  readonly kept: Kept[];
  readonly from: Map<number, number>;
  live: number;
}

export interface Folder {
  /** Takes entries in order of time; gives those that nothing can be folded into any more. */
  push(entries: readonly Entry[]): Entry[];
  end(): Entry[];
  /** Events folded into others so far. */
  readonly folded: number;
}

/** Most events kept back: more within some seconds (records that only have their file's time) are handed on unfolded. */
const KEPT_BACK = 100_000;

export function folder(): Folder {
  const rivals = new Map<number, Rivals>();
  let pending: Kept[] = [];
  /** Entries of `pending` that are gone already: it is not copied for each of them. */
  let head = 0;
  let order = 0;
  let moved = false;
  let folded = 0;

  const keep = (entry: Entry, known: Rivals | undefined): void => {
    const kept: Kept = { entry, event: undefined, key: undefined, order: order++, sources: entry.source, gone: false };
    pending.push(kept);
    if (known === undefined) rivals.set(entry.mark, { kept: [kept], from: new Map(), live: 1 });
    else {
      known.kept.push(kept);
      known.live++;
    }
  };

  const fold = (twin: Kept, entry: Entry, event: Event): void => {
    folded++;
    twin.sources = typeof twin.sources === 'number' ? new Set([twin.sources, entry.source]) : twin.sources.add(entry.source);
    const other = twin.event as Event;
    const wins = rank(event) > rank(other);
    moved ||= wins;
    twin.event = wins ? join(event, other) : join(other, event);
    twin.entry = entryOf(twin.event, twin.entry.mark, twin.entry.source);
  };

  const sort = (): void => {
    if (!moved) return;
    pending = pending.slice(head).sort((a, b) => a.entry.second - b.entry.second || a.entry.nanos - b.entry.nanos || a.order - b.order);
    head = 0;
    moved = false;
  };

  const give = (done: Entry[]): void => {
    const kept = pending[head++] as Kept;
    kept.gone = true;
    const known = rivals.get(kept.entry.mark) as Rivals;
    if (--known.live === 0) rivals.delete(kept.entry.mark);
    done.push(kept.entry);
  };

  const release = (horizon: number, done: Entry[]): Entry[] => {
    sort();
    while (head < pending.length && (pending[head] as Kept).entry.second < horizon) give(done);
    if (head * 2 > pending.length) {
      pending = pending.slice(head);
      head = 0;
    }
    return done;
  };

  return {
    push(entries) {
      const done: Entry[] = [];
      for (const entry of entries) {
        const known = rivals.get(entry.mark);
        const twin = known === undefined ? undefined : findTwin(known, entry);
        if (twin === undefined) keep(entry, known);
        else fold(twin.kept, entry, twin.event);
        if (pending.length - head <= KEPT_BACK) continue;
        sort();
        give(done);
      }
      const last = entries[entries.length - 1];
      return last === undefined ? done : release(last.second - 2 * TOLERANCE, done);
    },
    end: () => release(Infinity, []),
    get folded() {
      return folded;
    },
  };
}

/** The oldest event of this mark that another source told and this one has not yet; lines are parsed only where one may be. */
function findTwin(rivals: Rivals, entry: Entry): { kept: Kept; event: Event } | undefined {
  const { source } = entry;
  let at = rivals.from.get(source) ?? 0;
  let settled = true;
  let event: Event | undefined;
  let key = '';
  for (const end = Math.min(rivals.kept.length, at + CANDIDATES); at < end; at++) {
    const kept = rivals.kept[at] as Kept;
    const over = kept.gone || toldBy(kept, source) || secondsBetween(kept.entry, entry) > TOLERANCE;
    if (over && settled) rivals.from.set(source, at + 1);
    if (over) continue;
    if (event === undefined) {
      event = eventOf(entry);
      key = sameKey(event);
    }
    kept.event ??= eventOf(kept.entry);
    kept.key ??= sameKey(kept.event);
    if (kept.key === key && isTwin(kept.event, kept.entry, event, entry)) return { kept, event };
    settled = false;
  }
  return undefined;
}

function toldBy({ sources }: Kept, source: number): boolean {
  return typeof sources === 'number' ? sources === source : sources.has(source);
}

function isTwin(other: Event, otherEntry: Entry, event: Event, entry: Entry): boolean {
  if (!agree(shortHost(other.host), shortHost(event.host)) || !agree(other.process?.pid, event.process?.pid)) return false;
  if (other.origin.parser === event.origin.parser) return other.time === event.time && content(other) === content(event);
  return event.message !== undefined && Math.abs(secondsBetween(otherEntry, entry)) <= TOLERANCE;
}

/** Exact to some nanoseconds where it matters: close by. */
function secondsBetween(from: Entry, to: Entry): number {
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
