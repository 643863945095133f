/** Each case cites the section of the Sigma specification 2.1 it is about. */
import { describe, expect, it } from 'vitest';
import type { AnyRecord } from '../../../src/indicators/sigma/index.js';
import { holds } from './rules.js';

type Case = readonly [selection: string, record: AnyRecord, expected: boolean];

function cases(section: string, rows: readonly Case[]): void {
  describe(section, () => {
    it.each(rows.map(([selection, record, expected]) => ({ selection, record: JSON.stringify(record), expected })))(
      '$selection on $record: $expected',
      ({ selection, record, expected }) => {
        expect(holds(selection, JSON.parse(record) as AnyRecord)).toBe(expected);
      },
    );
  });
}

cases('Detection, General: texts compare without case', [
  [`f: WhoAmI`, { f: 'whoami' }, true],
  [`f: whoami`, { f: 'WHOAMI' }, true],
  [`f: whoami`, { f: 'whoami.exe' }, false],
  [`f: ÄÖ`, { f: 'äö' }, true],
  [`f: '4625'`, { f: 4625 }, true],
  [`f: 4625`, { f: '4625' }, true],
  [`f: 4625`, { f: 4625.0 }, true],
  [`f: 4625`, { f: '4625.0' }, true],
  [`f: 4625`, { f: '4626' }, false],
  [`f: 0x10`, { f: '0x10' }, true],
  [`f: 0x10`, { f: 16 }, true],
  [`f: true`, { f: true }, true],
  [`f: true`, { f: 'True' }, true],
  [`f: 'false'`, { f: false }, true],
  [`f: yes`, { f: 'yes' }, true],
  [`f: 1`, { f: true }, false],
]);

cases('Detection, String Wildcard', [
  [`f: prog?.exe`, { f: 'progA.exe' }, true],
  [`f: prog?.exe`, { f: 'prog.exe' }, false],
  [`f: prog?.exe`, { f: 'prog😀.exe' }, true],
  [`f: antivirus_V*.exe`, { f: 'antivirus_V21.2.1.exe' }, true],
  [`f: antivirus_V*.exe`, { f: 'antivirus_V.exe' }, true],
  [`f: a*b*c`, { f: 'aXbYc' }, true],
  [`f: a*b*c`, { f: 'acb' }, false],
  [`f: a*b`, { f: 'a\nb' }, true],
  [`f: '*b?d*'`, { f: 'abcde' }, true],
  [`f: '*??'`, { f: 'a' }, false],
  [`f: 'a**b'`, { f: 'ab' }, true],
  [`f: '*ab'`, { f: 'aab' }, true],
  [`f: 'a?*ab'`, { f: 'axab' }, true],
  [`f: '*'`, { f: '' }, true],
  [`f: '*'`, { f: null }, false],
  [`f: '*'`, {}, false],
  [`f: '*'`, { f: { g: 1 } }, true],
  [`f: '?'`, { f: '' }, false],
]);

cases('Detection, Escape Character', [
  [String.raw`f: 'C:\Windows'`, { f: 'c:\\windows' }, true],
  [String.raw`f: 'C:\\Windows'`, { f: 'C:\\Windows' }, true],
  [String.raw`f: 'a\*b'`, { f: 'a*b' }, true],
  [String.raw`f: 'a\*b'`, { f: 'aXb' }, false],
  [String.raw`f: 'a\?b'`, { f: 'a?b' }, true],
  [String.raw`f: 'a\?b'`, { f: 'aXb' }, false],
  [String.raw`f: 'a\\*'`, { f: 'a\\bc' }, true],
  [String.raw`f: 'a\\*'`, { f: 'abc' }, false],
  [String.raw`f: 'a\\\*'`, { f: 'a\\*' }, true],
  [String.raw`f: 'a\\\*'`, { f: 'a\\x' }, false],
  [String.raw`f: 'a\\\b'`, { f: 'a\\\\b' }, true],
  [String.raw`f: 'a\\\\b'`, { f: 'a\\\\b' }, true],
  [String.raw`f: 'dir\'`, { f: 'dir\\' }, true],
  [String.raw`f|endswith: '\cmd.exe'`, { f: 'C:\\cmd.exe' }, true],
]);

