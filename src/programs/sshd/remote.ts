/**
 * The messages that fill most logs, read by position instead of by pattern: a pattern with groups costs ten times as much.
 * What does not look exactly like one of them is left to the rules.
 */
import type { Client } from '../../model/event.js';
import { endpointOf } from '../address.js';
import type { Reading } from '../program.js';
import { sshReading } from './reading.js';

/** Where {@link findRemote} found the address, and the port. Valid until its next call. */
let addressStart = 0;
let addressEnd = 0;
let portText = '';

const PORT = ' port ';
const SPACE = 32;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** @returns Whether the text before `end` ends in `ADDRESS port N`. The address is the last word before the port. */
export function findRemote(text: string, end: number): boolean {
  let at = end;
  while (at > 0 && end - at < 6 && isDigit(text.charCodeAt(at - 1))) at--;
  const digits = end - at;
  if (digits === 0 || digits > 5 || !text.startsWith(PORT, at - PORT.length)) return false;
  addressEnd = at - PORT.length;
  addressStart = text.lastIndexOf(' ', addressEnd - 1) + 1;
  portText = text.slice(at, end);
  return addressStart < addressEnd;
}

/** The client that {@link findRemote} found. */
export function foundRemote(text: string): Client | undefined {
  return endpointOf(text.slice(addressStart, addressEnd), portText);
}

/** Where the address begins that {@link findRemote} found. */
export function remoteStart(): number {
  return addressStart;
}

export function readUsual(text: string): Reading | undefined {
  switch (text.charCodeAt(0)) {
    case 67 /* C */:
      if (text.startsWith('Connection closed by ')) return readEnd(text, 21, 'closed');
      if (text.startsWith('Connection reset by ')) return readEnd(text, 20, 'reset');
      return text.startsWith('Connection from ') ? readStart(text) : undefined;
    case 68 /* D */:
      return text.startsWith('Disconnected from ') ? readEnd(text, 18, 'disconnected') : undefined;
    case 73 /* I */:
      return text.startsWith('Invalid user ') ? readUnknownUser(text) : undefined;
    case 82 /* R */:
      return text.startsWith('Received disconnect from ') ? readGoodbye(text) : undefined;
    default:
      return undefined;
  }
}

const INVALID_USER = 'invalid user ';
const AUTHENTICATING_USER = 'authenticating user ';
const USER = 'user ';

// Connection closed by authenticating user alice 203.0.113.7 port 36875        Disconnected from user alice 203.0.113.7 port 58381
function readEnd(text: string, from: number, how: string): Reading | undefined {
  if (!findRemote(text, text.length) || addressStart < from) return undefined;
  const client = foundRemote(text);
  if (addressStart === from) return sshReading('ssh.disconnect', undefined, undefined, client, { how });
  const invalid = text.startsWith(INVALID_USER, from);
  const prefix = invalid ? INVALID_USER : text.startsWith(AUTHENTICATING_USER, from) ? AUTHENTICATING_USER : USER;
  if (!invalid && !text.startsWith(prefix, from)) return undefined;
  const user = text.slice(from + prefix.length, Math.max(from + prefix.length, addressStart - 1));
  const actor = user === '' ? undefined : { user };
  return sshReading('ssh.disconnect', undefined, actor, client, invalid ? { how, invalidUser: true } : { how });
}

// Connection from 203.0.113.7 port 58381 on 192.0.2.10 port 22 rdomain ""        …without what follows the client's port
function readStart(text: string): Reading | undefined {
  const end = text.endsWith(' rdomain ""') ? text.length - 11 : text.length;
  if (!findRemote(text, end)) return undefined;
  if (addressStart === 16) return sshReading('ssh.connect', undefined, undefined, foundRemote(text), undefined);
  const server = foundRemote(text);
  const middle = addressStart - 4;
  if (!text.startsWith(' on ', middle) || !findRemote(text, middle) || addressStart !== 16) return undefined;
  const reading = sshReading('ssh.connect', undefined, undefined, foundRemote(text), undefined);
  reading.server = server;
  return reading;
}

// Invalid user admin from 203.0.113.9 port 33903
function readUnknownUser(text: string): Reading | undefined {
  if (!findRemote(text, text.length) || addressStart < 19 || !text.startsWith(' from ', addressStart - 6)) return undefined;
  const user = text.slice(13, addressStart - 6);
  const actor = user === '' ? undefined : { user };
  return sshReading('ssh.login', 'failure', actor, foundRemote(text), { invalidUser: true, reason: 'unknown user' });
}

// Received disconnect from 203.0.113.7 port 58381:11: disconnected by user
function readGoodbye(text: string): Reading | undefined {
  const space = text.indexOf(' ', 25);
  if (space < 0 || !text.startsWith(PORT, space)) return undefined;
  const colon = text.indexOf(':', space + PORT.length);
  const second = text.indexOf(':', colon + 1);
  if (colon < 0 || second < 0 || second - colon > 11 || second === colon + 1 || !findRemote(text, colon) || addressStart !== 25)
    return undefined;
  for (let at = colon + 1; at < second; at++) if (!isDigit(text.charCodeAt(at))) return undefined;
  const code = Number(text.slice(colon + 1, second));
  const start = text.charCodeAt(second + 1) === SPACE ? second + 2 : second + 1;
  const details = start < text.length ? { code, reason: text.slice(start), by: 'client' } : { code, by: 'client' };
  return sshReading('ssh.disconnect', undefined, undefined, foundRemote(text), details);
}
