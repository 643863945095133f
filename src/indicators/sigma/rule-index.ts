/** Which rules a record may match at all: those with a required text that the record has, and the few without any. */
import { AhoCorasick } from './aho-corasick.js';
import { ANYWHERE, cutLiteral, type Literal, type Requirement } from './literal.js';
import { MANY, ONE, type Row } from './row.js';

class Column {
  private readonly automaton: AhoCorasick;
  private readonly literals: readonly Literal[];
  /** Rules by literal. */
  private readonly rules: readonly (readonly number[])[];
  /** Numbers and booleans of the record can have one of the literals, too. */
  readonly wantsNumbers: boolean;
  /** Used again for each text. */
  private readonly hits: number[] = [];

  constructor(
    readonly slot: number,
    entries: ReadonlyMap<string, { literal: Literal; rules: number[] }>,
  ) {
    this.literals = [...entries.values()].map((entry) => entry.literal);
    this.rules = [...entries.values()].map((entry) => entry.rules);
    this.wantsNumbers = this.literals.some(({ text }) => /^(?:\d+|true|false)$/.test(text));
    this.automaton = new AhoCorasick(this.literals.map((literal) => literal.text));
  }

  scan(text: string, candidates: Candidates): void {
    const { hits } = this;
    const count = this.automaton.scan(text, hits);
    for (let i = 0; i < count; i += 2) {
      const id = hits[i] as number;
      const end = hits[i + 1] as number;
      const { anchor, text: sought } = this.literals[id] as Literal;
      if (anchor !== 'anywhere') {
        if (anchor !== 'start' && end !== text.length) continue;
        if (anchor !== 'end' && end !== sought.length) continue;
      }
      for (const rule of this.rules[id] as readonly number[]) candidates.add(rule);
    }
  }
}

/** A set that is emptied by counting on. */
class Candidates {
  private stamp = 0;
  private readonly stamps: Int32Array;
  list: number[] = [];

  constructor(size: number) {
    this.stamps = new Int32Array(size);
  }

  clear(): void {
    if (this.list.length > 0) this.list = [];
    if (++this.stamp < 2 ** 31 - 1) return;
    this.stamps.fill(0);
    this.stamp = 1;
  }

  add(rule: number): void {
    if (this.stamps[rule] === this.stamp) return;
    this.stamps[rule] = this.stamp;
    this.list.push(rule);
  }
}

export class RuleIndex {
  private readonly columns: readonly Column[];
  private readonly always: readonly number[];
  private readonly candidates: Candidates;

  /** @param requirements By rule number; only the rules that are to be looked at. */
  constructor(requirements: ReadonlyMap<number, Requirement>) {
    const always: number[] = [];
    const bySlot = new Map<number, Map<string, { literal: Literal; rules: number[] }>>();
    const length = literalLength(requirements);
    for (const [rule, requirement] of requirements) {
      if (requirement === undefined) always.push(rule);
      else for (const literal of requirement) register(bySlot, cutLiteral(literal, length), rule);
    }
    this.always = always;
    this.columns = [...bySlot].map(([slot, entries]) => new Column(slot, entries));
    this.candidates = new Candidates([...requirements.keys()].reduce((most, rule) => Math.max(most, rule), 0) + 1);
  }

  /** Rule numbers in order; valid until the next call. */
  select(row: Row): readonly number[] {
    const { candidates } = this;
    candidates.clear();
    for (const rule of this.always) candidates.add(rule);
    for (const column of this.columns) {
      if (column.slot === ANYWHERE) {
        for (const scalar of row.keywordScalars)
          if (column.wantsNumbers || typeof scalar.raw === 'string') column.scan(scalar.lower, candidates);
        continue;
      }
      const cell = row.cell(column.slot);
      if (cell.kind === ONE) column.scan(cell.one.lower, candidates);
      else if (cell.kind === MANY) for (const scalar of cell.many) column.scan(scalar.lower, candidates);
    }
    const { list } = candidates;
    if (list.length > 1) list.sort((a, b) => a - b);
    return list;
  }
}

/** Characters of all literals together: each is a row in a table. */
const MAX_CHARACTERS = 40_000;
const LENGTHS = [64, 32, 16, 12] as const;

/** So many rules, so short their literals: tables stay within tens of megabytes. */
function literalLength(requirements: ReadonlyMap<number, Requirement>): number {
  const lengths = [...requirements.values()].flatMap((requirement) => requirement?.map(({ text }) => text.length) ?? []);
  return LENGTHS.find((length) => lengths.reduce((sum, own) => sum + Math.min(own, length), 0) <= MAX_CHARACTERS) ?? 8;
}

function register(bySlot: Map<number, Map<string, { literal: Literal; rules: number[] }>>, literal: Literal, rule: number): void {
  const entries = bySlot.get(literal.slot) ?? new Map<string, { literal: Literal; rules: number[] }>();
  bySlot.set(literal.slot, entries);
  const key = `${literal.anchor} ${literal.text}`;
  const entry = entries.get(key) ?? { literal, rules: [] };
  entries.set(key, entry);
  if (entry.rules[entry.rules.length - 1] !== rule) entry.rules.push(rule);
}
