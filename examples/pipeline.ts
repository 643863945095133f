/**
 * Evidence on standard input, NDJSON on standard output, in bounded memory:
 * `gunzip -c audit.log.gz | npx tsx examples/pipeline.ts audit.log | jq -c 'select(.action == "pod.exec")'`
 * The argument names the stream: it helps to recognise the format and stands in every event's origin.
 */
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { timeline, type Event, type Problem } from 'kubewitness';
import { streamSource } from 'kubewitness/node';

const source = streamSource(process.stdin, process.argv[2] ?? 'stdin');
const stream = timeline([source], { onProblem: report });

/** What flows on: only what a SIEM asked for, one line per event. */
const lines = new Transform({
  writableObjectMode: true,
  transform(batch: readonly Event[], _encoding, done) {
    done(null, batch.map((event) => JSON.stringify(event) + '\n').join(''));
  },
});

// Batches, not single events: several times faster. `pipeline` passes back pressure and errors on.
await pipeline(Readable.from(stream.batches()), lines, process.stdout);

const understood = stream.coverage.some(({ parser }) => parser !== undefined);
process.exitCode = understood ? 0 : 1;

function report({ code, message, origin }: Problem): void {
  process.stderr.write(`${origin.path}:${origin.line ?? `@${origin.offset}`}: ${code}: ${message}\n`);
}
