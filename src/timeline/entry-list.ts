/** Events written as lines of JSON the moment they are read: the objects die young, and memory is counted to the byte. */
import { encodeInto } from '../formats/bytes.js';
import { instantNanos, instantSecond } from '../formats/time.js';
import type { Event } from '../model/event.js';
import { encodeBlocks } from './block.js';
import type { Entry } from './entry.js';
import { markOf } from './mark.js';
import type { Run } from './run.js';
import { sortedIndex } from './sort.js';

/** Lines are written into pieces of memory of this size (bytes). */
const PIECE = 1 << 20;
/** Most bytes that one UTF-16 unit becomes in UTF-8. */
const WIDEST = 3;
/** Entries handed to the merge at once. */
const BLOCK = 1024;
/** Bytes kept beside each line. */
const PER_ENTRY = 32;

export interface EntryListOptions {
  /** Marks are needed: something may be folded. */
  readonly marks: boolean;
  /** Number of a source by its id. */
  readonly sourceNumber: (id: string) => number;
}

export class EntryList {
  count = 0;
  /** Memory taken by lines, and by what is kept beside them. */
  bytes = 0;
  private pieces: Uint8Array[] = [];
  private piece = 0;
  private at = 0;
  private lastSource = '';
  private lastNumber = 0;
  private seconds = new Float64Array(1024);
  private nanos = new Uint32Array(1024);
  private marks = new Uint32Array(1024);
  private sources = new Uint32Array(1024);
  private places = new Uint32Array(1024);
  private starts = new Uint32Array(1024);
  private ends = new Uint32Array(1024);

  constructor(private readonly options: EntryListOptions) {}

  add(event: Event): void {
    if (this.count === this.seconds.length) this.grow();
    const i = this.count++;
    this.seconds[i] = instantSecond(event.time);
    this.nanos[i] = instantNanos(event.time);
    this.marks[i] = this.options.marks ? markOf(event) : 0;
    this.sources[i] = this.numberOf(event.origin.source);
    const line = JSON.stringify(event) + '\n';
    const piece = this.room(line.length * WIDEST);
    this.places[i] = this.piece;
    this.starts[i] = this.at;
    this.at += encodeInto(line, piece, this.at);
    this.ends[i] = this.at;
    this.bytes += this.at - (this.starts[i] as number) + PER_ENTRY;
  }

  /** Everything, in order of time; equal times keep their order. The list must not change before the run is used up. */
  run(): Run<Entry> {
    const index = this.index();
    let at = 0;
    return {
      next: () => {
        if (at >= index.length) return undefined;
        const part = index.subarray(at, (at += BLOCK));
        const seconds = Float64Array.from(part, (i) => this.seconds[i] as number);
        const nanos = Uint32Array.from(part, (i) => this.nanos[i] as number);
        return { seconds, nanos, items: Array.from(part, (i) => this.entry(i)) };
      },
    };
  }

  /** The same as bytes of blocks. */
  *encoded(): Generator<Uint8Array> {
    yield* encodeBlocks(this.each(this.index()));
  }

  /** Begins anew with the same memory. */
  clear(): void {
    this.pieces = this.pieces.filter((piece) => piece.length === PIECE);
    this.count = 0;
    this.bytes = 0;
    this.piece = 0;
    this.at = 0;
  }

  private index(): Uint32Array {
    return sortedIndex({ seconds: this.seconds.subarray(0, this.count), nanos: this.nanos.subarray(0, this.count) });
  }

  private *each(index: Uint32Array): Generator<Entry> {
    for (const i of index) yield this.entry(i);
  }

  private entry(i: number): Entry {
    return {
      second: this.seconds[i] as number,
      nanos: this.nanos[i] as number,
      mark: this.marks[i] as number,
      source: this.sources[i] as number,
      event: undefined,
      bytes: this.pieces[this.places[i] as number] as Uint8Array,
      start: this.starts[i] as number,
      end: this.ends[i] as number,
    };
  }

  /** The piece to write into, with at least this much room behind {@link at}. */
  private room(bytes: number): Uint8Array {
    let piece = this.pieces[this.piece];
    if (piece !== undefined && piece.length - this.at >= bytes) return piece;
    if (piece !== undefined && this.at > 0) piece = this.pieces[++this.piece];
    this.at = 0;
    if (piece !== undefined && piece.length >= bytes) return piece;
    const fresh = new Uint8Array(Math.max(PIECE, bytes));
    this.pieces.splice(this.piece, 0, fresh);
    return fresh;
  }

  private numberOf(source: string): number {
    if (source !== this.lastSource) {
      this.lastSource = source;
      this.lastNumber = this.options.sourceNumber(source);
    }
    return this.lastNumber;
  }

  private grow(): void {
    this.seconds = twice(this.seconds, new Float64Array(this.count * 2));
    for (const name of ['nanos', 'marks', 'sources', 'places', 'starts', 'ends'] as const)
      this[name] = twice(this[name], new Uint32Array(this.count * 2));
  }
}

function twice<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
