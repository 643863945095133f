/**
 * What a program said in `msg='…'`. libaudit puts `exe= hostname= addr= terminal= res=` behind the text, and the text may be anybody's:
 * the last one wins.
 * {@link https://github.com/linux-audit/audit-userspace/blob/v3.0.9/lib/audit_logging.c | audit_logging.c}
 */
import { decodeUntrusted } from './fields.js';
import { interpretedText } from './interpreted-fields.js';

const NEXT_FIELD = / [a-z][\w-]{0,40}=/;
/** Free text before libaudit's own fields: without quotes it goes on to the last of them. */
const FREE: ReadonlySet<string> = new Set(['acct', 'cmd', 'data']);
const QUOTE = 34;

export class MessageFields {
  constructor(
    private readonly message: string,
    private readonly interpreted: boolean,
  ) {}

  /** Index behind `key=`, -1 when absent. Before 2.0 the last ones stood in brackets: `(hostname=?, addr=?, terminal=? res=success)`. */
  private find(key: string): number {
    const at = Math.max(this.message.lastIndexOf(` ${key}=`), this.message.lastIndexOf(`(${key}=`));
    if (at >= 0) return at + key.length + 2;
    return this.message.startsWith(`${key}=`) ? key.length + 1 : -1;
  }

  private written(key: string): string | undefined {
    const { message } = this;
    // What the program did comes first, in its own words.
    const from = key === 'op' && message.startsWith('op=') ? 3 : this.find(key);
    if (from < 0) return undefined;
    if (message.charCodeAt(from) === QUOTE) {
      const end = message.indexOf('"', from + 1);
      return message.slice(from, end < 0 ? undefined : end + 1);
    }
    // `op=changing uid id=1001`: operations are words, interpreted values may hold blanks too.
    const words = key === 'op' || this.interpreted;
    if (this.interpreted && FREE.has(key)) {
      const end = message.lastIndexOf(' exe=');
      return message.slice(from, end < from ? undefined : end);
    }
    const next = words ? NEXT_FIELD.exec(message.slice(from))?.index : undefined;
    const end = next === undefined ? (words ? -1 : message.indexOf(' ', from)) : from + next;
    const value = message.slice(from, end < 0 ? undefined : end).trimEnd();
    return message.includes('(hostname=') ? value.replace(/[,)]$/, '') : value;
  }

  /** As written, without quotes. */
  get(key: string): string | undefined {
    const written = this.written(key);
    if (written === undefined || written.charCodeAt(0) !== QUOTE) return written;
    return written.slice(1, written.endsWith('"') && written.length > 1 ? -1 : undefined);
  }

  /** Out of quotes or hex; absent for `?`. */
  text(key: string): string | undefined {
    const written = this.written(key);
    if (written === undefined) return undefined;
    if (this.interpreted) return interpretedText(written);
    const value = this.get(key);
    return written.charCodeAt(0) === QUOTE ? (value === '?' ? undefined : value) : decodeUntrusted(written);
  }
}