cases('Detection, Lists and Maps', [
  [`f:\n  - a\n  - b`, { f: 'b' }, true],
  [`f:\n  - a\n  - b`, { f: 'c' }, false],
  [`f: a\ng: b`, { f: 'a', g: 'b' }, true],
  [`f: a\ng: b`, { f: 'a' }, false],
  [`- f: a\n- g: b`, { g: 'b' }, true],
  [`- f: a\n  g: b\n- h: c`, { f: 'a' }, false],
  [`- f: a\n  g: b\n- h: c`, { f: 'a', g: 'b' }, true],
  [`- - f: a\n  - f: b\n- g: c`, { f: 'b' }, true],
]);

cases('Detection, Field Usage: the literal key first, then down, lists are searched', [
  [`a.b: x`, { 'a.b': 'x' }, true],
  [`a.b: x`, { a: { b: 'x' } }, true],
  [`a.b: x`, { 'a.b': 'y', a: { b: 'x' } }, false],
  [`a.b.c: x`, { 'a.b': { c: 'x' } }, true],
  [`a.b.c: x`, { a: { 'b.c': 'x' } }, true],
  [`a.b.c: x`, { 'a.b': { d: 1 }, a: { b: { c: 'x' } } }, true],
  [`a.b: x`, { a: [{ b: 'y' }, { b: 'x' }] }, true],
  [`a.b: x`, { a: [[{ b: ['z', 'x'] }]] }, true],
  [`f: x`, { f: ['a', 'x'] }, true],
  [`f|contains|all:\n  - x\n  - y`, { f: ['ax', 'by'] }, true],
  [`f|contains: '"g":1'`, { f: { g: 1 } }, true],
  [`constructor: '*'`, {}, false],
  [`toString|exists: false`, {}, true],
  [`constructor: x`, { constructor: 'x' }, true],
  [`a.constructor: '*'`, { a: {} }, false],
  [`F: x`, { f: 'x' }, false],
]);

cases('Detection, Special Field Values', [
  [`f: null`, {}, true],
  [`f: null`, { f: null }, true],
  [`f: null`, { f: '' }, false],
  [`f: null`, { f: 0 }, false],
  [`f: null`, { f: [] }, false],
  [`f: null`, { f: ['a', null] }, true],
  [`f:`, {}, true],
  [`f: ''`, { f: '' }, true],
  [`f: ''`, {}, false],
  [`f: ''`, { f: null }, false],
  [`f: ''`, { f: ' ' }, false],
]);

cases('Detection, Field Existence', [
  [`f|exists: true`, { f: 'x' }, true],
  [`f|exists: true`, { f: null }, true],
  [`f|exists: true`, { f: '' }, true],
  [`f|exists: true`, {}, false],
  [`f|exists: false`, {}, true],
  [`f|exists: false`, { f: null }, false],
  [`a.b|exists: true`, { a: [{ b: 1 }] }, true],
]);

cases('Modifiers, Generic: contains, startswith, endswith, all, cased, neq', [
  [`f|contains: oam`, { f: 'WHOAMI' }, true],
  [`f|contains: 'o?m'`, { f: 'whoami' }, true],
  [`f|contains: 80`, { f: 'port 8080' }, true],
  [`f|startswith: who`, { f: 'Whoami' }, true],
  [`f|startswith: hoa`, { f: 'whoami' }, false],
  [`f|endswith: ami`, { f: 'whoAMI' }, true],
  [`f|endswith: who`, { f: 'whoami' }, false],
  [`f|contains|all:\n  - -a\n  - -b`, { f: 'x -b -a' }, true],
  [`f|contains|all:\n  - -a\n  - -b`, { f: 'x -b' }, false],
  [`f|all|contains:\n  - -a\n  - -b`, { f: 'x -b -a' }, true],
  [`f|cased: Who`, { f: 'Who' }, true],
  [`f|cased: Who`, { f: 'who' }, false],
  [`f|contains|cased: Who`, { f: 'a Who b' }, true],
  [`f|contains|cased: Who`, { f: 'a who b' }, false],
  [`f|neq: a`, { f: 'b' }, true],
  [`f|neq: a`, { f: 'A' }, false],
  [`f|neq: 5`, { f: 6 }, true],
  [`f|neq: 5`, { f: '5' }, false],
  [`f|neq:\n  - a\n  - b`, { f: 'b' }, false],
  [`f|contains|neq: a`, { f: 'xyz' }, true],
]);

