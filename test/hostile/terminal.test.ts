/** Attackers wrote the text: nothing of it steers a terminal, runs in a spreadsheet, or hides what stands beside it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actions, type Action } from '../../src/model/action.js';
import type { Event } from '../../src/model/event.js';
import { csvHeader, csvRow } from '../../src/timeline/csv.js';
import { formatRow, formatTable } from '../../src/timeline/table.js';
import { shorten, visible, visibleJson } from '../../src/timeline/visible.js';
import { formatSources } from '../../src/cli/source-text.js';
import { sourceReport } from '../../src/cli/source-report.js';
import { newTally } from '../../src/intake/tally.js';
import { eventAt } from '../timeline/events.js';
import { runCli } from '../cli/io.js';
import { fileIn, folder } from '../node/evidence.js';
import { tarOf } from '../node/tar-bytes.js';

/** What no terminal may get: controls but the line feed, marks of direction, what is not seen, halves of pairs. */
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/u;

const CONTROLS = [
  ...Array.from({ length: 32 }, (_, i) => String.fromCharCode(i)),
  ...Array.from({ length: 33 }, (_, i) => String.fromCharCode(0x7f + i)),
  ...'\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\ufff9\ud800\udc00',
  ...['\u{e0041}', '\u001b]0;title\u0007', '\u001b[2J', '\u009b31m', '\u001bP', '=cmd|x', '+1', '-1', '@a', '"', ',', '\r\n', '\t='],
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...CONTROLS), fc.string({ unit: 'binary', maxLength: 4 }), fc.constantFrom('a', ' ', 'é', '漢', '😀')), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

const event = fc
  .record(
    {
      action: fc.constantFrom(...(Object.keys(actions) as Action[])),
      host: hostile,
      message: hostile,
      session: hostile,
      actor: fc.record({ user: hostile, impersonating: hostile, credential: hostile }),
      target: fc.record({ user: hostile }),
      client: fc.record({ ip: hostile, host: hostile, userAgent: hostile }),
      process: fc.record({ name: hostile, commandLine: hostile, exe: hostile }),
      file: fc.record({ path: hostile, targetPath: hostile }),
      pod: fc.record({ namespace: hostile, name: hostile }),
      container: fc.record({ id: hostile, name: hostile }),
      object: fc.record({ resource: hostile, subresource: hostile, namespace: hostile, name: hostile }),
      origin: fc.record({ source: fc.constant('a'), path: hostile, parser: hostile, offset: fc.nat(), length: fc.nat() }),
    },
    { requiredKeys: ['action', 'origin'] },
  )
  .map((fields) => eventAt('2024-05-01T00:00:00.000000000Z', fields as Partial<Event>));

describe('text of evidence', () => {
  it('is made visible, whatever is in it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visible(text)).not.toMatch(RAW);
        expect(visible(text)).not.toContain('\n');
      }),
    );
  });

  it('stays the same when nothing in it is hidden', () => {
    for (const text of ['plain', 'Grüße', '漢字', '😀', 'a\\nb', 'ﷺ']) expect(visible(text)).toBe(text);
  });

  it('is cut to a width without halves of characters', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 2, max: 10 }), (text, width) => {
        const cut = shorten(visible(text), width);
        expect(cut.length).toBeLessThanOrEqual(width);
        expect(cut).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

describe('what is shown of events', () => {
  it('is one visible line in a table', () => {
    fc.assert(
      fc.property(event, fc.integer({ min: 40, max: 200 }), (made, width) => {
        const row = formatRow(made, 12, { width, origins: true });
        expect(row).not.toMatch(RAW);
        expect(row).not.toContain('\n');
      }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), (made) => {
        expect(formatTable(made).split('\n')).toHaveLength(Math.max(1, made.length));
      }),
    );
  });

  it('is one line of CSV with as many cells as there are columns, and no cell is a formula', () => {
    fc.assert(
      fc.property(event, (made) => {
        const row = csvRow(made);
        expect(row).not.toMatch(RAW);
        expect(row).not.toContain('\n');
        const cells = parseCsv(row);
        expect(cells).toHaveLength(csvHeader.split(',').length);
        for (const cell of cells) if (!/^-?\d+$/.test(cell)) expect(cell).not.toMatch(/^\s*[=+\-@]/);
      }),
    );
  });

  it('is the same JSON when it is made visible', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 3 }), (made) => {
        const text = made.map((item) => JSON.stringify(item)).join('\n');
        const shown = visibleJson(text);
        expect(shown).not.toMatch(RAW);
        expect(shown.split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(
          made.map((item) => JSON.parse(JSON.stringify(item)) as unknown),
        );
      }),
    );
  });
});

describe('what is shown of sources', () => {
  it('is visible: names, wrappings, messages, beginnings', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.uint8Array({ maxLength: 32 }), (name, message, beginning) => {
        const origin = { source: '', path: name, parser: '', offset: 0, length: 0 };
        const tally = { ...newTally(), problems: { malformed: 1 }, samples: [{ code: 'malformed' as const, message, origin }] };
        const source = { id: 'a', name, facts: {}, wrappings: [{ path: name, kind: 'tar' }], open: async function* () {} };
        const rows = [
          { source, tally, beginning, after: [name] },
          { source, tally, sameAs: name },
        ];
        const text = formatSources(sourceReport(rows, [{ code: 'unreadable', message, origin }]));
        expect(text).not.toMatch(RAW);
      }),
    );
  });

  it('holds for the whole command line, in every format', async () => {
    const where = folder();
    const nasty = '\u001b[31m\u202e\u009bx';
    const lines = [
      `2024-05-01T00:00:00Z h${nasty} sshd[1]: Failed password for invalid user ${nasty} from 192.0.2.1 port 22 ssh2`,
      `2024-05-01T00:00:01Z h app: ${nasty}`,
      `${nasty} is no record`,
    ];
    const bundle = fileIn(
      where,
      'case.tar',
      tarOf({ name: `${nasty}.log`, body: lines.join('\n') + '\n' }, { name: nasty, body: nasty }, { name: nasty, type: '2' }),
    );
    for (const args of [
      ['timeline', '--origins', bundle],
      ['timeline', '--format', 'csv', bundle],
      ['timeline', '--format', 'ndjson', '--raw', bundle],
      ['sources', bundle],
      ['sources', '--format', 'json', bundle],
    ]) {
      const { out, err } = await runCli(args, { width: 100 });
      expect(out.length).toBeGreaterThan(0);
      expect({ args, raw: RAW.exec(out) ?? RAW.exec(err) }).toEqual({ args, raw: null });
    }
  });
});

/** RFC 4180, one row. */
function parseCsv(row: string): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= row.length) {
    if (row[at] === '"') {
      let cell = '';
      for (at++; at < row.length && !(row[at] === '"' && row[at + 1] !== '"'); at++) {
        cell += row[at];
        if (row[at] === '"') at++;
      }
      cells.push(cell);
      at += 2;
    } else {
      const end = row.indexOf(',', at);
      cells.push(row.slice(at, end < 0 ? row.length : end));
      at = end < 0 ? row.length + 1 : end + 1;
    }
  }
  return cells;
}
