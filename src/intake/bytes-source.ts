/** Bytes that are in memory, or come from anywhere, as a source. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Facts, Source } from '../model/source.js';
import { checkFacts } from './facts.js';
import { HEAD_BYTES } from './head.js';

export interface BytesSourceOptions extends Facts {
  /** Shown as path; container logs tell their pod by it. Default is `evidence`. */
  readonly name?: string;
  /** Id of the parser; default is to look at the first bytes. */
  readonly parser?: string;
}

/**
 * Bytes as a source, read as they are: archives and compressed files are opened by `kubewitness/node`.
 * @throws RangeError with code `time` or `time-zone` for facts that are none.
 * @param content Text or bytes, or an async iterable of bytes that can be gone through once (a fetch body, a web stream).
 * @example
 * const events = await collect(timeline([bytesSource(await response.text(), { name: 'audit.log' })]));
 */
export function bytesSource(content: string | Uint8Array | AsyncIterable<Uint8Array>, options: BytesSourceOptions = {}): Source {
  const { name = 'evidence', parser, ...given } = options;
  const facts = checkFacts(given);
  if (typeof content !== 'string' && !(content instanceof Uint8Array)) return onceSource(content, name, parser, facts);
  const bytes = typeof content === 'string' ? utf8ToBytes(content) : content;
  const hash = bytesToHex(sha256(bytes));
  return {
    id: hash.slice(0, 16),
    name,
    size: bytes.length,
    sha256: hash,
    facts,
    parser,
    head: () => Promise.resolve(bytes.subarray(0, HEAD_BYTES + 1)),
    async *open() {
      for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
    },
  };
}

const CHUNK = 1 << 18;

/** A stream: identified by its name, since its bytes cannot be hashed before they are used. */
export function onceSource(input: AsyncIterable<Uint8Array>, name: string, parser: string | undefined, facts: Facts): Source {
  const { head, open } = replay(input);
  return { id: bytesToHex(sha256(utf8ToBytes(name))).slice(0, 16), name, facts, parser, once: true, head, open };
}

/** A stream whose beginning can be looked at before it is read. */
export function replay(input: AsyncIterable<Uint8Array>): { head(): Promise<Uint8Array>; open(): AsyncIterable<Uint8Array> } {
  const chunks = input[Symbol.asyncIterator]();
  const early: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  /** Why the stream ended before its time: told when it is read. */
  let failure: { readonly error: unknown } | undefined;
  const fill = async (): Promise<void> => {
    while (!ended && size <= HEAD_BYTES) {
      try {
        const { done, value } = await chunks.next();
        ended = done === true;
        if (done === true) break;
        early.push(value);
        size += value.length;
      } catch (error) {
        failure = { error };
        ended = true;
      }
    }
  };
  return {
    async head() {
      await fill();
      const head = new Uint8Array(size);
      let at = 0;
      for (const chunk of early) {
        head.set(chunk, at);
        at += chunk.length;
      }
      return head;
    },
    async *open() {
      await fill();
      yield* early.splice(0);
      if (failure !== undefined) throw failure.error;
      while (!ended) {
        const { done, value } = await chunks.next();
        if (done === true) return;
        yield value;
      }
    },
  };
}
