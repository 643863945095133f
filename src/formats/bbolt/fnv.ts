/** FNV-1a with 64 bits, in two halves of 32. {@link https://www.rfc-editor.org/rfc/rfc9923} */

const TWO_32 = 4_294_967_296;

/** @returns The upper and the lower 32 bits. */
export function fnv1a64(bytes: Uint8Array): readonly [high: number, low: number] {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of bytes) {
    low = (low ^ byte) >>> 0;
    // times 2^40 + 0x1b3
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / TWO_32) + (low << 8)) >>> 0;
    low = product % TWO_32;
  }
  return [high, low];
}
