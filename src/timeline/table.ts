/** Events as a table of text, one line each, safe for terminals. */
import type { Event } from '../model/event.js';
import { describe } from './describe.js';
import { shorten, visible } from './visible.js';

export interface TableOptions {
  /** Characters a description may take; the rest is cut and marked with `…`. Default is 160. */
  readonly width?: number;
  /** Show where each event is written: `path:line`. Default is false. */
  readonly origins?: boolean;
}

/** A mark behind times that the record does not say in full. */
const MARKS = { 'assumed-zone': '~z', 'assumed-year': '~y', 'assumed-zone-and-year': '~', 'from-file': '~f' } as const;

/** Characters: a name in the DNS has no more, and hostile ones may be as long as lines. */
const LONGEST_HOST = 253;

/** Time to the microsecond, mark, host, action, description. */
export function formatRow(event: Event, hostWidth: number, options: TableOptions = {}): string {
  const width = options.width ?? 160;
  const shown = shorten(visible(describe(event).slice(0, 4 * width)), width);
  const mark = event.timeQuality === undefined ? '' : MARKS[event.timeQuality];
  const host = visible((event.host ?? '-').slice(0, LONGEST_HOST));
  const columns = [`${event.time.slice(0, 26)}Z`, mark.padEnd(2), host.padEnd(hostWidth), shown];
  if (options.origins === true) columns.push(`[${visible(event.origin.path)}:${event.origin.line ?? `@${event.origin.offset}`}]`);
  return columns.join('  ').trimEnd();
}

export function formatTable(events: readonly Event[], options: TableOptions = {}): string {
  const hostWidth = events.reduce(
    (widest, event) => Math.max(widest, Math.min(24, visible((event.host ?? '-').slice(0, LONGEST_HOST)).length)),
    1,
  );
  return events.map((event) => formatRow(event, hostWidth, options)).join('\n');
}
