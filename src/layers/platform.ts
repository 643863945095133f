/** What layers need from the platform they run on; `kubewitness/node` fills it in. */

/** Bytes that can be opened again and again. */
export interface Bytes {
  /** Absent: not known before it is read. */
  readonly size?: number;
  /**
   * @param from First byte wanted. Default is 0.
   * @param length Bytes wanted: a hint, more may come. Default is all.
   */
  open(from?: number, length?: number): AsyncIterable<Uint8Array>;
}

export interface Hasher {
  update(chunk: Uint8Array): void;
  /** Hex digits. */
  digest(): string;
}

export type HashName = 'sha256' | 'md5' | 'sha1';

export interface Platform {
  hasher(name: HashName): Hasher;
  /** Hash of bytes that are all there: much faster for small files, where the platform has it. */
  hash?(name: HashName, bytes: Uint8Array): string;
  /**
   * Gives the stream as it is when its first bytes are of no known compression.
   * What is damaged makes the stream throw after all that could be read.
   */
  decompress(input: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}
