/** Log files that hold a container runtime's records bare: logrus text or JSON. */
import { lines, type Line } from '../formats/framing/lines.js';
import { beginsKlog, parseKlogHeader } from '../formats/klog.js';
import { looksLogrus, parseLogrus } from '../formats/logfmt.js';
import { parseRfc3339 } from '../formats/time.js';
import { yearlessClock, type YearlessClock } from '../formats/year.js';
import type { Draft, Instant } from '../model/event.js';
import type { Decoder, Parser, Sink } from '../model/parser.js';
import type { Facts } from '../model/source.js';
import { runtimeReader } from '../programs/containerd.js';
import { readStreaming } from '../programs/containerd/streaming.js';

const PROGRAM = /(?:^|[/!._-])(?<name>containerd|dockerd|docker|crio|cri-o|cri-dockerd|k3s|rke2|buildkitd)(?=[./_-]|$)/;
const LEVELS: ReadonlySet<string> = new Set(['trace', 'debug', 'info', 'warning', 'error', 'fatal', 'panic']);

/** logrus writes RFC 3339; CRI-O `2024-05-01 10:11:12.123456789Z`. */
function decoder(facts: Facts, path: string): Decoder<Line> {
  const runtime = runtimeReader();
  let name = programOf(path);
  let last: Instant | undefined;
  let clock: YearlessClock | undefined;

  /** A record of the streaming server: its year is that of the records around it. */
  const streaming = (text: string, out: Sink): void => {
    const header = parseKlogHeader(text);
    const reading = header === undefined ? undefined : readStreaming(text);
    if (header === undefined || reading === undefined) return out.problem('malformed', 'not a klog record');
    clock ??= yearlessClock({ ...facts, firstYear: last === undefined ? facts.firstYear : yearBeside(last, header.month) });
    const read = clock.read(header.month, header.day, header.secondOfDay, header.nanos);
    if (read === undefined) return out.problem('time', 'a date that does not exist in its year');
    out.event({
      ...read,
      ...reading,
      process: name === undefined ? { pid: header.pid } : { name, pid: header.pid },
      message: text.slice(header.messageAt),
    });
  };

  return {
    push(frame, out) {
      if (frame.text.trim() === '') return out.ignore();
      if (beginsKlog(frame.text)) return streaming(frame.text, out);
      const record = parseLogrus(frame.text);
      const time = record?.time === undefined ? undefined : parseRfc3339(record.time);
      if (record === undefined) return out.problem('malformed', 'not a logrus record: level and msg are missing');
      if (time === undefined) return out.problem('time', 'a record without a readable time');
      last = time;
      const draft: Draft = { time, ...runtime.read(record, undefined), message: record.message };
      if (record.cut === true) out.problem('truncated', 'the record ends inside a value');
      if (draft.process === undefined) {
        if (name !== undefined) draft.process = { name };
      } else if (name !== undefined) draft.process = { ...draft.process, parent: { name } };
      out.event(draft);
    },
    next(_next, nextPath) {
      name = programOf(nextPath);
    },
  };
}

/** The year of a month beside a known time: December before January is the year before, and the other way round. */
function yearBeside(instant: Instant, month: number): number {
  const year = Number(instant.slice(0, 4));
  const distance = month - Number(instant.slice(5, 7));
  return distance > 6 ? year - 1 : distance < -6 ? year + 1 : year;
}

/** The file's name is all that tells which runtime wrote it. */
function programOf(path: string): string | undefined {
  const file = path.slice(path.lastIndexOf('/') + 1).slice(-200);
  const name = PROGRAM.exec(file)?.groups?.['name'];
  return name === 'docker' ? 'dockerd' : name === 'cri-o' ? 'crio' : name;
}

export const parser: Parser<Line> = {
  id: 'containerd',
  title: 'Container runtime logs (logrus)',
  signs: 'lines with time=, level= and msg=, or JSON lines with level, msg and time',
  framing: lines,
  matches(_name, head) {
    const found = head.lines.filter(isRecord).length;
    return head.lines.length === 0 ? 0 : (0.9 * found) / head.lines.length;
  },
  decoder,
};

function isRecord(line: string): boolean {
  if (!looksLogrus(line)) return false;
  if (line.startsWith('time=')) return true;
  const record = parseLogrus(line);
  return record?.time !== undefined && LEVELS.has(record.level) && parseRfc3339(record.time) !== undefined;
}
