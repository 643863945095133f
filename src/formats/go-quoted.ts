/** Go's double-quoted strings, as `%q` and `strconv.Quote` write them: klog values, logfmt, container runtimes. */

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Where the last quoted string ended (index behind the closing quote). Valid until the next call. */
export let quotedEnd = 0;

/**
 * Reads a quoted string. `\xNN` are bytes: runs of them are put together as UTF-8 where they are.
 * @param at Index of the opening quote. Sets {@link quotedEnd}.
 * @returns undefined when no closing quote comes.
 */
export function parseGoQuoted(text: string, at: number): string | undefined {
  if (text.charCodeAt(at) !== 34) return undefined;
  let value = '';
  let from = at + 1;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      quotedEnd = i + 1;
      return value + text.slice(from, i);
    }
    if (code !== 92) continue;
    value += text.slice(from, i);
    const letter = text.charAt(i + 1);
    if (letter === 'x') {
      const run = /^(?:\\x[0-9a-fA-F]{2}){1,64}/.exec(text.slice(i, i + 256));
      if (run !== null) {
        value += decodeBytes(run[0]);
        i += run[0].length - 1;
        from = i + 1;
        continue;
      }
    }
    const wide = letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
    const hex = wide === 0 ? '' : text.slice(i + 2, i + 2 + wide);
    if (wide > 0 && hex.length === wide && /^[0-9a-fA-F]+$/.test(hex) && Number.parseInt(hex, 16) <= 0x10ffff) {
      value += String.fromCodePoint(Number.parseInt(hex, 16));
      i += 1 + wide;
    } else {
      value += ESCAPES[letter] ?? letter;
      i += 1;
    }
    from = i + 1;
  }
  return undefined;
}

const decoder = new TextDecoder('utf-8');

function decodeBytes(escapes: string): string {
  const bytes = new Uint8Array(escapes.length / 4);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(escapes.slice(4 * i + 2, 4 * i + 4), 16);
  return decoder.decode(bytes);
}

/** What the string starting at `at` says, or the text from there when it is cut or not quoted. */
export function unquoteGo(text: string): string {
  return parseGoQuoted(text, 0) ?? text;
}
