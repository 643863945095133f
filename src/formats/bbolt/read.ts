/** Reads bbolt files (containerd's metadata, etcd's snapshots) without opening them as a database: nothing is locked, nothing written. */
import { fnv1a64 } from './fnv.js';
import { BUCKET_FLAG, BUCKET_HEADER, ELEMENT, MAGIC, META, PAGE_FLAG, PAGE_HEADER, PAGE_SIZES, VERSION } from './layout.js';

export interface BoltItem {
  readonly key: Uint8Array;
  /** Absent: the item is a bucket. */
  readonly value?: Uint8Array;
  readonly bucket?: BoltBucket;
}

export interface BoltDatabase {
  readonly root: BoltBucket;
  readonly pageSize: number;
  /** Number of the last transaction that was written whole. */
  readonly transaction: number;
  /** What is out of order; grows while buckets are read. */
  readonly problems: readonly string[];
}

interface Meta {
  readonly pageSize: number;
  readonly root: number;
  readonly transaction: number;
}

/** @returns undefined when no meta page is whole: it is no bbolt file, or its beginning is lost. */
export function openBolt(bytes: Uint8Array): BoltDatabase | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const problems: string[] = [];
  const first = readMeta(view, bytes, 0);
  const sizes = first === undefined ? PAGE_SIZES : [first.pageSize];
  const second = sizes.map((size) => readMeta(view, bytes, size)).find((meta) => meta !== undefined);
  const metas = [first, second].filter((meta) => meta !== undefined).sort((a, b) => b.transaction - a.transaction);
  const [newest] = metas;
  if (newest === undefined) return undefined;
  if (metas.length === 1) problems.push('one of the two meta pages is damaged: the last transaction may be missing');
  const { pageSize, root, transaction } = newest;
  return { root: new BoltBucket({ bytes, view, pageSize, problems }, root, undefined), pageSize, transaction, problems };
}

function readMeta(view: DataView, bytes: Uint8Array, page: number): Meta | undefined {
  const at = page + PAGE_HEADER;
  if (at + META.bytes > bytes.length) return undefined;
  if (view.getUint32(at + META.magic, true) !== MAGIC || view.getUint32(at + META.version, true) !== VERSION) return undefined;
  const [high, low] = fnv1a64(bytes.subarray(at, at + META.checksum));
  if (view.getUint32(at + META.checksum, true) !== low || view.getUint32(at + META.checksum + 4, true) !== high) return undefined;
  const pageSize = view.getUint32(at + META.pageSize, true);
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) return undefined;
  return { pageSize, root: u64(view, at + META.root), transaction: u64(view, at + META.transaction) };
}

/** Exact up to 2^53, beyond it only good for "too large". */
function u64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 4_294_967_296 + view.getUint32(at, true);
}

interface File {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly pageSize: number;
  readonly problems: string[];
}

/** Branches below each other; a real tree has four or five. */
const DEPTH = 64;
/** Problems that are written down; a broken file has one for each page. */
const PROBLEMS = 100;

export class BoltBucket {
  /**
   * @param page Number of its topmost page; 0: the page stands in its parent.
   * @param inline Where it stands in its parent.
   */
  constructor(
    private readonly file: File,
    private readonly page: number,
    private readonly inline: { readonly start: number; readonly end: number } | undefined,
  ) {}

  /** All items in the order of their keys. What is damaged is left out and told of. */
  *items(): Generator<BoltItem> {
    if (this.inline !== undefined) yield* this.elements(this.inline.start, this.inline.end, 0, new Set());
    else yield* this.pageItems(this.page, 0, new Set());
  }

  /** The item with a key, by a walk through the bucket. */
  find(key: string): BoltItem | undefined {
    const wanted = new TextEncoder().encode(key);
    for (const item of this.items()) if (item.key.length === wanted.length && wanted.every((byte, i) => item.key[i] === byte)) return item;
    return undefined;
  }

  /** Buckets inside each other. */
  bucket(...path: readonly string[]): BoltBucket | undefined {
    return path.reduce<BoltBucket | undefined>((bucket, key) => bucket?.find(key)?.bucket, this);
  }

  value(key: string): Uint8Array | undefined {
    return this.find(key)?.value;
  }

  private *pageItems(page: number, depth: number, seen: Set<number>): Generator<BoltItem> {
    const { file } = this;
    const start = page * file.pageSize;
    if (!(page >= 2 && start + file.pageSize <= file.bytes.length)) return this.report(`page ${page} is not in the file`);
    if (seen.has(page) || depth > DEPTH) return this.report(`page ${page} is met twice`);
    seen.add(page);
    const overflow = file.view.getUint32(start + 12, true);
    const end = Math.min(file.bytes.length, start + (overflow + 1) * file.pageSize);
    if (u64(file.view, start) !== page) this.report(`page ${page} has the number of another one`);
    yield* this.elements(start, end, depth, seen);
  }

  private *elements(start: number, end: number, depth: number, seen: Set<number>): Generator<BoltItem> {
    const { view } = this.file;
    if (start + PAGE_HEADER > end) return this.report(`a page at byte ${start} is cut`);
    const flags = view.getUint16(start + 8, true);
    const count = view.getUint16(start + 10, true);
    const leaf = (flags & PAGE_FLAG.leaf) !== 0;
    if (!leaf && (flags & PAGE_FLAG.branch) === 0) return this.report(`a page at byte ${start} is neither branch nor leaf`);
    if (start + PAGE_HEADER + count * ELEMENT > end)
      return this.report(`a page at byte ${start} counts more elements than it has room for`);
    for (let i = 0; i < count; i++) {
      const at = start + PAGE_HEADER + i * ELEMENT;
      if (leaf) yield* this.leafItem(at, end);
      else yield* this.pageItems(u64(view, at + 8), depth + 1, seen);
    }
  }

  private *leafItem(at: number, end: number): Generator<BoltItem> {
    const { view, bytes } = this.file;
    const keyAt = at + view.getUint32(at + 4, true);
    const valueAt = keyAt + view.getUint32(at + 8, true);
    const valueEnd = valueAt + view.getUint32(at + 12, true);
    if (valueEnd > end) return this.report(`an element at byte ${at} leads out of its page`);
    const key = bytes.subarray(keyAt, valueAt);
    if ((view.getUint32(at, true) & BUCKET_FLAG) === 0) return yield { key, value: bytes.subarray(valueAt, valueEnd) };
    if (valueAt + BUCKET_HEADER > valueEnd) return this.report(`a bucket at byte ${at} is cut`);
    const root = u64(view, valueAt);
    const inline = root === 0 ? { start: valueAt + BUCKET_HEADER, end: valueEnd } : undefined;
    yield { key, bucket: new BoltBucket(this.file, root, inline) };
  }

  private report(problem: string): void {
    if (this.file.problems.length < PROBLEMS) this.file.problems.push(problem);
  }
}
