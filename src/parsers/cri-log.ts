/**
 * Container output as containerd and CRI-O keep it: `2024-05-01T10:11:12.123456789Z stdout F text`.
 * {@link https://github.com/containerd/containerd/blob/v1.7.27/pkg/cri/io/logger.go | redirectLogs()}
 */
import { lines, type Line } from '../formats/framing/lines.js';
import { parseRfc3339, rfc3339End } from '../formats/time.js';
import type { Parser } from '../model/parser.js';
import { Joiner, type Part } from './container-output/joiner.js';

// 2024-05-01T10:11:12.123456789Z stdout F text      2024-05-01T12:11:12.1+02:00 stderr P text      … stdout F:tag text
const LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [PF](?::[^ ]{0,200})?(?: |$)/;

function parsePart(text: string): Part | undefined {
  const time = parseRfc3339(text);
  if (time === undefined || text.charCodeAt(rfc3339End) !== 32) return undefined;
  const streamAt = rfc3339End + 1;
  const stream = text.startsWith('stdout ', streamAt) ? 'stdout' : text.startsWith('stderr ', streamAt) ? 'stderr' : undefined;
  if (stream === undefined) return undefined;
  const tagsAt = streamAt + 7;
  const first = text.charCodeAt(tagsAt);
  if (first !== 70 /* F */ && first !== 80 /* P */) return undefined;
  const blank = text.indexOf(' ', tagsAt);
  const end = blank < 0 ? text.length : blank;
  const partial = first === 80;
  if (end === tagsAt + 1) return { time, stream, text: text.slice(end + 1), partial };
  if (text.charCodeAt(tagsAt + 1) !== 58 /* : */) return undefined;
  return {
    time,
    stream,
    text: text.slice(end + 1),
    partial,
    details: {
      tags: text
        .slice(tagsAt + 2, end)
        .split(':')
        .slice(0, 16),
    },
  };
}

export const parser: Parser<Line> = {
  id: 'cri-log',
  title: 'Container logs (CRI)',
  signs: 'lines with a timestamp, stdout or stderr, and F or P',
  framing: lines,
  matches(_name, head) {
    return head.lines.length === 0 ? 0 : (0.98 * head.lines.filter((line) => LINE.test(line)).length) / head.lines.length;
  },
  decoder(_facts, name) {
    const joiner = new Joiner(name);
    return {
      push(frame, out) {
        if (frame.text === '') return out.ignore();
        const part = parsePart(frame.text);
        if (part === undefined) return out.problem('malformed', 'not a container log line: time, stream, P or F, text');
        joiner.push(part, out);
      },
      next: (_next, path) => joiner.enter(path),
      end: (out) => joiner.end(out, true),
    };
  },
};
