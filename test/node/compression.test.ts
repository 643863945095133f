import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { load } from '../../src/node/compression/load.js';
import { describeWith, run } from '../second-opinions/tools.js';
import { authLog, codesOf, fileIn, folder, messagesOf, readEvidence, sha256 } from './evidence.js';

/** Long enough for several blocks of every kind. */
const log = authLog(8000);
const short = authLog(30);
const garbage = Buffer.from('this is not compressed at all, and long enough to be noticed');

const KINDS = [
  { program: 'gzip', suffix: 'gz', args: ['-c'] },
  { program: 'xz', suffix: 'xz', args: ['-c', '--block-size=200000'] },
  { program: 'zstd', suffix: 'zst', args: ['-q', '-c'] },
  { program: 'bzip2', suffix: 'bz2', args: ['-c', '-1'] },
  { program: 'lz4', suffix: 'lz4', args: ['-q', '-c', '-B4', '-BD'] },
] as const;

describe.each(KINDS)('$program', ({ program, suffix, args }) => {
  describeWith([program], `files that ${program} writes`, (tools) => {
    const tool = tools[program];
    const pack = (bytes: Uint8Array | string, more: readonly string[] = []): Buffer => run(tool, [...args, ...more], { input: bytes });
    const name = `auth.log.1.${suffix}`;
    const read = (bytes: Uint8Array) => readEvidence({ name, bytes });

    it('reads them whole, with the hashes of the file and of what is in it', async () => {
      const packed = pack(log);
      const result = await read(packed);
      const source = result.coverage[0]?.source;
      expect(source).toMatchObject({ name: `${name}!auth.log.1`, size: log.length, sha256: sha256(log) });
      expect(source?.wrappings).toMatchObject([{ path: name, size: packed.length, sha256: sha256(packed) }]);
      expect(result.events).toHaveLength(8000);
      expect(result.problems).toEqual([]);
    });

    it('reads several one behind the other', async () => {
      const result = await read(Buffer.concat([pack(short), pack(''), pack(authLog(7, 'second'))]));
      expect(result.events).toHaveLength(37);
      expect(result.problems).toEqual([]);
    });

    it('reads an empty one', async () => {
      const result = await read(pack(''));
      expect(result.coverage[0]?.source).toMatchObject({ size: 0, sha256: sha256('') });
      expect(result.problems).toEqual([]);
    });

    it('keeps all before a cut', async () => {
      const packed = pack(log);
      const result = await read(packed.subarray(0, Math.floor(packed.length * 0.7)));
      expect(codesOf(result)).toContain('truncated');
      expect(result.events.length).toBeGreaterThan(3000);
      const text = Buffer.from(log);
      expect(result.coverage[0]?.source.sha256).toBe(sha256(text.subarray(0, result.coverage[0]?.source.size)));
    });

    it('keeps all before damage, and tells', async () => {
      const packed = Buffer.from(pack(log));
      const middle = Math.floor(packed.length * 0.6);
      packed.fill(0x55, middle, middle + 200);
      const result = await read(packed);
      expect(codesOf(result)).toContain('integrity');
      expect(result.events.length).toBeGreaterThan(3000);
    });

    it('keeps all before bytes that do not belong there, and tells', async () => {
      const result = await read(Buffer.concat([pack(log), garbage]));
      expect(codesOf(result)).toEqual(['integrity']);
      expect(messagesOf(result)).toContain('behind the compressed data');
      expect(result.events).toHaveLength(8000);
    });

    it('bears every cut of a small file', async () => {
      const packed = pack(short);
      for (let end = 6; end < packed.length; end += 3) {
        const result = await read(packed.subarray(0, end));
        expect(result.problems.length).toBeGreaterThan(0);
      }
    });
  });
});

