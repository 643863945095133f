/** The bundled incident in words: what was found per source, the story with its proofs, what was not understood. */
import type { Coverage } from '../../intake/plan.js';
import { problemCount } from '../../intake/tally.js';
import type { Event } from '../../model/event.js';
import type { Problem } from '../../model/problem.js';
import type { Origin } from '../../model/origin.js';
import { describe } from '../../timeline/describe.js';
import { visible } from '../../timeline/visible.js';
import { chapters } from './story.js';

/** Characters of a description. */
const WIDTH = 150;
/** Where a line's proof begins, under its text. */
const INDENT = ' '.repeat(18);

export function formatEvidence(coverage: readonly Coverage[]): string {
  const rows = coverage.map((item) => {
    const { events, frames } = item.tally;
    const counts = [String(frames).padStart(7), String(events).padStart(6), String(problemCount(item.tally) || '').padStart(8)];
    return `  ${readAs(item).padEnd(14)}  ${counts.join('  ')}  ${visible(item.source.name)}`;
  });
  return ['  read as         records  events  problems  file', ...rows].join('\n');
}

function readAs({ source, parser, sameAs }: Coverage): string {
  if (source.size === 0) return 'empty';
  return parser?.id ?? (sameAs === undefined ? 'not understood' : 'same bytes');
}

/** Every step on one line, and below it where it is written. */
export function formatStory(steps: readonly Event[]): string {
  const lines: string[] = [];
  let chapter = 0;
  for (const event of steps) {
    const next = chapters[chapter];
    if (next?.begins(event) === true) {
      lines.push('', `  ${next.title}`);
      chapter++;
    }
    const mark = event.timeQuality === undefined ? ' ' : '~';
    lines.push(`  ${event.time.slice(11, 23)} ${mark} ${cut(visible(describe(event)))}`, `${INDENT}${formatProofs(event)}`);
  }
  return lines.slice(1).join('\n');
}

function cut(text: string): string {
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}

/** Each file once, with the lines (`auth.log:21`, `audit.log:461-466`) or the offsets (`system.journal@87616`) that tell of the event. */
function formatProofs({ origin, also = [] }: Event): string {
  const files = new Map<string, Origin[]>();
  for (const place of [origin, ...also]) {
    const places = files.get(place.path);
    if (places === undefined) files.set(place.path, [place]);
    else places.push(place);
  }
  return [...files].map(([path, places]) => `${visible(path)}${formatPlaces(places)}`).join(`\n${INDENT}`);
}

function formatPlaces(places: readonly Origin[]): string {
  const lines = places.flatMap(({ line }) => (line === undefined ? [] : [line]));
  if (lines.length === 0) return `@${places.map(({ offset }) => offset).join(',')}`;
  return `:${formatRanges(lines.sort((a, b) => a - b))}`;
}

function formatRanges(sorted: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const line of sorted) {
    const range = ranges.at(-1);
    if (range !== undefined && line <= range[1] + 1) range[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

export function formatGaps(coverage: readonly Coverage[], unopened: readonly Problem[]): string {
  const unknown = coverage.filter(({ source, parser, sameAs }) => parser === undefined && sameAs === undefined && source.size !== 0);
  const problems = [...unopened, ...coverage.flatMap(({ parser, tally }) => (parser === undefined ? [] : tally.samples))];
  return [
    ...unknown.map(({ source }) => `  ${visible(source.name)}: no parser knows this format`),
    ...problems.map(({ origin, code, message }) => `  ${visible(origin.path)}${lineOf(origin)}: ${code}: ${visible(message)}`),
  ].join('\n');
}

function lineOf({ line }: Origin): string {
  return line === undefined ? '' : `:${line}`;
}
