/** Small rules for tests: a detection in YAML, the rest filled in. */
import { expect } from 'vitest';
import { formatRuleError, loadRules, type AnyRecord, type LoadOptions, type RuleSet } from '../../../src/indicators/sigma/index.js';

/** A rule around a detection section. */
export function ruleOf(detection: string, head = ''): string {
  const indented = detection
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `title: test\n${head === '' ? '' : `${head.trim()}\n`}${/^logsource:/m.test(head) ? '' : 'logsource:\n  product: test\n'}detection:\n${indented}\n`;
}

export function load(text: string, options?: LoadOptions): RuleSet {
  const set = loadRules(text, options);
  expect(set.errors.map(formatRuleError)).toEqual([]);
  return set;
}

/** Whether a rule with this one selection matches the record. */
export function holds(selection: string, record: AnyRecord, options: LoadOptions & { line?: string } = {}): boolean {
  const detection = `selection:\n${selection
    .replace(/^\n|\s+$/g, '')
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\ncondition: selection`;
  return load(ruleOf(detection), options).match(record, { line: options.line }).length === 1;
}

/** Codes of what is wrong with a rule file. */
export function codesOf(text: string, options?: LoadOptions): string[] {
  return loadRules(text, options).errors.map((error) => error.code);
}
