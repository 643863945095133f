/**
 * How fast layers are listed and hashed, against hashing their bytes and doing nothing else.
 * `npx tsx bench/layers.ts [MB] [FILES]`, default 1000 MB in 100,000 files. Only ratios within one run mean anything.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { diffTrees } from '../src/layers/diff.js';
import type { ReadTreeOptions } from '../src/layers/read-one-layer.js';
import { readTree } from '../src/layers/read-tree.js';
import { fileBytes } from '../src/node/file-bytes.js';
import { layersPlatform } from '../src/node/layers.js';
import { entryBytes } from '../test/layers/tar-writer.js';

const CHUNK = 1 << 20;
const ROUNDS = 3;

/** A generator of the same numbers on every machine (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Many small files and few large ones, as in images; half of each content is noise, half repeats. */
function writeLayer(file: string, megabytes: number, files: number): void {
  const next = numbers(7);
  const noise = Buffer.from(Array.from({ length: CHUNK }, () => Math.floor(next() * 256)));
  const mean = (megabytes * 2 ** 20) / files;
  const handle = openSync(file, 'w');
  for (let i = 0; i < files; i++) {
    const size = Math.min(64 * CHUNK, Math.floor(((-Math.log(1 - next())) ** 3 / 6) * mean));
    const content = Buffer.alloc(size);
    const start = Math.floor(next() * (CHUNK / 2));
    for (let at = 0; at < size; at += 8192) noise.copy(content, at, start, start + Math.min(4096, size - at));
    const folder = `usr/lib/d${i % 500}/s${i % 37}`;
    for (const part of entryBytes({ name: `${folder}/file-${i}`, content, mtime: 1_700_000_000 + i })) writeSync(handle, part);
  }
  writeSync(handle, Buffer.alloc(1024));
  closeSync(handle);
}

async function hashAll(input: AsyncIterable<Uint8Array>): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of input) hash.update(chunk);
  hash.digest();
}

async function pass(input: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const chunk of input) size += chunk.length;
  return size;
}

async function readOnce(file: string, options: Partial<ReadTreeOptions> = {}): Promise<number> {
  const { tree } = await readTree([{ name: file, form: 'auto', content: { tar: fileBytes(file, statSync(file).size) } }], {
    platform: layersPlatform,
    ...options,
  });
  return tree.layers[0]?.entries.length ?? 0;
}

async function seconds(run: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    await run();
    times.push((performance.now() - start) / 1000);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1] as number;
}

const [megabytes = 1000, files = 100_000] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(path.join(tmpdir(), 'bench-layers-'));
try {
  const tar = path.join(folder, 'layer.tar');
  writeLayer(tar, megabytes, files);
  const tgz = path.join(folder, 'layer.tgz');
  spawnSync('/bin/sh', ['-c', `gzip -1 -c ${tar} > ${tgz}`]);
  const mb = statSync(tar).size / 2 ** 20;
  const rows: [string, number][] = [];
  const row = async (title: string, run: () => unknown): Promise<number> => {
    const time = await seconds(run);
    rows.push([title, time]);
    console.log(`${title.padEnd(58)} ${time.toFixed(2)} s  ${(mb / time).toFixed(0)} MB/s`);
    return time;
  };
  console.log(`${mb.toFixed(0)} MB in ${files} files, ${(statSync(tgz).size / 2 ** 20).toFixed(0)} MB gzipped`);
  const tool = await row('sha256sum (coreutils)', () => spawnSync('sha256sum', [tar]));
  const node = await row("node's sha256 of the whole file", () => hashAll(createReadStream(tar, { highWaterMark: CHUNK })));
  const listed = await row('layer listed and hashed', () => readOnce(tar, { verify: false }));
  const verified = await row('layer listed and hashed, its own digest checked', () => readOnce(tar));
  const gunzip = await row('bare gunzip', () =>
    pass(createReadStream(tgz, { highWaterMark: CHUNK }).pipe(createGunzip({ chunkSize: 1 << 18 }))),
  );
  const unpacked = await row('gzipped layer listed and hashed', () => readOnce(tgz, { verify: false }));
  const both = await row('gzipped layer listed and hashed, both digests checked', () => readOnce(tgz));
  const before = await readTree([{ name: 'a', form: 'tar', content: { tar: fileBytes(tar) } }], {
    platform: layersPlatform,
    verify: false,
  });
  const heap = process.memoryUsage().heapUsed;
  const { tree } = await readTree([{ name: 'a', form: 'tar', content: { tar: fileBytes(tar) } }], {
    platform: layersPlatform,
    verify: false,
  });
  globalThis.gc?.();
  console.log(`heap of one tree: ${((process.memoryUsage().heapUsed - heap) / files).toFixed(0)} bytes a path`);
  await row('two trees compared', () => diffTrees(before.tree.root, tree.root));
  const ratio = (a: number, b: number): string => (a / b).toFixed(2);
  console.log(
    `listed and hashed: ${ratio(tool, listed)} × sha256sum, ${ratio(node, listed)} × node's sha256 (target 0.7); with its digest checked ${ratio(node, verified)}`,
  );
  console.log(`gzipped: ${ratio(gunzip, unpacked)} × bare gunzip (target 0.8); with both digests checked ${ratio(gunzip, both)}`);
} finally {
  rmSync(folder, { recursive: true });
}
