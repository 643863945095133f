/**
 * Reads tar archives as bytes: nothing is decoded that would lose evidence, nothing ends the reading.
 * Chunks may be of any size and never show in the result.
 * ```
 * header → [extensions → header] → [sparse map] → content → padding → header … → two zero blocks → what stands behind
 *    ↘ resync (the checksum does not fit) ↗
 * ```
 */
import { concatBytes, decodeLatin1 } from '../bytes.js';
import type { ProblemCode } from '../../model/problem.js';
import { ContentWriter, holeBytes } from './content.js';
import { describeEntry, isExtension, type TarEntry } from './entry.js';
import { ExtensionStore } from './extensions.js';
import { isZeroBlock, parseHeader, type RawHeader } from './header.js';
import { BLOCK, GNU_SPARSE } from './layout.js';
import { decodeNumber } from './numbers.js';
import { Resync } from './resync.js';
import { decodeGnuParts, isSound, paxParts, SparseMapReader, type SparsePart } from './sparse.js';

export interface TarLimits {
  /** Entries of one archive. Default is 5,000,000. */
  readonly entries: number;
  /** Bytes of one PAX header or GNU long name. Default is 4 MiB. */
  readonly extensionBytes: number;
  /** Zeros handed out for the holes of one sparse file. Default is 1 GiB. */
  readonly holeBytes: number;
  /** Parts of one sparse file. Default is 1,000,000. */
  readonly sparseParts: number;
}

export const tarLimits: TarLimits = { entries: 5_000_000, extensionBytes: 4 << 20, holeBytes: 2 ** 30, sparseParts: 1_000_000 };

export interface TarSink {
  entry(entry: TarEntry): void;
  /** The entry's content, holes filled with zeros. The chunk is only valid during the call. */
  data(chunk: Uint8Array): void;
  /** @param complete false: cut short, or with holes too large to be filled. */
  close(complete: boolean): void;
  problem(code: ProblemCode, message: string, offset: number, length: number): void;
}

/** Looked through at a time: what follows a header that is found must not be looked through again for each of them. */
const SEARCH_BYTES = 1 << 14;

const PLAIN = { complete: true };
const UNSOUND = { complete: false };

const NOTHING = new Uint8Array(0);

type State = 'header' | 'extension' | 'gnu-sparse' | 'sparse-map' | 'content' | 'skip' | 'resync' | 'stopped';

export class TarReader {
  private readonly limits: TarLimits;
  private readonly block = new Uint8Array(BLOCK);
  private filled = 0;
  private state: State = 'header';
  /** Bytes of the archive that have been taken in. */
  private at = 0;
  /** Bytes until the state ends. */
  private left = 0;
  private padding = 0;
  /** What stands between a content and the next header: when bytes are missing, that header begins in there. */
  private paddingBytes: Uint8Array[] = [];
  private readonly extensions: ExtensionStore;
  private resync: Resync | undefined;
  private lostFrom = 0;
  private startOfEntry: number | undefined;
  private pending: { header: RawHeader; parts?: SparsePart[]; map?: SparseMapReader; mapBytes: number; sound: boolean } | undefined;
  /** Set while a content goes by; a writer only where there are holes to fill. */
  private content: { readonly writer?: ContentWriter; readonly complete: boolean } | undefined;
  private zeroBlocks = 0;
  private afterEnd = false;
  private toldOfEnd = false;
  private afterDamage = false;
  private entries = 0;
  /** Offset of the entry that {@link complain} is about. */
  private describing = 0;
  // Made once: a function per entry costs more than the entry.
  private readonly complain = (message: string): void =>
    this.sink.problem('malformed', message, this.describing, this.at - this.describing);
  private anyBytes = false;

  constructor(
    private readonly sink: TarSink,
    limits: Partial<TarLimits> = {},
  ) {
    this.limits = { ...tarLimits, ...limits };
    this.extensions = new ExtensionStore(this.limits.extensionBytes, (code, message, length) =>
      sink.problem(code, message, this.startOfEntry ?? this.at, length),
    );
  }

  push(chunk: Uint8Array): void {
    for (let i = 0; i < chunk.length;) {
      if (this.state === 'stopped') return void (this.at += chunk.length - i);
      i += this.step(chunk, i);
    }
  }

