/** Bob Jenkins' lookup3, the hash of journal files without keys: `hashlittle2()` with both seeds zero. {@link https://burtleburtle.net/bob/c/lookup3.c} */
import type { Hash64 } from './siphash.js';

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

let a = 0;
let b = 0;
let c = 0;

function mix(): void {
  a = ((a - c) ^ rotate(c, 4)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotate(a, 6)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotate(b, 8)) | 0;
  b = (b + a) | 0;
  a = ((a - c) ^ rotate(c, 16)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotate(a, 19)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotate(b, 4)) | 0;
  b = (b + a) | 0;
}

function finish(): void {
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
}

/** Up to four bytes as a little-endian word, absent ones being zero. */
function word(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = 0; i < 4 && at + i < end; i++) value |= (bytes[at + i] as number) << (8 * i);
  return value;
}

/** @returns The hash as journald keeps it. */
export function lookup3(bytes: Uint8Array): Hash64 {
  const end = bytes.length;
  a = b = c = (0xdeadbeef + end) | 0;
  let at = 0;
  for (; end - at > 12; at += 12) {
    a = (a + word(bytes, at, end)) | 0;
    b = (b + word(bytes, at + 4, end)) | 0;
    c = (c + word(bytes, at + 8, end)) | 0;
    mix();
  }
  if (at < end) {
    a = (a + word(bytes, at, end)) | 0;
    b = (b + word(bytes, at + 4, end)) | 0;
    c = (c + word(bytes, at + 8, end)) | 0;
    finish();
  }
  return { high: c >>> 0, low: b >>> 0 };
}
