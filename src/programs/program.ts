/** What a program's log message says, whichever envelope it came in. */
import type { Draft, Instant, TimeQuality } from '../model/event.js';
import type { Sink } from '../model/parser.js';
import type { Facts } from '../model/source.js';
import type { Memory } from './memory.js';

/** One message, freed from its envelope. */
export interface LogLine {
  readonly time: Instant;
  readonly timeQuality?: TimeQuality;
  readonly host?: string;
  /** As the envelope names it, without path: `sshd`, `sudo`, `kernel`. Absent when the envelope names none. */
  readonly program?: string;
  readonly pid?: number;
  /** At most {@link MESSAGE_LIMIT} characters; the rest was cut and reported by the envelope. */
  readonly message: string;
  /** Fields that the envelope knows beside the message: they fill what the reading leaves absent. */
  readonly extra?: Partial<Draft>;
  /** The message as recorded, where `message` is only a part of it or another line's (`message repeated 2 times: [ … ]`). */
  readonly recorded?: string;
  /** How often the message was written, where the envelope says so instead of repeating it. */
  readonly repeated?: number;
}

/** Longest message that programs look at (characters): what comes after it is kept in `message` only. */
export const MESSAGE_LIMIT = 65536;

/** What a message means. Time, host and message text come from the line. */
export type Reading = Omit<Draft, 'time' | 'timeQuality' | 'host' | 'message'> & { readonly host?: string };

/**
 * A reader says `TAKEN` when it has dealt with the sink itself (held the frame, given events): records that only make sense together.
 */
export const TAKEN: unique symbol = Symbol('taken');

export interface ProgramReader {
  /** @returns undefined when the message is none that this program is known to write: it then becomes a `log.message`. */
  read(line: LogLine, out: Sink): Reading | typeof TAKEN | undefined;
  /** The source ended: give back what is held. */
  end?(out: Sink): void;
}

/** One program, or a family that logs alike. */
export interface Program {
  /** Equals the file's name. */
  readonly id: string;
  readonly title: string;
  /** Names it logs under, lower case. */
  readonly names: readonly string[];
  /** For messages that tell by themselves who wrote them, whatever the envelope says. */
  claims?(line: LogLine): boolean;
  /** A reader for one source: state is bounded. */
  reader(memory: Memory, facts: Facts): ProgramReader;
}
