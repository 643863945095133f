/** What a program's message says, joined with what its envelope knows: the event draft. */
import type { Draft, Process } from '../model/event.js';
import type { LogLine, Reading } from './program.js';

type Loose = Record<string, unknown>;

/** The program that wrote the line, as an event's `process`. */
export function writerOf(line: LogLine): { name?: string; pid?: number } | undefined {
  if (line.program === undefined) return line.pid === undefined ? undefined : { pid: line.pid };
  return line.pid === undefined ? { name: line.program } : { name: line.program, pid: line.pid };
}

/** For readers that deal with the sink themselves as well: `out.event(toDraft(line, reading), held)`. */
export function toDraft(line: LogLine, reading: Reading | undefined): Draft {
  const draft = reading === undefined ? plainDraft(line) : readDraft(line, reading);
  if (line.repeated !== undefined) draft.details = { ...draft.details, repeated: line.repeated };
  if (line.extra !== undefined) addExtra(draft, line.extra, reading !== undefined);
  return draft;
}

function plainDraft(line: LogLine): Draft {
  return {
    time: line.time,
    timeQuality: line.timeQuality,
    action: 'log.message',
    host: line.host,
    process: writerOf(line),
    message: line.recorded ?? line.message,
    details: undefined,
  };
}

/** One literal with all fields: a spread costs several times as much. */
function readDraft(line: LogLine, reading: Reading): Draft {
  return {
    time: line.time,
    timeQuality: line.timeQuality,
    action: reading.action,
    outcome: reading.outcome,
    host: reading.host ?? line.host,
    actor: reading.actor,
    target: reading.target,
    client: reading.client,
    server: reading.server,
    process: reading.process ?? writerOf(line),
    file: reading.file,
    pod: reading.pod,
    container: reading.container,
    object: reading.object,
    session: reading.session,
    message: line.recorded ?? line.message,
    details: reading.details,
  };
}

/** What a reading says of actor, pod or container is of those the message tells of; the envelope's are the sender's own: never mixed. */
function addExtra(draft: Draft, extra: Partial<Draft>, read: boolean): void {
  const loose = draft as unknown as Loose;
  for (const key in extra) {
    const value = (extra as Loose)[key];
    const own = loose[key];
    if (own === undefined) {
      // Whoever sent a message that was understood is not the one it tells of: sshd's own uid did not log in.
      if (key !== 'actor' || !read) loose[key] = value;
    } else if (isPlain(own) && isPlain(value)) {
      if (key === 'process') loose[key] = joinProcess(own, value);
      else if (key === 'details') loose[key] = { ...value, ...own };
    }
  }
}

/** The envelope knows the writer. A reading that tells of a process with a parent tells of one that the writer started. */
function joinProcess(own: Process, writer: Process): Process {
  if (own.parent === undefined) return { ...writer, ...own };
  const parent: Loose = {};
  for (const key of ['name', 'pid', 'exe', 'commandLine'] as const) if (writer[key] !== undefined) parent[key] = writer[key];
  return { ...own, parent: { ...parent, ...own.parent } };
}

function isPlain(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
