/** From bytes to sources: takes off one envelope after the other, hashes what it finds, and tells what could not be opened. */
import { messageOf, problemCodeOf } from '../intake/failure.js';
import { archiveOf, closedEnvelope, CODING_SUFFIX, codingOf, type Archive, type Coding } from '../intake/magic.js';
import type { Instant } from '../model/event.js';
import type { Problem, ProblemCode } from '../model/problem.js';
import type { Facts, Source, Wrapping } from '../model/source.js';
import { decompress } from './decompress.js';
import { drain, newDigester, type Digest } from './digest.js';
import type { Allowance, UnpackLimits } from './limits.js';
import { isFlaw, isLongName, leavesFolder, shortenName, type Member, type Members } from './member.js';
import { spillStore } from './spill-store.js';
import { placed } from './place.js';
import { Spool, type Spooled } from './spool.js';
import { readTar } from './tar/read.js';
import { readZip } from './zip/read.js';

/** Bytes on the way inwards, and what they are wrapped in. */
export interface Content {
  readonly name: string;
  readonly bytes: Spooled;
  readonly modified?: Instant;
  readonly wrappings: readonly Wrapping[];
  /** Shared by all that one file given holds. */
  readonly allowance: Allowance;
  /** Only a part was read: its hash says nothing of the whole. */
  readonly partial?: boolean;
}

export interface OpenerOptions {
  readonly facts: Facts;
  readonly limits: UnpackLimits;
  readonly onProblem?: (problem: Problem) => void;
  readonly signal?: AbortSignal;
}

export class Opener {
  readonly sources: Source[] = [];
  readonly problems: Problem[] = [];
  readonly spool: Spool;
  private entries = 0;

  constructor(readonly options: OpenerOptions) {
    this.spool = new Spool(options.limits, options.signal);
  }

  /** Takes in bytes and all that is in them. */
  async open(content: Content, digest: Digest): Promise<void> {
    const { name, wrappings } = content;
    const coding = codingOf(digest.head);
    const archive = coding === undefined ? archiveOf(digest.head) : undefined;
    const kind = coding ?? archive;
    const closed = kind === undefined ? closedEnvelope(digest.head) : undefined;
    if (closed !== undefined) this.report('unsupported', `${closed}: not opened; give what is in it`, name, digest);
    if (kind === undefined) return this.addSource(content, digest);
    if (wrappings.length >= this.options.limits.depth) {
      this.report('limit', `not opened: inside ${this.options.limits.depth} archives already`, name, digest);
      return this.addSource(content, digest);
    }
    const wrapping: Wrapping = { path: name, kind, size: digest.size, sha256: content.partial === true ? undefined : digest.sha256 };
    const inside = [...wrappings, wrapping];
    if (coding !== undefined) await this.openCoded(content, coding, inside);
    else await this.openArchive(content, archive as Archive, inside);
  }

  /** @returns False when there are too many: the rest is not opened. */
  countEntry(name: string): boolean {
    const { entries } = this.options.limits;
    if (++this.entries === entries + 1) this.report('limit', `more than ${entries} files: the rest was not opened`, name);
    return this.entries <= entries;
  }

  /** @param digest Of the source it is about, when there is one. */
  report(code: ProblemCode, message: string, name: string, digest?: Digest): void {
    const problem: Problem = {
      code,
      message,
      origin: { source: digest === undefined ? '' : idOf(digest), path: name, parser: '', offset: 0, length: digest?.size ?? 0 },
    };
    this.problems.push(problem);
    this.options.onProblem?.(problem);
  }

  reportError(error: unknown, what: string, name: string, digest?: Digest): void {
    this.report(problemCodeOf(error), `${what}: ${messageOf(error)}`, name, digest);
  }

  private async openCoded(content: Content, kind: Coding, wrappings: readonly Wrapping[]): Promise<void> {
    const { limits, signal } = this.options;
    const inner = (): AsyncIterable<Uint8Array> => decompress(kind, content.bytes.open(), limits);
    const head = await beginning(inner());
    const isTar = archiveOf(head) === 'tar';
    if (isTar && kind !== 'xz')
      return this.readMembers(content, readTar(inner(), limits), [...wrappings, { path: content.name, kind: 'tar' }]);
    const digester = newDigester();
    const onChunk = (chunk: Uint8Array): void => {
      content.allowance.take(chunk.length);
      digester.push(chunk);
    };
    // What is opened further is kept; a single compressed log is decompressed again when it is read. xz cannot be read inside of xz.
    const kept = kind === 'xz' || archiveOf(head) !== undefined || codingOf(head) !== undefined;
    const spooled = kept ? await this.spool.keep(inner(), onChunk) : undefined;
    const error = spooled === undefined ? await drain(inner(), onChunk, signal) : spooled.error;
    const digest = digester.end();
    const { size } = digest;
    const { place } = content.bytes;
    const bytes = spooled?.kept ?? {
      size,
      place: place === undefined || error !== undefined ? undefined : { ...place, codings: [...(place.codings ?? []), kind] },
      open: () => (error === undefined ? inner() : upTo(inner(), size)),
    };
    const name = isTar ? content.name : `${content.name}!${innerName(content.name)}`;
    if (error !== undefined) this.reportError(error, `${size} bytes could be read`, name, isTar ? undefined : digest);
    if (isTar) await this.readMembers(content, readTar(bytes.open(), limits), [...wrappings, { path: name, kind: 'tar' }]);
    else await this.open({ ...content, name, bytes, wrappings }, digest);
  }