  /** The archive ended. */
  end(): void {
    if (this.content !== undefined) {
      this.sink.problem('truncated', `the archive ends ${this.left} bytes before the end of a file`, this.at, 0);
      this.close(false);
    } else if (this.state === 'resync') this.tellOfDamage(this.at);
    else if (this.filled > 0 && !(this.zeroBlocks > 0 && this.block.subarray(0, this.filled).every((byte) => byte === 0)))
      this.sink.problem('truncated', `the archive ends inside a block`, this.at - this.filled, this.filled);
    else if (this.pending !== undefined || this.state === 'extension' || (this.state === 'skip' && this.left > 0))
      this.sink.problem('truncated', 'the archive ends before what a header announces', this.at, 0);
    else if (!this.anyBytes && this.at !== 1024 && this.at !== 10240)
      this.sink.problem('malformed', this.at === 0 ? 'the archive is empty' : `the archive is ${this.at} zero bytes`, 0, this.at);
    else if (!this.afterEnd && this.anyBytes)
      this.sink.problem('truncated', 'the archive has no end mark: entries may be missing', this.at, 0);
    if (this.extensions.pending) this.sink.problem('malformed', 'the last header extends an entry that is not there', this.at, 0);
  }

  /** @returns How many bytes it took. */
  private step(chunk: Uint8Array, i: number): number {
    if (this.state === 'resync') return this.search(chunk, i);
    if (this.state === 'content' || this.state === 'extension' || this.state === 'skip') return this.pass(chunk, i);
    if (this.filled === 0 && chunk.length - i >= BLOCK) {
      this.at += BLOCK;
      this.takeBlock(chunk, i);
      return BLOCK;
    }
    const taken = Math.min(BLOCK - this.filled, chunk.length - i);
    this.block.set(chunk.subarray(i, i + taken), this.filled);
    this.filled += taken;
    this.at += taken;
    if (this.filled === BLOCK) {
      this.filled = 0;
      this.takeBlock(this.block, 0);
    }
    return taken;
  }

  private takeBlock(block: Uint8Array, at: number): void {
    if (this.state === 'header') this.takeHeader(block, at);
    else if (this.state === 'gnu-sparse') this.takeGnuSparse(block, at);
    else this.takeSparseMap(block, at);
  }

  private takeHeader(block: Uint8Array, at: number): void {
    const offset = this.at - BLOCK;
    if (isZeroBlock(block, at)) {
      if (++this.zeroBlocks === 2) this.afterEnd = true;
      return;
    }
    this.anyBytes = true;
    const header = parseHeader(block, at);
    if (this.afterEnd && !this.toldOfEnd) {
      this.toldOfEnd = true;
      this.sink.problem('integrity', 'bytes stand behind the end mark of the archive: tools do not show them', offset, BLOCK);
    } else if (this.zeroBlocks === 1)
      this.sink.problem('malformed', 'a single zero block: some tools stop reading here', offset - BLOCK, BLOCK);
    if (!this.afterEnd) this.zeroBlocks = 0;
    if (header === undefined) return this.beginResync(offset, block.slice(at, at + BLOCK));
    this.startOfEntry ??= offset;
    if (isExtension(header.typeflag)) {
      this.extensions.begin(header.typeflag, header.size);
      this.enter('extension', header.size);
      return;
    }
    const gnuSparse = header.format === 'gnu' && header.typeflag === 'S';
    this.pending = { header, mapBytes: 0, sound: true };
    if (gnuSparse) {
      this.pending.parts = decodeGnuParts(block, at + GNU_SPARSE.parts, GNU_SPARSE.inHeader);
      const real = parseGnuRealSize(block, at);
      if (real !== undefined) this.extensions.realSize = real;
      if (block[at + GNU_SPARSE.isExtended] === 1) return void (this.state = 'gnu-sparse');
    } else if (this.extensions.has('GNU.sparse.major')) {
      this.pending.map = new SparseMapReader();
      return void (this.state = 'sparse-map');
    } else this.pending.parts = paxParts(this.extensions.ordered);
    this.openEntry();
  }

  private takeGnuSparse(block: Uint8Array, at: number): void {
    const { pending } = this;
    const parts = pending?.parts;
    if (pending === undefined || parts === undefined) return void (this.state = 'header');
    if (parts.length < this.limits.sparseParts) parts.push(...decodeGnuParts(block, at, GNU_SPARSE.inBlock));
    else pending.sound = false;
    if (block[at + GNU_SPARSE.blockIsExtended] !== 1) this.openEntry();
  }

  private takeSparseMap(block: Uint8Array, at: number): void {
    const { pending } = this;
    if (pending?.map === undefined) return void (this.state = 'header');
    const parts = pending.map.block(decodeLatin1(block, at, at + BLOCK));
    pending.mapBytes += BLOCK;
    if (parts === undefined && pending.mapBytes < 32 * this.limits.sparseParts) return;
    if (parts === undefined || parts === 'bad') pending.sound = false;
    else pending.parts = parts;
    this.openEntry();
  }

