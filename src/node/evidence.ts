/** Opens what responders have: files, folders, archives inside archives, standard input. */
import { createHash, type Hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { HEAD_BYTES } from '../intake/head.js';
import { archiveOf, COMPRESSION_SUFFIX, compressionOf, type Archive, type Compression } from '../intake/magic.js';
import type { Problem, ProblemCode } from '../model/problem.js';
import type { Facts, Source, Wrapping } from '../model/source.js';
import { parseInstant } from '../timeline/timeline.js';
import { decompress } from './decompress.js';
import { LimitError, unpackLimits, type UnpackLimits } from './limits.js';
import { readFile, Spool, type Spooled } from './spool.js';
import { spillStore } from './spill-store.js';
import { streamSource } from './stream.js';
import { readTar, type Member } from './tar.js';
import { walk } from './walk.js';
import { readZip } from './zip.js';

export interface EvidenceOptions extends Omit<Facts, 'firstYear'> {
  readonly limits?: Partial<UnpackLimits>;
  readonly onProblem?: (problem: Problem) => void;
  readonly signal?: AbortSignal;
}

export interface Evidence {
  /** In the order of the paths given; inside folders by name, inside archives as they lie there. */
  readonly sources: readonly Source[];
  /** What could not be opened or unpacked, with the path as its origin. */
  readonly problems: readonly Problem[];
  /** Removes the temporary folder, if there is one. The sources cannot be read any more. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens evidence and hashes every source.
 * @param paths Files, folders, archives; `-` is standard input.
 * @throws Error with code `ENOENT` when a path does not exist; RangeError with code `time` when `collected` is no time.
 */
export async function openEvidence(paths: string | readonly string[], options: EvidenceOptions = {}): Promise<Evidence> {
  const opener = new Opener(options);
  const list = typeof paths === 'string' ? [paths] : paths;
  try {
    for (const given of list) await opener.openPath(given, list.length > 1);
  } catch (error) {
    await opener.close();
    throw error;
  }
  const close = (): Promise<void> => opener.close();
  // Symbol.asyncDispose is missing before Node 20.4 and in its types for older targets.
  return { sources: opener.sources, problems: opener.problems, close, [Symbol.asyncDispose]: close };
}

/** Bytes on the way inwards, and what they are wrapped in. */
interface Content {
  readonly name: string;
  readonly bytes: Spooled;
  readonly modified?: string;
  readonly wrappings: readonly Wrapping[];
}

interface Digest {
  readonly sha256: string;
  readonly size: number;
  readonly head: Uint8Array;
}

class Opener {
  readonly sources: Source[] = [];
  readonly problems: Problem[] = [];
  private readonly limits: UnpackLimits;
  private readonly spool: Spool;
  private readonly facts: Facts;
  private entries = 0;

  constructor(private readonly options: EvidenceOptions) {
    this.limits = { ...unpackLimits, ...options.limits };
    this.spool = new Spool(this.limits);
    const { host, timeZone, collected } = options;
    this.facts = { host, timeZone, collected: collected === undefined ? undefined : parseInstant(collected) };
  }

  close(): Promise<void> {
    return this.spool.close();
  }

  async openPath(given: string, several: boolean): Promise<void> {
    if (given === '-') {
      this.sources.push(streamSource(process.stdin, 'stdin', this.facts, () => spillStore(this.spool)));
      return;
    }
    const name = given.split(path.sep).join('/');
    const info = await stat(given);
    if (!info.isDirectory()) return this.openFile(given, name);
    for await (const found of walk(given)) {
      this.options.signal?.throwIfAborted();
      const inside = several ? path.posix.join(name, found.name) : found.name;
      if (found.error !== undefined) this.report('unreadable', found.error.message, inside);
      else if (found.kind !== undefined) this.report('unsupported', `a ${found.kind}, not a file: not followed, not read`, inside);
      else await this.openFile(found.file, inside);
    }
  }

  private async openFile(file: string, name: string): Promise<void> {
    if (!this.countEntry(name)) return;
    let info;
    try {
      info = await stat(file);
    } catch (error) {
      this.report('unreadable', messageOf(error), name);
      return;
    }
    if (!info.isFile()) return this.report('unsupported', 'not a regular file: not read', name);
    const bytes: Spooled = { size: info.size, file, open: () => readFile(file) };
    await this.open({ name, bytes, modified: instantOfDate(info.mtime), wrappings: [] }, undefined);
  }

  /** @param digest Known when the bytes have come by already. */
  private async open(content: Content, known: Digest | undefined): Promise<void> {
    const { name, bytes } = content;
    let digest: Digest;
    try {
      digest = known ?? (await digestOf(bytes.open(), this.options.signal));
    } catch (error) {
      this.options.signal?.throwIfAborted();
      return this.report('unreadable', messageOf(error), name);
    }
    const compression = compressionOf(digest.head);
    const archive = compression === undefined ? archiveOf(digest.head) : undefined;
    const kind = compression ?? archive;
    if (kind === undefined) return this.addSource(content, digest);
    if (content.wrappings.length >= this.limits.depth) {
      this.report('limit', `not opened: inside ${this.limits.depth} archives already`, name);
      return this.addSource(content, digest);
    }
    const wrapping: Wrapping = { path: name, kind, size: digest.size, sha256: digest.sha256 };
    const wrappings = [...content.wrappings, wrapping];
    if (compression !== undefined) await this.openCompressed(content, compression, wrappings);
    else await this.openArchive(content, archive as Archive, wrappings);
  }

  private async openCompressed(content: Content, kind: Compression, wrappings: readonly Wrapping[]): Promise<void> {
    const { ratio } = this.limits;
    const inner = (): AsyncIterable<Uint8Array> => decompress(kind, content.bytes.open(), ratio);
    const head = await peek(inner());
    const archive = head.error === undefined ? archiveOf(head.bytes) : undefined;
    if (archive === 'tar') return this.readMembers(content.name, readTar(inner()), [...wrappings, { path: content.name, kind: 'tar' }]);
    const name = `${content.name}!${withoutSuffix(content.name)}`;
    const nested = archive !== undefined || compressionOf(head.bytes) !== undefined;
    // What is unpacked further is kept; a single compressed log is decompressed again when it is read.
    const digester = newDigester();
    let bytes: Spooled;
    let error: Error | undefined;
    if (nested) {
      const spooled = await this.spool.keep(inner(), (chunk) => digester.push(chunk));
      bytes = spooled.kept;
      error = spooled.error;
    } else {
      error = await drain(inner(), (chunk) => digester.push(chunk), this.options.signal);
      bytes = { size: digester.size, open: () => upTo(inner(), error === undefined ? Infinity : digester.size) };
    }
    if (error !== undefined) this.report(codeOf(error), `decompression stopped after ${digester.size} bytes: ${error.message}`, name);
    await this.open({ name, bytes, modified: content.modified, wrappings }, digester.end());
  }

  private async openArchive(content: Content, kind: Archive, wrappings: readonly Wrapping[]): Promise<void> {
    if (kind === 'tar') return this.readMembers(content.name, readTar(content.bytes.open()), wrappings);
    let file: string | Buffer | undefined = content.bytes.file;
    if (file === undefined) {
      const parts: Uint8Array[] = [];
      for await (const chunk of content.bytes.open()) parts.push(chunk);
      file = Buffer.concat(parts);
    }
    await this.readMembers(content.name, readZip(file, this.limits.ratio), wrappings);
  }

  private async readMembers(name: string, members: AsyncGenerator<Member>, wrappings: readonly Wrapping[]): Promise<void> {
    try {
      for await (const member of members) {
        this.options.signal?.throwIfAborted();
        const inside = `${name}!${member.name}`;
        if (!this.countEntry(inside)) return;
        if (member.bytes === undefined) {
          this.report('unsupported', `a ${member.kind ?? 'special entry'}, not a file: not followed, not read`, inside);
          continue;
        }
        if (leavesFolder(member.name)) this.report('integrity', 'the member is named to be written outside of its folder', inside);
        const digester = newDigester();
        const { kept, error } = await this.spool.keep(member.bytes, (chunk) => digester.push(chunk));
        if (error !== undefined)
          this.report(codeOf(error), `the member could be read for ${kept.size} bytes only: ${error.message}`, inside);
        await this.open({ name: inside, bytes: kept, modified: instantOfDate(member.modified), wrappings }, digester.end());
      }
    } catch (error) {
      this.options.signal?.throwIfAborted();
      this.report(codeOf(error), `the archive could be read up to here only: ${messageOf(error)}`, name);
    }
  }

  private addSource({ name, bytes, modified, wrappings }: Content, { sha256, size, head }: Digest): void {
    this.sources.push({
      id: sha256.slice(0, 16),
      name,
      size,
      sha256,
      facts: this.facts,
      modified,
      wrappings: wrappings.length === 0 ? undefined : wrappings,
      head: head.length <= KEPT_HEAD ? () => Promise.resolve(head) : undefined,
      open: () => bytes.open(),
      spill: () => spillStore(this.spool),
    });
  }

  private countEntry(name: string): boolean {
    if (++this.entries <= this.limits.entries) return true;
    if (this.entries === this.limits.entries + 1)
      this.report('limit', `more than ${this.limits.entries} files: the rest was not opened`, name);
    return false;
  }

  private report(code: ProblemCode, message: string, name: string): void {
    const problem: Problem = { code, message, origin: { source: '', path: name, parser: '', offset: 0, length: 0 } };
    this.problems.push(problem);
    this.options.onProblem?.(problem);
  }
}

/** What a compressed file holds: its own name without path and suffix. */
function withoutSuffix(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('!')) + 1).replace(COMPRESSION_SUFFIX, '');
}

