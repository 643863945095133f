/** klog records: a line with a header, and the lines behind it that have none (values and stack traces that span lines). */
import type { Framer, FrameSink, Framing, Limits, Span } from '../../model/parser.js';
import type { ProblemCode } from '../../model/problem.js';
import { beginsKlog, beginsKlogJson } from '../klog.js';
import { lines, type Line } from './lines.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Lines without a header that stand for themselves: file headers, flag warnings, the end of a Go program. */
const ALONE = ['Log file created at: ', 'Flag --', 'panic: ', 'fatal error: '] as const;

const begins = (text: string): boolean => beginsKlog(text) || beginsKlogJson(text) || ALONE.some((start) => text.startsWith(start));

/** A frame's text may hold line feeds. A JSON record is one line: what follows it without a header is a frame of its own. */
export const klogLines: Framing<Line> = (limits) => new KlogFramer(limits);

class KlogFramer implements Framer<Line>, FrameSink<Line> {
  private readonly inner: Framer<Line>;
  private readonly held: Mutable<Line> = { text: '', offset: 0, length: 0, line: 0, damage: undefined };
  private holding = false;
  private out!: FrameSink<Line>;

  constructor(private readonly limits: Limits) {
    this.inner = lines(limits);
  }

  push(chunk: Uint8Array, out: FrameSink<Line>): void {
    this.out = out;
    this.inner.push(chunk, this);
  }

  end(out: FrameSink<Line>): void {
    this.out = out;
    this.inner.end(this);
    this.release();
  }

  frame(line: Line): void {
    if (this.holding && !begins(line.text) && this.join(line)) return;
    this.release();
    const { held } = this;
    held.text = line.text;
    held.offset = line.offset;
    held.length = line.length;
    held.line = line.line;
    held.damage = line.damage;
    this.holding = true;
  }

  damaged(span: Span, code: ProblemCode, message: string): void {
    this.release();
    this.out.damaged(span, code, message);
  }

  private join(line: Line): boolean {
    const { held } = this;
    const length = line.offset + line.length - held.offset;
    if (length > this.limits.recordBytes || beginsKlogJson(held.text)) return false;
    held.text += '\n' + line.text;
    held.length = length;
    held.damage ??= line.damage;
    return true;
  }

  private release(): void {
    if (!this.holding) return;
    this.holding = false;
    this.out.frame(this.held);
  }
}
