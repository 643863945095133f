/** Words, brackets and pipes of a condition. */

export interface Token {
  readonly text: string;
  /** Index in the condition. */
  readonly at: number;
}

// 1 of selection_* and not (filter)      selection|count()
const TOKEN = /[()|]|[^\s()|]+/g;

export function tokenizeCondition(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match) => ({ text: match[0], at: match.index }));
}
