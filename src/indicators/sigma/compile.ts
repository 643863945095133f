/** Expressions to closures. No code is generated: rules are data. */
import type { Item, Selection } from './detection.js';
import type { Expression } from './expression.js';
import { MANY, MISSING, NULL, ONE, type Columns, type Row, type Scalar, type ScalarTest } from './row.js';
import { questionOf, type ScalarValue } from './value-test.js';
import type { Value } from './value.js';

export type RowTest = (row: Row) => boolean;

export function compileExpression(expression: Expression, columns: Columns): RowTest {
  switch (expression.kind) {
    case 'selection':
      return compileSelection(expression.selection, columns);
    case 'not': {
      const test = compileExpression(expression.of, columns);
      return (row) => !test(row);
    }
    case 'and':
      return every(expression.of.map((one) => compileExpression(one, columns)));
    case 'or':
      return some(expression.of.map((one) => compileExpression(one, columns)));
    case 'atLeast':
      return atLeast(
        expression.count,
        expression.of.map((one) => compileExpression(one, columns)),
      );
  }
}

export function compileSelection(selection: Selection, columns: Columns): RowTest {
  if (selection.kind === 'item') return compileItem(selection, columns);
  const tests = selection.of.map((one) => compileSelection(one, columns));
  return selection.kind === 'every' ? every(tests) : some(tests);
}

function every(tests: readonly RowTest[]): RowTest {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (row) => first(row) && second(row);
  return (row) => {
    for (const test of tests) if (!test(row)) return false;
    return true;
  };
}

function some(tests: readonly RowTest[]): RowTest {
  const [first, second] = tests;
  if (first === undefined) return () => false;
  if (second === undefined) return first;
  if (tests.length === 2) return (row) => first(row) || second(row);
  return (row) => {
    for (const test of tests) if (test(row)) return true;
    return false;
  };
}

function atLeast(count: number, tests: readonly RowTest[]): RowTest {
  if (count === 1) return some(tests);
  if (count === tests.length) return every(tests);
  return (row) => {
    let passed = 0;
    for (const test of tests) if (test(row) && ++passed === count) return true;
    return false;
  };
}

function compileItem(item: Item, columns: Columns): RowTest {
  const test = item.every ? every(item.values.map((value) => valueTest(item, value, columns))) : oneOf(item, columns);
  return item.negated ? (row) => !test(row) : test;
}

/** Values that are linked with or: those about single values are asked in one go. */
function oneOf(item: Item, columns: Columns): RowTest {
  const scalars = item.values.filter(isScalarValue);
  const others = item.values.filter((value) => !isScalarValue(value)).map((value) => valueTest(item, value, columns));
  if (scalars.length === 0) return some(others);
  return some([scalarsTest(item, anyScalar(scalars, item.field === undefined), columns), ...others]);
}

export function isScalarValue(value: Value): value is ScalarValue {
  return value.kind !== 'null' && value.kind !== 'exists' && value.kind !== 'field' && value.kind !== 'pattern';
}

/** From so many whole texts on, one look into a set is faster than one comparison each. */
const SET_FROM = 4;

function anyScalar(values: readonly ScalarValue[], keyword: boolean): ScalarTest {
  const exact = keyword ? [] : values.filter((value) => exactText(value) !== undefined);
  const inSet = exact.length >= SET_FROM;
  const tests = (inSet ? values.filter((value) => exactText(value) === undefined) : values).map((value) => questionOf(value, keyword).test);
  if (inSet) {
    const texts = new Set(exact.map(exactText));
    tests.unshift((scalar: Scalar) => texts.has(scalar.lower));
  }
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return (scalar) => {
    for (const test of tests) if (test(scalar)) return true;
    return false;
  };
}

function exactText(value: ScalarValue): string | undefined {
  if (value.kind !== 'text' || value.cased || value.parts.length !== 1) return undefined;
  const [part] = value.parts;
  return typeof part === 'string' ? part.toLowerCase() : undefined;
}

function scalarsTest({ field }: Item, test: ScalarTest, columns: Columns): RowTest {
  if (field === undefined) return (row) => row.keywordScalars.some(test);
  const slot = columns.slotOf(field);
  return (row) => {
    const cell = row.cell(slot);
    if (cell.kind === ONE) return test(cell.one);
    return cell.kind === MANY && cell.many.some(test);
  };
}

/** One value of an item. */
export function valueTest(item: Item, value: Value, columns: Columns): RowTest {
  if (isScalarValue(value)) return scalarsTest(item, questionOf(value, item.field === undefined).test, columns);
  const slot = columns.slotOf(item.field ?? '');
  switch (value.kind) {
    case 'null':
      return (row) => {
        const { kind, hasNull } = row.cell(slot);
        return kind === MISSING || kind === NULL || (kind === MANY && hasNull);
      };
    case 'exists':
      return (row) => (row.cell(slot).kind !== MISSING) === value.wanted;
    case 'field':
      return fieldTest(slot, columns.slotOf(value.name), value);
    default:
      return () => false;
  }
}

function fieldTest(slot: number, other: number, { start, end, cased }: Extract<Value, { kind: 'field' }>): RowTest {
  const holds = start
    ? end
      ? (a: string, b: string) => a.includes(b)
      : (a: string, b: string) => a.startsWith(b)
    : end
      ? (a: string, b: string) => a.endsWith(b)
      : (a: string, b: string) => a === b;
  const textOf = cased ? (scalar: Scalar) => scalar.text : (scalar: Scalar) => scalar.lower;
  return (row) => row.some(slot, (scalar) => row.some(other, (wanted) => holds(textOf(scalar), textOf(wanted))));
}
