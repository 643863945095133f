/**
 * A bbolt file: pages; two of them, `meta`, take turns naming the root of a tree of buckets. Numbers are little endian.
 * {@link https://github.com/etcd-io/bbolt/blob/v1.3.10/page.go}, {@link https://github.com/etcd-io/bbolt/blob/v1.3.10/db.go}
 */

/** pgid u64, flags u16, count u16, overflow u32. */
export const PAGE_HEADER = 16;

export const PAGE_FLAG = { branch: 1, leaf: 2, meta: 4, freelist: 16 } as const;

/** From the start of a meta page's body. */
export const META = {
  magic: 0,
  version: 4,
  pageSize: 8,
  root: 16,
  freelist: 32,
  highPage: 40,
  transaction: 48,
  checksum: 56,
  bytes: 64,
} as const;

export const MAGIC = 0xed0cdaed;
export const VERSION = 2;

/** Leaf: flags, position, key and value length, u32 each. Branch: position and key length u32, page u64. */
export const ELEMENT = 16;
export const BUCKET_FLAG = 1;

/** Root page u64 and sequence u64 before a bucket's own page, where that is small enough to stand in its parent. */
export const BUCKET_HEADER = 16;

export const PAGE_SIZES = [4096, 8192, 16384, 32768, 65536, 1024, 2048, 512] as const;