  /** All headers and maps of an entry are read. */
  private openEntry(): void {
    const { pending, sink } = this;
    if (pending === undefined) return;
    const offset = this.startOfEntry ?? this.at - BLOCK;
    const extensions = this.extensions.take();
    this.describing = offset;
    const described = describeEntry(pending.header, extensions, this.complain);
    const stored = Math.max(0, described.stored - pending.mapBytes);
    const isSparse = pending.parts !== undefined || pending.map !== undefined;
    const size = isSparse ? (extensions.realSize ?? stored) : described.size;
    this.pending = undefined;
    this.startOfEntry = undefined;
    if (++this.entries > this.limits.entries) {
      sink.problem('limit', `more than ${this.limits.entries} entries: the rest was not read`, offset, 0);
      this.state = 'stopped';
      return;
    }
    const sound = !isSparse || (pending.sound && pending.parts !== undefined && isSound(pending.parts, size, stored));
    if (!sound) this.complain('the map of a sparse file does not fit its content: only the stored bytes are read');
    const parts = sound ? pending.parts : undefined;
    described.size = size;
    described.stored = stored;
    described.offset = offset;
    described.dataOffset = this.at;
    described.sparse = parts;
    if (this.afterEnd) described.afterEnd = true;
    if (this.afterDamage) described.afterDamage = true;
    sink.entry(described);
    const fill = parts === undefined || holeBytes(parts, size) <= this.limits.holeBytes;
    if (!fill) sink.problem('limit', `a sparse file with more than ${this.limits.holeBytes} bytes of holes: not hashed`, offset, 0);
    this.content = parts === undefined ? (sound ? PLAIN : UNSOUND) : { writer: new ContentWriter(parts, size, fill, sink), complete: fill };
    this.enter('content', stored);
  }

  /** Content and padding end at once when they are empty. */
  private enter(state: 'content' | 'extension', bytes: number): void {
    this.state = state;
    this.left = bytes;
    this.padding = (BLOCK - (bytes % BLOCK)) % BLOCK;
    if (bytes === 0) this.leave();
  }

  private pass(chunk: Uint8Array, i: number): number {
    const taken = Math.min(this.left, chunk.length - i);
    if (this.state === 'skip') this.paddingBytes.push(chunk.slice(i, i + taken));
    else if (this.state === 'content') this.passContent(i === 0 && taken === chunk.length ? chunk : chunk.subarray(i, i + taken));
    else if (this.state === 'extension') this.extensions.push(chunk.subarray(i, i + taken));
    this.left -= taken;
    this.at += taken;
    if (this.left === 0) this.leave();
    return taken;
  }

  private passContent(chunk: Uint8Array): void {
    if (this.content?.writer === undefined) this.sink.data(chunk);
    else this.content.writer.push(chunk);
  }

  private leave(): void {
    if (this.state === 'content') this.close(this.content?.complete ?? true);
    else if (this.state === 'extension') this.extensions.end();
    this.state = this.state === 'skip' || this.padding === 0 ? 'header' : 'skip';
    this.left = this.padding;
    if (this.state === 'skip') {
      this.padding = 0;
      this.paddingBytes = [];
    }
  }

  private close(complete: boolean): void {
    if (complete) this.content?.writer?.end();
    this.content = undefined;
    this.sink.close(complete);
  }

  private beginResync(offset: number, block: Uint8Array): void {
    this.extensions.drop();
    this.startOfEntry = undefined;
    this.lostFrom = offset;
    this.state = 'resync';
    const before = this.paddingBytes.length === 0 ? NOTHING : concatBytes(this.paddingBytes);
    this.resync = new Resync(offset - before.length);
    this.goOnAt(this.resync.push(concatBytes([before, block])));
  }

  private search(chunk: Uint8Array, i: number): number {
    const rest = chunk.subarray(i, i + SEARCH_BYTES);
    this.at += rest.length;
    this.goOnAt(this.resync?.push(rest));
    return rest.length;
  }

  private goOnAt(found: { at: number; bytes: Uint8Array } | undefined): void {
    if (found === undefined) return;
    this.tellOfDamage(found.at);
    this.resync = undefined;
    this.afterDamage = true;
    this.state = 'header';
    this.at = found.at;
    this.push(found.bytes);
  }

  private tellOfDamage(until: number): void {
    const length = Math.max(0, until - this.lostFrom);
    this.sink.problem('malformed', `no header where one should be: ${length} bytes passed over`, this.lostFrom, length);
  }
}

function parseGnuRealSize(block: Uint8Array, at: number): number | undefined {
  const size = decodeNumber(block, at + GNU_SPARSE.realSize, 12);
  return size !== undefined && Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}
