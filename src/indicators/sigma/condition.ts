/**
 * Conditions: `selection and not 1 of filter_*`. Binding, weakest first: or, and, not, `x of`, brackets.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html#condition | Sigma rules, Condition}
 */
import { tokenizeCondition, type Token } from './condition-tokens.js';
import type { RuleErrorCode } from './errors.js';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  /** `them` is a pattern of its own. */
  | { readonly kind: 'of'; readonly count: number | 'all'; readonly pattern: string; readonly at: number };

export interface ConditionFault {
  readonly code: RuleErrorCode;
  readonly message: string;
  readonly hint?: string;
  /** Index in the condition's text. */
  readonly at: number;
}

const MAX_DEPTH = 100;
const MAX_TOKENS = 20_000;

export function parseCondition(text: string): Condition | ConditionFault {
  const tokens = tokenizeCondition(text);
  const pipe = tokens.findIndex((token) => token.text === '|');
  if (pipe >= 0) return aggregationFault(tokens, pipe);
  if (tokens.length > MAX_TOKENS) return { code: 'limit', message: `a condition of more than ${MAX_TOKENS} words`, at: 0 };
  const parser = new Parser(tokens, text.length);
  try {
    return parser.all();
  } catch (error) {
    if (error instanceof Unexpected) return { code: 'condition-syntax', message: error.message, at: error.at };
    throw error;
  }
}

/** What the old aggregations are called now. */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  count: 'event_count, or value_count with a field',
  near: 'temporal',
  sum: 'value_sum',
  avg: 'value_avg',
  min: 'value_percentile with percentile: 0',
  max: 'value_percentile with percentile: 100',
};

function aggregationFault(tokens: readonly Token[], pipe: number): ConditionFault {
  const name = tokens[pipe + 1]?.text.toLowerCase() ?? '';
  const known = REPLACEMENTS[name];
  return {
    code: 'unsupported-aggregation',
    message: `the aggregation "| ${name}" is not part of Sigma any more`,
    hint: `write a correlation rule${known === undefined ? '' : ` of type ${known}`} that refers to this rule`,
    at: (tokens[pipe] as Token).at,
  };
}

class Unexpected extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

class Parser {
  private index = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
  ) {}

  all(): Condition {
    const condition = this.or();
    const rest = this.tokens[this.index];
    if (rest !== undefined) throw new Unexpected(`${JSON.stringify(rest.text)} where and, or or the end should be`, rest.at);
    return condition;
  }

  private or(): Condition {
    return this.chain('or', () => this.chain('and', () => this.not()));
  }

  private chain(kind: 'and' | 'or', operand: () => Condition): Condition {
    const first = operand();
    const of = [first];
    while (this.word() === kind) {
      this.index++;
      of.push(operand());
    }
    return of.length === 1 ? first : { kind, of };
  }

  private not(): Condition {
    let negated = false;
    for (; this.word() === 'not'; this.index++) negated = !negated;
    const operand = this.operand();
    return negated ? { kind: 'not', of: operand } : operand;
  }

  private operand(): Condition {
    const token = this.next('a search identifier');
    if (token.text === '(') {
      if (++this.depth > MAX_DEPTH) throw new Unexpected(`brackets nested deeper than ${MAX_DEPTH}`, token.at);
      const inner = this.or();
      const close = this.next(')');
      if (close.text !== ')') throw new Unexpected(`${JSON.stringify(close.text)} where ) should be`, close.at);
      this.depth--;
      return inner;
    }
    if (this.word() === 'of') return this.quantified(token);
    if (token.text === ')' || RESERVED.has(token.text.toLowerCase()))
      throw new Unexpected(`${JSON.stringify(token.text)} where a search identifier should be`, token.at);
    return { kind: 'name', name: token.text, at: token.at };
  }

  private quantified(token: Token): Condition {
    const word = token.text.toLowerCase();
    const count = word === 'all' ? 'all' : word === 'any' ? 1 : /^[1-9]\d{0,5}$/.test(word) ? Number(word) : undefined;
    if (count === undefined) throw new Unexpected(`${JSON.stringify(token.text)} where all, any or a number from 1 should be`, token.at);
    this.index++;
    const pattern = this.next('them or a pattern of search identifiers');
    if (pattern.text === '(' || pattern.text === ')') throw new Unexpected(`${pattern.text} where them or a pattern should be`, pattern.at);
    return { kind: 'of', count, pattern: pattern.text, at: pattern.at };
  }

  private word(): string | undefined {
    return this.tokens[this.index]?.text.toLowerCase();
  }

  private next(wanted: string): Token {
    const token = this.tokens[this.index++];
    if (token === undefined) throw new Unexpected(`the condition ends where ${wanted} should be`, this.end);
    return token;
  }
}

const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not']);

/** @param pattern `*` stands for any characters. `them` leaves out names that begin with `_`. */
export function matchingNames(pattern: string, names: readonly string[]): string[] {
  if (pattern.toLowerCase() === 'them') return names.filter((name) => !name.startsWith('_'));
  const [head = '', ...rest] = pattern.split('*');
  return names.filter((name) => (rest.length === 0 ? name === pattern : fits(name, head, rest)));
}

function fits(name: string, head: string, rest: readonly string[]): boolean {
  const tail = rest[rest.length - 1] as string;
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  let at = head.length;
  for (const piece of rest.slice(0, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= name.length - tail.length;
}
