import { decodeUtf8 } from '../formats/bytes.js';
import type { Head } from '../model/parser.js';

/** Bytes of a source that identification looks at. */
export const HEAD_BYTES = 65536;
const HEAD_LINES = 64;

/** The beginning of a source in the three forms that parsers look at. */
export function headOf(bytes: Uint8Array): Head {
  const first = bytes.subarray(0, HEAD_BYTES);
  let text = decodeUtf8(first);
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  const lines = text
    .split('\n', HEAD_LINES * 4)
    .map((line) => line.replace(/^\0+/, '').replace(/\r$/, ''))
    .filter((line) => line.trim() !== '')
    .slice(0, HEAD_LINES);
  // The last line is cut when more bytes follow: leave it out unless it is all there is.
  if (bytes.length > HEAD_BYTES && lines.length > 1 && lines.length < HEAD_LINES) lines.pop();
  return { bytes: first, text, lines };
}
