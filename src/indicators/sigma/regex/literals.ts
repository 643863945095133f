/** Plain texts that a regular expression cannot match without: what the index looks for. */
import type { RegexNode } from './syntax.js';

/** Ways to write one run: `-(W|R)x` is two. */
const MAX_WAYS = 16;

/** @returns In lower case, ASCII only: each match holds one of them. undefined when nothing can be told. */
export function literalsOf(root: RegexNode): readonly string[] | undefined {
  let best: readonly string[] = [''];
  let run: readonly string[] = [''];
  const keep = (): void => {
    if (scoreOf(run) > scoreOf(best)) best = run;
  };
  const append = (texts: readonly string[] | undefined): void => {
    if (texts === undefined || run.length * texts.length > MAX_WAYS) {
      keep();
      run = [''];
    }
    if (texts !== undefined) run = run.flatMap((before) => texts.map((text) => before + text));
  };
  const visit = (node: RegexNode): void => {
    if (node.kind === 'sequence') return node.of.forEach(visit);
    if (node.kind === 'boundary' || node.kind === 'look') return;
    if (node.kind === 'repeat') {
      // ab+c: `ab`, and then `bc`.
      const once = node.min > 0 ? textsOf(node.of) : undefined;
      append(once);
      if (node.max === 1 && node.min === 1) return;
      keep();
      run = once ?? [''];
      return;
    }
    append(textsOf(node));
  };
  visit(root);
  keep();
  const lowered = [...new Set(best.map((text) => text.toLowerCase()))];
  return lowered.includes('') ? undefined : lowered;
}

function scoreOf(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length)) - Math.log2(texts.length) / 8;
}

/** All texts that a node may be; undefined when there are too many. */
function textsOf(node: RegexNode): readonly string[] | undefined {
  if (node.kind === 'set') return node.char !== undefined && node.char < '\x80' ? [node.char] : undefined;
  if (node.kind === 'either') {
    const options = node.of.map(textsOf);
    const texts = options.flatMap((option) => option ?? []);
    return options.includes(undefined) || texts.length > MAX_WAYS ? undefined : texts;
  }
  if (node.kind !== 'sequence') return undefined;
  let texts: readonly string[] = [''];
  for (const one of node.of) {
    const more = textsOf(one);
    if (more === undefined || texts.length * more.length > MAX_WAYS) return undefined;
    texts = texts.flatMap((before) => more.map((text) => before + text));
  }
  return texts;
}
