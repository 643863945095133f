/**
 * Regular expressions as rules write them (PCRE's common part), as a tree for {@link file://./vetting.ts}.
 * What JavaScript reads differently from PCRE (`\A`, `[[:alpha:]]`, `(?i:…)`) is not read at all: such patterns go to RE2.
 */
import { classEscapes, complement, EVERY, foldCase, NONE, NOT_NEWLINE, setOf, type CharSet } from './char-set.js';

export interface RegexFlags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

export type RegexNode =
  /** `char` when it is exactly one. */
  | { readonly kind: 'set'; readonly set: CharSet; readonly char?: string; readonly source: string }
  | { readonly kind: 'sequence'; readonly of: readonly RegexNode[]; readonly source: string }
  | { readonly kind: 'either'; readonly of: readonly RegexNode[]; readonly source: string }
  | { readonly kind: 'repeat'; readonly of: RegexNode; readonly min: number; readonly max: number; readonly source: string }
  | { readonly kind: 'start' | 'end' | 'boundary'; readonly source: string }
  | { readonly kind: 'look'; readonly of: RegexNode; readonly source: string };

/** A pattern that is not for JavaScript's own engine, or for none at all. */
export class ForeignSyntax extends Error {}

/** @throws {ForeignSyntax} */
export function parseRegex(source: string, flags: RegexFlags): RegexNode {
  return new Reader(source, flags).all();
}

const MAX_DEPTH = 50;

class Reader {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly flags: RegexFlags,
  ) {}

  all(): RegexNode {
    const node = this.either();
    if (this.at < this.text.length) throw new ForeignSyntax('an unmatched )');
    return node;
  }

  private either(): RegexNode {
    if (++this.depth > MAX_DEPTH) throw new ForeignSyntax(`groups nested deeper than ${MAX_DEPTH}`);
    const from = this.at;
    const of = [this.sequence()];
    while (this.text[this.at] === '|') {
      this.at++;
      of.push(this.sequence());
    }
    this.depth--;
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { kind: 'either', of, source: this.text.slice(from, this.at) };
  }

  private sequence(): RegexNode {
    const from = this.at;
    const of: RegexNode[] = [];
    while (this.at < this.text.length && this.text[this.at] !== '|' && this.text[this.at] !== ')') of.push(this.repeated());
    return { kind: 'sequence', of, source: this.text.slice(from, this.at) };
  }

  private repeated(): RegexNode {
    const from = this.at;
    const of = this.atom();
    // x*  x+  x?  x{2}  x{2,}  x{2,5}, each of them lazy with ? behind
    const quantifier = /^(?:[*+?]|\{(?<min>\d{1,4})(?<comma>,(?<max>\d{0,4}))?\})(?<mode>[?+])?/.exec(
      this.text.slice(this.at, this.at + 16),
    );
    if (quantifier === null) return of;
    const { min, comma, max, mode } = quantifier.groups ?? {};
    if (mode === '+') throw new ForeignSyntax('a possessive quantifier');
    this.at += quantifier[0].length;
    if (/^[*+?]/.test(this.text.slice(this.at))) throw new ForeignSyntax('a quantifier of a quantifier');
    const [low, high] =
      min === undefined
        ? (BOUNDS[quantifier[0][0] as '*'] as [number, number])
        : [Number(min), comma === undefined ? Number(min) : max ? Number(max) : Infinity];
    return { kind: 'repeat', of, min: low, max: high, source: this.text.slice(from, this.at) };
  }

  private atom(): RegexNode {
    const from = this.at;
    const char = this.text[this.at++] as string;
    if (char === '(') return this.group(from);
    if (char === '[') return this.charClass(from);
    if (char === '\\') return this.escape(from);
    if (char === '^' || char === '$') return { kind: char === '^' ? 'start' : 'end', source: char };
    if (char === '.') return { kind: 'set', set: this.flags.s ? EVERY : NOT_NEWLINE, source: char };
    if (char === '*' || char === '+' || char === '?') throw new ForeignSyntax('nothing to repeat');
    return this.literal(char, char);
  }

  private literal(char: string, source: string): RegexNode {
    const set = setOf(char.charCodeAt(0));
    return { kind: 'set', set: this.flags.i ? foldCase(set) : set, char, source };
  }

  private group(from: number): RegexNode {
    const opening = /^\?(?:[:=!]|<[=!]|<[A-Za-z_]\w{0,60}>)/.exec(this.text.slice(this.at, this.at + 65))?.[0] ?? '';
    if (opening === '' && this.text[this.at] === '?') throw new ForeignSyntax(`the group (${this.text.slice(this.at, this.at + 3)}`);
    this.at += opening.length;
    const of = this.either();
    if (this.text[this.at++] !== ')') throw new ForeignSyntax('an unmatched (');
    const source = this.text.slice(from, this.at);
    return /[=!]$/.test(opening) ? { kind: 'look', of, source } : { ...of, source };
  }

  private escape(from: number): RegexNode {
    const char = this.text[this.at++];
    if (char === undefined) throw new ForeignSyntax('a \\ at the end');
    const source = () => this.text.slice(from, this.at);
    const shorthand = classEscapes[char];
    if (shorthand !== undefined) return { kind: 'set', set: shorthand, source: source() };
    if (char === 'b' || char === 'B') return { kind: 'boundary', source: source() };
    if (char >= '1' && char <= '9') throw new ForeignSyntax('a backreference');
    return this.literal(this.escaped(char), source());
  }

  /** The one character that an escape stands for, both in and outside of classes. */
  private escaped(char: string): string {
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    if (char === 'x') {
      const hex = /^[0-9a-f]{2}/i.exec(this.text.slice(this.at, this.at + 2))?.[0];
      if (hex === undefined) throw new ForeignSyntax('\\x without two digits');
      this.at += 2;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    if (/[A-Za-z0-9]/.test(char)) throw new ForeignSyntax(`\\${char}`);
    return char;
  }

  private charClass(from: number): RegexNode {
    const negated = this.text[this.at] === '^';
    if (negated) this.at++;
    if (this.text[this.at] === ']') throw new ForeignSyntax('a class that begins with ]');
    let set = NONE;
    for (let char = this.text[this.at++]; char !== ']'; char = this.text[this.at++]) {
      if (char === undefined) throw new ForeignSyntax('an unmatched [');
      if (char === '[' && /[:.=]/.test(this.text[this.at] ?? '')) throw new ForeignSyntax('a POSIX class');
      set |= this.range(char);
    }
    if (this.flags.i) set = foldCase(set);
    return { kind: 'set', set: negated ? complement(set) : set, source: this.text.slice(from, this.at) };
  }

  private range(char: string): CharSet {
    const first = this.member(char);
    if (typeof first !== 'string' || this.text[this.at] !== '-' || this.text[this.at + 1] === ']')
      return typeof first === 'string' ? setOf(first.charCodeAt(0)) : first;
    this.at++;
    const last = this.member(this.text[this.at++] ?? '');
    if (typeof last !== 'string') return setOf(first.charCodeAt(0)) | setOf(45) | last;
    return setOf(first.charCodeAt(0), last.charCodeAt(0));
  }

  private member(char: string): string | CharSet {
    if (char !== '\\') return char;
    const next = this.text[this.at++] ?? '';
    return classEscapes[next] ?? (next === 'b' ? '\b' : this.escaped(next));
  }
}

const BOUNDS = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] } as const;
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v' };
