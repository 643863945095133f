/**
 * Makes the inputs of the benchmarks in `bench/data/`: seeded, so that everybody measures the same bytes.
 * `tsx bench/generate.ts [--scale 0.01]`; files that are there already are kept.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { auditRecords } from './generate/audit.js';
import { auditdRecords } from './generate/auditd.js';
import { klogLines } from './generate/klog.js';
import { seeded, type Random } from './generate/random.js';
import { rfc5424Lines } from './generate/rfc5424.js';
import { authLines } from './generate/sshd.js';
import { clock, world, type Clock, type World } from './generate/world.js';

type Writer = (random: Random, world: World, time: Clock) => () => string;

/** Changes when what is written changes: files of another edition are made anew. */
const EDITION = 1;
const MB = 1_000_000;

/** What can be made, and how much of it at scale 1 (MB). */
const KINDS = {
  audit: { megabytes: 500, write: auditRecords },
  'audit-any-order': { megabytes: 100, write: (random, around, time) => auditRecords(random, around, time, true) },
  sshd: { megabytes: 100, write: authLines },
  auditd: { megabytes: 100, write: auditdRecords },
  klog: { megabytes: 100, write: klogLines },
  rfc5424: { megabytes: 100, write: rfc5424Lines },
} as const satisfies Record<string, { megabytes: number; write: Writer }>;

export type Kind = keyof typeof KINDS;

const folder = fileURLToPath(new URL('data/', import.meta.url));

/**
 * @param scale Part of the usual size: 0.01 for a quick check.
 * @param seed Another one gives another file of the same kind.
 * @returns The file's path; it is made when it is not there.
 */
export function inputFile(kind: Kind, scale = 1, seed = 1): string {
  const { megabytes, write } = KINDS[kind];
  const file = path.join(folder, `${kind}-${Math.round(megabytes * scale * 1000)}k-${seed}.${EDITION}.log`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  writeRecords(`${file}.part`, megabytes * scale * MB, seed, write);
  renameSync(`${file}.part`, file);
  return file;
}

function writeRecords(file: string, bytes: number, seed: number, write: Writer): void {
  const random = seeded(seed);
  const next = write(random, world(random), clock(random));
  const handle = openSync(file, 'w');
  let text = '';
  let written = 0;
  while (written < bytes) {
    text += next();
    if (text.length < MB && written + text.length < bytes) continue;
    written += writeSync(handle, text);
    text = '';
  }
  closeSync(handle);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--scale');
  const scale = at < 0 ? 1 : Number(process.argv[at + 1]);
  for (const kind of Object.keys(KINDS) as Kind[]) console.log(inputFile(kind, scale));
}
