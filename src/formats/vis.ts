/**
 * Text as sshd makes it safe for logs: `\303\244` for bytes that are no ASCII, `\n` and kin for control characters, `\\`.
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/openbsd-compat/vis.c | vis(3), VIS_CSTYLE | VIS_OCTAL}
 */
import { decodeStrictUtf8 } from './bytes.js';

/** What stands behind the backslash, and its byte. */
const LETTERS: ReadonlyMap<string, number> = new Map([
  ['\\', 92],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['b', 8],
  ['a', 7],
  ['v', 11],
  ['f', 12],
  ['s', 32],
  ['0', 0],
]);

const ESCAPE = /\\(?:(?<octal>[0-3][0-7]{2})|(?<letter>[\\nrtbavfs0]))/g;
const encoder = new TextEncoder();

/** @returns The text itself where it holds no escapes, or none that give UTF-8. */
export function decodeVis(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    for (const byte of encoder.encode(text.slice(from, match.index))) bytes.push(byte);
    const { octal, letter = '' } = match.groups ?? {};
    bytes.push(octal === undefined ? (LETTERS.get(letter) ?? 92) : parseInt(octal, 8));
    from = match.index + match[0].length;
  }
  if (bytes.length === 0) return text;
  for (const byte of encoder.encode(text.slice(from))) bytes.push(byte);
  return decodeStrictUtf8(Uint8Array.from(bytes)) ?? text;
}
