import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../second-opinions/tools.js';
import { authLog, codesOf, fileIn, folder, messagesOf, readEvidence, sha256 } from './evidence.js';

const log = authLog(200);
const other = authLog(50, 'other');
const read = (bytes: Uint8Array) => readEvidence({ name: 'case.zip', bytes });

describeWith(['zip'], 'archives that zip writes', ({ zip }) => {
  const where = folder();
  mkdirSync(path.join(where, 'logs'));
  fileIn(where, 'logs/auth.log', log);
  fileIn(where, 'logs/other.log', other);
  symlinkSync('other.log', path.join(where, 'logs/link'));
  const make = (name: string, ...args: readonly string[]): Buffer => {
    execFileSync(zip, ['-q', '-r', ...args, name, 'logs'], { cwd: where, stdio: ['ignore', 'ignore', 'inherit'] });
    return readFileSync(path.join(where, name));
  };
  const plain = make('plain.zip', '-X');

  it.each([
    ['deflated', []],
    ['stored', ['-0']],
    ['zip64', ['-fz']],
    ['bzip2', ['-Z', 'bzip2']],
    ['with links', ['-y']],
  ] as const)('are read: %s', async (kind, args) => {
    const file = path.join(where, `${kind}.zip`);
    const bytes = make(`${kind}.zip`, ...args);
    const result = await readEvidence(file);
    const source = result.coverage.find((item) => item.source.name === `${file}!logs/auth.log`)?.source;
    expect(source?.sha256).toBe(sha256(log));
    expect(source?.wrappings).toEqual([{ path: file, kind: 'zip', size: bytes.length, sha256: sha256(bytes) }]);
    expect(result.events).toHaveLength(250);
    if (kind === 'with links') expect(messagesOf(result)).toContain('symlink');
  });

  it('are read by the Unix time of a file, whatever the zone of the analyst', async () => {
    const times = [];
    for (const zone of ['UTC', 'Asia/Kathmandu']) {
      process.env.TZ = zone;
      times.push((await read(plain)).coverage.map((item) => item.source.modified));
    }
    delete process.env.TZ;
    expect(times[1]).toEqual(times[0]);
  });

  it('tell of encrypted members and read the others', async () => {
    fileIn(where, 'secret.log', log);
    execFileSync(zip, ['-q', '-P', 'secret', 'mixed.zip', 'secret.log'], { cwd: where });
    execFileSync(zip, ['-q', 'mixed.zip', 'logs/other.log'], { cwd: where });
    const result = await readEvidence(path.join(where, 'mixed.zip'));
    expect(result.events).toHaveLength(50);
    expect(result.problems).toMatchObject([{ code: 'unsupported', message: expect.stringContaining('encrypted') }]);
  });

  it('keep the data beside a wrong checksum', async () => {
    const bytes = Buffer.from(plain);
    const at = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    const entry = bytes.indexOf('logs/auth.log', at) - 46;
    bytes.writeUInt32LE(0xdeadbeef, entry + 16);
    const result = await read(bytes);
    expect(result.events.filter((event) => event.host === 'web-1')).toHaveLength(200);
    expect(result.problems.filter(({ code }) => code === 'integrity')).toMatchObject([{ message: expect.stringContaining('checksum') }]);
  });

  it('keep the data before damage inside a member, and the next member', async () => {
    const bytes = Buffer.from(plain);
    const at = bytes.indexOf('logs/auth.log') + 13 + 900;
    bytes.fill(0x77, at, at + 40);
    const result = await read(bytes);
    expect(codesOf(result)).toContain('integrity');
    expect(result.events.filter((event) => event.host === 'other')).toHaveLength(50);
  });

  it.each(['deflated', 'stored', 'streamed'])(
    'are read by their members’ own headers when the central directory is missing: %s',
    async (kind) => {
      const bytes =
        kind === 'streamed'
          ? execFileSync('sh', ['-c', `cd "${where}" && cat logs/auth.log | "${zip}" -q - -`], { maxBuffer: 1e8 })
          : make(`cut-${kind}.zip`, ...(kind === 'stored' ? ['-0'] : []));
      const directory = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
      const result = await read(bytes.subarray(0, directory));
      expect(result.events.filter((event) => event.host === 'web-1')).toHaveLength(200);
      expect(result.problems[0]).toMatchObject({ code: 'truncated', message: expect.stringContaining('central directory') });
    },
  );

  it('keep all before a cut, wherever it is', async () => {
    for (let end = 40; end < plain.length; end += 61) {
      const result = await read(plain.subarray(0, end));
      expect(codesOf(result)).toContain('truncated');
    }
    const most = await read(plain.subarray(0, Math.floor(plain.length * 0.9)));
    expect(most.events.length).toBeGreaterThan(150);
  });

  it('are read on when the central directory is broken half way', async () => {
    const bytes = Buffer.from(plain);
    const first = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    const second = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), first + 4);
    const third = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), second + 4);
    bytes.fill(0, third, third + 4);
    const result = await read(bytes);
    expect(codesOf(result)).toContain('integrity');
    expect(result.events).toHaveLength(250);
  });
});

interface Row {
  readonly name: string | Buffer;
  readonly body: string;
}

/** A zip archive by hand: programs write no hostile names. */
function zipOf(rows: readonly Row[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, body } of rows) {
    const bytes = Buffer.from(name as string);
    const data = deflateRawSync(body);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(Buffer.byteLength(body), 18);
    common.writeUInt16LE(bytes.length, 22);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, bytes, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, tail, bytes]));
    locals.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(rows.length, 8);
  end.writeUInt16LE(rows.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

describe('zip archives that are not as they should be', () => {
  it('read hostile names as names and tell of those that lead outside', async () => {
    const outside = ['../../etc/cron.d/x', '/etc/passwd', 'C:\\evil.log', '..\\up.log'];
    const inside = ['\u001b]0;x\u0007.log', '__proto__', 'same.log', 'same.log', Buffer.from([0xff, 0x80, 0x41])];
    const result = await read(zipOf([...outside, ...inside].map((name, i) => ({ name, body: authLog(3, `h${i}`) }))));
    expect(result.events).toHaveLength(27);
    expect(result.problems.map(({ code, origin }) => [code, origin.path])).toEqual(
      outside.map((name) => ['integrity', `case.zip!${name}`]),
    );
  });

  it('tells of an empty archive nothing, and of an archive of nothing but an end', async () => {
    expect((await read(zipOf([]))).problems).toEqual([]);
  });
});