cases('Modifiers, windash', [
  [`f|contains|windash: ' -enc '`, { f: 'ps -enc x' }, true],
  [`f|contains|windash: ' -enc '`, { f: 'ps /enc x' }, true],
  [`f|windash|contains: ' -enc '`, { f: 'ps /ENC x' }, true],
  [`f|contains|windash: ' -enc '`, { f: 'ps \u2013enc x' }, true],
  [`f|contains|windash: ' -enc '`, { f: 'ps \u2014enc x' }, true],
  [`f|contains|windash: ' -enc '`, { f: 'ps \u2015enc x' }, true],
  [`f|contains|windash: ' /enc '`, { f: 'ps -enc x' }, true],
  [`f|contains|windash: ' -param-name'`, { f: 'x /param-name' }, true],
  [`f|contains|windash: ' -param-name'`, { f: 'x /param/name' }, false],
  [`f|contains|all|windash:\n  - ' -a '\n  - ' -b '`, { f: 'x /a -b y' }, true],
  [`f|contains|all|windash:\n  - ' -a '\n  - ' -b '`, { f: 'x /a -c y' }, false],
]);

cases('Modifiers, Regular Expression', [
  [`f|re: ho`, { f: 'whoami' }, true],
  [`f|re: HO`, { f: 'whoami' }, false],
  [`f|re|i: HO`, { f: 'whoami' }, true],
  [`f|re: '(?i)HO'`, { f: 'whoami' }, true],
  [`f|re: ^b`, { f: 'a\nb' }, false],
  [`f|re|m: ^b`, { f: 'a\nb' }, true],
  [`f|re: a.b`, { f: 'a\nb' }, false],
  [`f|re|s: a.b`, { f: 'a\nb' }, true],
  [`f|re|i|s: A.B`, { f: 'a\nb' }, true],
  [String.raw`f|re: '^\d{3}$'`, { f: 123 }, true],
  [String.raw`f|re: 'a\*b'`, { f: 'a*b' }, true],
  [`f|re: '[[:digit:]]+x'`, { f: '12x' }, true],
  [`f|re: '(?<=a)b'`, { f: 'ab' }, true],
  [`f|re: 'a(?!b)'`, { f: 'ac' }, true],
  [`f|re: 'a(?!b)'`, { f: 'ab' }, false],
  [`f|re|all:\n  - a+\n  - b+`, { f: 'xaab' }, true],
]);

cases('Modifiers, Encoding', [
  [`f|base64: whoami`, { f: 'd2hvYW1p' }, true],
  [`f|base64|contains: whoami`, { f: 'x d2hvYW1p y' }, true],
  [`f|base64offset|contains: foobar`, { f: btoa('foobar') }, true],
  [`f|base64offset|contains: foobar`, { f: btoa('xfoobary') }, true],
  [`f|base64offset|contains: foobar`, { f: btoa('xxfoobary') }, true],
  [`f|base64offset|contains: foobar`, { f: btoa('xxxfoobar') }, true],
  [`f|base64offset|contains: foobaz`, { f: btoa('xfoobar') }, false],
  [`f|base64offset|contains: fööbar`, { f: btoa('x' + String.fromCharCode(...new TextEncoder().encode('fööbar')) + 'y') }, true],
  [`f|wide|base64offset|contains: cmd`, { f: btoa('xxc\0m\0d\0') }, true],
  [`f|utf16le|base64: cmd`, { f: btoa('c\0m\0d\0') }, true],
  [`f|utf16be|base64: cmd`, { f: btoa('\0c\0m\0d') }, true],
  [`f|utf16|base64: cmd`, { f: btoa('\xff\xfec\0m\0d\0') }, true],
  [`f|wide: cmd`, { f: 'c\0m\0d\0' }, true],
  [`f|wide|contains: 'c*d'`, { f: 'x c\0m\0d\0 y' }, true],
]);

