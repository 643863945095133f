/** Why a rule matched: evaluated once more, slowly, and only for a match. */
import { compileSelection, isScalarValue, valueTest } from './compile.js';
import type { Item, Selection } from './detection.js';
import type { Expression } from './expression.js';
import { namedLeavesOf } from './field-path.js';
import { formatPattern } from './pattern.js';
import { MANY, ONE, Scalar, type Columns, type Row } from './row.js';
import type { Evidence, Explanation } from './rule.js';
import { questionOf, type ScalarQuestion, type ScalarValue } from './value-test.js';
import type { Value } from './value.js';

/** Evidence when the row holds; undefined when it does not. Selections that must be absent are added to the set. */
type Explain = (row: Row, absent: Set<string>) => Evidence[] | undefined;

/** Explains one rule's matches. What it needs is worked out once. */
export class Explainer {
  private readonly run: Explain;

  constructor(
    private readonly conditions: readonly string[],
    expression: Expression,
    columns: Columns,
  ) {
    this.run = explainExpression(expression, columns);
  }

  explain(row: Row): Explanation {
    const absent = new Set<string>();
    return { conditions: this.conditions, evidence: this.run(row, absent) ?? [], absent: [...absent] };
  }
}

function explainExpression(expression: Expression, columns: Columns): Explain {
  switch (expression.kind) {
    case 'selection':
      return explainSelection(expression.selection, expression.name, columns);
    case 'not': {
      const inner = explainExpression(expression.of, columns);
      const names = namesIn(expression.of);
      return (row, absent) => {
        if (inner(row, new Set()) !== undefined) return undefined;
        for (const name of names) absent.add(name);
        return [];
      };
    }
    default: {
      const each = expression.of.map((one) => explainExpression(one, columns));
      return several(each, neededOf(expression));
    }
  }
}

function neededOf(expression: Exclude<Expression, { kind: 'selection' | 'not' }>): number {
  if (expression.kind === 'atLeast') return expression.count;
  return expression.kind === 'and' ? expression.of.length : 1;
}

/** All that hold, when enough of them do. */
function several(each: readonly Explain[], needed: number): Explain {
  return (row, absent) => {
    const held: Evidence[][] = [];
    for (const one of each) {
      const evidence = one(row, absent);
      if (evidence !== undefined) held.push(evidence);
      else if (needed === each.length) return undefined;
    }
    return held.length < needed ? undefined : held.flat();
  };
}

function explainSelection(selection: Selection, name: string, columns: Columns): Explain {
  if (selection.kind === 'item') return explainItem(selection, name, columns);
  const each = selection.of.map((one) => explainSelection(one, name, columns));
  return several(each, selection.kind === 'every' ? each.length : 1);
}

/** All of the values for `all`, else the first that holds. */
function explainItem(item: Item, selection: string, columns: Columns): Explain {
  const test = compileSelection(item, columns);
  const { field, modifiers, negated, values, every } = item;
  if (negated) {
    const value = values.map(formatValue).join(', ');
    return (row) => (test(row) ? [{ selection, field, modifiers, value, matched: textsIn(row, field, columns) }] : undefined);
  }
  const explained = values.map((value) => ({
    test: valueTest(item, value, columns),
    explain: explainValue(item, value, selection, columns),
  }));
  return (row) => {
    if (!test(row)) return undefined;
    const evidence: Evidence[] = [];
    for (const value of explained) {
      if (!value.test(row)) continue;
      evidence.push(value.explain(row));
      if (!every) break;
    }
    return evidence;
  };
}

function textsIn(row: Row, field: string | undefined, columns: Columns): string | undefined {
  const scalars = field === undefined ? [] : scalarsOf(row, columns.slotOf(field));
  return scalars.length === 0 ? undefined : scalars.map((one) => one.text).join(', ');
}

function scalarsOf(row: Row, slot: number): readonly Scalar[] {
  const cell = row.cell(slot);
  return cell.kind === ONE ? [cell.one] : cell.kind === MANY ? cell.many : [];
}

/** The value holds. */
function explainValue({ field, modifiers }: Item, value: Value, selection: string, columns: Columns): (row: Row) => Evidence {
  const plain: Evidence = { selection, field, modifiers, value: formatValue(value) };
  if (field === undefined) {
    const question = questionOf(value as ScalarValue, true);
    return (row) => ({ ...plain, ...findKeyword(row, question) });
  }
  const slot = columns.slotOf(field);
  if (!isScalarValue(value)) {
    return (row) => {
      const [first] = value.kind === 'null' ? [] : scalarsOf(row, slot);
      return first === undefined ? plain : { ...plain, matched: first.text, offset: 0 };
    };
  }
  const question = questionOf(value, false);
  return (row) => {
    const scalar = scalarsOf(row, slot).find((one) => question.test(one));
    return scalar === undefined ? plain : { ...plain, ...placeIn(scalar, question.find(scalar)) };
  };
}

function findKeyword({ record, line }: Row, question: ScalarQuestion): Pick<Evidence, 'field' | 'matched' | 'offset'> | undefined {
  const leaves = line === undefined ? namedLeavesOf(record) : [...namedLeavesOf(record), { path: 'line', value: line }];
  for (const leaf of leaves) {
    if (leaf.value === null || leaf.value === undefined) continue;
    const scalar = new Scalar(leaf.value);
    if (question.test(scalar)) return { field: leaf.path, ...placeIn(scalar, question.find(scalar)) };
  }
  return undefined;
}

function placeIn({ text }: Scalar, { offset, length }: { offset: number; length: number }): Pick<Evidence, 'matched' | 'offset'> {
  return { matched: text.slice(offset, offset + length), offset };
}

function namesIn(expression: Expression): string[] {
  if (expression.kind === 'selection') return [expression.name];
  return expression.kind === 'not' ? namesIn(expression.of) : expression.of.flatMap(namesIn);
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=' } as const;

function formatValue(value: Value): string {
  switch (value.kind) {
    case 'text':
      return formatPattern(value.parts);
    case 'number':
    case 'regex':
    case 'pattern':
    case 'network':
      return value.source;
    case 'boolean':
      return String(value.truth);
    case 'null':
      return 'null';
    case 'exists':
      return value.wanted ? 'exists' : 'does not exist';
    case 'compare':
      return `${SIGNS[value.comparison]} ${value.number}`;
    case 'time':
      return `${value.unit} ${SIGNS[value.comparison]} ${value.number}`;
    case 'field':
      return `the field ${value.name}`;
    case 'any':
      return value.of.map(formatValue).join(' or ');
  }
}
