/** Who wrote a syslog message: the tag between the header and the text. */
import type { Priority } from './priority.js';
import { detach } from '../bytes.js';
import { parsePriorityName } from './priority.js';

export interface Tag {
  /** Without path: `cron` of `/usr/sbin/cron[1]:`. */
  readonly program?: string;
  readonly pid?: number;
  /** What stands in the brackets when it is no number. */
  readonly processId?: string;
  readonly message: string;
  /** Solaris writes priority and message id in front of the text: `[ID 800047 auth.info] `. */
  readonly priority?: Priority;
  readonly messageId?: string;
}

/** Longest program name looked for (characters). RFC 3164 says 32; journald and rsyslog let more through. */
const LONGEST = 128;
const LONGEST_ID = 64;

/** Where {@link endOfTag} found the name's end and the bracket's end. Valid until its next call. */
let nameEnd = 0;
let bracketEnd = 0;

/** @returns Index of the first character of the text, -1 when no tag stands at `from`. */
function endOfTag(text: string, from: number): number {
  let end = from;
  const limit = Math.min(text.length, from + LONGEST);
  while (end < limit) {
    const code = text.charCodeAt(end);
    if (code <= 32 || code === 58 || code === 91) break;
    end++;
  }
  if (end === from || end === limit) return -1;
  nameEnd = end;
  bracketEnd = 0;
  let after = end;
  if (text.charCodeAt(end) === 91) {
    const close = text.indexOf(']', end);
    if (close < 0 || close - end > LONGEST_ID || close === end + 1) return -1;
    bracketEnd = close;
    after = close + 1;
    // macOS: `loginwindow[92] (com.apple.x): text`
    if (text.startsWith(' (', after)) {
      const label = text.indexOf('): ', after);
      if (label > 0 && label - after <= LONGEST) return label + 3;
    }
  }
  const next = text.charCodeAt(after);
  if (next === 58)
    return text.charCodeAt(after + 1) === 32 ? after + 2 : bracketEnd > 0 || after + 1 >= text.length ? after + 1 : loose(text, after + 1);
  // `prog[12] text`: some programs leave the colon out.
  return bracketEnd > 0 && next === 32 && isNumber(text, end + 1, bracketEnd) ? after + 1 : -1;
}

/** `prog:text` is a tag; `a::b`, `http://x` and `10:20` are text. */
function loose(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code === 58 || code === 47 || (code >= 48 && code <= 57) ? -1 : at;
}

function isNumber(text: string, from: number, to: number): boolean {
  if (to === from || to - from > 10) return false;
  for (let at = from; at < to; at++) if (!(text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57)) return false;
  return true;
}

/** Tells a tag from a host name: in a line that names no host the tag comes right after the time. */
export function isTag(text: string, from: number): boolean {
  return endOfTag(text, from) >= 0;
}

/** `prog[pid]: text`, `prog: text`, `prog/sub[12]: text`, `prog(pam_unix)[pid]: text`; the text alone when there is no tag. */
export function parseTag(text: string, from = 0): Tag {
  const start = endOfTag(text, from);
  if (start < 0) return { message: text.slice(from) };
  const program = programAt(text, from);
  const message = text.slice(start);
  let tag: Tag;
  if (bracketEnd === 0) tag = { program, message };
  else if (isNumber(text, nameEnd + 1, bracketEnd)) tag = { program, pid: Number(text.slice(nameEnd + 1, bracketEnd)), message };
  else tag = { program, processId: text.slice(nameEnd + 1, bracketEnd), message };
  return message.startsWith('[ID ') ? solaris(tag) : tag;
}

/** The last name found: keeping one text for it spares memory, and makes looking it up cheaper. */
let lastProgram = '';

function programAt(text: string, from: number): string {
  if (nameEnd - from === lastProgram.length && text.startsWith(lastProgram, from)) return lastProgram;
  const name = text.slice(from, nameEnd);
  if (name.charCodeAt(0) === 47) return withoutPath(name);
  lastProgram = detach(name);
  return name;
}

function withoutPath(name: string): string {
  return name.charCodeAt(0) === 47 ? name.slice(name.lastIndexOf('/') + 1) || name : name;
}

/** `[ID 800047 auth.info] Accepted publickey for root` */
const SOLARIS = /^\[ID (?<id>\d{1,10}) (?<priority>[a-z0-9]{1,10}\.[a-z]{1,8})\] /;

function solaris(tag: Tag): Tag {
  const match = SOLARIS.exec(tag.message);
  const priority = parsePriorityName(match?.groups?.priority ?? '');
  if (match === null || priority === undefined) return tag;
  return { ...tag, message: tag.message.slice(match[0].length), priority, messageId: match.groups?.id };
}
