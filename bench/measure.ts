/** One measurement in a process of its own: `measure.js SCENARIO CONTENDER FILE…` prints one line of JSON. */
import { spawnSync } from 'node:child_process';
import type { Contender } from './scenario.js';
import { scenarios } from './scenarios/index.js';

export interface Measurement {
  readonly seconds: number;
  readonly count?: number;
  readonly keptBytes?: number;
  /** Most memory resident at once (MB); absent for other programs where it cannot be told. */
  readonly megabytes?: number;
  /** The program is not there. */
  readonly absent?: string;
}

async function measure({ setUp, run, command }: Contender, files: readonly string[]): Promise<Measurement> {
  if (command !== undefined) return measureCommand(command(files));
  setUp?.();
  const start = process.hrtime.bigint();
  const outcome = await run?.(files);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return { seconds, ...outcome, megabytes: process.resourceUsage().maxRSS / 1024 };
}

function measureCommand(words: readonly string[]): Measurement {
  const start = process.hrtime.bigint();
  const { error, status, stderr } = spawnSync('/usr/bin/time', ['-f', '%M', ...words], { encoding: 'utf8' });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (error !== undefined) return { seconds, absent: error.message };
  if (status !== 0) return { seconds, absent: `ended with ${status}: ${stderr.trim().split('\n').slice(-2).join(' ')}` };
  return { seconds, megabytes: Number(stderr.trim().split('\n').at(-1)) / 1024 };
}

const [id, name, ...files] = process.argv.slice(2);
const contender = scenarios.find((scenario) => scenario.id === id)?.contenders.find((one) => one.name === name);
if (contender === undefined) throw new RangeError(`no contender "${name}" in "${id}"`);
console.log(JSON.stringify(await measure(contender, files)));
