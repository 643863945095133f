import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { authLog, fileIn, folder, sha256 } from '../node/evidence.js';
import { tarOf } from '../node/tar-bytes.js';
import { runCli } from './io.js';

const where = folder();
const log = fileIn(where, 'auth.log', authLog(10));
const yearless = fileIn(where, 'old.log', 'May  1 10:00:00 web-1 sshd[1]: Accepted password for root from 192.0.2.1 port 22 ssh2\n');
const noise = fileIn(where, 'noise.bin', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0x1b, 0x5b, 0x33, 0x31, 0x6d]));

describe('kubewitness', () => {
  it('tells its commands, with code 2 when it was asked for none', async () => {
    const [help, none, short] = [await runCli(['help']), await runCli([]), await runCli(['-h'])];
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(/timeline[\s\S]*sources/);
    expect(none).toEqual({ ...help, code: 2 });
    expect(short).toEqual(help);
  });

  it('tells the options of a command, asked in either way', async () => {
    const usage = await runCli(['timeline', '--help']);
    expect(usage.out).toMatch(/usage: kubewitness timeline[\s\S]*--problems FILE/);
    expect(await runCli(['help', 'timeline'])).toEqual(usage);
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await runCli(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each([
    ['a command there is not', ['tímeline'], /there is no command "tímeline"/],
    ['a name that every object has', ['constructor'], /there is no command/],
    ['an option there is not', ['timeline', '--frm', 'x', log], /--frm[\s\S]*see --help/],
    ['an option without its value', ['timeline', '--from'], /--from/],
    ['no path', ['timeline'], /no PATH given/],
    ['no path', ['sources', '--format', 'json'], /no PATH given/],
    ['a format there is not', ['timeline', '--format', 'xml', log], /no format "xml"/],
    ['a format that every object has', ['timeline', '--format', 'toString', log], /no format/],
    ['a format of another command', ['sources', '--format', 'csv', log], /no format "csv"/],
    ['a time that is none', ['timeline', '--from', 'yesterday', log], /"yesterday" is not a time\n {2}write it as 2024-/],
    ['a day that is none', ['timeline', '--to', '2024-02-30T00:00:00Z', log], /is not a time/],
    ['a collection time that is none', ['sources', '--collected', '2024', log], /"2024" is not a time\n {2}/],
    ['a zone there is not', ['timeline', '--zone', 'Mars/Olympus', log], /time zone "Mars\/Olympus"\n {2}use an IANA name/],
    ['an offset that is none', ['timeline', '--zone', '+99:99', log], /time zone "\+99:99"/],
    ['a parser there is not', ['sources', '--parser', 'nope', log], /no parser "nope"\n {2}known parsers:[\s\S]*syslog/],
    ['a problem file that cannot be written', ['timeline', '--problems', path.join(where, 'no/such/file'), log], /cannot be written/],
  ])('says what is wrong with %s in a line or two: code 2', async (_what, args, message) => {
    const { code, out, err } = await runCli(args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err).toMatch(/^kubewitness: /);
    if (!/no command/.test(err)) expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect(err).not.toMatch(/ {4}at /);
  });

  it.each([
    ['that is not there', ['timeline', '/no/such/evidence']],
    ['that no parser knows', ['timeline', noise]],
    ['that no parser knows', ['sources', noise]],
  ])('ends with 3 for evidence %s', async (_what, args) => {
    expect((await runCli(args)).code).toBe(3);
  });

  it('ends with 0 for a folder in which some evidence is understood, and for an empty one', async () => {
    expect((await runCli(['timeline', where])).code).toBe(0);
    expect((await runCli(['sources', folder()])).code).toBe(0);
  });

  it('shows nothing raw of the names that it was given', async () => {
    const { code, err } = await runCli(['timeline', '/tmp/\u001b[31m\u202egone']);
    expect(code).toBe(3);
    expect(err).not.toMatch(/[\u001b\u202e]/);
    expect((await runCli(['\u001b[2J'])).err).not.toContain('\u001b');
  });

  it('ends with 130 when it is interrupted, and with 0 when its reader went away', async () => {
    expect((await runCli(['timeline', log], { signal: AbortSignal.abort() })).code).toBe(130);
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });
    expect(await runCli(['timeline', log], { signal: AbortSignal.abort(gone) })).toMatchObject({ code: 0, err: '' });
    const throwing = await runCli(['timeline', log], {
      out: () => {
        throw gone;
      },
    });
    expect(throwing).toMatchObject({ code: 0, err: '' });
  });

  it('runs as a program: reads standard input, and ends when its reader does', () => {
    const program = [process.execPath, '--import', 'tsx', 'src/cli/main.ts'].map((part) => `'${part}'`).join(' ');
    const input = gzipSync(tarOf({ name: 'auth.log', body: authLog(20_000) }));
    const piped = spawnSync('sh', ['-c', `${program} timeline - | head -1`], { input, encoding: 'utf8', timeout: 50_000 });
    expect(piped.stdout.split('\n')).toHaveLength(2);
    expect(piped.stderr).not.toMatch(/EPIPE|Error|Warning/);
    const sources = spawnSync('sh', ['-c', `${program} sources --format json -`], { input, encoding: 'utf8', timeout: 50_000 });
    expect(sources.status).toBe(0);
    expect(JSON.parse(sources.stdout)).toMatchObject({
      sources: [{ path: 'stdin!auth.log', sha256: sha256(authLog(20_000)), events: 20_000 }],
    });
  });
});

describe('kubewitness timeline', () => {
  it('gives a table, CSV or NDJSON of the same events', async () => {
    const [table, csv, ndjson] = await Promise.all(
      ['table', 'csv', 'ndjson'].map((format) => runCli(['timeline', '--format', format, log])),
    );
    const events = ndjson?.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string });
    expect(events).toHaveLength(10);
    expect(
      csv?.out
        .trimEnd()
        .split('\n')
        .slice(1)
        .every((row, i) => row.includes(events?.[i]?.id as string)),
    ).toBe(true);
    expect(table?.out.trimEnd().split('\n')).toHaveLength(10);
    expect(ndjson?.err).toMatch(/1 source, 10 records, 10 events/);
  });

  it('shows the stretch from --from to before --to', async () => {
    const { out } = await runCli(['timeline', '--from', '2024-05-01T00:03:00Z', '--to', '2024-05-01T02:06:00+02:00', log]);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((row) => row.slice(11, 16)),
    ).toEqual(['00:03', '00:04', '00:05']);
  });

  it('takes host, zone and collection time from the examiner', async () => {
    const nameless = fileIn(where, 'run.json', '');
    void nameless;
    const { out } = await runCli(['timeline', '--zone', '+02:00', '--collected', '2023-06-01T00:00:00Z', '--host', 'given', yearless]);
    expect(out).toMatch(/^2023-05-01T08:00:00\.000000Z {2}~ {3}web-1/);
  });

  it('writes every problem to a file', async () => {
    const file = path.join(where, 'problems.ndjson');
    const { code } = await runCli(['timeline', '--problems', file, noise, log]);
    expect(code).toBe(0);
    const problems = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { code: string });
    expect(problems).toMatchObject([{ code: 'unknown-format', origin: { path: noise } }]);
  });

  it('shows where each event is written, and the record itself, when asked', async () => {
    expect((await runCli(['timeline', '--origins', log])).out).toContain(`[${log}:1]`);
    const raw = JSON.parse((await runCli(['timeline', '--raw', '--format', 'ndjson', log])).out.split('\n')[0] as string) as {
      raw: string;
    };
    expect(raw.raw).toBe(authLog(1).trimEnd());
  });

  it('tells a record that was collected twice once, unless asked otherwise', async () => {
    const copy = fileIn(where, 'copy.log', authLog(10) + authLog(1, 'other', 11));
    expect((await runCli(['timeline', log, copy])).out.trimEnd().split('\n')).toHaveLength(11);
    expect((await runCli(['timeline', '--no-fold', log, copy])).out.trimEnd().split('\n')).toHaveLength(21);
  });
});

