import { describe, expect, it } from 'vitest';
import { jsonDocuments, type Document } from '../../src/formats/framing/json.js';

function framesOf(text: string, step = Infinity): { text: string; damage?: string }[] {
  const framer = jsonDocuments()({ recordBytes: 1 << 20, wholeBytes: 0 });
  const found: { text: string; damage?: string }[] = [];
  const out = {
    frame: ({ text: record, damage }: Document) =>
      void found.push(damage === undefined ? { text: record } : { text: record, damage: damage.code }),
    damaged: () => undefined,
  };
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += step) framer.push(bytes.subarray(at, at + step), out);
  framer.end(out);
  return found;
}

describe('JSON documents', () => {
  it.each([
    ['another document', '{"a":{"b":1,\n{"c":2}\n', ['{"a":{"b":1,', '{"c":2}']],
    ['a line of another log', '{{{{\n2024-05-01T00:00:00Z text\n', ['{{{{', '2024-05-01T00:00:00Z text']],
    ['a line of another log behind a bracket alone', '{\nMay  1 00:00:00 text\n', ['{', 'May  1 00:00:00 text']],
    ['a path', '{"a":[1,\n/var/log/x\n', ['{"a":[1,', '/var/log/x']],
  ])('that are cut do not swallow %s behind them', (_what, text, expected) => {
    for (const step of [Infinity, 1, 3]) {
      expect(framesOf(text, step).map((frame) => frame.text)).toEqual(expected);
      expect(framesOf(text, step)[0]?.damage).toBe('truncated');
    }
  });

  it.each([
    ['indented', '{\n  "a": [\n    1,\n    true\n  ]\n}'],
    ['without indentation', '{\n"a": [\n1,\ntrue,\n{\n"b": null\n}\n]\n}'],
    ['with the bracket on the first line', '{"a": [\n  1\n]}'],
    ['with commas in front', '{ "a": 1\n, "b": 2\n}'],
  ])('over several lines are whole: %s', (_what, text) => {
    for (const step of [Infinity, 1, 3]) expect(framesOf(`${text}\n{"next":1}\n`, step)).toEqual([{ text }, { text: '{"next":1}' }]);
  });
});
