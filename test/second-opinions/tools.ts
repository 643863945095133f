/**
 * Second opinions: the programs that define a format read the same bytes as we do, and must agree.
 * They are no dependency: where one is missing, its tests are skipped, and say so.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';

/** Where distributions keep programs that are on nobody's PATH. */
const FOLDERS = ['/usr/sbin', '/sbin', '/lib/systemd', '/usr/lib/systemd', '/usr/local/sbin'];
/** Longest run of a tool, in milliseconds. */
const PATIENCE = 30_000;
/** Largest output of a tool, in bytes. */
const OUTPUT = 256 * 1024 * 1024;

/** @returns The program's path, or undefined when this machine has none. */
export function findTool(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...FOLDERS];
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A `describe` that needs programs: `body` gets their paths by name. Without them it is skipped, with a warning that names what is missing.
 * @example describeWith(['journalctl'], 'journalctl agrees', ({ journalctl }) => { … });
 */
export function describeWith<Name extends string>(
  names: readonly Name[],
  title: string,
  body: (tools: Record<Name, string>) => void,
): void {
  const found = names.map((name) => [name, findTool(name)] as const);
  const missing = found.filter(([, file]) => file === undefined).map(([name]) => name);
  if (missing.length > 0) console.warn(`SKIPPED: ${title}: this machine has no ${missing.join(', ')}`);
  const suffix = missing.length > 0 ? ` (SKIPPED: no ${missing.join(', ')})` : '';
  describe.skipIf(missing.length > 0)(title + suffix, () => body(Object.fromEntries(found) as Record<Name, string>));
}

/** @returns What the tool wrote to standard output. Its exit code is not judged: some tools say 1 for "nothing found". */
export function run(
  tool: string,
  args: readonly string[],
  options: { input?: Uint8Array | string; env?: Record<string, string> } = {},
): Buffer {
  const result = spawnSync(tool, args, {
    input: options.input ?? '',
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC', ...options.env },
    timeout: PATIENCE,
    maxBuffer: OUTPUT,
  });
  if (result.error !== undefined) throw result.error;
  return result.stdout;
}

/** A folder of its own, removed when the file's tests are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'second-opinion-'));
  afterAll(() => {
    if (existsSync(folder)) rmSync(folder, { recursive: true });
  });
  return folder;
}

/** `2024-05-01T12:00:00.5+02:00` to our spelling of an instant, by the platform's own calendar. */
export function toInstant(stamp: string): string {
  const parts = /^(?<seconds>[^.Z+]{19})(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-]\d\d:\d\d)$/.exec(stamp)?.groups;
  if (parts === undefined) throw new Error(`expected an RFC 3339 time, found ${stamp}`);
  const whole = new Date(`${parts.seconds}${parts.zone}`).toISOString().slice(0, 19);
  return `${whole}.${(parts.fraction ?? '').padEnd(9, '0')}Z`;
}
