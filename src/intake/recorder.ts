/** The sink behind every decoder: stamps id and origin, and keeps the books. */
import type { Draft, Event } from '../model/event.js';
import type { Origin } from '../model/origin.js';
import type { Decoder, Frame, FrameSink, Held, Sink, Span } from '../model/parser.js';
import type { Problem, ProblemCode } from '../model/problem.js';
import type { Source } from '../model/source.js';
import { reportProblem, type Tally } from './tally.js';

interface HeldFrame extends Held {
  readonly tally: Tally;
  given: boolean;
}

type Fate = 'none' | 'decoded' | 'held' | 'rejected' | 'ignored';

export interface RecorderOptions {
  /** Keep each record's text on its event. */
  readonly raw: boolean;
  readonly onProblem?: (problem: Problem) => void;
}

const NO_FRAME: Frame = { offset: 0, length: 0 };

export class Recorder<F extends Frame> implements Sink, FrameSink<F> {
  /** Events since the last take. */
  events: Event[] = [];
  private source!: Source;
  private tally!: Tally;
  private current: Frame = NO_FRAME;
  private fate: Fate = 'none';
  /** What ids of the current source begin with. */
  private prefix = '';
  private lastSource = '';
  private lastOffset = -1;
  private lastNumber = 0;

  constructor(
    private readonly parser: string,
    private readonly decoder: Decoder<F>,
    private readonly options: RecorderOptions,
  ) {}

  /** From here on frames come from this source. */
  enter(source: Source, tally: Tally): void {
    this.source = source;
    this.tally = tally;
    this.current = NO_FRAME;
    this.prefix = `${source.id}-`;
  }

  take(): Event[] {
    const events = this.events;
    this.events = [];
    return events;
  }

  // What framers call

  frame(frame: F): void {
    const { tally } = this;
    this.current = frame;
    this.fate = 'none';
    tally.frames++;
    if (frame.damage !== undefined) this.report(frame.damage.code, frame.damage.message, this.originOf(frame));
    try {
      this.decoder.push(frame, this);
    } catch (error) {
      // A decoder must not throw. If one does, its frame is counted and its neighbours are safe.
      this.problem('malformed', `the decoder failed on this record: ${error instanceof Error ? error.message : String(error)}`);
    }
    // TypeScript cannot see that push() changes it.
    switch (this.fate as Fate) {
      case 'decoded':
        tally.decoded++;
        break;
      case 'ignored':
        tally.ignored++;
        break;
      case 'rejected':
        tally.rejected++;
        break;
      case 'none':
        tally.rejected++;
        this.report('malformed', 'the decoder gave no account of this record', this.originOf(frame));
        break;
      case 'held':
    }
    this.current = NO_FRAME;
  }

  damaged(span: Span, code: ProblemCode, message: string): void {
    this.tally.frames++;
    this.tally.rejected++;
    this.report(code, message, this.originOf(span));
  }

  // What decoders call

  event(draft: Draft, at?: Held, also?: readonly Held[]): void {
    const event = draft as Event;
    const { tally } = this;
    let origin: Origin;
    if (at === undefined) {
      origin = this.originOf(this.current);
      this.fate = 'decoded';
      if (this.options.raw && this.current.text !== undefined) event.raw = this.current.text;
    } else {
      origin = at.origin;
      if (release(at)) (at as HeldFrame).tally.decoded++;
      if (this.options.raw && at.raw !== undefined) event.raw = at.raw;
    }
    if (event.host === undefined && this.source.facts.host !== undefined) event.host = this.source.facts.host;
    event.id = this.identify(origin);
    event.origin = origin;
    if (also !== undefined && also.length > 0) this.join(event, also);
    tally.events++;
    if (tally.first === undefined || event.time < tally.first) tally.first = event.time;
    if (tally.last === undefined || event.time > tally.last) tally.last = event.time;
    this.events.push(event);
  }

  problem(code: ProblemCode, message: string, at?: Held): void {
    if (at === undefined) {
      if (this.fate === 'none') this.fate = 'rejected';
    } else if (release(at)) (at as HeldFrame).tally.rejected++;
    this.report(code, message, at?.origin ?? this.originOf(this.current));
  }

  ignore(at?: Held): void {
    if (at === undefined) {
      if (this.fate === 'none') this.fate = 'ignored';
    } else if (release(at)) (at as HeldFrame).tally.ignored++;
  }

  hold(): Held {
    this.fate = 'held';
    const held: HeldFrame = { origin: this.originOf(this.current), tally: this.tally, given: false };
    return this.options.raw && this.current.text !== undefined ? Object.assign(held, { raw: this.current.text }) : held;
  }

  private join(event: Event, also: readonly Held[]): void {
    event.also = also.map((held) => held.origin);
    for (const held of also) if (release(held)) (held as HeldFrame).tally.merged++;
    if (!this.options.raw) return;
    const texts = also.map((held) => held.raw).filter((raw) => raw !== undefined);
    if (texts.length > 0) event.raw = [event.raw, ...texts].join('\n');
  }

  /** Events of one record come one after the other, so counting from the last place is enough. */
  private identify(origin: Origin): string {
    const { source, offset } = origin;
    this.lastNumber = offset === this.lastOffset && source === this.lastSource ? this.lastNumber + 1 : 0;
    this.lastOffset = offset;
    this.lastSource = source;
    const prefix = source === this.source.id ? this.prefix : `${source}-`;
    // Two parts, the second one short: half the memory of a chain of small ones.
    return prefix + (offset + '-' + this.lastNumber);
  }

  private originOf(span: Span): Origin {
    return span.line === undefined
      ? { source: this.source.id, path: this.source.name, parser: this.parser, offset: span.offset, length: span.length }
      : { source: this.source.id, path: this.source.name, parser: this.parser, offset: span.offset, length: span.length, line: span.line };
  }

  private report(code: ProblemCode, message: string, origin: Origin): void {
    const problem: Problem = { code, message, origin };
    reportProblem(this.tally, problem, this.options.onProblem);
  }
}

/** True the first time a held frame is given back. */
function release(held: Held): boolean {
  const frame = held as HeldFrame;
  if (frame.given) return false;
  frame.given = true;
  return true;
}
