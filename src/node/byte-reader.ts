/** A stream of bytes that can be asked for as many as are needed, and given back what was too much. */
import { concatBytes } from '../formats/bytes.js';

export class ByteReader {
  /** Bytes taken so far. */
  position = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private early: Uint8Array[] = [];
  private ended = false;

  constructor(input: AsyncIterable<Uint8Array>) {
    this.chunks = input[Symbol.asyncIterator]();
  }

  /** The next bytes as they come, 1 to `most` of them; undefined at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    const chunk = await this.nextChunk();
    if (chunk === undefined) return undefined;
    const part = chunk.length > most ? chunk.subarray(0, most) : chunk;
    if (part.length < chunk.length) this.early.push(chunk.subarray(most));
    this.position += part.length;
    return part;
  }

  /** Exactly `count` bytes, fewer only at the end. */
  async take(count: number): Promise<Uint8Array> {
    const first = await this.some(count);
    if (first === undefined || first.length === count) return first ?? new Uint8Array(0);
    const parts = [first];
    for (let size = first.length; size < count;) {
      const part = await this.some(count - size);
      if (part === undefined) break;
      parts.push(part);
      size += part.length;
    }
    return concatBytes(parts);
  }

  /** The next bytes without taking them. */
  async peek(count: number): Promise<Uint8Array> {
    const bytes = await this.take(count);
    this.giveBack(bytes);
    return bytes;
  }

  /** @returns Bytes passed over, fewer than asked for at the end. */
  async skip(count: number): Promise<number> {
    let left = count;
    while (left > 0) {
      const part = await this.some(left);
      if (part === undefined) break;
      left -= part.length;
    }
    return count - left;
  }

  /** Bytes that were taken last and not used. */
  giveBack(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.early.push(bytes);
    this.position -= bytes.length;
  }

  async close(): Promise<void> {
    this.ended = true;
    this.early = [];
    await this.chunks.return?.();
  }

  private async nextChunk(): Promise<Uint8Array | undefined> {
    const early = this.early.pop();
    if (early !== undefined) return early;
    while (!this.ended) {
      const { done, value } = await this.chunks.next();
      if (done === true) this.ended = true;
      else if (value.length > 0) return value;
    }
    return undefined;
  }
}
