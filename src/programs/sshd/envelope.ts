/**
 * What sshd puts around each message: `error: text [preauth]`.
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/log.c | do_log()},
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/monitor.c | monitor_read_log()}
 */
import { decodeVis } from '../../formats/vis.js';

export interface Unwrapped {
  readonly text: string;
  /** Absent: INFO or VERBOSE, which are not written. */
  readonly level?: string;
  /** The process without privileges wrote it through its monitor: `preauth` before the login, `postauth` after it. */
  readonly stage?: string;
  /** The message was longer than sshd lets through: its end is missing. */
  readonly cut: boolean;
}

/** Longest message that sshd gives to syslog (bytes). It is ASCII by then. */
const LONGEST = 500;

const LEVELS = ['error: ', 'fatal: ', 'debug1: ', 'debug2: ', 'debug3: ', 'internal error: ', 'debug: '] as const;
const STAGES = ['preauth', 'postauth', 'priv', 'net'] as const;

const BRACKET = 93; // ]

export function unwrap(message: string): Unwrapped {
  let text = message;
  let level: string | undefined;
  let stage: string | undefined;
  const first = text.charCodeAt(0);
  // e, f, d, i: most messages begin with a capital letter.
  if (first >= 100 && first <= 105) {
    const prefix = LEVELS.find((each) => text.startsWith(each));
    if (prefix !== undefined) {
      level = prefix.slice(0, -2);
      text = text.slice(prefix.length);
    }
  }
  if (text.charCodeAt(text.length - 1) === BRACKET) {
    stage = STAGES.find((each) => text.endsWith(` [${each}]`));
    if (stage !== undefined) text = text.slice(0, -stage.length - 3);
  }
  if (text.includes('\\')) {
    text = decodeVis(text);
    // The monitor makes safe again what the other process made safe already.
    if (stage !== undefined) text = decodeVis(text);
  }
  return { text, level, stage, cut: message.length >= LONGEST };
}
