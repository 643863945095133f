/** SipHash-2-4, the keyed hash of journal files; the key is the file's id. {@link https://www.aumasson.jp/siphash/siphash.pdf} */

/** 64 bits as two unsigned halves: BigInt is ten times slower. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/** v0 … v3 as low and high halves, in turn. */
const v = new Int32Array(8);

function add(to: number, from: number): void {
  const low = ((v[to] as number) >>> 0) + ((v[from] as number) >>> 0);
  v[to + 1] = ((v[to + 1] as number) + (v[from + 1] as number) + (low > 0xffffffff ? 1 : 0)) | 0;
  v[to] = low | 0;
}

/** Rotates `at` to the left by 1–31 bits, then adds `other` without carry. */
function rotateXor(at: number, bits: number, other: number): void {
  const low = v[at] as number;
  const high = v[at + 1] as number;
  v[at] = ((low << bits) | (high >>> (32 - bits))) ^ (v[other] as number);
  v[at + 1] = ((high << bits) | (low >>> (32 - bits))) ^ (v[other + 1] as number);
}

/** Rotates by 32 bits. */
function swap(at: number): void {
  const low = v[at] as number;
  v[at] = v[at + 1] as number;
  v[at + 1] = low;
}

function round(): void {
  add(0, 2);
  rotateXor(2, 13, 0);
  swap(0);
  add(4, 6);
  rotateXor(6, 16, 4);
  add(0, 6);
  rotateXor(6, 21, 0);
  add(4, 2);
  rotateXor(2, 17, 4);
  swap(4);
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);

/** @param key 16 bytes. */
export function siphash24(bytes: Uint8Array, key: Uint8Array): Hash64 {
  const key0 = wordAt(key, 0);
  const key1 = wordAt(key, 4);
  const key2 = wordAt(key, 8);
  const key3 = wordAt(key, 12);
  v[0] = 0x70736575 ^ key0;
  v[1] = 0x736f6d65 ^ key1;
  v[2] = 0x6e646f6d ^ key2;
  v[3] = 0x646f7261 ^ key3;
  v[4] = 0x6e657261 ^ key0;
  v[5] = 0x6c796765 ^ key1;
  v[6] = 0x79746573 ^ key2;
  v[7] = 0x74656462 ^ key3;
  const whole = bytes.length & ~7;
  for (let at = 0; at < whole; at += 8) absorb(wordAt(bytes, at), wordAt(bytes, at + 4));
  const last = new Uint8Array(8);
  last.set(bytes.subarray(whole));
  last[7] = bytes.length & 255;
  absorb(wordAt(last, 0), wordAt(last, 4));
  v[4] = (v[4] as number) ^ 0xff;
  for (let i = 0; i < 4; i++) round();
  return {
    low: ((v[0] as number) ^ (v[2] as number) ^ (v[4] as number) ^ (v[6] as number)) >>> 0,
    high: ((v[1] as number) ^ (v[3] as number) ^ (v[5] as number) ^ (v[7] as number)) >>> 0,
  };
}

function absorb(low: number, high: number): void {
  v[6] = (v[6] as number) ^ low;
  v[7] = (v[7] as number) ^ high;
  round();
  round();
  v[0] = (v[0] as number) ^ low;
  v[1] = (v[1] as number) ^ high;
}
