import type { Draft } from './event.js';
import type { Origin } from './origin.js';
import type { ProblemCode } from './problem.js';
import type { Facts } from './source.js';

/** The beginning of a source, for telling what it is. */
export interface Head {
  /** The first bytes, at most 64 KiB. */
  readonly bytes: Uint8Array;
  /** The same as text, invalid UTF-8 replaced, byte order mark removed. */
  readonly text: string;
  /** Its complete, non-blank lines, at most 64. The last one may be cut when the source is longer. */
  readonly lines: readonly string[];
}

/** One record's place in the source: what every frame carries. */
export interface Span {
  /** Bytes from the start of the source. */
  readonly offset: number;
  /** Bytes, line end not counted. */
  readonly length: number;
  /** From 1; absent where the evidence has no lines. */
  readonly line?: number;
}

/** A stretch of bytes that a framing found wrong. */
export interface Damage {
  readonly code: ProblemCode;
  readonly message: string;
}

/** One record as cut out of the bytes, not yet understood. */
export interface Frame extends Span {
  /** The record's text, for `raw` and salvage. Absent in binary evidence. */
  readonly text?: string;
  /** Set when the bytes were not in order: reported as a Problem, and the frame is still decoded. */
  readonly damage?: Damage;
}

/** Where a framer puts what it finds. A frame handed out is only valid during the call. */
export interface FrameSink<F extends Frame> {
  frame(frame: F): void;
  /** Bytes that are no frame at all (garbage between records, a cut tail). Counts as one rejected frame. */
  damaged(span: Span, code: ProblemCode, message: string): void;
}

export interface Limits {
  /** Longest line or record, in bytes; the rest of a longer one is skipped and counted. Default 16 MiB. */
  readonly recordBytes: number;
  /** Largest source that must be held whole (binary journals), in bytes. Default 1 GiB. */
  readonly wholeBytes: number;
}

/** Cuts chunks into frames. Chunk borders never show in the result. */
export interface Framer<F extends Frame> {
  push(chunk: Uint8Array, out: FrameSink<F>): void;
  /** The source ended. */
  end(out: FrameSink<F>): void;
}

/** A way of cutting bytes into records: lines, JSON documents, journal entries. */
export type Framing<F extends Frame> = (limits: Limits) => Framer<F>;

/** A frame that a decoder keeps for later: give it back to the sink exactly once. */
export interface Held {
  readonly origin: Origin;
  readonly raw?: unknown;
}

/**
 * Where a decoder puts what it understood. Every frame must end in one of `event`, `problem`, `ignore`,
 * or be held and given back later: the counts have to add up.
 */
export interface Sink {
  /**
   * An event, from the current frame or from a held one.
   * @param at The held frame it comes from. Default is the frame being pushed.
   * @param also Held frames that tell of the same happening: counted as merged.
   */
  event(draft: Draft, at?: Held, also?: readonly Held[]): void;
  /** Something wrong. Alone it rejects the frame; beside an event it is a warning. */
  problem(code: ProblemCode, message: string, at?: Held): void;
  /** The frame says nothing by its nature (a blank line, a comment, a header). */
  ignore(at?: Held): void;
  /** Keeps the current frame's place until its event is complete. */
  hold(): Held;
}

/** Turns frames of one source, or of one rotated set, into events. State is bounded. */
export interface Decoder<F extends Frame> {
  push(frame: F, out: Sink): void;
  /** A later file of the same rotated set begins. */
  next?(facts: Facts, name: string): void;
  /** The last file ended: what is still held must be given back now. */
  end?(out: Sink): void;
}

/** One kind of evidence. */
export interface Parser<F extends Frame = Frame> {
  /** Equals the file's name, the fixture folder's and the anchor in the docs. */
  readonly id: string;
  readonly title: string;
  /** What gives this evidence away, shown by `kubewitness sources`: "JSON lines with apiVersion audit.k8s.io". */
  readonly signs: string;
  readonly framing: Framing<F>;
  /**
   * How sure the head is of this kind.
   * @returns 0 (no) to 1 (cannot be anything else). The highest wins; the second is shown as runner-up.
   */
  matches(name: string, head: Head): number;
  /** @param name The source's path inside the evidence: container logs tell their pod by it only. */
  decoder(facts: Facts, name: string): Decoder<F>;
  /**
   * For formats without years: month and day of a line as `month * 100 + day`, or undefined.
   * Intake reads a rotated set once with it to find the year of its first line.
   */
  monthDay?(line: string): number | undefined;
}
