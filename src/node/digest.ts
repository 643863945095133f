/** Hashes bytes on their way, and keeps their beginning. */
import { createHash } from 'node:crypto';
import { HEAD_BYTES } from '../intake/head.js';

export interface Digest {
  /** 64 hex digits. */
  readonly sha256: string;
  readonly size: number;
  /** The first 64 KiB and one byte, or all. */
  readonly head: Uint8Array;
}

export interface Digester {
  readonly size: number;
  push(chunk: Uint8Array): void;
  end(): Digest;
}

export function newDigester(): Digester {
  const hash = createHash('sha256');
  const parts: Uint8Array[] = [];
  let kept = 0;
  let size = 0;
  return {
    get size() {
      return size;
    },
    push(chunk) {
      if (kept <= HEAD_BYTES) {
        const part = chunk.slice(0, HEAD_BYTES + 1 - kept);
        parts.push(part);
        kept += part.length;
      }
      size += chunk.length;
      hash.update(chunk);
    },
    end: () => ({ sha256: hash.digest('hex'), size, head: Uint8Array.from(Buffer.concat(parts)) }),
  };
}

/** Reads to the end, or to the error that ended it. @throws The signal's reason. */
export async function drain(
  input: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
  signal: AbortSignal | undefined,
): Promise<Error | undefined> {
  try {
    for await (const chunk of input) {
      signal?.throwIfAborted();
      onChunk(chunk);
    }
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  }
  return undefined;
}
