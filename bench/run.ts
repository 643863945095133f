/**
 * `npm run bench`: our code as it is built against others, on the same bytes, in turns, each measurement in a process of its own.
 * Prints ratios of medians and writes `docs/benchmarks.md`.
 *
 *     npm run bench -- [--scale 0.01] [--rounds 3] [--only sshd,merge] [--large] [--no-report]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'tsup';
import { inputFile } from './generate.js';
import type { Measurement } from './measure.js';
import { printTable, reportOf, type Result } from './report.js';
import type { Contender, Scenario } from './scenario.js';
import { onDemand, scenarios } from './scenarios/index.js';

const { values: options } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    large: { type: 'boolean', default: false },
    'no-report': { type: 'boolean', default: false },
  },
});
const scale = Number(options.scale);
const rounds = Number(options.rounds);
const only = options.only?.split(',');

const root = fileURLToPath(new URL('..', import.meta.url));
const built = path.join(root, 'bench/data/built');
const packages = path.join(tmpdir(), 'kubewitness-bench-packages');
const output = path.join(tmpdir(), `kubewitness-bench-${process.pid}.out`);

/** The same bundler and settings as for the package. */
async function buildAll(): Promise<void> {
  await build({
    config: false,
    entry: { measure: path.join(root, 'bench/measure.ts'), worker: path.join(root, 'src/node/worker.ts') },
    format: 'esm',
    target: 'node20',
    platform: 'neutral',
    outDir: built,
    clean: true,
    splitting: true,
    silent: true,
    external: [/^node:/],
  });
}

/** Packages of baselines, outside of the project: they are no dependencies of ours. @returns Those that are not to be had. */
function installPackages(chosen: readonly Scenario[]): ReadonlySet<string> {
  const wanted = new Set(chosen.flatMap(({ contenders }) => contenders.flatMap((contender) => contender.packages ?? [])));
  const missing = new Set<string>();
  mkdirSync(packages, { recursive: true });
  for (const name of wanted) {
    try {
      execFileSync('npm', ['install', '--prefix', packages, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', ...wanted], {
        stdio: 'ignore',
      });
      return missing;
    } catch {
      missing.add(name);
      wanted.delete(name);
    }
  }
  return missing;
}

function measureOnce(scenario: Scenario, contender: Contender, files: readonly string[]): Measurement {
  const args = ['--expose-gc', path.join(built, 'measure.js'), scenario.id, contender.name, ...files];
  try {
    const text = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      env: { ...process.env, BENCH_FOLDER: path.join(root, 'bench'), BENCH_PACKAGES: packages, BENCH_OUT: output },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(text) as Measurement;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    return { seconds: 0, absent: stderr?.split('\n').find((line) => line.includes('Error')) ?? String(error) };
  } finally {
    rmSync(output, { force: true });
  }
}

/** Everybody's turn, and again: what else the machine does falls on all alike. */
function measure(scenario: Scenario, missing: ReadonlySet<string>): Result {
  const files = scenario.inputs.map(([kind, part, seed]) => inputFile(kind, part * scale, seed));
  const measured = new Map<string, Measurement[]>(scenario.contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of scenario.contenders) {
      const list = measured.get(contender.name) as Measurement[];
      if (list.some(({ absent }) => absent !== undefined)) continue;
      const lacks = contender.packages?.find((name) => missing.has(name));
      list.push(lacks === undefined ? measureOnce(scenario, contender, files) : { seconds: 0, absent: `${lacks} cannot be installed` });
    }
  }
  return { scenario, files, measured };
}

const chosen = scenarios.filter(({ id }) => only?.includes(id) ?? (options.large || !onDemand.has(id)));
await buildAll();
const missing = installPackages(chosen);
const results: Result[] = [];
for (const scenario of chosen) {
  const result = measure(scenario, missing);
  results.push(result);
  console.log(printTable(result));
}
if (!options['no-report'] && only === undefined) writeFileSync(path.join(root, 'docs/benchmarks.md'), reportOf(results, { scale, rounds }));
