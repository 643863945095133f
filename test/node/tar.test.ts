import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync, linkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { expect, it, describe } from 'vitest';
import { gzipSync } from 'node:zlib';
import { describeWith } from '../second-opinions/tools.js';
import { authLog, codesOf, fileIn, folder, messagesOf, readEvidence, sha256 } from './evidence.js';
import { paxEntry, seal, TAR_END, tarEntry, tarHeader, tarOf } from './tar-bytes.js';

const log = authLog(20);
const named = (bytes: Uint8Array) => ({ name: 'case.tar', bytes });

describeWith(['tar'], 'archives that tar writes', ({ tar }) => {
  const where = folder();
  mkdirSync(path.join(where, 'in'));
  fileIn(where, 'in/auth.log', log);
  const longName = `${'d'.repeat(60)}/${'e'.repeat(60)}`;
  mkdirSync(path.join(where, 'in', longName), { recursive: true });
  fileIn(where, `in/${longName}/${'f'.repeat(200)}.log`, authLog(3, 'long'));
  symlinkSync('/etc/passwd', path.join(where, 'in/link'));
  linkSync(path.join(where, 'in/auth.log'), path.join(where, 'in/z-hard'));

  it.each(['gnu', 'pax', 'ustar', 'oldgnu', 'v7'])('reads the %s format, long names and what is no file', async (format) => {
    const file = path.join(where, `${format}.tar`);
    try {
      execFileSync(tar, ['--format', format, '-C', path.join(where, 'in'), '-cf', file, '.'], { stdio: 'pipe' });
    } catch {
      // ustar and v7 cannot hold the long name: tar says so and writes the rest.
    }
    const read = await readEvidence(file);
    const source = read.coverage.find((item) => item.source.sha256 === sha256(log))?.source;
    expect(source?.size).toBe(log.length);
    expect(read.events.filter((event) => event.host === 'web-1')).toHaveLength(20);
    if (format !== 'ustar' && format !== 'v7') expect(read.names).toContain(`${file}!./${longName}/${'f'.repeat(200)}.log`);
    expect(read.problems.filter(({ message }) => message.includes('symlink'))).toHaveLength(1);
    expect(read.problems.filter(({ message }) => message.includes('hard link'))).toHaveLength(1);
    expect(codesOf(read).filter((code) => code !== 'unsupported')).toEqual([]);
  });

  it.each([['gnu'], ['posix'], ['posix', '--sparse-version=0.0'], ['posix', '--sparse-version=0.1'], ['posix', '--sparse-version=1.0']])(
    'fills the holes of sparse files (%s %s)',
    async (...[format, version]) => {
      const sparse = path.join(where, 'sparse.log');
      const handle = openSync(sparse, 'w');
      writeSync(handle, log, 0);
      for (let i = 1; i <= 30; i++) writeSync(handle, authLog(1, 'far', i), i * 200_000);
      ftruncateSync(handle, 8_000_000);
      closeSync(handle);
      const file = path.join(where, `sparse-${format}${version ?? ''}.tar`);
      execFileSync(tar, [
        '-S',
        '--format',
        format,
        ...(version === undefined ? [] : [version]),
        '-C',
        where,
        '-cf',
        file,
        'sparse.log',
        'in/auth.log',
      ]);
      const read = await readEvidence(file);
      const [first, second] = read.coverage;
      expect(first?.source.name).toBe(`${file}!sparse.log`);
      expect(first?.source.size).toBe(8_000_000);
      expect(first?.source.sha256).toBe(sha256(execFileSync('cat', [sparse], { maxBuffer: 1e8 })));
      expect(second?.source.sha256).toBe(sha256(log));
      expect(read.events.filter((event) => event.host === 'far')).toHaveLength(30);
    },
  );

  it('reads archives that were joined (tar -A) and archives behind the end mark', async () => {
    const [a, b] = ['a.tar', 'b.tar'].map((name) => path.join(where, name)) as [string, string];
    fileIn(where, 'second.log', authLog(5, 'second'));
    execFileSync(tar, ['-C', path.join(where, 'in'), '-cf', a, 'auth.log']);
    execFileSync(tar, ['-C', where, '-cf', b, 'second.log']);
    const joined = fileIn(where, 'joined.tar', Buffer.concat([execFileSync('cat', [a]), execFileSync('cat', [b])]));
    const read = await readEvidence(joined);
    expect(read.events).toHaveLength(25);
    expect(read.problems).toEqual([]);
  });
});

