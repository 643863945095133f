/** Runs one parser over one source, or over a rotated set in its order. */
import type { Event } from '../model/event.js';
import type { Frame, Limits, Parser } from '../model/parser.js';
import type { Problem } from '../model/problem.js';
import type { Source } from '../model/source.js';
import { messageOf, problemCodeOf } from './failure.js';
import { Recorder } from './recorder.js';
import { newTally, reportProblem, type Tally } from './tally.js';

export const defaultLimits: Limits = { recordBytes: 16 * 1024 * 1024, wholeBytes: 1024 * 1024 * 1024 };

/** Bytes framed at once: a batch's events shall die before the garbage collector has to copy them (a third of the time, measured). */
const PIECE = 1 << 18;

export interface ReadOptions {
  /** Keep each record's text on its event. Default is false: it costs 2.6–5 × the memory. */
  readonly raw?: boolean;
  readonly limits?: Partial<Limits>;
  readonly onProblem?: (problem: Problem) => void;
  readonly signal?: AbortSignal;
}

/** One source, or the files of one rotated set from the oldest on, with the parser that reads them and the books kept on it. */
export interface Reading {
  readonly parser: Parser;
  readonly sources: readonly Source[];
  /** One per source, same order; complete when the events have been read to the end. */
  readonly tallies: readonly Tally[];
}

export function newReading(parser: Parser, sources: readonly Source[]): Reading {
  return { parser, sources, tallies: sources.map(newTally) };
}

/**
 * Decodes a reading into batches of events, in the order of the bytes.
 * Evidence never throws: what cannot be read becomes a Problem in the tally.
 * @throws The signal's reason when aborted.
 */
export async function* readEvents(reading: Reading, options: ReadOptions = {}): AsyncGenerator<Event[], void, undefined> {
  const { parser, sources, tallies } = reading;
  const limits = { ...defaultLimits, ...options.limits };
  const first = sources[0];
  if (first === undefined) return;
  const decoder = parser.decoder(first.facts, first.name);
  const recorder = new Recorder<Frame>(parser.id, decoder, { raw: options.raw ?? false, onProblem: options.onProblem });
  for (const [index, source] of sources.entries()) {
    const tally = tallies[index] as Tally;
    recorder.enter(source, tally);
    if (index > 0) decoder.next?.(source.facts, source.name);
    const framer = parser.framing(limits);
    try {
      for await (const chunk of source.open()) {
        options.signal?.throwIfAborted();
        for (let at = 0; at < chunk.length; at += PIECE) {
          framer.push(chunk.length <= PIECE ? chunk : chunk.subarray(at, at + PIECE), recorder);
          if (recorder.events.length > 0) yield recorder.take();
        }
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      unreadable(source, parser.id, tally, error, options);
    }
    framer.end(recorder);
    if (recorder.events.length > 0) yield recorder.take();
  }
  decoder.end?.(recorder);
  if (recorder.events.length > 0) yield recorder.take();
}

/** A read that fails half way (damaged compression, I/O) keeps all that came before it. */
function unreadable(source: Source, parser: string, tally: Tally, error: unknown, options: ReadOptions): void {
  const message = `reading stopped: ${messageOf(error)}`;
  const origin = { source: source.id, path: source.name, parser, offset: 0, length: 0 };
  const problem: Problem = { code: problemCodeOf(error), message, origin };
  reportProblem(tally, problem, options.onProblem);
}
