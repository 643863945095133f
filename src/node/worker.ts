/** A thread that reads one reading after the other and hands over sorted runs as bytes. Started by `threads.ts` only. */
import { parentPort, type MessagePort } from 'node:worker_threads';
import { parserById } from '../intake/identify.js';
import { newReading, readEvents } from '../intake/read.js';
import type { Problem } from '../model/problem.js';
import { EntryList } from '../timeline/entry-list.js';
import { inWindow } from '../timeline/gather.js';
import { openPlace } from './place.js';
import type { FromMain, FromWorker, Job } from './thread-job.js';

/** Messages that the main thread has not taken yet, at most. */
const AHEAD = 4;
/** Problems handed over at once. */
const PROBLEMS = 1000;

class Outbox {
  private waiting = 0;
  private resume: (() => void) | undefined;

  constructor(private readonly port: MessagePort) {}

  taken(): void {
    this.waiting--;
    this.resume?.();
  }

  async send(message: FromWorker, bytes: readonly Uint8Array[] = []): Promise<void> {
    this.port.postMessage(message, [...new Set(bytes.map(({ buffer }) => buffer as ArrayBuffer))]);
    for (this.waiting++; this.waiting > AHEAD;) await new Promise<void>((resolve) => (this.resume = resolve));
  }
}

async function work(job: Job, outbox: Outbox): Promise<FromWorker> {
  const { sourceNumbers, window, raw, limits } = job;
  const sources = job.sources.map(({ place, ...source }) => ({ ...source, open: () => openPlace(place) }));
  const reading = newReading(parserById(job.parser), sources);
  const list = new EntryList({ marks: job.marks, sourceNumber: (id) => sourceNumbers.get(id) ?? 0 });
  let problems: Problem[] = [];
  const onProblem = job.wantsProblems ? (problem: Problem): void => void problems.push(problem) : undefined;

  const hand = async (least: { problems: number; bytes: number }): Promise<void> => {
    if (problems.length > least.problems) {
      const some = problems;
      problems = [];
      await outbox.send({ problems: some });
    }
    if (list.bytes > least.bytes) {
      const run = [...list.encoded()];
      list.clear();
      await outbox.send({ run }, run);
    }
  };

  for await (const batch of readEvents(reading, { raw, limits, onProblem })) {
    for (const event of batch) if (inWindow(event, window)) list.add(event);
    await hand({ problems: PROBLEMS, bytes: job.runBytes });
  }
  await hand({ problems: 0, bytes: 0 });
  return { tallies: reading.tallies };
}

if (parentPort !== null) {
  const port = parentPort;
  const outbox = new Outbox(port);
  port.on('message', (message: FromMain) => {
    if ('taken' in message) return outbox.taken();
    work(message.job, outbox).then(
      (done) => port.postMessage(done),
      (failure: unknown) => port.postMessage({ failure } satisfies FromWorker),
    );
  });
}
