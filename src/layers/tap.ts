/** A look at a layer's bytes as they lie in the evidence, on their way to being decompressed. */
import type { Bytes, Hasher } from './platform.js';

/** Counts and hashes bytes on their way. */
export class Tap {
  size = 0;
  compressed = false;
  complete = false;

  constructor(
    private readonly bytes: Bytes,
    private readonly hasher: Hasher | undefined,
  ) {}

  async *open(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.bytes.open()) {
      if (this.size === 0) this.compressed = looksCompressed(chunk);
      this.size += chunk.length;
      this.hasher?.update(chunk);
      yield chunk;
    }
    this.complete = true;
  }

  digest(): string | undefined {
    return this.hasher?.digest();
  }
}

/** No tar begins so: gzip, zstd, xz, bzip2. */
function looksCompressed(chunk: Uint8Array): boolean {
  const first = ((chunk[0] ?? 0) << 8) | (chunk[1] ?? 0);
  return first === 0x1f8b || first === 0x28b5 || first === 0xfd37 || first === 0x425a;
}