/** Heads of tiny files are kept; others are read again when needed. */
const KEPT_HEAD = 1024;

interface Digester {
  readonly size: number;
  push(chunk: Uint8Array): void;
  end(): Digest;
}

function newDigester(): Digester {
  const hash: Hash = createHash('sha256');
  const head = Buffer.alloc(HEAD_BYTES + 1);
  let size = 0;
  return {
    get size() {
      return size;
    },
    push(chunk) {
      if (size < head.length) head.set(chunk.subarray(0, head.length - size), size);
      size += chunk.length;
      hash.update(chunk);
    },
    end: () => ({ sha256: hash.digest('hex'), size, head: Uint8Array.from(head.subarray(0, Math.min(size, head.length))) }),
  };
}

async function digestOf(input: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<Digest> {
  const digester = newDigester();
  for await (const chunk of input) {
    signal?.throwIfAborted();
    digester.push(chunk);
  }
  return digester.end();
}

/** Reads to the end or to the error. */
async function drain(
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

async function peek(input: AsyncIterable<Uint8Array>): Promise<{ bytes: Uint8Array; error?: Error }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of input) {
      parts.push(chunk);
      size += chunk.length;
      if (size >= 1024) break;
    }
  } catch (error) {
    return { bytes: Buffer.concat(parts), error: error instanceof Error ? error : new Error(String(error)) };
  }
  return { bytes: Buffer.concat(parts) };
}

/** The first bytes of a stream that is known to break after them. */
async function* upTo(input: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let left = size;
  for await (const chunk of input) {
    if (left <= 0) return;
    yield chunk.length > left ? chunk.subarray(0, left) : chunk;
    left -= chunk.length;
    if (left <= 0) return;
  }
}

function leavesFolder(name: string): boolean {
  return name.startsWith('/') || /^[A-Za-z]:[\\/]/.test(name) || name.split(/[\\/]/).includes('..');
}

function codeOf(error: unknown): ProblemCode {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (error instanceof LimitError) return 'limit';
  if (code === 'integrity') return 'integrity';
  return code === 'Z_BUF_ERROR' || /unexpected end|Unexpected end/.test(messageOf(error)) ? 'truncated' : 'unreadable';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function instantOfDate(date: Date | undefined): string | undefined {
  if (date === undefined || Number.isNaN(date.getTime()) || date.getTime() <= 0) return undefined;
  return date.toISOString().replace('Z', '000000Z');
}
