/** Archives made to fill disks and memories: each ends at a limit that is told, and the evidence beside it is read. */
import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openEvidence } from '../../src/node/evidence.js';
import { collect } from '../../src/timeline/collect.js';
import { timeline } from '../../src/timeline/timeline.js';
import { authLog, codesOf, fileIn, folder, messagesOf, readEvidence } from '../node/evidence.js';
import { TAR_END, tarEntry, tarOf } from '../node/tar-bytes.js';
import { describeWith } from '../second-opinions/tools.js';

const MEBI = 2 ** 20;
const log = authLog(20);
/** 64 MiB of zeros, 64 KiB as a member of a gzip file. */
const zeros = gzipSync(Buffer.alloc(64 * MEBI));

/** Peak of the process's memory while something is done, above what it was (bytes). */
async function memoryOf(act: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 10);
  await act();
  clearInterval(timer);
  return Math.max(peak, process.memoryUsage().rss) - before;
}

describe('archive bombs', () => {
  it('a gigabyte of zeros in gzip stops at the ratio, in little memory, and its neighbour is read', async () => {
    const where = folder();
    fileIn(where, 'bomb.gz', Buffer.concat(Array.from({ length: 16 }, () => zeros)));
    fileIn(where, 'z.log', log);
    let read;
    const memory = await memoryOf(async () => {
      read = await readEvidence(where);
    });
    expect(codesOf(read as never)).toContain('limit');
    expect(messagesOf(read as never)).toMatch(/more than 250 bytes out of one/);
    expect((read as unknown as { events: unknown[] }).events).toHaveLength(20);
    expect(memory).toBeLessThan(400 * MEBI);
  });

  it('a gigabyte of zeros as a member of a tar in gzip stops, and the member before it is read', async () => {
    const size = 1024 * MEBI;
    const header = tarEntry({ name: 'zeros', size }).subarray(0, 512);
    const bytes = Buffer.concat([
      gzipSync(Buffer.concat([tarEntry({ name: 'a.log', body: log }), header])),
      ...Array.from({ length: 16 }, () => zeros),
    ]);
    const read = await readEvidence({ name: 'bomb.tgz', bytes });
    expect(read.events).toHaveLength(20);
    expect(codesOf(read)).toContain('limit');
  });

  it('archives in archives, ten deep and sixteen wide, stop at the depth and at what one file may hold', async () => {
    let bytes: Buffer = gzipSync(Buffer.alloc(4 * MEBI));
    for (let level = 0; level < 4; level++)
      bytes = gzipSync(tarOf(...Array.from({ length: 16 }, (_, i) => ({ name: `${i}.tgz`, body: bytes }))));
    const read = await readEvidence(
      [
        { name: '42.tgz', bytes },
        { name: 'z.log', bytes: Buffer.from(log) },
      ],
      {
        limits: { ratioFrom: MEBI, ratio: 20, depth: 20 },
      },
    );
    expect(codesOf(read)).toContain('limit');
    expect(read.events).toHaveLength(20);
    expect(messagesOf(read)).toMatch(/unpacking stopped: more than \d+ bytes out of \d+/);
    expect(read.coverage.length).toBeLessThan(100);
    let deep: Buffer = Buffer.from(log);
    for (let level = 0; level < 10; level++) deep = tarOf({ name: `${level}.tar`, body: deep });
    const told = await readEvidence({ name: 'deep.tar', bytes: deep });
    expect(codesOf(told)).toContain('limit');
    expect(messagesOf(told)).toContain('inside 8 archives already');
  });

  it('200,000 members and more: those that are allowed are read, the rest is told of once', { timeout: 240_000 }, async () => {
    const empty = tarEntry({ name: 'empty' });
    const bytes = Buffer.concat([tarEntry({ name: 'a.log', body: log }), Buffer.alloc(200_100 * empty.length, empty), TAR_END]);
    const read = await readEvidence({ name: 'many.tar', bytes });
    expect(read.coverage).toHaveLength(200_000);
    expect(read.problems).toMatchObject([{ code: 'limit', message: expect.stringContaining('200000 files') }]);
    expect(read.events).toHaveLength(20);
  });

  it('a sparse member of a terabyte stops, and the member behind it is read', async () => {
    const where = folder();
    const huge = fileIn(where, 'huge', log);
    truncateSync(huge, 2 ** 40);
    fileIn(where, 'z.log', authLog(3, 'z'));
    execFileSync('tar', ['-S', '-C', where, '-cf', path.join(where, 'sparse.tar'), 'huge', 'z.log']);
    const read = await readEvidence(path.join(where, 'sparse.tar'), { limits: { ratioFrom: 8 * MEBI } });
    expect(read.problems[0]).toMatchObject({ code: 'limit', message: expect.stringContaining('sparse') });
    expect(read.events).toHaveLength(23);
  });

  it('a limit on all that is unpacked is told, and what came before it is read', async () => {
    const bytes = tarOf({ name: 'a.log', body: log }, { name: 'b', body: Buffer.alloc(MEBI, 'x') }, { name: 'c.log', body: log });
    const read = await readEvidence({ name: 'case.tar', bytes }, { limits: { unpackedBytes: 100_000 } });
    expect(read.events).toHaveLength(20);
    expect(messagesOf(read)).toContain('unpacking stopped after 100000 bytes in all');
  });

  it('members that do not fit in memory go to a temporary folder that is gone in the end, whatever the end is', async () => {
    const temporary = folder();
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    try {
      const bodies = Array.from({ length: 50 }, (_, i) => ({ name: `${i}.log`, body: authLog(200, `h${i}`) }));
      const input = { name: 'case.tar', bytes: tarOf(...bodies) };
      const limits = { memoryBytes: 10_000 };
      const evidence = await openEvidence(input, { limits });
      const [spooled] = readdirSync(temporary);
      expect(readdirSync(path.join(temporary, spooled as string)).length).toBeGreaterThan(40);
      expect(await collect(timeline(evidence.sources))).toHaveLength(10_000);
      await evidence.close();
      expect(readdirSync(temporary)).toEqual([]);
      await expect(openEvidence([input, '/no/such/file'], { limits })).rejects.toMatchObject({ code: 'ENOENT' });
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});

describeWith(['zip'], 'zip bombs', ({ zip }) => {
  it('zeros at a thousand to one stop, and the next member is read', async () => {
    const where = folder();
    fileIn(where, 'a', '');
    truncateSync(path.join(where, 'a'), 300 * MEBI);
    fileIn(where, 'b.log', log);
    execFileSync(zip, ['-q', 'bomb.zip', 'a', 'b.log'], { cwd: where });
    const read = await readEvidence(path.join(where, 'bomb.zip'));
    expect(codesOf(read)).toContain('limit');
    expect(read.events).toHaveLength(20);
  });

  it('members that lie over one another stop at what one file may hold', async () => {
    // Every entry of the directory points to the same member.
    const where = folder();
    fileIn(where, 'zeros', Buffer.alloc(MEBI));
    execFileSync(zip, ['-q', '-X', 'one.zip', 'zeros'], { cwd: where });
    const one = readFileSync(path.join(where, 'one.zip'));
    const at = one.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    const end = one.indexOf(Buffer.from([0x50, 0x4b, 5, 6]));
    const entry = one.subarray(at, end);
    const tail = Buffer.from(one.subarray(end));
    tail.writeUInt16LE(5000, 8);
    tail.writeUInt16LE(5000, 10);
    tail.writeUInt32LE(entry.length * 5000, 12);
    const bytes = Buffer.concat([one.subarray(0, at), ...Array.from({ length: 5000 }, () => entry), tail]);
    const read = await readEvidence({ name: 'over.zip', bytes }, { limits: { ratioFrom: 2 * MEBI, ratio: 100 } });
    expect(codesOf(read)).toContain('limit');
    expect(read.coverage.length).toBeLessThan(100);
  });

  it('deflate data without an end of their own are bounded as well', async () => {
    const body = deflateRawSync(Buffer.alloc(64 * MEBI));
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 6);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(1, 26);
    const read = await readEvidence(
      { name: 'cut.zip', bytes: Buffer.concat([local, Buffer.from('a'), body]) },
      { limits: { ratioFrom: MEBI } },
    );
    expect(codesOf(read)).toContain('limit');
  });
});
