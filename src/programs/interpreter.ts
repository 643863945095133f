/** From a program's message to an event draft: finds the program that wrote it and lets it read. */
import type { Draft } from '../model/event.js';
import type { Sink } from '../model/parser.js';
import type { Facts } from '../model/source.js';
import { toDraft } from './draft.js';
import { Memory } from './memory.js';
import { MESSAGE_LIMIT, TAKEN, type LogLine, type ProgramReader, type Reading } from './program.js';
import { programs } from './registry.js';

export { writerOf } from './draft.js';

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
  /** The last line, not yet among {@link lastLines}: it gets there when another host speaks. */
  let last: LogLine | undefined;

  const readerOf = (id: string): ProgramReader => {
    let reader = readers.get(id);
    if (reader === undefined) {
      reader = programsById.get(id)?.reader(memory, facts) as ProgramReader;
      readers.set(id, reader);
    }
    return reader;
  };

  let lastName: string | undefined;
  let lastReader: ProgramReader | undefined;
  const readerByName = (name: string): ProgramReader | undefined => {
    if (name === lastName) return lastReader;
    const id = programByName(name);
    lastName = name;
    lastReader = id === undefined ? undefined : readerOf(id);
    return lastReader;
  };

  const understand = (line: LogLine, out: Sink): Reading | typeof TAKEN | undefined => {
    for (const program of claimants) {
      if (program.claims?.(line) === true) {
        const reading = readerOf(program.id).read(line, out);
        if (reading !== undefined) return reading;
      }
    }
    return line.program === undefined ? undefined : readerByName(line.program)?.read(line, out);
  };

  const settle = (): void => {
    if (last === undefined) return;
    const host = last.host ?? '';
    if (lastLines.size >= HOSTS && !lastLines.has(host)) lastLines.clear();
    lastLines.set(host, last);
    last = undefined;
  };

  const repeated = (line: LogLine, out: Sink): { reading: Reading | typeof TAKEN | undefined; times?: number } => {
    const match = REPEATED.exec(line.message);
    if (match?.groups !== undefined) {
      return {
        reading: understand(
          { ...line, message: match.groups.text ?? '', recorded: line.message, repeated: Number(match.groups.times) },
          out,
        ),
        times: Number(match.groups.times),
      };
    }
    const again = LAST_REPEATED.exec(line.message);
    if (again === null) return { reading: understand(line, out) };
    settle();
    const last = lastLines.get(line.host ?? '');
    const times = Number(again.groups?.times);
    return {
      reading:
        last === undefined
          ? undefined
          : understand(
              { ...line, program: last.program, pid: last.pid, message: last.message, recorded: line.message, repeated: times },
              out,
            ),
      times,
    };
  };

  const remember = (line: LogLine): void => {
    if (last !== undefined && last.host !== line.host) settle();
    last = line;
  };

  return {
    read(line, out, extra) {
      const long = line.message.length > MESSAGE_LIMIT;
      const capped = long || extra !== undefined ? enveloped(line, extra) : line;
      const mayRepeat =
        line.message.endsWith(' times') ||
        line.message.endsWith(' time') ||
        line.message.endsWith(' ---') ||
        line.message.startsWith('message repeated ');
      const { reading, times }: ReturnType<typeof repeated> = mayRepeat ? repeated(capped, out) : { reading: understand(capped, out) };
      if (times === undefined) remember(line);
      if (reading === TAKEN) return;
      out.event(toDraft(times === undefined ? capped : { ...capped, repeated: times }, reading));
    },
    end(out) {
      for (const reader of readers.values()) reader.end?.(out);
    },
  };
}

/** The line with what its envelope knows, cut to what programs look at. */
function enveloped({ time, timeQuality, host, program, pid, message, repeated }: LogLine, extra: Partial<Draft> | undefined): LogLine {
  const text = message.length > MESSAGE_LIMIT ? message.slice(0, MESSAGE_LIMIT) : message;
  return { time, timeQuality, host, program, pid, message: text, recorded: message, extra, repeated };
}

const programsById = new Map(programs.map((program) => [program.id, program]));
const claimants = programs.filter((program) => program.claims !== undefined);
const idsByName = new Map(programs.flatMap((program) => program.names.map((name) => [name, program.id] as const)));

function programByName(name: string): string | undefined {
  return idsByName.get(name) ?? idsByName.get(name.toLowerCase());
}
