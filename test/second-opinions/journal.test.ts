/** journalctl and our parser read the same journal files, made by systemd-journal-remote in the forms this machine's systemd can write. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { parser } from '../../src/parsers/journal-file.js';
import { readBytes } from '../conformance.js';
import { toExportFormat, type JournalEntry } from './export-format.js';
import { describeWith, run, temporaryFolder } from './tools.js';

/** Every field we carry, as both sides tell it. */
interface Opinion {
  readonly time: string;
  readonly host?: string;
  readonly program?: string;
  readonly pid?: number;
  readonly message?: string;
}

/** Names of programs that we do not know, so that events keep the entry's own fields. */
const PROGRAMS = ['alpha', 'beta-daemon', 'gamma.service'];
const BOOTS = ['b00710000000000000000000000000a1', 'b00720000000000000000000000000a2', 'b00730000000000000000000000000a3'];
const START = 1_714_557_012_123_456;

const entry = (
  index: number,
  message: string | Uint8Array | undefined,
  more: JournalEntry['fields'] = [],
  shift = index * 1_000_003,
): JournalEntry => ({
  realtime: START + shift,
  monotonic: 5_000_000 + index,
  boot: BOOTS[0] as string,
  fields: [
    ['_MACHINE_ID', '0123456789abcdef0123456789abcdef'],
    ['_HOSTNAME', `node-${index % 3}`],
    ['_TRANSPORT', 'syslog'],
    ['PRIORITY', String(index % 8)],
    ['SYSLOG_IDENTIFIER', PROGRAMS[index % PROGRAMS.length] as string],
    ['_PID', String(1000 + index)],
    ...(message === undefined ? [] : [['MESSAGE', message] as const]),
    ...more,
  ],
});

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

const SETS: Record<string, JournalEntry[]> = {
  'plain messages': Array.from({ length: 50 }, (_, i) => entry(i, `message number ${i}`)),
  'texts of every kind': [
    'first line\nsecond line\n\n  fourth',
    'ends with a line feed\n',
    '',
    'é 漢字 🔒',
    'tab\there',
    'red \u001b[31mtext',
    ...fc
      .sample(fc.string({ unit: 'binary', maxLength: 200 }), { numRuns: 60, seed: 252 })
      .map((text) => (text as string & { toWellFormed(): string }).toWellFormed()),
  ].map((text, i) => entry(i, text)),
  'bytes that are no text': [bytes(0xff, 0xfe), bytes(0x61, 0, 0x62), bytes(0xc3), bytes(0x80, 0x0a, 0x81)].map((value, i) =>
    entry(i, value),
  ),
  'long messages': [511, 512, 4096, 65_000, 700_000].map((size, i) => entry(i, 'long '.repeat(size / 5))),
  'repeated fields and large ones': Array.from({ length: 8 }, (_, i) =>
    entry(i, `entry ${i}`, [
      ['TAG', 'a'],
      ['TAG', 'b'],
      ['PAYLOAD', Uint8Array.from({ length: i * 3000 }, (_unused, at) => at % 251)],
    ]),
  ),
  'clocks that go back': [0, 5_000_000, 3_000_000, 9_000_000, -7_000_000, 9_000_000, 100].map((shift, i) =>
    entry(i, `written as number ${i}`, [], shift),
  ),
  'the same microsecond': [1, 1, 1, 2, 2].map((shift, i) => entry(i, `of microsecond ${shift}`, [], shift)),
  'several boots': BOOTS.flatMap((boot, b) =>
    [0, 1, 2].map((i) => ({ ...entry(b * 3 + i, `boot ${b}, entry ${i}`), boot, monotonic: 1000 * (3 - b) + i })),
  ),
  'the time of the sender': Array.from({ length: 5 }, (_, i) =>
    entry(i, `sent ${i}`, [['_SOURCE_REALTIME_TIMESTAMP', String(START + i * 1_000_003 - 777)]]),
  ),
  'many entries': Array.from({ length: 3000 }, (_, i) => entry(i, `entry ${i} ${'x'.repeat(i % 700)}`, [['N', String(i)]])),
};

/** Older systemd does not know some of them and writes its own default: then the same form is read twice. */
const FORMS: Record<string, Record<string, string>> = {
  'regular, unkeyed hash': { SYSTEMD_JOURNAL_COMPACT: '0', SYSTEMD_JOURNAL_KEYED_HASH: '0', SYSTEMD_JOURNAL_COMPRESS: '0' },
  'regular, keyed hash, zstd': { SYSTEMD_JOURNAL_COMPACT: '0', SYSTEMD_JOURNAL_KEYED_HASH: '1', SYSTEMD_JOURNAL_COMPRESS: 'ZSTD' },
  'compact, keyed hash, zstd': { SYSTEMD_JOURNAL_COMPACT: '1', SYSTEMD_JOURNAL_KEYED_HASH: '1', SYSTEMD_JOURNAL_COMPRESS: 'ZSTD' },
  'compact, uncompressed': { SYSTEMD_JOURNAL_COMPACT: '1', SYSTEMD_JOURNAL_KEYED_HASH: '1', SYSTEMD_JOURNAL_COMPRESS: '0' },
};

/** `journalctl -o json`: strings; bytes that are no text as an array of numbers. */
type Said = Record<string, string | number[] | undefined>;

function textOf(value: Said[string]): string | undefined {
  return Array.isArray(value) ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(value)) : value;
}

function toInstant(microseconds: bigint): string {
  const seconds = new Date(Number(microseconds / 1_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(microseconds % 1_000_000n).padStart(6, '0')}000Z`;
}

function theirOpinion(said: Said): Opinion {
  return {
    time: toInstant(BigInt((said._SOURCE_REALTIME_TIMESTAMP ?? said.__REALTIME_TIMESTAMP) as string)),
    host: textOf(said._HOSTNAME),
    program: textOf(said.SYSLOG_IDENTIFIER),
    pid: Number(said._PID),
    message: textOf(said.MESSAGE),
  };
}

function ourOpinion(event: Event): Opinion {
  return { time: event.time, host: event.host, program: event.process?.name, pid: event.process?.pid, message: event.message };
}

describeWith(
  ['journalctl', 'systemd-journal-remote'],
  'journalctl and we read journals alike',
  ({ journalctl, 'systemd-journal-remote': remote }) => {
    const folder = temporaryFolder();
    describe.each(Object.entries(FORMS))('%s', (form, env) => {
      it.each(Object.entries(SETS))('%s', async (set, entries) => {
        const file = path.join(folder, `${form}-${set}.journal`.replace(/[ ,]+/g, '-'));
        run(remote, ['-o', file, `--compress=${env.SYSTEMD_JOURNAL_COMPRESS === '0' ? 'no' : 'yes'}`, '-'], {
          input: toExportFormat(entries),
          env,
        });
        const said = run(journalctl, ['--file', file, '-o', 'json', '--all', '--no-pager']).toString().trimEnd().split('\n');
        const theirs = said.map((line) => theirOpinion(JSON.parse(line) as Said));
        expect(theirs).toHaveLength(entries.length);
        const { events, problems } = await readBytes(parser, new Uint8Array(readFileSync(file)), {}, { name: path.basename(file) });
        expect(problems).toEqual([]);
        expect(events.map(ourOpinion)).toEqual(theirs);
      });
    });
  },
);