describe('tar archives that are not as they should be', () => {
  it('reads what tar-stream writes', async () => {
    const archive = pack();
    archive.entry({ name: 'var/log/auth.log' }, log);
    archive.finalize();
    const read = await readEvidence({ name: 'case.tar', bytes: Readable.from(archive) });
    expect(read.names).toEqual(['case.tar!var/log/auth.log']);
    expect(read.events).toHaveLength(20);
    expect(read.problems).toEqual([]);
  });

  it('keeps what stands before a damaged header, counts what was lost and goes on at the next header', async () => {
    const broken = tarEntry({ name: 'lost.log', body: authLog(10, 'lost') });
    broken[0] = 1;
    broken[10] = 7;
    const bytes = Buffer.concat([
      tarEntry({ name: 'a.log', body: log }),
      broken,
      tarEntry({ name: 'b.log', body: authLog(7, 'b') }),
      TAR_END,
    ]);
    const read = await readEvidence(named(bytes));
    expect(read.names).toEqual(['case.tar!a.log', 'case.tar!b.log']);
    expect(read.events).toHaveLength(27);
    expect(read.problems).toMatchObject([{ code: 'malformed', message: expect.stringContaining(`${broken.length} bytes at`) }]);
  });

  it('keeps all bytes before a cut inside a member', async () => {
    const whole = tarOf({ name: 'a.log', body: log }, { name: 'b.log', body: authLog(50, 'b') });
    const cutAt = tarEntry({ name: 'a.log', body: log }).length + 512 + 2000;
    const read = await readEvidence(named(whole.subarray(0, cutAt)));
    expect(read.coverage[1]?.source.size).toBe(2000);
    expect(codesOf(read)).toContain('truncated');
    expect(codesOf(read).filter((code) => code === 'truncated')).toHaveLength(1);
    expect(read.events.filter((event) => event.host === 'b').length).toBeGreaterThan(15);
  });

  it('bears a cut at any place and tells of each', async () => {
    const whole = tarOf({ name: 'a.log', body: authLog(3) }, { name: 'b.log', body: authLog(3, 'b') });
    for (let end = 513; end < whole.length - 1024; end += 97) {
      const read = await readEvidence(named(whole.subarray(0, end)));
      expect({ end, codes: codesOf(read).includes('truncated') }).toEqual({ end, codes: true });
    }
  });

  it('reads an archive that ends without an end mark, and says so', async () => {
    const read = await readEvidence(named(tarEntry({ name: 'a.log', body: log })));
    expect(read.events).toHaveLength(20);
    expect(read.problems).toMatchObject([{ code: 'truncated', message: expect.stringContaining('no end mark') }]);
  });

  it('tells of bytes behind the end that are no archive', async () => {
    const read = await readEvidence(named(Buffer.concat([tarOf({ name: 'a.log', body: log }), Buffer.alloc(1024, 'x')])));
    expect(read.problems).toMatchObject([{ code: 'integrity', message: expect.stringContaining('1024 bytes') }]);
  });

  it('reads hostile names as names, tells of those that lead outside, and keeps members of the same name apart', async () => {
    const names = [
      '../../etc/cron.d/x',
      '/etc/passwd',
      'C:\\evil.log',
      '..\\up.log',
      '\u001b[31mred.log',
      '__proto__',
      'constructor',
      'a\nb.log',
      'same.log',
      'same.log',
    ];
    const bytes = tarOf(
      ...names.map((name, i) => ({ name, body: authLog(2, `h${i}`) })),
      { name: Uint8Array.of(0xff, 0xfe, 0x41), body: authLog(2, 'bytes') },
      paxEntry({ path: `${'x'.repeat(100_000)}.log` }),
      { name: 'short', body: authLog(2, 'long') },
    );
    const read = await readEvidence(named(bytes));
    expect(read.events).toHaveLength(24);
    expect(read.coverage).toHaveLength(12);
    expect(read.problems.filter(({ code }) => code === 'integrity').map(({ origin }) => origin.path)).toEqual(
      names.slice(0, 4).map((name) => `case.tar!${name}`),
    );
    const longest = read.names.reduce((most, name) => Math.max(most, name.length), 0);
    expect(longest).toBeLessThan(5000);
    expect(read.problems.filter(({ code }) => code === 'limit')).toHaveLength(1);
  });

  it('passes over extended headers without measure', async () => {
    const huge = paxEntry({ path: 'p'.repeat(2 << 20) });
    const read = await readEvidence(named(tarOf(huge, { name: 'a.log', body: log })));
    expect(read.names).toEqual(['case.tar!a.log']);
    expect(codesOf(read)).toEqual(['limit']);
  });

  it('takes sizes and times from PAX records and from base-256 numbers', async () => {
    const header = tarHeader({ name: 'big.log', body: log });
    header.fill(0, 124, 136);
    header[124] = 0x80;
    header.writeUInt32BE(log.length, 132);
    seal(header);
    const padding = Buffer.alloc((512 - (log.length % 512)) % 512);
    const bytes = Buffer.concat([
      header,
      Buffer.from(log),
      padding,
      tarEntry(paxEntry({ size: String(log.length), mtime: '1714700000.25' })),
      tarHeader({ name: 'pax.log', size: 0 }),
      Buffer.from(log.replaceAll('web-1', 'web-2')),
      padding,
      TAR_END,
    ]);
    const read = await readEvidence(named(bytes));
    expect(read.events).toHaveLength(40);
    expect(read.coverage[1]?.source.modified).toBe('2024-05-03T01:33:20.250000000Z');
    expect(read.problems).toEqual([]);
  });

  it('tells of devices, fifos and continued files and reads none', async () => {
    const read = await readEvidence(
      named(
        tarOf(
          { name: 'c', type: '3' },
          { name: 'b', type: '4' },
          { name: 'p', type: '6' },
          { name: 'm', type: 'M', body: 'rest' },
          { name: 'a.log', body: log },
        ),
      ),
    );
    expect(codesOf(read)).toEqual(['unsupported', 'unsupported', 'unsupported', 'unsupported']);
    expect(messagesOf(read)).toMatch(/character device[\s\S]*block device[\s\S]*fifo[\s\S]*another volume/);
    expect(read.names).toEqual(['case.tar!a.log']);
  });

  it('shows the stretches of a sparse file whose map is broken', async () => {
    const header = tarHeader({ name: 's.log', type: 'S', body: log });
    header.write('zzzz', 386, 'latin1');
    header.write('99999999999\0', 483, 'latin1');
    seal(header);
    const bytes = Buffer.concat([header, Buffer.from(log), Buffer.alloc((512 - (log.length % 512)) % 512), TAR_END]);
    const read = await readEvidence(named(bytes));
    expect(read.events).toHaveLength(20);
  });

  it('keeps the members before damage in the compression around it', async () => {
    const filler = Array.from({ length: 4000 }, (_, i) => ({ name: `f${i}.log`, body: authLog(3, `f${i}`, i % 1000) }));
    const packed = gzipSync(tarOf(...filler));
    const read = await readEvidence({ name: 'case.tgz', bytes: packed.subarray(0, packed.length >> 1) });
    expect(codesOf(read)).toContain('truncated');
    expect(read.coverage.length).toBeGreaterThan(1500);
    expect(read.events.length).toBeGreaterThan(4500);
  });
});
