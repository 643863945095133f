/**
 * `%name%` in values under `expand`. `\%` is a plain percent sign.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html#placeholders | Sigma rules, Placeholders}
 */

/** Values by placeholder name, without the percent signs. Wildcards count. */
export type Placeholders = Readonly<Record<string, string | number | readonly (string | number)[]>>;

// %Servers%
const PLACEHOLDER = /(?<!\\)%(?<name>[^%\\\s]{1,100})%/g;
/** Texts that one value may become. */
const MAX_EXPANSIONS = 10_000;

export type Expansion = { readonly texts: readonly string[] } | { readonly missing: string } | { readonly tooMany: number };

export function expandPlaceholders(text: string, placeholders: Placeholders): Expansion {
  const pieces = text.split(PLACEHOLDER);
  let texts = [''];
  for (const [index, piece] of pieces.entries()) {
    // split() puts what the group caught between the pieces.
    const choices = index % 2 === 0 ? [piece.replaceAll('\\%', '%')] : valuesOf(piece, placeholders);
    if (choices === undefined) return { missing: piece };
    if (texts.length * choices.length > MAX_EXPANSIONS) return { tooMany: MAX_EXPANSIONS };
    texts = texts.flatMap((before) => choices.map((choice) => before + choice));
  }
  return { texts };
}

function valuesOf(name: string, placeholders: Placeholders): string[] | undefined {
  if (!Object.hasOwn(placeholders, name)) return undefined;
  const value = placeholders[name];
  return (Array.isArray(value) ? value : [value]).map(String);
}
