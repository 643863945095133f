/** Lines, with the indented ones behind them joined to their record: messages that hold line feeds. */
import type { Damage, Framer, FrameSink, Framing, Limits, Span } from '../../model/parser.js';
import type { ProblemCode } from '../../model/problem.js';
import { lines, type Line } from './lines.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const TAB = 9;
const SPACE = 32;

/** A line that begins with a blank goes on with the record before it. A frame's text then holds line feeds. */
export const indentedLines: Framing<Line> = (limits) => new IndentedFramer(limits);

class IndentedFramer implements Framer<Line>, FrameSink<Line> {
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
    const first = line.text.charCodeAt(0);
    if (this.holding && (first === TAB || first === SPACE) && this.join(line)) return;
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
    if (length > this.limits.recordBytes || held.text === '') return false;
    held.text += '\n' + line.text;
    held.length = length;
    held.damage = worse(held.damage, line.damage);
    return true;
  }

  private release(): void {
    if (!this.holding) return;
    this.holding = false;
    this.out.frame(this.held);
  }
}

function worse(first: Damage | undefined, second: Damage | undefined): Damage | undefined {
  return first ?? second;
}
