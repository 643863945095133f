import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEvidence } from '../../src/node/evidence.js';
import { collect } from '../../src/timeline/collect.js';
import { timeline } from '../../src/timeline/timeline.js';
import { describeWith } from '../second-opinions/tools.js';
import { authLog, codesOf, fileIn, folder, messagesOf, readEvidence, sha256 } from './evidence.js';

const log = authLog(20);

describe('folders', () => {
  it('are read in a fixed order, with paths inside of them, and hashes that sha256sum gives', async () => {
    const where = folder();
    mkdirSync(path.join(where, 'b/c'), { recursive: true });
    fileIn(where, 'z.log', authLog(1, 'z'));
    fileIn(where, 'b/c/y.log', authLog(1, 'y'));
    fileIn(where, 'a.log', authLog(1, 'a'));
    fileIn(where, 'empty.log', '');
    const read = await readEvidence(where);
    expect(read.names).toEqual(['a.log', 'b/c/y.log', 'empty.log', 'z.log']);
    expect(read.events.map((event) => event.host)).toEqual(['a', 'y', 'z']);
    expect(read.coverage.map((item) => item.source.sha256)).toEqual([authLog(1, 'a'), authLog(1, 'y'), '', authLog(1, 'z')].map(sha256));
    expect(read.problems).toEqual([]);
  });

  it('are told apart when several are given', async () => {
    const [one, two] = [folder(), folder()];
    fileIn(one, 'auth.log', authLog(1, 'one'));
    fileIn(two, 'auth.log', authLog(1, 'two'));
    expect((await readEvidence([one, two])).names).toEqual([`${one}/auth.log`, `${two}/auth.log`]);
  });

  it('never follow links, nor open what is no file', async () => {
    const where = folder();
    symlinkSync('/etc', path.join(where, 'etc'));
    symlinkSync('/etc/passwd', path.join(where, 'passwd'));
    symlinkSync(where, path.join(where, 'loop'));
    execFileSync('mkfifo', [path.join(where, 'pipe')]);
    const server = createServer().listen(path.join(where, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    fileIn(where, 'auth.log', log);
    const read = await readEvidence(where);
    server.close();
    expect(read.names).toEqual(['auth.log']);
    expect(read.problems.map(({ origin, code }) => `${code} ${origin.path}`)).toEqual([
      'unsupported etc',
      'unsupported loop',
      'unsupported passwd',
      'unsupported pipe',
      'unsupported socket',
    ]);
    expect(messagesOf(read)).toMatch(/symlink[\s\S]*fifo[\s\S]*socket/);
  });

  it('bear names that are not text, and are very deep', async () => {
    const where = folder();
    writeFileSync(Buffer.concat([Buffer.from(`${where}/`), Buffer.from([0x61, 0xff, 0x1b, 0x0a])]), log);
    const deep = path.join(where, ...Array.from({ length: 300 }, () => 'd'));
    mkdirSync(deep, { recursive: true });
    fileIn(deep, 'deep.log', authLog(2, 'deep'));
    const read = await readEvidence(where);
    expect(read.events).toHaveLength(22);
    expect(read.names).toContain('a\u00ff\u001b\n');
    expect(read.problems).toEqual([]);
  });

  it('stop at the number of files that is allowed', async () => {
    const where = folder();
    for (let i = 0; i < 20; i++) fileIn(where, `${i}.log`, authLog(1, `h${i}`));
    const read = await readEvidence(where, { limits: { entries: 5 } });
    expect(read.names).toHaveLength(5);
    expect(codesOf(read)).toEqual(['limit']);
  });
});

describe('files', () => {
  it('that cannot be read are told of, and their neighbours are read', async () => {
    const where = folder();
    fileIn(where, 'a.log', log);
    mkdirSync(path.join(where, 'closed'));
    fileIn(where, 'z.log', authLog(1, 'z'));
    // Root may read everything: a file that has gone away stands for one that may not be read.
    if (process.getuid?.() === 0) return;
    chmodSync(path.join(where, 'a.log'), 0);
    chmodSync(path.join(where, 'closed'), 0);
    const read = await readEvidence(where);
    chmodSync(path.join(where, 'closed'), 0o700);
    expect(codesOf(read)).toEqual(['unreadable', 'unreadable']);
    expect(read.names).toEqual(['z.log']);
  });

  it('that do not exist are misuse when they are named', async () => {
    await expect(openEvidence('/no/such/file')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('that vanish or shrink between opening and reading leave a problem', async () => {
    const where = folder();
    const gone = fileIn(where, 'gone.log', log);
    const shrunk = fileIn(where, 'shrunk.log', authLog(2000, 'shrunk'));
    const evidence = await openEvidence(where);
    rmSync(gone);
    truncateSync(shrunk, 1000);
    const stream = timeline(evidence.sources);
    const events = await collect(stream);
    await evidence.close();
    expect(events.length).toBeGreaterThan(5);
    expect(stream.coverage.map(({ tally }) => Object.keys(tally.problems))).toEqual([
      ['unreadable'],
      expect.arrayContaining(['integrity']),
    ]);
  });

  it('that grow after they were hashed are read as they were', async () => {
    const file = fileIn(folder(), 'auth.log', log);
    const evidence = await openEvidence(file);
    appendFileSync(file, authLog(10, 'later'));
    expect(await collect(timeline(evidence.sources))).toHaveLength(20);
    await evidence.close();
  });

  it('that grow while they are hashed end where they ended', async () => {
    const file = fileIn(folder(), 'auth.log', authLog(30_000));
    const writer = spawn('sh', ['-c', `while :; do echo x >> '${file}'; done`]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const read = await readEvidence(file);
    writer.kill();
    expect(read.problems.map(({ message }) => message).join('\n')).toMatch(/while it was read/);
    expect(read.events).toHaveLength(30_000);
  });

  it('that are holes mostly are read as far as is worth it, without a hash of the whole', async () => {
    const where = folder();
    const file = fileIn(where, 'lastlog', log);
    truncateSync(file, 2 ** 40);
    fileIn(where, 'z.log', authLog(1, 'z'));
    const read = await readEvidence(where, { limits: { ratioFrom: 1 << 20 } });
    expect(read.problems[0]).toMatchObject({ code: 'limit', message: expect.stringContaining(`${2 ** 40} bytes`) });
    expect(read.coverage[0]?.source.sha256).toBeUndefined();
    expect(read.events).toHaveLength(21);
  });
});

describe('what is handed in', () => {
  it('may be bytes, blobs, Node streams and web streams, with names and without', async () => {
    async function* stream(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(authLog(1, 'c'));
    }
    const read = await readEvidence([
      Buffer.from(authLog(1, 'a')),
      new Blob([authLog(1, 'b')]),
      stream(),
      new Blob([authLog(1, 'd')]).stream(),
      { name: 'named.log', bytes: new Blob([authLog(1, 'e')]) },
    ]);
    expect(read.names).toEqual(['evidence-1', 'evidence-2', 'evidence-3', 'evidence-4', 'named.log']);
    expect(read.events.map((event) => event.host)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(read.coverage.map((item) => item.source.sha256)).toEqual(['a', 'b', 'c', 'd', 'e'].map((host) => sha256(authLog(1, host))));
  });

  it('is refused when it is no evidence, or the facts are none', async () => {
    await expect(openEvidence(42 as never)).rejects.toMatchObject({ code: 'evidence', hint: expect.any(String) });
    await expect(openEvidence(Buffer.from(log), { collected: 'yesterday' })).rejects.toMatchObject({
      code: 'time',
      hint: expect.any(String),
    });
    await expect(openEvidence(Buffer.from(log), { timeZone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'time-zone',
      hint: expect.any(String),
    });
  });

  it('keeps what came before a stream broke', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(log);
      throw new Error('connection reset');
    }
    const read = await readEvidence({ name: 'stream', bytes: broken() });
    expect(read.events).toHaveLength(20);
    expect(read.problems).toMatchObject([{ code: 'unreadable', message: expect.stringContaining('connection reset') }]);
  });

  it('stops when told to, even when a stream never says anything', async () => {
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(log);
      await new Promise(() => undefined);
    }
    await expect(openEvidence(silent(), { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(openEvidence(Buffer.from(log), { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  describeWith(['gzip'], 'pipes', () => {
    it('that are named are read as streams', async () => {
      const pipe = path.join(folder(), 'pipe');
      execFileSync('mkfifo', [pipe]);
      const writer = spawn('sh', ['-c', `gzip -c > '${pipe}'`], { stdio: ['pipe', 'ignore', 'ignore'] });
      writer.stdin.end(log);
      const read = await readEvidence(pipe);
      expect(read.events).toHaveLength(20);
    });
  });
});
