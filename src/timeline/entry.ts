/** An event on its way through merge and folding, as an object or as its line of JSON. */
import { decodeText, encodeText } from '../formats/bytes.js';
import { instantNanos, instantSecond } from '../formats/time.js';
import type { Event } from '../model/event.js';

export interface Entry {
  /** Sort key: whole Unix seconds, then what they leave over (see `instantNanos`). */
  readonly second: number;
  readonly nanos: number;
  /** Events that tell of the same have the same mark; 0 where nothing is folded. */
  readonly mark: number;
  /** Number of the source that told it. */
  readonly source: number;
  /** Set where the event is at hand as an object. */
  readonly event?: Event;
  /** Where its line is, line feed included; empty where only the object is at hand. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const NOTHING = new Uint8Array(0);

export function entryOf(event: Event, mark: number, source: number): Entry {
  return {
    second: instantSecond(event.time),
    nanos: instantNanos(event.time),
    mark,
    source,
    event,
    bytes: NOTHING,
    start: 0,
    end: 0,
  };
}

export function eventOf(entry: Entry): Event {
  return entry.event ?? (JSON.parse(lineOf(entry)) as Event);
}

/** The event's JSON, without line feed. */
export function lineOf({ event, bytes, start, end }: Entry): string {
  return event === undefined ? decodeText(bytes, start, end - 1) : JSON.stringify(event);
}

/** The same entry with its line at hand. */
function withLine(entry: Entry): Entry {
  if (entry.event === undefined) return entry;
  const bytes = encodeText(JSON.stringify(entry.event) + '\n');
  return { ...entry, event: undefined, bytes, start: 0, end: bytes.length };
}

/** Bytes handed on at once, at least, while there are more. */
const CHUNK = 1 << 18;

/** The lines of entries one after the other, each with its line feed. */
export function* joinLines(entries: readonly Entry[]): Generator<Uint8Array> {
  let from = 0;
  while (from < entries.length) {
    const some: Entry[] = [];
    let size = 0;
    for (; from < entries.length && size < CHUNK; from++) {
      const entry = withLine(entries[from] as Entry);
      some.push(entry);
      size += entry.end - entry.start;
    }
    yield copyLines(some, new Uint8Array(size), 0);
  }
}

/** Copies lines into `target` from `at` on. Lines that lie side by side are copied in one go: logs are mostly in order. */
export function copyLines(entries: readonly Entry[], target: Uint8Array, at: number): Uint8Array {
  let i = 0;
  while (i < entries.length) {
    const { bytes, start, end } = entries[i++] as Entry;
    let last = end;
    for (; i < entries.length; i++) {
      const next = entries[i] as Entry;
      if (next.bytes !== bytes || next.start !== last) break;
      last = next.end;
    }
    target.set(start === 0 && last === bytes.length ? bytes : bytes.subarray(start, last), at);
    at += last - start;
  }
  return target;
}