cases('Modifiers, Numeric', [
  [`f|gt: 5`, { f: 6 }, true],
  [`f|gt: 5`, { f: 5 }, false],
  [`f|gte: 5`, { f: '5' }, true],
  [`f|lt: 5`, { f: 4.5 }, true],
  [`f|lte: 5`, { f: 5 }, true],
  [`f|lt: 5`, { f: 'abc' }, false],
  [`f|lt: 5`, {}, false],
  [`f|lt: 5`, { f: null }, false],
  [`f|lt: 5`, { f: '' }, false],
  [`f|gt: -1.5`, { f: '-1' }, true],
  [`f|gt: 5`, { f: [1, 9] }, true],
]);

cases('Modifiers, Time: as written, no zones', [
  [`f|minute: 30`, { f: '2024-05-01T10:30:00Z' }, true],
  [`f|hour: 10`, { f: '2024-05-01T10:30:00+09:00' }, true],
  [`f|hour: 1`, { f: '2024-05-01T10:30:00+09:00' }, false],
  [`f|day: 1`, { f: '2024-05-01' }, true],
  [`f|hour: 0`, { f: '2024-05-01' }, false],
  [`f|week: 18`, { f: '2024-05-01 10:30:00' }, true],
  [`f|week: 53`, { f: '2020-12-31T00:00:00Z' }, true],
  [`f|month: 5`, { f: '2024-05-01T10:30:00Z' }, true],
  [`f|year: 2024`, { f: 1714559400 }, true],
  [`f|year|gte: 2024`, { f: '2024-05-01T10:30:00Z' }, true],
  [`f|hour|gte: 22`, { f: '2024-05-01T10:30:00Z' }, false],
  [`f|hour|lt: 6`, { f: '2024-05-01T05:59:59Z' }, true],
  [`f|hour: 10`, { f: 'ten' }, false],
]);

cases('Modifiers, IP', [
  [`f|cidr: 10.0.0.0/8`, { f: '10.255.1.2' }, true],
  [`f|cidr: 10.0.0.0/8`, { f: '11.0.0.1' }, false],
  [`f|cidr: 192.168.0.0/23`, { f: '192.168.1.255' }, true],
  [`f|cidr: 192.168.0.0/23`, { f: '192.168.2.0' }, false],
  [`f|cidr: 0.0.0.0/0`, { f: '1.2.3.4' }, true],
  [`f|cidr: 10.0.0.1`, { f: '10.0.0.1' }, true],
  [`f|cidr: 10.0.0.0/8`, { f: '::ffff:10.1.2.3' }, true],
  [`f|cidr: fe80::/10`, { f: 'fe80::1%eth0' }, true],
  [`f|cidr: 2001:db8::/32`, { f: '2001:0DB8:0:0::1' }, true],
  [`f|cidr: 2001:db8::/32`, { f: '2001:db9::1' }, false],
  [`f|cidr: ::/0`, { f: '10.0.0.1' }, false],
  [`f|cidr: 10.0.0.0/8`, { f: 'ten' }, false],
  [`f|cidr: 10.0.0.0/8`, { f: '10.0.0.256' }, false],
  [`f|cidr:\n  - 10.0.0.0/8\n  - 172.16.0.0/12`, { f: ['8.8.8.8', '172.31.0.1'] }, true],
]);

