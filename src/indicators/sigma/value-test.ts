/** A value of a rule as a question to a value of a record. */
import { isInNetwork } from './cidr.js';
import { compilePattern, mapText, ANY_LENGTH, type Part, type Span, type TextTest } from './pattern.js';
import type { Scalar } from './row.js';
import { timePart } from './time-part.js';
import { comparisons, parseNumber, type Value } from './value.js';

/** Values that are asked of one value of the record, not of the field as a whole. */
export type ScalarValue = Exclude<Value, { kind: 'null' | 'exists' | 'field' | 'pattern' }>;

export interface ScalarQuestion {
  test(scalar: Scalar): boolean;
  /** Where in the value's text, once the test has passed. The whole text when no place can be told. */
  find(scalar: Scalar): Span;
}

/** @param keyword Sought anywhere in a text; numbers and booleans as a whole value or word. */
export function questionOf(value: ScalarValue, keyword: boolean): ScalarQuestion {
  switch (value.kind) {
    case 'text':
      return textQuestion(value, keyword);
    case 'number':
      return keyword ? wordQuestion(value.source, value.number) : numberQuestion(value.source, value.number);
    case 'boolean':
      return keyword ? wordQuestion(String(value.truth), undefined) : lowerQuestion(compilePattern([String(value.truth)]));
    case 'regex': {
      const { regex } = value;
      const test = keyword
        ? (scalar: Scalar) => typeof scalar.raw === 'string' && regex.test(scalar.raw)
        : (scalar: Scalar) => regex.test(scalar.text);
      return { test, find: (scalar) => regex.find(scalar.text) ?? whole(scalar) };
    }
    case 'network':
      return plainQuestion((scalar) => isInNetwork(scalar.text, value.network));
    case 'compare': {
      const holds = comparisons[value.comparison];
      return plainQuestion(({ raw }) => {
        const number = parseNumber(raw);
        return number !== undefined && holds(number, value.number);
      });
    }
    case 'time': {
      const holds = value.comparison === 'eq' ? (a: number, b: number) => a === b : comparisons[value.comparison];
      return plainQuestion(({ raw }) => {
        const part = timePart(raw, value.unit);
        return part !== undefined && holds(part, value.number);
      });
    }
    case 'any': {
      const questions = value.of.map((one) => questionOf(one as ScalarValue, keyword));
      return {
        test: (scalar) => questions.some((question) => question.test(scalar)),
        find: (scalar) => questions.find((question) => question.test(scalar))?.find(scalar) ?? whole(scalar),
      };
    }
  }
}

const whole = ({ text }: Scalar): Span => ({ offset: 0, length: text.length });

function plainQuestion(test: (scalar: Scalar) => boolean): ScalarQuestion {
  return { test, find: whole };
}

function textQuestion({ parts, cased }: Extract<Value, { kind: 'text' }>, keyword: boolean): ScalarQuestion {
  const sought: readonly Part[] = keyword ? [ANY_LENGTH, ...parts, ANY_LENGTH] : parts;
  // Keywords are texts within texts: numbers and booleans of the record have none.
  const isText = keyword ? ({ raw }: Scalar) => typeof raw === 'string' : () => true;
  const question = cased
    ? casedQuestion(compilePattern(sought))
    : lowerQuestion(compilePattern(mapText(sought, (text) => text.toLowerCase())));
  return keyword ? { test: (scalar) => isText(scalar) && question.test(scalar), find: question.find } : question;
}

function casedQuestion(pattern: TextTest): ScalarQuestion {
  return { test: (scalar) => pattern.test(scalar.text), find: (scalar) => pattern.find(scalar.text) ?? whole(scalar) };
}

function lowerQuestion(pattern: TextTest): ScalarQuestion {
  return { test: (scalar) => pattern.test(scalar.lower), find: (scalar) => spanInText(scalar, pattern.find(scalar.lower)) };
}

/** Lowering makes one character longer (U+0130): places behind it move. */
function spanInText(scalar: Scalar, span: Span | undefined): Span {
  if (span === undefined) return whole(scalar);
  if (scalar.lower.length === scalar.text.length) return span;
  const offset = unlowered(scalar.text, span.offset);
  return { offset, length: unlowered(scalar.text, span.offset + span.length) - offset };
}

function unlowered(text: string, offset: number): number {
  let lowered = 0;
  let at = 0;
  for (; at < text.length && lowered < offset; at++) lowered += (text[at] as string).toLowerCase().length;
  return at;
}

function numberQuestion(source: string, number: number): ScalarQuestion {
  const written = source.toLowerCase();
  return plainQuestion((scalar) => scalar.lower === written || parseNumber(scalar.raw) === number);
}

const isWordCode = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code > 127;

function wordQuestion(written: string, number: number | undefined): ScalarQuestion {
  const word = written.toLowerCase();
  const find = ({ raw, lower }: Scalar): Span | undefined => {
    if (lower === word || (number !== undefined && parseNumber(raw) === number)) return { offset: 0, length: lower.length };
    if (typeof raw !== 'string') return undefined;
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
      const end = at + word.length;
      if ((at === 0 || !isWordCode(lower.charCodeAt(at - 1))) && (end === lower.length || !isWordCode(lower.charCodeAt(end))))
        return { offset: at, length: word.length };
    }
    return undefined;
  };
  return { test: (scalar) => find(scalar) !== undefined, find: (scalar) => find(scalar) ?? whole(scalar) };
}
