/** Container runtimes that log with logrus: containerd, its shims, CRI-O, dockerd, runc. */
import { beginsKlog } from '../formats/klog.js';
import { looksLogrus, parseLogrus, type LevelledRecord } from '../formats/logfmt.js';
import { parseRfc3339 } from '../formats/time.js';
import type { Action } from '../model/action.js';
import { writerOf } from './draft.js';
import type { LogLine, Program, ProgramReader, Reading } from './program.js';
import { readCri } from './containerd/cri.js';
import { idsOf, readNotice, readRuntimeEvent } from './containerd/events.js';
import { readStreaming } from './containerd/streaming.js';
import { containerRef, KnownIds } from './containerd/known.js';

/** Understands the records of one source, whatever carried them. */
export interface RuntimeReader {
  read(record: LevelledRecord, host: string | undefined): Reading;
}

export function runtimeReader(): RuntimeReader {
  const ids = new KnownIds();
  return {
    read(record, host) {
      const error = textOf(record.fields.get('error'));
      const reading =
        readCri(record.message, error, host, ids) ??
        readRuntimeEvent(record.message, error, host, ids) ??
        readTopic(record) ??
        readNotice({ time: '', message: record.message, host }) ??
        ({ action: 'log.message' } satisfies Reading);
      return complete(reading, record, error, host, ids);
    },
  };
}

/** containerd's topics as dockerd repeats them: `msg="ignoring event" container=… topic=/tasks/delete` */
const TOPICS: Readonly<Record<string, Action>> = {
  '/tasks/delete': 'container.exit',
  '/tasks/exit': 'container.exit',
  '/tasks/oom': 'process.oom',
  '/tasks/start': 'container.start',
};

function readTopic(record: LevelledRecord): Reading | undefined {
  const topic = textOf(record.fields.get('topic'));
  if (topic === undefined || !Object.hasOwn(TOPICS, topic)) return undefined;
  return { action: TOPICS[topic] as Action, details: { topic } };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Adds what the fields name and what earlier lines said of the ids. */
function complete(reading: Reading, record: LevelledRecord, error: string | undefined, host: string | undefined, ids: KnownIds): Reading {
  const named = idsOf(record.fields);
  const details: Record<string, unknown> = { level: record.level };
  if (error !== undefined) details['error'] = error;
  Object.assign(details, reading.details);
  if (named.sandbox !== undefined && details['sandbox'] === undefined) details['sandbox'] = named.sandbox;
  if (record.fields.size > 0) details['fields'] = Object.fromEntries(record.fields);
  for (const key in details) if (details[key] === undefined) delete details[key];
  const id = reading.container?.id ?? (reading.container === undefined ? named.container : undefined);
  const known = ids.find(host, id) ?? ids.find(host, textOf(details['sandbox']));
  const draft: { -readonly [K in keyof Reading]: Reading[K] } = { ...reading, details };
  if (reading.container === undefined && id !== undefined) draft.container = containerRef(id, ids.find(host, id));
  if (draft.pod === undefined && known?.pod !== undefined) draft.pod = known.pod;
  return draft;
}

function reader(): ProgramReader {
  const runtime = runtimeReader();
  return {
    read(line: LogLine) {
      if (beginsKlog(line.message)) return readStreaming(line.message);
      const record = looksLogrus(line.message) ? parseLogrus(line.message) : undefined;
      if (record === undefined) return undefined;
      const reading = runtime.read(record, line.host);
      // The runtime's own clock reads finer than most envelopes; the envelope's time counts.
      const recordedTime = record.time === undefined ? undefined : (parseRfc3339(record.time) ?? record.time);
      const details = { ...reading.details, text: record.message, ...(recordedTime === undefined ? {} : { recordedTime }) };
      // A command was started: the line's writer is its parent.
      return reading.process === undefined
        ? { ...reading, details }
        : { ...reading, process: { ...reading.process, parent: writerOf(line) ?? {} }, details };
    },
  };
}

export const program: Program = {
  id: 'containerd',
  title: 'containerd, CRI-O, dockerd and their shims',
  names: [
    'containerd',
    'containerd-shim',
    'containerd-shim-runc-v2',
    'containerd-shim-runc-v1',
    'crio',
    'cri-o',
    'dockerd',
    'docker',
    'runc',
    'nerdctl',
    'buildkitd',
    'cri-dockerd',
  ],
  reader,
};