  private async openArchive(content: Content, kind: Archive, wrappings: readonly Wrapping[]): Promise<void> {
    const { limits } = this.options;
    const { bytes } = content;
    if (kind === 'tar') return this.readMembers(content, readTar(bytes.open(), limits), wrappings);
    await this.readMembers(content, readZip({ random: await this.randomAccess(bytes), open: () => bytes.open() }, limits), wrappings);
  }

  /** A file, or one piece of memory. */
  private async randomAccess(bytes: Spooled): Promise<string | Buffer> {
    if (bytes.file !== undefined) return bytes.file;
    const { kept } = await this.spool.keep(bytes.open(), () => undefined);
    if (kept.file !== undefined) return kept.file;
    const parts: Uint8Array[] = [];
    for await (const chunk of kept.open()) parts.push(chunk);
    return Buffer.concat(parts);
  }

  private async readMembers(content: Content, members: Members, wrappings: readonly Wrapping[]): Promise<void> {
    try {
      for await (const item of members) {
        this.options.signal?.throwIfAborted();
        if (isFlaw(item)) this.report(item.code, item.message, content.name);
        else if (!(await this.openMember(content, item, wrappings))) return;
      }
    } catch (error) {
      this.options.signal?.throwIfAborted();
      this.reportError(error, 'the archive could be read up to here only', content.name);
    }
  }

  /** @returns False when nothing more may be opened. */
  private async openMember(content: Content, member: Member, wrappings: readonly Wrapping[]): Promise<boolean> {
    const { allowance } = content;
    const name = `${content.name}!${shortenName(member.name)}`;
    if (!this.countEntry(name)) return false;
    if (isLongName(member.name)) this.report('limit', `a name of ${member.name.length} characters: shown shortened`, name);
    if (member.bytes === undefined) {
      this.report('unsupported', member.because ?? 'not a file: not read', name);
      return true;
    }
    if (leavesFolder(member.name)) this.report('integrity', 'the member is named to be written outside of its folder', name);
    const digester = newDigester();
    const { kept, error } = await this.spool.keep(member.bytes, (chunk) => {
      allowance.take(chunk.length);
      digester.push(chunk);
    });
    const digest = digester.end();
    if (error !== undefined) this.reportError(error, `${kept.size} bytes of the member could be read`, name, digest);
    const partial = error !== undefined && problemCodeOf(error) === 'limit';
    await this.open({ name, bytes: kept, modified: member.modified, wrappings, allowance, partial }, digest);
    return !allowance.spent && !this.spool.spent;
  }

  private addSource({ name, bytes, modified, wrappings, partial }: Content, digest: Digest): void {
    const { sha256, size, head } = digest;
    this.sources.push({
      id: idOf(digest),
      name,
      size,
      sha256: partial === true ? undefined : sha256,
      facts: this.options.facts,
      modified,
      wrappings: wrappings.length === 0 ? undefined : wrappings,
      head: head.length <= KEPT_HEAD ? () => Promise.resolve(head) : undefined,
      open: placed(() => bytes.open(), bytes.place),
      spill: () => spillStore(this.spool),
    });
  }
}

/** Heads of tiny files are kept (bytes); others are read again when needed. */
const KEPT_HEAD = 1024;
/** Enough to tell what is inside an envelope (bytes). */
const BEGINNING = 1024;

function idOf({ sha256 }: Digest): string {
  return sha256.slice(0, 16);
}

/** What a compressed file holds: its own name without path and suffix. */
function innerName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('!')) + 1).replace(CODING_SUFFIX, '');
}

/** The first bytes, as many as can be had: what is wrong with them is told when they are read. */
async function beginning(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of input) {
      parts.push(chunk.slice(0, BEGINNING));
      size += chunk.length;
      if (size >= BEGINNING) break;
    }
  } catch {
    return Buffer.concat(parts);
  }
  return Buffer.concat(parts);
}

/** The first bytes of a stream that is known to break after them. */
async function* upTo(input: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let left = size;
  if (left === 0) return;
  for await (const chunk of input) {
    yield chunk.length > left ? chunk.subarray(0, left) : chunk;
    left -= chunk.length;
    if (left <= 0) return;
  }
}
