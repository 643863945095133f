/** Evidence text made safe to show: nothing in it may steer a terminal or hide what stands beside it. */

/** Controls, marks of direction and other format characters, line separators, halves of surrogate pairs, and all that is not seen. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

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
