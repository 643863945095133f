/** Evidence text made safe to show: nothing in it may steer a terminal or hide what stands beside it. */

/**
 * C0 and C1 controls, DEL, and the characters that reorder or hide text: zero width, fillers, bidirectional marks, line separators,
 * variation selectors, tags, halves of surrogate pairs.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\ud800-\udfff]/gu;

/** Control and hidden characters as `\n`, `\x1b`, `\u202e`. */
export function visible(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) as number;
    if (code === 10) return '\\n';
    if (code === 9) return '\\t';
    if (code === 13) return '\\r';
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** JSON for a terminal: still JSON, and the same values. Its line feeds stand between documents, since strings cannot hold them. */
export function visibleJson(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === '\n'
      ? character
      : Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** At most `width` characters of a visible text; a cut is marked with `…`. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = width - 1;
  const half = text.charCodeAt(end - 1);
  return `${text.slice(0, half >= 0xd800 && half <= 0xdbff ? end - 1 : end)}…`;
}
