/**
 * Texts as attackers encode them: UTF-16, Base64, Base64 at any offset, dashes.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-appendix-modifiers.html#encoding | Sigma modifiers, Encoding}
 */

/** One character per byte. */
type ByteText = string;

export type Utf16 = 'utf16le' | 'utf16be';

/** The bytes of a text in UTF-16, one character each: `cmd` → `c\0m\0d\0`. */
export function encodeUtf16(text: string, order: Utf16): ByteText {
  let bytes = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const low = String.fromCharCode(unit & 0xff);
    const high = String.fromCharCode(unit >> 8);
    bytes += order === 'utf16le' ? low + high : high + low;
  }
  return bytes;
}

/** Byte order mark of little-endian UTF-16, one character per byte. */
export const BYTE_ORDER_MARK: ByteText = '\xff\xfe';

export function encodeUtf8(text: string): ByteText {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

export function encodeBase64(bytes: ByteText): string {
  return btoa(bytes);
}

/** Characters at the start that depend on the 0, 1 or 2 bytes before the text. */
const SHIFTED_START = [0, 2, 3] as const;
/** Characters at the end (with padding) that depend on what follows, by length modulo 3. */
const SHIFTED_END = [0, 3, 2] as const;

/** What stays the same of a text's Base64, wherever in the encoded bytes the text stands: three variants. */
export function encodeBase64Offsets(bytes: ByteText): string[] {
  return SHIFTED_START.map((start, shift) => {
    const encoded = btoa(' '.repeat(shift) + bytes);
    return encoded.slice(start, encoded.length - (SHIFTED_END[(bytes.length + shift) % 3] as number));
  });
}

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'] as const;
// A dash that begins a word: " -enc", not "a-b".
const DASH = /\B[-/\u2013\u2014\u2015]\b/g;

/** Every way to write the dashes that begin words. @returns undefined when there are more ways than `limit`. */
export function dashVariants(text: string, limit: number): string[] | undefined {
  const places = [...text.matchAll(DASH)].map((match) => match.index);
  if (DASHES.length ** places.length > limit) return undefined;
  let variants = [text];
  for (const at of places) {
    variants = variants.flatMap((variant) => DASHES.map((dash) => variant.slice(0, at) + dash + variant.slice(at + 1)));
  }
  return variants;
}
