/** The record an event was made of, as JSON, when the event kept it. Envelopes of log shippers are opened. */
import type { Event } from '../../../model/event.js';
import { isRecord } from './event-view.js';

const parsed = new WeakMap<Event, Record<string, unknown> | undefined>();

export function rawRecord(event: Event): Record<string, unknown> | undefined {
  if (event.raw === undefined) return undefined;
  if (!parsed.has(event)) parsed.set(event, isRecord(event.raw) ? event.raw : parseRecord(event.raw));
  return parsed.get(event);
}

function parseRecord(raw: unknown): Record<string, unknown> | undefined {
  if (typeof raw !== 'string') return undefined;
  // Records that were joined stand one to a line: the event's own is the first.
  const end = raw.indexOf('\n');
  return parseJson(raw) ?? (end < 0 ? undefined : parseJson(raw.slice(0, end)));
}

function parseJson(text: string): Record<string, unknown> | undefined {
  const start = text.indexOf('{');
  if (start < 0) return undefined;
  try {
    const value: unknown = JSON.parse(start === 0 ? text : text.slice(start));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const MAX_STEPS = 20_000;
const MAX_DEPTH = 8;

/** The record itself or, within envelopes (objects, lists, JSON in texts), the first one that passes. */
export function findRecord(root: unknown, passes: (record: Record<string, unknown>) => boolean): Record<string, unknown> | undefined {
  const waiting: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let i = 0; i < waiting.length && i < MAX_STEPS; i++) {
    const { value, depth } = waiting[i] as { value: unknown; depth: number };
    const opened = typeof value === 'string' && value.startsWith('{') ? parseJson(value) : value;
    if (typeof opened !== 'object' || opened === null) continue;
    if (isRecord(opened) && passes(opened)) return opened;
    if (depth < MAX_DEPTH) for (const inner of Object.values(opened)) waiting.push({ value: inner, depth: depth + 1 });
  }
  return undefined;
}

/** Values of all objects below that have a key, whatever they are nested in. */
export function* valuesUnder(root: unknown, keys: ReadonlySet<string>): Generator<{ key: string; value: unknown }> {
  const waiting: unknown[] = [root];
  for (let steps = 0; waiting.length > 0 && steps < MAX_STEPS; steps++) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (keys.has(key)) yield { key, value: inner };
      waiting.push(inner);
    }
  }
}