describe('kubewitness sources', () => {
  const bundle = folder();
  mkdirSync(path.join(bundle, 'log'));
  fileIn(bundle, 'log/auth.log', 'Jan  2 10:00:00 web-1 app: third\nbroken\n');
  fileIn(bundle, 'log/auth.log.1', 'Dec 31 10:00:00 web-1 app: second\n');
  fileIn(bundle, 'log/auth.log.2.gz', gzipSync('Dec  1 10:00:00 web-1 app: first\n'));
  fileIn(bundle, 'log/copy', 'Dec 31 10:00:00 web-1 app: second\n');
  fileIn(bundle, 'log/cut.gz', gzipSync(authLog(100)).subarray(0, 400));
  fileIn(bundle, 'log/noise', '\u0000\u0001\u001b[31mnothing');
  fileIn(bundle, 'log/none', '');
  symlinkSync('/etc/passwd', path.join(bundle, 'log/link'));
  const args = ['sources', '--collected', '2024-02-01T00:00:00Z', bundle];

  it('accounts for every source as JSON', async () => {
    const { code, out } = await runCli([...args, '--format', 'json']);
    expect(code).toBe(0);
    const report = JSON.parse(out) as { sources: Record<string, unknown>[]; problems: unknown[] };
    const row = (name: string): Record<string, unknown> | undefined =>
      report.sources.find((source) => String(source['path']).startsWith(`log/${name}`));
    expect(row('auth.log')).toMatchObject({
      parser: 'syslog',
      because: expect.stringContaining('syslog timestamp'),
      confidence: expect.any(Number),
      size: 40,
      sha256: sha256('Jan  2 10:00:00 web-1 app: third\nbroken\n'),
      after: ['log/auth.log.2.gz!auth.log.2', 'log/auth.log.1'],
      yearFrom: 'collected',
      first: '2024-01-02T10:00:00.000000000Z',
      last: '2024-01-02T10:00:00.000000000Z',
      records: 2,
      decoded: 1,
      merged: 0,
      rejected: 1,
      ignored: 0,
      events: 1,
      problems: { malformed: 1 },
    });
    expect(row('auth.log.2.gz')).toMatchObject({
      first: '2023-12-01T10:00:00.000000000Z',
      wrappings: [{ path: 'log/auth.log.2.gz', kind: 'gzip', sha256: expect.any(String) }],
    });
    expect(row('copy')).toMatchObject({ sameAs: 'log/auth.log.1', records: 0 });
    expect(row('cut.gz')).toMatchObject({ problems: { truncated: 1 } });
    expect(row('noise')).toMatchObject({ problems: { 'unknown-format': 1 }, beginning: '00011b5b33316d6e6f7468696e67' });
    expect(row('none')).toMatchObject({ size: 0, sha256: sha256('') });
    expect(report.problems).toMatchObject([{ code: 'truncated' }, { code: 'unsupported', origin: { path: 'log/link' } }]);
  });

  it('accounts for every source as text, and sends nothing raw to the terminal', async () => {
    const { out } = await runCli(args);
    expect(out).toMatch(/syslog \(0\.\d+: .*syslog timestamp/);
    expect(out).toMatch(/read after log\/auth\.log\.2\.gz!auth\.log\.2, log\/auth\.log\.1\n/);
    expect(out).toMatch(/years counted back from the time of collection/);
    expect(out).toMatch(/2 records = 1 decoded \+ 0 merged \+ 1 rejected \+ 0 ignored; 1 events/);
    expect(out).toMatch(/the same bytes as log\/auth\.log\.1: read once/);
    expect(out).toMatch(/NOT UNDERSTOOD: no parser knows this format; it begins "\\x00\\x01\\x1b\[31mnothing"/);
    expect(out).toMatch(/problems: 1 truncated\n {6}file: truncated: /);
    expect(out).toMatch(/not read:\n {2}unsupported: log\/link: a symlink/);
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('names the next best parser', async () => {
    const kubelet = 'fixtures/kubelet';
    const { out } = await runCli(['sources', '--format', 'json', kubelet, 'fixtures/containerd', 'fixtures/cri-log']);
    const report = JSON.parse(out) as { sources: { runnerUp?: { parser: string; confidence: number }; confidence?: number }[] };
    const rivals = report.sources.filter((source) => source.runnerUp !== undefined);
    expect(rivals.length).toBeGreaterThan(0);
    for (const { runnerUp, confidence } of rivals) expect(runnerUp?.confidence).toBeLessThanOrEqual(confidence as number);
  });
});
