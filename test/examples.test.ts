/** The examples run as their README says, on the bundled incident. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventSchema } from '../src/model/index.js';

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runExample(name: string, args: readonly string[] = [], input: Uint8Array = new Uint8Array()): Promise<Result> {
  return new Promise((resolve) => {
    const command = ['--import', 'tsx', `examples/${name}`, ...args];
    const child = execFile(process.execPath, command, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

describe('examples/notebook.ts', () => {
  it('finds the address that failed before it came in, and what followed', async () => {
    const { code, stdout } = await runExample('notebook.ts');
    expect(code).toBe(0);
    expect(stdout).toContain('203.0.113.66 came in at 2026-11-25T05:11:19.762829000Z');
    expect(stdout).toMatch(/system:serviceaccount:shop:web\n {2}1\tsecret\.read/);
    expect(stdout).toContain('Timeline of 10 events');
  });
});

describe('examples/pipeline.ts', () => {
  const log = readFileSync('fixtures/demo/evidence/control-plane/audit.log');

  it('turns standard input into NDJSON, with origins that point into it', async () => {
    const { code, stdout, stderr } = await runExample('pipeline.ts', ['audit.log'], log);
    expect(code).toBe(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => eventSchema.parse(JSON.parse(line)));
    const created = events.find(({ action }) => action === 'pod.create');
    const { offset = 0, length = 0, path } = created?.origin ?? {};
    expect(path).toBe('audit.log');
    expect(JSON.parse(log.subarray(offset, offset + length).toString())).toMatchObject({
      verb: 'create',
      objectRef: { name: 'node-exporter-x7' },
    });
    expect(stderr).toContain('audit.log:13: truncated: ');
  });

  it('ends with code 1 when it understands nothing', async () => {
    const { code, stdout, stderr } = await runExample('pipeline.ts', [], Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('unknown-format');
  });
});
