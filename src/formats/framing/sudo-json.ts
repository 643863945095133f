/**
 * sudo's JSON log file: one object whose members are the records, all under the same few names.
 * {@link https://github.com/sudo-project/sudo/blob/v1.9.13/lib/eventlog/eventlog.c | do_logfile_json()}
 *
 * sudo appends by overwriting the last brace, so the indentation is always the same, and a JSON parser would keep only the
 * last member of each name: the file is cut by lines.
 */
import type { Damage, Framer, FrameSink, Framing, Limits, Span } from '../../model/parser.js';
import type { ProblemCode } from '../../model/problem.js';
import { lines, type Line } from './lines.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

//     "accept": {
const START = /^ {4}"[a-z_]{1,32}": \{$/;
//     },
const END = /^ {4}\},?$/;

export const sudoJsonRecords: Framing<Line> = (limits) => new SudoJsonFramer(limits);

class SudoJsonFramer implements Framer<Line>, FrameSink<Line> {
  private readonly inner: Framer<Line>;
  private readonly held: Mutable<Line> = { text: '', offset: 0, length: 0, line: 0, damage: undefined };
  private parts: string[] = [];
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
    if (START.test(line.text)) {
      this.release();
      this.hold(line);
    } else if (this.parts.length === 0) {
      this.out.frame(line);
    } else if (!this.join(line)) {
      this.release();
      this.out.frame(line);
    } else if (END.test(line.text)) {
      this.release();
    }
  }

  damaged(span: Span, code: ProblemCode, message: string): void {
    this.release();
    this.out.damaged(span, code, message);
  }

  private hold(line: Line): void {
    const { held } = this;
    this.parts = [line.text];
    held.offset = line.offset;
    held.length = line.length;
    held.line = line.line;
    held.damage = line.damage;
  }

  private join(line: Line): boolean {
    const { held } = this;
    const length = line.offset + line.length - held.offset;
    // The closing brace of the file ends a record that was cut short.
    if (length > this.limits.recordBytes || !line.text.startsWith('    ')) return false;
    this.parts.push(line.text);
    held.length = length;
    held.damage = first(held.damage, line.damage);
    return true;
  }

  private release(): void {
    if (this.parts.length === 0) return;
    this.held.text = this.parts.join('\n');
    this.parts = [];
    this.out.frame(this.held);
  }
}

function first(one: Damage | undefined, other: Damage | undefined): Damage | undefined {
  return one ?? other;
}
