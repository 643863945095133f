/** From a program's message to an event draft: finds the program that wrote it and lets it read. */
import type { Draft } from '../model/event.js';
import type { Sink } from '../model/parser.js';
import type { Facts } from '../model/source.js';
import { Memory } from './memory.js';
import { MESSAGE_LIMIT, TAKEN, type LogLine, type ProgramReader, type Reading } from './program.js';
import { programs } from './registry.js';

/** rsyslog's `message repeated 2 times: [ text]`. */
const REPEATED = /^message repeated (?<times>\d{1,9}) times: \[ ?(?<text>[^]*)\]$/;
/** The old daemons' `last message repeated 2 times`; macOS puts dashes around it. */
const LAST_REPEATED = /^(?:--- )?last message (?:buffered|repeated) (?<times>\d{1,9}) times?(?: ---)?$/;
/** Hosts whose last line is remembered for `last message repeated`. */
const HOSTS = 1024;

/** Reads the messages of one source, whatever envelope they came in. */
export interface Interpreter {
  /**
   * Gives the line's event to the sink, or holds it.
   * @param extra Fields that the envelope knows (journald's trusted fields, a container): they win over absent ones only.
   */
  read(line: LogLine, out: Sink, extra?: Partial<Draft>): void;
  end(out: Sink): void;
}

export function interpreter(facts: Facts): Interpreter {
  const memory = new Memory();
  const readers = new Map<string, ProgramReader>();
  const lastLines = new Map<string, LogLine>();

  const readerOf = (id: string): ProgramReader => {
    let reader = readers.get(id);
    if (reader === undefined) {
      reader = programsById.get(id)?.reader(memory, facts) as ProgramReader;
      readers.set(id, reader);
    }
    return reader;
  };

  const understand = (line: LogLine, out: Sink): Reading | typeof TAKEN | undefined => {
    for (const program of claimants) {
      if (program.claims?.(line) === true) {
        const reading = readerOf(program.id).read(line, out);
        if (reading !== undefined) return reading;
      }
    }
    const id = line.program === undefined ? undefined : programByName(line.program);
    return id === undefined ? undefined : readerOf(id).read(line, out);
  };

  const repeated = (line: LogLine, out: Sink): { reading: Reading | typeof TAKEN | undefined; times?: number } => {
    const match = REPEATED.exec(line.message);
    if (match?.groups !== undefined) {
      return { reading: understand({ ...line, message: match.groups.text ?? '' }, out), times: Number(match.groups.times) };
    }
    const again = LAST_REPEATED.exec(line.message);
    if (again === null) return { reading: understand(line, out) };
    const last = lastLines.get(line.host ?? '');
    return {
      reading: last === undefined ? undefined : understand({ ...line, program: last.program, pid: last.pid, message: last.message }, out),
      times: Number(again.groups?.times),
    };
  };

  const remember = (line: LogLine): void => {
    if (lastLines.size >= HOSTS && !lastLines.has(line.host ?? '')) lastLines.clear();
    lastLines.set(line.host ?? '', line);
  };

  return {
    read(line, out, extra) {
      const capped = line.message.length > MESSAGE_LIMIT ? { ...line, message: line.message.slice(0, MESSAGE_LIMIT) } : line;
      const mayRepeat = line.message.endsWith(' times') || line.message.endsWith(' time') || line.message.endsWith(' ---') || line.message.startsWith('message repeated ');
      const { reading, times }: ReturnType<typeof repeated> = mayRepeat ? repeated(capped, out) : { reading: understand(capped, out) };
      if (times === undefined) remember(line);
      if (reading === TAKEN) return;
      out.event(toDraft(line, reading, times, extra));
    },
    end(out) {
      for (const reader of readers.values()) reader.end?.(out);
    },
  };
}

const programsById = new Map(programs.map((program) => [program.id, program]));
const claimants = programs.filter((program) => program.claims !== undefined);
const idsByName = new Map(programs.flatMap((program) => program.names.map((name) => [name, program.id] as const)));

function programByName(name: string): string | undefined {
  return idsByName.get(name) ?? idsByName.get(name.toLowerCase());
}

/** The program that wrote the line, as an event's `process`. */
export function writerOf(line: LogLine): { name?: string; pid?: number } | undefined {
  if (line.program === undefined) return line.pid === undefined ? undefined : { pid: line.pid };
  return line.pid === undefined ? { name: line.program } : { name: line.program, pid: line.pid };
}

function toDraft(line: LogLine, reading: Reading | undefined, times: number | undefined, extra: Partial<Draft> | undefined): Draft {
  const draft: Draft = { time: line.time, action: 'log.message', ...reading };
  if (line.timeQuality !== undefined) draft.timeQuality = line.timeQuality;
  if (draft.host === undefined && line.host !== undefined) draft.host = line.host;
  if (draft.process === undefined) {
    const writer = writerOf(line);
    if (writer !== undefined) draft.process = writer;
  }
  draft.message = line.message;
  if (times !== undefined) draft.details = { ...draft.details, repeated: times };
  if (extra !== undefined) {
    for (const [key, value] of Object.entries(extra) as [keyof Draft, never][]) {
      const own = draft[key];
      if (own === undefined) (draft as unknown as Record<string, unknown>)[key] = value;
      else if (isPlain(own) && isPlain(value)) (draft as unknown as Record<string, unknown>)[key] = { ...(value as object), ...own };
    }
  }
  return draft;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
