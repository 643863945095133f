#!/usr/bin/env node
/** The command line: arguments in, library calls, output out. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { demo } from './commands/demo.js';
import { sources } from './commands/sources.js';
import { timeline } from './commands/timeline.js';
import { overview, usageOf } from './help.js';
import { visible } from '../timeline/visible.js';
import type { Command, Io } from './io.js';
import { version } from './package.js';

const commands: Readonly<Record<string, Command>> = { timeline, sources, demo };

/** Exit codes: 0 fine, 2 misuse, 3 evidence that could not be read, 130 interrupted. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  const asked = name === 'help' && rest[0] !== undefined && Object.hasOwn(commands, rest[0]) ? commands[rest[0]] : undefined;
  if (asked !== undefined) {
    io.out(usageOf(rest[0] as string, asked));
    return 0;
  }
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.out(overview(commands));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    io.out(`${version}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    io.err(`kubewitness: there is no command "${visible(name)}"\n\n${overview(commands)}`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(usageOf(name, command));
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    return fail(error, io);
  }
}

function fail(error: unknown, io: Io): number {
  const { code, hint, message } = (error ?? {}) as { code?: string; hint?: string; message?: string };
  // The reader of our output went away (`| head`): that is no error.
  if (code === 'EPIPE') return 0;
  if (io.signal.aborted) return 130;
  io.err(`kubewitness: ${visible(message ?? String(error))}\n${hint === undefined ? '' : `  ${visible(hint)}\n`}`);
  // What the system says of a path (ENOENT, EACCES, ENAMETOOLONG, …) names the call that failed.
  return (error as { syscall?: unknown } | undefined)?.syscall === undefined ? 2 : 3;
}

/** Resolves when standard output takes more, or never will. */
function drained(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      process.stdout.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    process.stdout.once('drain', done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

async function start(): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop.abort(error);
  });
  process.stderr.on('error', () => undefined);
  const io: Io = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    drained: () => (process.stdout.writableNeedDrain ? drained(stop.signal) : Promise.resolve()),
    progress: process.stderr.isTTY === true,
    width: process.stdout.isTTY === true ? process.stdout.columns : undefined,
    signal: stop.signal,
  };
  process.exitCode = await main(process.argv.slice(2), io);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await start();
