/**
 * Container output as Docker's json-file driver keeps it: `{"log":"text\n","stream":"stdout","time":"2024-05-01T10:11:12.123456789Z"}`.
 * {@link https://github.com/moby/moby/blob/v27.0.0/daemon/logger/jsonfilelog/jsonlog/jsonlogbytes.go | MarshalJSONBuf()}
 */
import { lines, type Line } from '../formats/framing/lines.js';
import { parseRfc3339, rfc3339End } from '../formats/time.js';
import type { Parser } from '../model/parser.js';
import { Joiner, type Part } from './container-output/joiner.js';

const BEGINS = /^\{"log":"/;
const TIME = /"time":"\d{4}-\d\d-\d\dT/;

interface Loose {
  readonly log?: unknown;
  readonly stream?: unknown;
  readonly time?: unknown;
  readonly attrs?: unknown;
}

function parsePart(line: string): Part | string {
  let record: Loose | null;
  try {
    record = JSON.parse(line) as Loose | null;
  } catch {
    return 'not JSON: cut or damaged';
  }
  const { log, stream, time, attrs } = record ?? {};
  if (typeof log !== 'string' || typeof time !== 'string') return 'a record without log and time';
  const instant = parseRfc3339(time);
  if (instant === undefined || rfc3339End !== time.length) return 'a record without a readable time';
  const ends = log.endsWith('\n');
  return {
    time: instant,
    stream: stream === 'stderr' ? 'stderr' : stream === 'stdout' ? 'stdout' : 'none',
    text: ends ? log.slice(0, log.endsWith('\r\n') ? -2 : -1) : log,
    partial: !ends,
    details: typeof attrs === 'object' && attrs !== null ? { attrs } : undefined,
  };
}

export const parser: Parser<Line> = {
  id: 'docker-json',
  title: 'Container logs (Docker json-file)',
  signs: 'JSON lines with log, stream and time',
  framing: lines,
  matches(_name, head) {
    const found = head.lines.filter((line) => BEGINS.test(line) && (TIME.test(line) || line.length > 60_000)).length;
    return head.lines.length === 0 ? 0 : (0.97 * found) / head.lines.length;
  },
  decoder(_facts, name) {
    const joiner = new Joiner(name);
    return {
      push(frame, out) {
        if (frame.text.trim() === '') return out.ignore();
        const part = parsePart(frame.text);
        if (typeof part === 'string') return out.problem('malformed', part);
        joiner.push(part, out);
      },
      next: (_next, path) => joiner.enter(path),
      // A process may end without a line feed: the last part is then all there is.
      end: (out) => joiner.end(out, false),
    };
  },
};
