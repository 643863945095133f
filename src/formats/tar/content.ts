/** Hands out a file's content as the file had it: with zeros where a sparse file has holes. */
import type { SparsePart } from './sparse.js';

const ZEROS = new Uint8Array(1 << 16);

export class ContentWriter {
  private part = 0;
  private position = 0;
  private left: number;

  /**
   * @param holes Whether holes are filled; if not, only stored bytes are handed out.
   */
  constructor(
    private readonly parts: readonly SparsePart[],
    private readonly size: number,
    private readonly holes: boolean,
    private readonly sink: { data(chunk: Uint8Array): void },
  ) {
    this.left = parts[0]?.length ?? 0;
  }

  /** Stored bytes, in their order. */
  push(chunk: Uint8Array): void {
    const { parts } = this;
    for (let at = 0; at < chunk.length;) {
      while (this.left === 0 && this.part + 1 < parts.length) this.left = (parts[++this.part] as SparsePart).length;
      if (this.left === 0) return;
      const part = parts[this.part] as SparsePart;
      this.fillTo(part.offset + part.length - this.left);
      const taken = chunk.subarray(at, at + this.left);
      this.sink.data(taken);
      at += taken.length;
      this.left -= taken.length;
      this.position += taken.length;
    }
  }

  /** The hole at the file's end. */
  end(): void {
    this.fillTo(this.size);
  }

  private fillTo(offset: number): void {
    if (!this.holes) {
      this.position = offset;
      return;
    }
    while (this.position < offset) {
      const zeros = ZEROS.subarray(0, Math.min(ZEROS.length, offset - this.position));
      this.sink.data(zeros);
      this.position += zeros.length;
    }
  }
}

/** Bytes of holes in a file. */
export function holeBytes(parts: readonly SparsePart[], size: number): number {
  let holes = size;
  for (const { length } of parts) holes -= length;
  return holes;
}
