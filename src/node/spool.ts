/**
 * Members of archives, unpacked once: small ones stay in memory, the rest lies in a temporary folder under numbers of our own
 * (never under names from the evidence) that only this user may read. Removed by close().
 */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Failure } from '../intake/failure.js';
import { readFile } from './files.js';
import type { UnpackLimits } from './limits.js';
import type { Place } from './place.js';

/** Bytes that can be read again and again. */
export interface Spooled {
  readonly size: number;
  /** Set when the bytes lie in a file: zip needs random access. */
  readonly file?: string;
  /** Set when another thread can open them. */
  readonly place?: Place;
  open(): AsyncIterable<Uint8Array>;
}

export class Spool {
  private folder: Promise<string> | undefined;
  private count = 0;
  private inMemory = 0;
  private unpacked = 0;
  private removeOnExit: (() => void) | undefined;

  constructor(
    private readonly limits: UnpackLimits,
    private readonly signal?: AbortSignal,
  ) {}

  /** Nothing more may be unpacked. */
  get spent(): boolean {
    return this.unpacked > this.limits.unpackedBytes;
  }

  /**
   * Reads a stream to its end and keeps it.
   * @param onChunk Sees every chunk on its way; may throw to end it.
   * @returns What was kept, and the error that ended the stream early.
   * @throws The signal's reason.
   */
  async keep(input: AsyncIterable<Uint8Array>, onChunk: (chunk: Uint8Array) => void): Promise<{ kept: Spooled; error?: Error }> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    let handle: FileHandle | undefined;
    let file: string | undefined;
    let error: Error | undefined;
    try {
      for await (const chunk of input) {
        if (chunk.length === 0) continue;
        this.signal?.throwIfAborted();
        this.unpacked += chunk.length;
        if (this.spent) throw new Failure('limit', `unpacking stopped after ${this.limits.unpackedBytes} bytes in all`);
        onChunk(chunk);
        size += chunk.length;
        if (handle === undefined && this.inMemory + size > this.limits.memoryBytes) {
          file = await this.newFile();
          handle = await open(file, 'wx', 0o600);
          for (const early of chunks.splice(0)) await handle.appendFile(early);
        }
        if (handle === undefined) chunks.push(chunk.slice());
        else await handle.appendFile(chunk);
      }
    } catch (reason) {
      this.signal?.throwIfAborted();
      error = reason instanceof Error ? reason : new Error(String(reason));
    } finally {
      await handle?.close();
    }
    if (file !== undefined) {
      const place = file;
      return { kept: { size, file, place: { file, limits: this.limits }, open: () => readFile(place) }, error };
    }
    this.inMemory += size;
    return { kept: { size, open: () => each(chunks) }, error };
  }

  /** A path in the temporary folder that nothing has used yet. */
  async newFile(): Promise<string> {
    this.folder ??= this.makeFolder();
    return path.join(await this.folder, String(this.count++));
  }

  async close(): Promise<void> {
    const folder = await this.folder;
    this.folder = undefined;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    if (this.removeOnExit !== undefined) process.off('exit', this.removeOnExit);
  }

  private async makeFolder(): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'kubewitness-'));
    this.removeOnExit = () => rmSync(folder, { recursive: true, force: true });
    process.once('exit', this.removeOnExit);
    return folder;
  }
}

async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
