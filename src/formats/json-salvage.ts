/** What can be saved of a JSON document that was cut. */

/** Nesting that is followed; deeper documents are given up. */
const DEEPEST = 512;

/**
 * Reads the longest prefix of a document that holds only complete values, with the open brackets closed.
 * @returns undefined when not even one key with its value is complete.
 */
export function salvageJson(text: string): unknown {
  const { complete } = walk(text, text.length);
  const { open } = walk(text, complete);
  try {
    return JSON.parse(text.slice(0, complete) + open.reverse().join(''));
  } catch {
    return undefined;
  }
}

/** Where the last complete value before `until` ends, and the closing brackets that are missing at `until`, outermost first. */
function walk(text: string, until: number): { complete: number; open: string[] } {
  const open: string[] = [];
  let complete = 0;
  for (let at = 0; at < until; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = endOfString(text, at);
      if (at < 0) break;
    } else if (code === 123 || code === 91) {
      if (open.length >= DEEPEST) break;
      open.push(code === 123 ? '}' : ']');
      complete = at + 1;
    } else if (code === 125 || code === 93) {
      open.pop();
      complete = at + 1;
      if (open.length === 0) break;
    } else if (code === 44) complete = at;
  }
  return { complete, open };
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return -1;
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return at;
  }
}
