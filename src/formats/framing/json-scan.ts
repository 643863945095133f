/** Finds the end of a JSON document in bytes that may come in pieces, without reading it. */
import { decodeLatin1 } from '../bytes.js';

const LF = 10;
const QUOTE = 34;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;

/** What a scan found: the index behind the document, or why it did not end. `list`: the list inside a wrapper begins. */
export type Found = number | 'more' | 'cut' | 'list';

export interface Scan {
  /** Bytes from the document's start that have been looked at. */
  at: number;
  depth: number;
  inString: boolean;
  /** The last string at depth 1. */
  key: number;
  keyEnd: number;
  /** Line feeds passed. */
  lines: number;
  /** Length of the document's first line, once it has ended. */
  firstLine: number;
}

export function newScan(): Scan {
  return { at: 0, depth: 0, inString: false, key: -1, keyEnd: -1, lines: 0, firstLine: -1 };
}

/**
 * Looks for the end of the document that begins at `from`, going on where the last call stopped.
 * @param lists Keys of wrappers whose lists are to be found. Default is none.
 */
export function scanJson(bytes: Uint8Array, from: number, scan: Scan, lists: readonly string[] = []): Found {
  let at = from + scan.at;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (scan.inString) {
      if (byte === BACKSLASH) {
        if (at + 1 >= bytes.length) break;
        // A line feed is never escaped like this: the next round finds that the document was cut.
        if (bytes[at + 1] !== LF) at++;
      } else if (byte === QUOTE) {
        scan.inString = false;
        if (scan.depth === 1) scan.keyEnd = at - from;
      } else if (byte === LF) {
        // No JSON string holds a raw line feed: the document was cut here.
        scan.at = at - from;
        return 'cut';
      }
      continue;
    }
    if (scan.firstLine >= 0 && bytes[at - 1] === LF && isForeign(byte, scan.firstLine)) {
      scan.at = at - 1 - from;
      return 'cut';
    }
    if (byte === QUOTE) {
      scan.inString = true;
      if (scan.depth === 1) scan.key = at - from;
    } else if (byte === OPEN || byte === OPEN_LIST) {
      if (byte === OPEN_LIST && scan.depth === 1 && lists.length > 0 && lists.includes(lastKey(bytes, from, scan))) {
        scan.at = at + 1 - from;
        return 'list';
      }
      scan.depth++;
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      if (--scan.depth === 0) return at + 1;
    } else if (byte === LF) {
      // What stood on the document's first line: a record that was cut is followed by the next one's line.
      if (scan.firstLine < 0) scan.firstLine = at - from;
      scan.lines++;
    }
  }
  scan.at = at - from;
  return 'more';
}

/** What a line inside a document may begin with when it is not indented: `"key"`, a closing bracket, a comma or colon, a list. */
const GOES_ON: ReadonlySet<number> = new Set([QUOTE, CLOSE, CLOSE_LIST, OPEN_LIST, 44, 58, 32, 9, 13, LF, 0]);
/** `-`, digits, `false`, `null`, `true`: values of a list, where the document is written over lines from its first bracket on. */
const VALUE: ReadonlySet<number> = new Set([45, ...Array.from({ length: 10 }, (_, i) => 48 + i), 102, 110, 116, OPEN]);

/**
 * Whether a line's first byte tells that the document before it was cut: a record on one line is followed by the next one's line.
 * @param firstLine Length of the document's first line: `{` alone begins a document that is written over lines.
 */
function isForeign(byte: number, firstLine: number): boolean {
  return !GOES_ON.has(byte) && (firstLine > 2 || !VALUE.has(byte));
}

function lastKey(bytes: Uint8Array, from: number, { key, keyEnd }: Scan): string {
  return key >= 0 && keyEnd > key ? decodeLatin1(bytes, from + key + 1, from + keyEnd) : '';
}