describe('gzip', () => {
  const read = (bytes: Uint8Array) => readEvidence({ name: 'auth.log.2.gz', bytes });

  it('goes on at the next member behind a damaged one', async () => {
    const broken = gzipSync(authLog(5000, 'broken'));
    broken.fill(0xaa, broken.length >> 1, (broken.length >> 1) + 50);
    const result = await read(Buffer.concat([gzipSync(short), broken, gzipSync(authLog(9, 'after'))]));
    expect(result.events.filter((event) => event.host === 'web-1')).toHaveLength(30);
    expect(result.events.filter((event) => event.host === 'after').length).toBeGreaterThanOrEqual(8);
    expect(codesOf(result)[0]).toBe('integrity');
  });

  it('finds a member behind garbage', async () => {
    const result = await read(Buffer.concat([gzipSync(short), garbage, gzipSync(authLog(9, 'after'))]));
    expect(result.events).toHaveLength(39);
    expect(codesOf(result)).toEqual(['integrity']);
  });

  it('takes zeros behind the data for padding', async () => {
    expect((await read(Buffer.concat([gzipSync(short), Buffer.alloc(5000)]))).problems).toEqual([]);
  });

  it('keeps the data beside a wrong checksum', async () => {
    const bytes = gzipSync(short);
    bytes.writeUInt32LE(1, bytes.length - 8);
    const result = await read(bytes);
    expect(result.events).toHaveLength(30);
    expect(result.problems).toMatchObject([{ code: 'integrity', message: expect.stringContaining('checksum') }]);
  });

  it('reads headers with name, comment, extra field and checksum', async () => {
    const body = gzipSync(short);
    const head = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3]);
    const bytes = Buffer.concat([
      head,
      Buffer.from('auth.log\0a comment\0'),
      Buffer.from([9, 9]),
      deflateRawSync(short),
      body.subarray(-8),
    ]);
    const result = await read(bytes);
    expect(result.events).toHaveLength(30);
    expect(result.problems).toEqual([]);
  });

  it('gives up on bytes that look like thousands of members', async () => {
    const result = await read(Buffer.concat([gzipSync(short), Buffer.alloc(3_000_000, Buffer.from([0x1f, 0x8b, 8, 0, 0]))]));
    expect(result.events.length).toBeGreaterThanOrEqual(30);
    expect(codesOf(result)[0]).toBe('integrity');
  });
});

describe('zstd', () => {
  it('passes over skippable frames and refuses windows without measure', async () => {
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
    const greedy = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0]);
    const result = await readEvidence({ name: 'a.zst', bytes: Buffer.concat([skippable, greedy]) });
    expect(result.problems).toMatchObject([{ code: 'limit', message: expect.stringContaining('window') }]);
  });
});

describe('text in UTF-16', () => {
  it.each(['utf-16le', 'utf-16be'] as const)('is read as text (%s)', async (encoding) => {
    const bytes = Buffer.from(`\ufeff${short.replaceAll('\n', '\r\n')}`, 'utf16le');
    if (encoding === 'utf-16be') bytes.swap16();
    const result = await readEvidence({ name: 'auth.log', bytes });
    expect(result.events).toHaveLength(30);
    expect(result.problems).toEqual([]);
    expect(result.coverage[0]?.source.wrappings).toMatchObject([{ path: 'auth.log', kind: encoding, sha256: sha256(bytes) }]);
  });

  it('tells of half a character at the end and of characters that are none', async () => {
    const bytes = Buffer.from(`\ufeff${short}\ud800x`, 'utf16le');
    expect(codesOf(await readEvidence({ name: 'a', bytes: bytes.subarray(0, -1) }))).toContain('truncated');
    const odd = await readEvidence({ name: 'a', bytes });
    expect(odd.problems.map(({ code }) => code)).toContain('encoding');
    expect(odd.events).toHaveLength(30);
  });
});

it('a package that is missing is named, with the way to get it', async () => {
  const missing = Object.assign(new Error("Cannot find package 'xz-decompress'"), { code: 'ERR_MODULE_NOT_FOUND' });
  await expect(load(() => Promise.reject(missing), 'xz-decompress')).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('npm install xz-decompress'),
  });
});

describe('envelopes that are known and not opened', () => {
  it.each([
    ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
    ['RAR', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
    ['EnCase', [0x45, 0x56, 0x46, 0x09, 0x0d, 0x0a, 0xff, 0x00]],
  ])('%s is named', async (name, magic) => {
    const result = await readEvidence({ name: 'x', bytes: Buffer.concat([Buffer.from(magic), randomBytes(500)]) });
    expect(result.problems).toMatchObject([{ code: 'unsupported', message: expect.stringContaining(name) }, { code: 'unknown-format' }]);
  });
});

describe('compression inside compression', () => {
  it('is opened to the depth that is allowed, and told beyond', async () => {
    let bytes = Buffer.from(short);
    for (let i = 0; i < 10; i++) bytes = gzipSync(bytes);
    const deep = await readEvidence({ name: 'x.gz', bytes });
    expect(deep.problems).toMatchObject([{ code: 'limit', message: expect.stringContaining('8 archives') }, { code: 'unknown-format' }]);
    const deeper = await readEvidence({ name: 'x.gz', bytes }, { limits: { depth: 20 } });
    expect(deeper.events).toHaveLength(30);
  });

  it('leaves files of the examiner as they were', async () => {
    const file = fileIn(folder(), 'auth.log.gz', gzipSync(short));
    const before = readFileSync(file);
    await readEvidence(file);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});
