/** The checksum of LZ4 frames, over bytes that come in pieces. {@link https://github.com/Cyan4973/xxHash/blob/v0.8.2/doc/xxhash_spec.md} */

const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;
const STRIPE = 16;

export interface Xxh32 {
  push(bytes: Uint8Array): void;
  /** 0 to 2³² - 1, with seed 0. */
  end(): number;
}

export function xxh32(): Xxh32 {
  let [a, b, c, d] = [(P1 + P2) | 0, P2 | 0, 0, -P1 | 0];
  const rest = new Uint8Array(STRIPE);
  let kept = 0;
  let total = 0;
  const stripe = (bytes: Uint8Array, at: number): void => {
    a = round(a, word(bytes, at));
    b = round(b, word(bytes, at + 4));
    c = round(c, word(bytes, at + 8));
    d = round(d, word(bytes, at + 12));
  };
  return {
    push(bytes) {
      total += bytes.length;
      let at = 0;
      if (kept > 0) {
        at = Math.min(STRIPE - kept, bytes.length);
        rest.set(bytes.subarray(0, at), kept);
        kept += at;
        if (kept < STRIPE) return;
        stripe(rest, 0);
      }
      for (; at + STRIPE <= bytes.length; at += STRIPE) stripe(bytes, at);
      kept = bytes.length - at;
      rest.set(bytes.subarray(at));
    },
    end() {
      let sum = total < STRIPE ? P5 : rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
      sum = (sum + total) | 0;
      let at = 0;
      for (; at + 4 <= kept; at += 4) sum = Math.imul(rotate((sum + Math.imul(word(rest, at), P3)) | 0, 17), P4);
      for (; at < kept; at++) sum = Math.imul(rotate((sum + Math.imul(rest[at] as number, P5)) | 0, 11), P1);
      sum = Math.imul(sum ^ (sum >>> 15), P2);
      sum = Math.imul(sum ^ (sum >>> 13), P3);
      return (sum ^ (sum >>> 16)) >>> 0;
    },
  };
}

function round(lane: number, input: number): number {
  return Math.imul(rotate((lane + Math.imul(input, P2)) | 0, 13), P1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
}
