/** Sets of characters as bits: 0–127 for ASCII, 128 for all others together. Good enough to prove that two sets have nothing in common. */
export type CharSet = bigint;

export const NONE: CharSet = 0n;
const OTHERS = 1n << 128n;
export const EVERY: CharSet = (1n << 129n) - 1n;

export function setOf(first: number, last = first): CharSet {
  let set = last > 127 ? OTHERS : NONE;
  for (let code = first; code <= Math.min(last, 127); code++) set |= 1n << BigInt(code);
  return set;
}

/** Everything else. Other characters stay in: the complement of some of them holds the rest. */
export function complement(set: CharSet): CharSet {
  return (EVERY & ~set) | OTHERS;
}

export function isDisjoint(a: CharSet, b: CharSet): boolean {
  return (a & b) === NONE;
}

/** Both cases of each ASCII letter. U+017F and U+212A fold to `s` and `k`: letters may be among the others. */
export function foldCase(set: CharSet): CharSet {
  let folded = set;
  for (let upper = 65; upper <= 90; upper++) {
    const both = (1n << BigInt(upper)) | (1n << BigInt(upper + 32));
    if ((set & both) !== NONE) folded |= both;
  }
  return (folded & setOf(65, 122)) === NONE ? folded : folded | OTHERS;
}

const DIGIT = setOf(48, 57);
const WORD = DIGIT | setOf(65, 90) | setOf(97, 122) | setOf(95);
/** JavaScript's white space has members outside ASCII. */
const SPACE = setOf(9, 13) | setOf(32) | OTHERS;

/** `\d` and its like. */
export const classEscapes: Readonly<Record<string, CharSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(setOf(9, 13) | setOf(32)),
};

export const NOT_NEWLINE: CharSet = complement(setOf(10) | setOf(13));
