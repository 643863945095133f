/**
 * Reads sources in threads of their own. Each reading (a source, or a rotated set) is read by one thread, which hands over sorted runs
 * as bytes; they are merged in the order of the readings, so the result does not depend on the threads, or on there being any.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Reading } from '../intake/read.js';
import type { Problem } from '../model/problem.js';
import type { Entry } from '../timeline/entry.js';
import { gatherEntries, RUN_BYTES, type Gather, type GatherInput } from '../timeline/gather.js';
import { encodedRun, storedRun, type Run } from '../timeline/run.js';
import { placeOf } from './place.js';
import type { FromMain, FromWorker, Job } from './thread-job.js';

/** @param count Threads beside this one. */
export function gatherInThreads(count: number): Gather {
  return async (input) => {
    const jobs = input.readings.map((reading) => jobOf(reading, input));
    const threads = Math.min(count, jobs.filter((job) => job !== undefined).length);
    const script = threads === 0 || jobs.length < 2 ? undefined : workerScript();
    if (script === undefined) return gatherEntries(input);
    const pool = new Pool(input, jobs, script);
    try {
      return await pool.read(threads);
    } finally {
      await pool.close();
    }
  };
}

/** Beside this file: as source, as built file, or one folder below where a bundler put what is shared. Absent: bundled without it. */
function workerScript(): URL | undefined {
  const names = import.meta.url.endsWith('.ts') ? ['./worker.ts'] : ['./worker.js', './node/worker.js'];
  return names.map((name) => new URL(name, import.meta.url)).find((url) => url.protocol === 'file:' && existsSync(url));
}

function startWorker(script: URL): Worker {
  if (!script.pathname.endsWith('.ts')) return new Worker(script);
  // Run from source: a thread does not inherit what made TypeScript run in this one.
  const load = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(script.href)}); });`;
  return new Worker(load, { eval: true, execArgv: [] });
}

/** @returns undefined when a source can be opened in this thread only. */
function jobOf({ parser, sources }: Reading, input: GatherInput): Job | undefined {
  const placed = [];
  for (const source of sources) {
    const place = placeOf(source);
    if (place === undefined) return undefined;
    placed.push({ id: source.id, name: source.name, facts: source.facts, place });
  }
  const { raw, limits, onProblem, runBytes } = input.options;
  return {
    parser: parser.id,
    sources: placed,
    raw: raw ?? false,
    limits,
    window: input.window,
    marks: input.marks,
    sourceNumbers: new Map(sources.map(({ id }) => [id, input.sourceNumber(id)])),
    // Runs are smaller than those of one thread: each has two copies for a moment, and there are several threads.
    runBytes: (runBytes ?? RUN_BYTES) / 4,
    wantsProblems: onProblem !== undefined,
  };
}

/** A reading on its way. */
interface Task {
  readonly job: Job;
  readonly reading: Reading;
  readonly runs: Run<Entry>[];
  /** Resolve when the runs are where they can be read. */
  readonly writes: Promise<void>[];
  /** Problems that wait for the readings before to be told of first. */
  readonly waiting: { problems: readonly Problem[]; taken: () => void }[];
  /** Its turn to tell of problems has come. */
  current: boolean;
  readonly done: Promise<void>;
  readonly settle: { resolve(): void; reject(error: unknown): void };
}

class Pool {
  private readonly tasks: (Task | undefined)[];
  private readonly workers: Worker[] = [];
  private readonly queue: Task[];
  /** Bytes of runs in memory. */
  private kept = 0;

  constructor(
    private readonly input: GatherInput,
    jobs: readonly (Job | undefined)[],
    private readonly script: URL,
  ) {
    this.tasks = jobs.map((job, i) => (job === undefined ? undefined : newTask(job, input.readings[i] as Reading)));
    this.queue = this.tasks.filter((task) => task !== undefined);
  }

  async read(threads: number): Promise<Run<Entry>[]> {
    for (let i = 0; i < threads; i++) this.start();
    const runs: Run<Entry>[][] = [];
    for (const [i, task] of this.tasks.entries()) {
      this.input.options.signal?.throwIfAborted();
      runs.push(task === undefined ? await this.readHere(i) : await this.finish(task));
    }
    return runs.flat();
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private readHere(index: number): Promise<Run<Entry>[]> {
    return gatherEntries({ ...this.input, readings: [this.input.readings[index] as Reading] });
  }

  private async finish(task: Task): Promise<Run<Entry>[]> {
    task.current = true;
    for (const { problems, taken } of task.waiting.splice(0)) {
      this.tell(problems);
      taken();
    }
    const { signal } = this.input.options;
    const abort = (): void => task.settle.reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await task.done;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    return task.runs;
  }

  private tell(problems: readonly Problem[]): void {
    for (const problem of problems) this.input.options.onProblem?.(problem);
  }

  private start(): void {
    const worker = startWorker(this.script);
    this.workers.push(worker);
    let task: Task | undefined;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window
    const say = (message: FromMain): void => worker.postMessage(message);
    const next = (): void => {
      task = this.queue.shift();
      if (task !== undefined) say({ job: task.job });
    };
    const fail = (error: unknown): void => task?.settle.reject(error);
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('a worker ended before its work was done')));
    worker.on('message', (message: FromWorker) => {
      if (task === undefined) return;
      const taken = (): void => say({ taken: true });
      if ('run' in message) {
        const kept = this.keep(task, message.run);
        task.writes.push(kept);
        kept.then(taken, fail);
      } else if ('problems' in message) this.takeProblems(task, message.problems, taken);
      else if ('failure' in message) fail(message.failure);
      else {
        for (const [i, tally] of message.tallies.entries()) Object.assign(task.reading.tallies[i] as object, tally);
        Promise.all(task.writes).then(task.settle.resolve, task.settle.reject);
        next();
      }
    });
    next();
  }

  private takeProblems(task: Task, problems: readonly Problem[], taken: () => void): void {
    if (!task.current) return void task.waiting.push({ problems, taken });
    this.tell(problems);
    taken();
  }

  private async keep(task: Task, chunks: readonly Uint8Array[]): Promise<void> {
    const { spill, options } = this.input;
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (!spill.possible || this.kept + bytes <= (options.runBytes ?? RUN_BYTES)) {
      this.kept += bytes;
      task.runs.push(encodedRun(chunks));
      return;
    }
    const number = spill.nextNumber();
    task.runs.push(storedRun(spill.store, number));
    await spill.store.write(number, chunks);
  }
}

function newTask(job: Job, reading: Reading): Task {
  const settle = { resolve: (): void => undefined, reject: (_error: unknown): void => undefined };
  const done = new Promise<void>((resolve, reject) => Object.assign(settle, { resolve, reject }));
  // The reading before may fail first: then nobody waits for this one.
  done.catch(() => undefined);
  return { job, reading, runs: [], writes: [], waiting: [], current: false, done, settle };
}
