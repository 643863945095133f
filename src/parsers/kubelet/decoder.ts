/** klog records of one file, or of a rotated set, to events. */
import { beginsKlogJson, parseKlogHeader, parseKlogJson, type KlogHeader, type KlogRecord } from '../../formats/klog.js';
import { parseKlogText } from '../../formats/klog-values.js';
import { yearlessClock, type ClockReading, type YearlessClock } from '../../formats/year.js';
import type { Draft, Instant, TimeQuality } from '../../model/event.js';
import type { Decoder, Frame, Held, Sink } from '../../model/parser.js';
import type { Facts } from '../../model/source.js';
import { readDaemon } from '../../programs/klog-daemons.js';
import { isKubelet, readKubelet } from '../../programs/kubelet/read.js';
import type { Reading } from '../../programs/program.js';

interface TextFrame extends Frame {
  readonly text: string;
}

/** Lines before the first time that are kept back to be shown at it. */
const MOST_WAITING = 256;
const DAEMON =
  /(?:^|[/!._-])(?:kube-)?(?<name>apiserver|scheduler|controller-manager)(?=[./_-]|$)|(?<whole>cloud-controller-manager|kube-proxy)(?=[./_-]|$)/;
const KUBELET = /kubelet|kubelite/;
// Log file created at: 2024/05/01 10:11:12
const CREATED = /^Log file created at: (?<year>\d{4})\/(?<month>\d\d)\/(?<day>\d\d) \d\d:\d\d:\d\d/;
const MACHINE = /^Running on machine: (?<host>[A-Za-z0-9.-]{1,253})$/m;

export class KubeletDecoder implements Decoder<TextFrame> {
  private clock: YearlessClock;
  /** The file's own header told the year. */
  private dated = false;
  private host: string | undefined;
  private program: string | undefined;
  private last: Instant | undefined;
  private pid: number | undefined;
  private waiting: { held: Held; text: string }[] = [];

  constructor(
    private readonly facts: Facts,
    name: string,
  ) {
    this.clock = yearlessClock(facts);
    this.program = programOf(name);
  }

  next(_facts: Facts, name: string): void {
    this.program = programOf(name);
  }

  push(frame: TextFrame, out: Sink): void {
    const { text } = frame;
    if (text.trim() === '') return out.ignore();
    if (beginsKlogJson(text)) return this.json(text, out);
    const header = parseKlogHeader(text);
    if (header !== undefined) return this.text(header, text, out);
    if (text.startsWith('Log file created at: ') && this.fileHeader(text)) return out.ignore();
    this.loose(text, out);
  }

  end(out: Sink): void {
    for (const { held, text } of this.waiting) {
      if (this.facts.collected === undefined) out.problem('malformed', 'no klog header, and no record beside it that tells a time', held);
      else out.event(this.looseDraft(text, this.facts.collected), held);
    }
    this.waiting = [];
  }

  private json(text: string, out: Sink): void {
    const record = parseKlogJson(text);
    if (record?.time !== undefined) return this.emit(record, record.text, record.time, undefined, out);
    out.problem('malformed', 'a JSON record that is cut or damaged');
    this.loose(text, out);
  }

  private text(header: KlogHeader, text: string, out: Sink): void {
    const reading = this.clock.read(header.month, header.day, header.secondOfDay, header.nanos);
    // Blank lines behind a record belong to it, not to what it says.
    const message = text.charCodeAt(text.length - 1) === 10 ? text.slice(header.messageAt).trimEnd() : text.slice(header.messageAt);
    const { text: words, structured, fields } = parseKlogText(message);
    const { severity, caller, pid } = header;
    this.pid = pid;
    const record: KlogRecord = { text: words, structured, fields, severity, caller, pid };
    if (reading !== undefined) return this.emit(record, message, reading.time, this.qualityOf(reading), out);
    out.problem('time', 'a date that does not exist in its year');
    this.emit(record, message, this.last ?? this.facts.collected ?? NO_TIME, 'from-file', out);
  }

  private qualityOf(reading: ClockReading): TimeQuality {
    return this.dated ? 'assumed-zone' : reading.timeQuality;
  }

  private emit(record: KlogRecord, message: string, time: Instant, timeQuality: TimeQuality | undefined, out: Sink): void {
    this.last = time;
    if (this.waiting.length > 0) this.release(time, out);
    // Messages that only kubelet writes tell whose file it is, where the path does not.
    if (this.program === undefined && isKubelet(record)) this.program = 'kubelet';
    const readings = this.program === undefined || this.program === 'kubelet' ? readKubelet(record) : [readDaemon(record)];
    for (const reading of readings) out.event(this.toDraft(record, reading, message, time, timeQuality));
  }

  private toDraft(record: KlogRecord, reading: Reading, message: string, time: Instant, timeQuality: TimeQuality | undefined): Draft {
    // The reading is fresh: it becomes the draft, a copy costs more than all of the reading.
    const draft = reading as unknown as Draft;
    draft.time = time;
    draft.message = message;
    if (timeQuality !== undefined) draft.timeQuality = timeQuality;
    if (this.host !== undefined) draft.host = this.host;
    draft.process ??= this.writer(record.pid);
    return draft;
  }

  private writer(pid: number | undefined): Draft['process'] {
    if (this.program === undefined) return pid === undefined ? undefined : { pid };
    return pid === undefined ? { name: this.program } : { name: this.program, pid };
  }

  /** The lines that klog puts at the top of files it opens itself: they tell year and machine. */
  private fileHeader(text: string): boolean {
    const groups = CREATED.exec(text)?.groups;
    if (groups === undefined || /\n(?!Running on |Binary: |Previous log: |Application fingerprint: |Log line format: )/.test(text))
      return false;
    this.host = MACHINE.exec(text)?.groups?.['host'] ?? this.host;
    const [year, month, day] = [groups['year'], groups['month'], groups['day']].map(Number) as [number, number, number];
    const clock = yearlessClock({ ...this.facts, firstYear: year });
    this.dated = clock.read(month, day, 0, 0) !== undefined;
    if (this.dated) this.clock = clock;
    return true;
  }

  /** Lines without a header: what a runtime or a library wrote to standard error. They stand where their neighbour does. */
  private loose(text: string, out: Sink): void {
    if (this.last !== undefined) return out.event(this.looseDraft(text, this.last));
    if (this.waiting.length >= MOST_WAITING) return out.problem('malformed', 'no klog header');
    this.waiting.push({ held: out.hold(), text });
  }

  private release(time: Instant, out: Sink): void {
    for (const { held, text } of this.waiting) out.event(this.looseDraft(text, time), held);
    this.waiting = [];
  }

  private looseDraft(text: string, time: Instant): Draft {
    // A panic without its goroutines may be anybody's text.
    const crash = /^(?:panic: |fatal error: )/.test(text) && /\ngoroutine \d{1,10} /.test(text);
    const process = this.writer(this.pid);
    const draft: Draft = { time, timeQuality: 'from-file', action: crash ? 'process.crash' : 'log.message', process, message: text };
    if (this.host !== undefined) draft.host = this.host;
    return draft;
  }
}

const NO_TIME: Instant = '1970-01-01T00:00:00.000000000Z';

/** What the path says. Absent: the records must tell. */
function programOf(path: string): string | undefined {
  const end = path.slice(-400);
  if (KUBELET.test(end.slice(end.lastIndexOf('/') + 1))) return 'kubelet';
  const groups = DAEMON.exec(end)?.groups;
  if (groups === undefined) return KUBELET.test(end) ? 'kubelet' : undefined;
  return groups['whole'] ?? `kube-${groups['name']}`;
}
