/** Bytes that are no proper text: they are told of, and the records around them are read. */
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/intake/bytes-source.js';
import { timeline } from '../../src/timeline/timeline.js';
import { collect } from '../../src/timeline/collect.js';
import { authLog, codesOf, readEvidence } from '../node/evidence.js';

const before = authLog(1, 'before');
const after = authLog(1, 'after', 5);
const MEBI = 2 ** 20;

/** Reads hostile bytes between two good records; both must be there. */
async function between(hostile: Uint8Array | string, name = 'auth.log') {
  const read = await readEvidence({
    name,
    bytes: Buffer.concat([Buffer.from(before), Buffer.from(hostile as string), Buffer.from(after)]),
  });
  const hosts = read.events.map((event) => event.host);
  expect(hosts).toContain('before');
  expect(hosts).toContain('after');
  return read;
}

describe('bytes between two good records', () => {
  it.each([
    ['NULs, as a crash leaves them', Buffer.alloc(5000), 'encoding'],
    ['NULs and a line feed', Buffer.concat([Buffer.alloc(4096), Buffer.from('\n')]), 'encoding'],
    ['invalid UTF-8', Buffer.from('2024-05-01T00:01:00Z h app: \xff\xfe\xc3\x28\n', 'latin1'), 'encoding'],
    [
      'overlong and surrogate sequences',
      Buffer.from('2024-05-01T00:01:00Z h app: \xc0\xaf \xed\xa0\x80 \xf5\x80\x80\x80\n', 'latin1'),
      'encoding',
    ],
    ['noise', Buffer.concat([Buffer.from(randomBytes(3000).map((byte) => (byte === 10 ? 11 : byte))), Buffer.from('\n')]), 'malformed'],
    ['a line that is none', Buffer.from('nonsense without a header\n'), 'malformed'],
  ] as const)('%s', async (_what, bytes, code) => {
    const read = await between(bytes);
    expect(codesOf(read)).toContain(code);
  });

  it('lines that end with CR LF, LF and not at all', async () => {
    const text = [authLog(1, 'a', 1).trimEnd(), '\r\n', authLog(1, 'b', 2), '\r\n', '\n', authLog(1, 'c', 3).trimEnd()].join('');
    const read = await readEvidence({ name: 'auth.log', bytes: Buffer.from(text) });
    expect(read.events.map((event) => event.host)).toEqual(['a', 'b', 'c']);
    expect(read.problems).toEqual([]);
  });

  it('CR, NEL and line separators inside of a record stay in it', async () => {
    const read = await between('2024-05-01T00:01:00Z h app: one\rtwo\u0085three\u2028four\n');
    expect(read.events.find((event) => event.host === 'h')?.message).toBe('one\rtwo\u0085three\u2028four');
  });

  it('a name that is meant to look like the rest of the record', async () => {
    const read = await between(
      '2024-05-01T00:01:00+00:00 h sshd[7]: Failed password for invalid user root from 10.0.0.1 port 22 ssh2 from 203.0.113.9 port 4711 ssh2\n',
    );
    const event = read.events.find((item) => item.host === 'h');
    expect(event).toMatchObject({ outcome: 'failure', client: { ip: '203.0.113.9', port: 4711 } });
  });

  it('any bytes at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
        await between(Buffer.concat([Buffer.from(noise), Buffer.from('\n')]));
      }),
      { numRuns: 200 },
    );
  });
});

describe('files of noise', () => {
  it('are not understood, and say so; none throws', async () => {
    const kinds = [
      randomBytes(100_000),
      Buffer.alloc(100_000),
      Buffer.alloc(100_000, 0xff),
      Buffer.alloc(70_000, '\n'),
      Buffer.alloc(100_000, '{'),
      Buffer.alloc(100_000, '['),
      Buffer.alloc(100_000, ' '),
    ];
    for (const bytes of kinds) {
      const read = await readEvidence({ name: 'noise', bytes });
      expect(read.events).toEqual([]);
      expect(read.problems.length).toBeGreaterThan(0);
    }
  });

  it('are borne by every parser that is told to read them', async () => {
    const { parsers } = await import('../../src/parsers/registry.js');
    for (const { id } of parsers) {
      for (const bytes of [
        randomBytes(20_000),
        Buffer.alloc(20_000),
        Buffer.alloc(20_000, '"'),
        Buffer.from('\n'.repeat(1000)),
        new Uint8Array(0),
      ]) {
        const stream = timeline([bytesSource(bytes, { name: 'noise', parser: id })]);
        await collect(stream);
        for (const { tally } of stream.coverage) expect(tally.frames).toBe(tally.decoded + tally.merged + tally.rejected + tally.ignored);
      }
    }
  });
});

/** A source that is made as it is read. */
async function* generated(parts: Iterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part as string);
}

function* endless(size: number, chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < size; at += chunk.length) yield chunk;
}

describe('lines without an end', () => {
  it('100 MB between two records: both are read, the line is cut and told', async () => {
    function* parts(): Generator<Uint8Array | string> {
      yield before;
      yield '2024-05-01T00:01:00Z h app: ';
      yield* endless(100e6, Buffer.alloc(MEBI, 'a'));
      yield '\n';
      yield after;
    }
    const stream = timeline([bytesSource(generated(parts()), { name: 'auth.log' })]);
    const events = await collect(stream);
    expect(events.events.map((event) => event.host)).toEqual(['before', 'h', 'after']);
    expect(stream.coverage[0]?.tally.problems).toEqual({ limit: 1 });
  });

  it.each(['syslog', 'kube-audit', 'journal-export', 'syslog-stream', 'auditd', 'shell-history'])(
    'a gigabyte of one letter takes no more memory than the longest record allowed (%s)',
    { timeout: 120_000 },
    async (parser) => {
      let peak = 0;
      const start = process.memoryUsage().rss;
      const chunk = Buffer.alloc(MEBI, 'a');
      function* parts(): Generator<Uint8Array> {
        for (let i = 0; i < 1024; i++) {
          yield chunk;
          if (i % 16 === 0) peak = Math.max(peak, process.memoryUsage().rss - start);
        }
      }
      const stream = timeline([bytesSource(generated(parts()), { name: 'x', parser })], { limits: { recordBytes: 4 * MEBI } });
      await collect(stream);
      expect(peak).toBeLessThan(400 * MEBI);
      const { problems } = stream.coverage[0]?.tally ?? {};
      expect(Object.keys(problems ?? {}).length).toBeGreaterThan(0);
    },
  );
});