cases('Modifiers, fieldref', [
  [`f|fieldref: g`, { f: 'a', g: 'A' }, true],
  [`f|fieldref: g`, { f: 'a', g: 'b' }, false],
  [`f|fieldref: g`, { f: 'a' }, false],
  [`f|fieldref: g`, {}, false],
  [`f|fieldref: g`, { f: 5, g: '5' }, true],
  [`f|fieldref|cased: g`, { f: 'a', g: 'A' }, false],
  [`f|fieldref|startswith: g`, { f: 'abc', g: 'ab' }, true],
  [`f|fieldref|endswith: g`, { f: 'abc', g: 'bc' }, true],
  [`f|fieldref|contains: g`, { f: 'abc', g: 'b' }, true],
  [`f|fieldref|startswith: g`, { f: 'abc', g: 'bc' }, false],
  [`f|fieldref|neq: g`, { f: 'a', g: 'b' }, true],
  [`f|fieldref|neq: g`, { f: 'a', g: 'a' }, false],
  [`f|fieldref: g.h`, { f: 'a', g: { h: ['b', 'a'] } }, true],
]);

describe('Placeholders', () => {
  const placeholders = { Servers: ['srv*', 'db1'], One: 'x', Port: 8080 };
  const given: readonly Case[] = [
    [`f|expand: '%Servers%'`, { f: 'SRV42' }, true],
    [`f|expand: '%Servers%'`, { f: 'db1' }, true],
    [`f|expand: '%Servers%'`, { f: 'web' }, false],
    [`f|expand: 'a-%One%-b'`, { f: 'a-x-b' }, true],
    [`f|contains|expand: '%One%'`, { f: 'axb' }, true],
    [`f|expand|contains: '%One%'`, { f: 'axb' }, true],
    [`f|expand: '%Port%'`, { f: 8080 }, true],
    [`f: '%One%'`, { f: '%one%' }, true],
    [String.raw`f|expand: '\%plain%One%'`, { f: '%plainx' }, true],
    [`f|re|expand: '^%One%$'`, { f: 'x' }, true],
    [`f|expand|all:\n  - '%Servers%'\n  - 's*'`, { f: 'srv1' }, true],
    [`f|expand: '100%'`, { f: '100%' }, true],
  ];
  it.each(given.map(([selection, record, expected]) => ({ selection, record, expected })))(
    '$selection: $expected',
    ({ selection, record, expected }) => {
      expect(holds(selection, record, { placeholders })).toBe(expected);
    },
  );
});

describe('Keywords search', () => {
  const given: readonly (readonly [string, AnyRecord, boolean, string?])[] = [
    [`- mimikatz`, { deep: [{ text: 'run MIMIKATZ now' }] }, true],
    [`- mimikatz`, { mimikatz: 'x' }, false],
    [`- mimikatz\n- other`, { a: 'other' }, true],
    [`- 'a*b'`, { t: 'xx a..b yy' }, true],
    [`- 'a*b'`, { t: 'a', u: 'b' }, false],
    [`- evil`, {}, true, 'an evil line'],
    [`- evil`, {}, false, 'a good line'],
    [`'|all':\n  - one\n  - two`, { a: 'one', b: 'two' }, true],
    [`'|all':\n  - one\n  - two`, { a: 'one' }, false],
    [`- 4625`, { id: 4625 }, true],
    [`- 4625`, { id: 46251 }, false],
    [`- 4625`, { text: 'id=4625;' }, true],
    [`- 4625`, { text: 'id=46250' }, false],
    [`- 'true'`, { a: true }, false],
    [`'|re':\n  - 'a{3}'`, { t: 'xaaax' }, true],
    [`'|cased':\n  - Evil`, { t: 'evil' }, false],
    [`'|contains':\n  - evil`, { t: 'some evil' }, true],
    [`- x\n- f: y`, { f: 'y' }, true],
    [`- x\n- f: y`, { g: 'axb' }, true],
  ];
  it.each(given.map(([selection, record, expected, line]) => ({ selection, record, expected, line })))(
    '$selection on $record $line: $expected',
    ({ selection, record, expected, line }) => {
      expect(holds(selection, record, { line })).toBe(expected);
    },
  );
});
