/**
 * The three messages of pam_unix that fill logs, read by position: patterns with groups cost ten times as much.
 * What does not look exactly like one of them is left to the rules.
 */
import { endpointOf } from '../address.js';
import type { Told } from './reading.js';

const OPENED = 'session opened for user ';
const CLOSED = 'session closed for user ';
const FAILED = 'authentication failure; logname=';

export function readUsual(text: string): Told | undefined {
  if (text.startsWith('session '))
    return text.startsWith(OPENED) ? readOpened(text) : text.startsWith(CLOSED) ? readClosed(text) : undefined;
  return text.startsWith(FAILED) ? readFailed(text) : undefined;
}

// session closed for user alice
function readClosed(text: string): Told | undefined {
  const user = text.slice(CLOSED.length);
  return {
    action: 'session.end',
    outcome: undefined,
    user,
    uid: undefined,
    byUser: undefined,
    byUid: undefined,
    client: undefined,
    tty: undefined,
  };
}

// session opened for user alice(uid=1000) by (uid=0)        session opened for user root by LOGIN(uid=0)
function readOpened(text: string): Told | undefined {
  const by = text.lastIndexOf(' by ');
  if (by < OPENED.length || text.indexOf(' by ', OPENED.length) !== by) return undefined;
  const asker = splitUid(text, by + 4, text.length);
  if (asker === undefined) return undefined;
  const byUid = uid;
  const user = splitUid(text, OPENED.length, by) ?? text.slice(OPENED.length, by);
  return { action: 'session.start', outcome: 'success', user, uid, byUser: asker, byUid, client: undefined, tty: undefined };
}

/** The number that {@link splitUid} found. Valid until its next call. */
let uid: string | undefined;

/** `alice(uid=1000)` to the name, and the number in {@link uid}; undefined when there is none. */
function splitUid(text: string, from: number, to: number): string | undefined {
  uid = undefined;
  if (text.charCodeAt(to - 1) !== 41) return undefined;
  const open = text.lastIndexOf('(uid=', to - 2);
  if (open < from || to - open > 16) return undefined;
  for (let at = open + 5; at < to - 1; at++) if (!(text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57)) return undefined;
  uid = text.slice(open + 5, to - 1);
  return text.slice(from, open);
}

// authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root
function readFailed(text: string): Told | undefined {
  const login = field(text, FAILED.length - 8, 'logname=');
  const byUid = field(text, next, ' uid=');
  const euid = field(text, next, ' euid=');
  const tty = field(text, next, ' tty=');
  const ruser = field(text, next, ' ruser=');
  const place = field(text, next, ' rhost=');
  if (login === undefined || byUid === undefined || euid === undefined || tty === undefined || ruser === undefined || place === undefined)
    return undefined;
  if (euid !== '0') return undefined;
  let user: string | undefined;
  if (text.startsWith('  user=', next)) user = text.slice(next + 7);
  else if (text.startsWith(' user=', next)) user = text.slice(next + 6);
  else if (next < text.length && text.charCodeAt(text.length - 1) !== 32) return undefined;
  const byUser = ruser === '' ? login : ruser;
  return { action: 'auth.check', outcome: 'failure', user, uid: undefined, byUser, byUid, client: endpointOf(place), tty };
}

/** Where {@link field} stopped. */
let next = 0;

/** A value up to the next blank, when the field stands right at `from`. */
function field(text: string, from: number, name: string): string | undefined {
  if (from < 0 || !text.startsWith(name, from)) {
    next = -1;
    return undefined;
  }
  const start = from + name.length;
  const end = text.indexOf(' ', start);
  next = end < 0 ? text.length : end;
  return text.slice(start, next);
}
