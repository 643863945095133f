/** Events made up for tests of what happens after parsing. */
import type { Event } from '../../src/model/event.js';
import type { Source, SpillStore } from '../../src/model/source.js';

export function eventAt(time: string, fields: Partial<Event> = {}): Event {
  return {
    id: 'a-0-0',
    time,
    action: 'log.message',
    origin: { source: 'a', path: 'a', parser: 'syslog', offset: 0, length: 1 },
    ...fields,
  };
}

/** A spill store in memory that counts what it is asked for. */
export function memoryStore(): SpillStore & { readonly runs: Map<number, Uint8Array[]>; removed: boolean } {
  const runs = new Map<number, Uint8Array[]>();
  return {
    runs,
    removed: false,
    async write(run, chunks) {
      runs.set(run, [...chunks]);
    },
    async *read(run) {
      // Cut elsewhere than it was written.
      for (const chunk of runs.get(run) ?? []) for (let at = 0; at < chunk.length; at += 1000) yield chunk.subarray(at, at + 1000);
    },
    async remove() {
      this.removed = true;
    },
  };
}

/** A syslog file in memory. */
export function logSource(name: string, text: string, extra: Partial<Source> = {}): Source {
  const bytes = new TextEncoder().encode(text);
  return {
    id: `${name.replaceAll(/\W/g, '')}0000000000000000`.slice(0, 16),
    name,
    size: bytes.length,
    facts: {},
    async *open() {
      yield bytes;
    },
    ...extra,
  };
}

/** The same source, its bytes in chunks of this size. */
export function chunked(source: Source, size: number): Source {
  return {
    ...source,
    async *open() {
      for await (const bytes of source.open()) for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    },
  };
}
