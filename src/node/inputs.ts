/** What callers hand in besides paths: bytes, blobs, streams. */
import { messageOf } from '../intake/failure.js';
import { drain, newDigester } from './digest.js';
import { allowanceFor } from './limits.js';
import type { Opener } from './opener.js';

/** Bytes in memory, a Blob or File, or a Node or web stream that is read once. */
export type EvidenceBytes = Uint8Array | Blob | AsyncIterable<Uint8Array | string> | ReadableStream<Uint8Array>;

/** Bytes with the name that they had. */
export interface NamedBytes {
  /** Shown as path; container logs tell their pod by it. */
  readonly name: string;
  readonly bytes: EvidenceBytes;
}

/** A path (`-` is standard input), bytes, or bytes with a name. */
export type EvidenceInput = string | EvidenceBytes | NamedBytes;

export function isNamed(input: EvidenceInput): input is NamedBytes {
  return typeof input === 'object' && 'bytes' in input && 'name' in input && typeof input.bytes !== 'function';
}

/** @throws TypeError for anything else than bytes. */
export async function openBytes(opener: Opener, bytes: EvidenceBytes, name: string): Promise<void> {
  if (bytes instanceof Uint8Array) return openKept(opener, name, bytes.length, () => chunksOf(bytes));
  if (bytes instanceof Blob) return openKept(opener, name, bytes.size, () => webChunks(bytes.stream()));
  if (bytes instanceof ReadableStream) return openStream(opener, webChunks(bytes), name);
  if (typeof (bytes as Partial<AsyncIterable<unknown>> | undefined)?.[Symbol.asyncIterator] === 'function')
    return openStream(opener, toBytes(bytes), name);
  throw Object.assign(new TypeError(`evidence "${name}" is neither a path nor bytes nor a stream of bytes`), {
    code: 'evidence',
    hint: 'give a path, a Uint8Array, a Blob, a stream, or { name, bytes }',
  });
}

/** Bytes that can be read again and again where they are. */
async function openKept(opener: Opener, name: string, size: number, open: () => AsyncIterable<Uint8Array>): Promise<void> {
  const digester = newDigester();
  const error = await drain(open(), (chunk) => digester.push(chunk), opener.options.signal);
  const digest = digester.end();
  if (error !== undefined) opener.reportError(error, `${digest.size} bytes could be read`, name, digest);
  const bytes = { size: digest.size, open };
  await opener.open({ name, bytes, wrappings: [], allowance: allowanceFor(size, opener.options.limits) }, digest);
}

/** A stream is kept, so that it can be hashed before it is read, and gone through twice to find its years. */
export async function openStream(opener: Opener, input: AsyncIterable<Uint8Array>, name: string): Promise<void> {
  const digester = newDigester();
  const { kept, error } = await opener.spool.keep(untilAborted(input, opener.options.signal), (chunk) => digester.push(chunk));
  const digest = digester.end();
  if (error !== undefined) opener.report('unreadable', `the stream broke after ${digest.size} bytes: ${messageOf(error)}`, name, digest);
  await opener.open({ name, bytes: kept, wrappings: [], allowance: allowanceFor(digest.size, opener.options.limits) }, digest);
}

const CHUNK = 1 << 20;

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

async function* webChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

export async function* toBytes(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** A stream may never say anything again: waiting for it ends with the signal. */
async function* untilAborted(input: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  if (signal === undefined) return yield* input;
  const chunks = input[Symbol.asyncIterator]();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
  });
  aborted.catch(() => undefined);
  try {
    signal.throwIfAborted();
    for (;;) {
      const { done, value } = await Promise.race([chunks.next(), aborted]);
      if (done === true) return;
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    // Not waited for: it may be the very read that never ends.
    void chunks.return?.().catch(() => undefined);
  }
}
