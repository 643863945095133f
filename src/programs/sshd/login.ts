/**
 * The verdict on an attempt to log in, and the key it was made with.
 * {@link https://github.com/openssh/openssh-portable/blob/V_9_2_P1/auth.c | auth_log(), format_method_key()}
 * ```
 * Failed password for invalid user admin from 203.0.113.9 port 33903 ssh2
 * Accepted publickey for alice from 203.0.113.7 port 58381 ssh2: ED25519 SHA256:…
 * Accepted publickey for alice from 203.0.113.7 port 58381 ssh2: ECDSA-CERT SHA256:… ID laptop (serial 42) CA ED25519 SHA256:…
 * ```
 * The client chooses the user name, and the id of a certificate that it signed itself: both may hold ` from 10.0.0.1 port 22 ssh2`.
 */
import type { Client } from '../../model/event.js';
import { endpointOf } from '../address.js';
import type { Reading } from '../program.js';
import { sshReading, type Outcome } from './reading.js';
import { findRemote, foundRemote, remoteStart } from './remote.js';

const OUTCOMES: ReadonlyMap<string, Outcome> = new Map([
  ['Accepted', 'success'],
  ['Failed', 'failure'],
  ['Postponed', undefined],
  ['Partial', undefined],
]);

const FOR = ' for ';
const FROM = ' from ';
const INVALID = ['invalid user ', 'illegal user '];

/** Places looked at for the true ` from `. A name has at most 100 bytes, a certificate's id more. */
const PLACES = 32;

// 203.0.113.9 port 33903 ssh2: ED25519 SHA256:…      (SSH 1 left ` ssh2` out)
const TAIL = /^(?<ip>\S+) port (?<port>\d{1,5})(?: ssh2)?(?:: (?<extra>[^]+))?$/;
// ED25519 SHA256:4Vf…        RSA 07:f5:…        ED25519 SHA256:4Vf…, client user "alice", client host "web1"
const KEY =
  /^(?<keyType>[A-Z][\w-]{1,31}) (?<fingerprint>SHA\d{1,3}:[\w+/=]+|(?:MD5:)?[\da-f]{2}(?::[\da-f]{2})+|\(null\))(?:, (?<rest>[^]+))?$/;
// ECDSA-CERT SHA256:… ID laptop (serial 42) CA ED25519 SHA256:…        before 6.8 without the key's own fingerprint
const CERTIFICATE =
  /^(?<keyType>[A-Z][\w-]{1,31}-CERT) (?:(?<fingerprint>\S+) )?ID (?<id>[^]*) \(serial (?<serial>\d{1,20})\) CA (?<caKeyType>\S+) (?<ca>[^\s,]+)(?:, (?<rest>[^]+))?$/;
// client user "alice", client host "web1"        signature count = 7
const HOSTBASED = /^client user "(?<clientUser>[^]*)", client host "(?<clientHost>[^"]*)"$/;
const COUNT = /^signature count = (?<count>\d{1,10})$/;

interface Place {
  readonly user: string;
  readonly ip: string;
  readonly port: string;
  readonly extra?: string;
}

/**
 * @param knownClient The client as earlier lines of the connection tell it: it settles what can be read in two ways.
 * @param cut The end of the message is missing.
 */
export function readLogin(text: string, knownClient: () => Client | undefined, cut: boolean): Reading | undefined {
  const verb = verbOf(text);
  if (verb === undefined) return undefined;
  const space = verb.length;
  const mark = text.indexOf(FOR, space);
  if (mark < 0) return undefined;
  const method = text.slice(space + 1, mark);
  if (method.includes(' ')) return undefined;
  if (cut) return cutOff(verb, method, text.slice(mark + FOR.length));
  const usual = readPlain(text, verb, method, mark + FOR.length);
  if (usual !== undefined) return usual;
  const places = findPlaces(text, mark + FOR.length, method);
  const known = places.length > 1 ? knownClient() : undefined;
  const place = places.find((each) => each.ip === known?.ip && Number(each.port) === known.port) ?? places[0];
  if (place === undefined) return undefined;
  const details: Record<string, unknown> = { method };
  if (verb === 'Partial' || verb === 'Postponed') details.verdict = verb.toLowerCase();
  const user = accountOf(place.user, details);
  const credential = place.extra === undefined ? undefined : addKey(place.extra, details);
  if (places.length > 1 && place.ip !== known?.ip) {
    details.otherReadings = places.filter((each) => each !== place).map(({ user, ip, port }) => ({ user, ip, port: Number(port) }));
  }
  const actor = user === '' ? undefined : credential === undefined ? { user } : { user, credential };
  return sshReading('ssh.login', OUTCOMES.get(verb), actor, endpointOf(place.ip, place.port), details);
}

const VERBS = ['Failed', 'Accepted', 'Postponed', 'Partial'] as const;

function verbOf(text: string): string | undefined {
  const first = text.charCodeAt(0);
  // A, F, P
  if (first !== 65 && first !== 70 && first !== 80) return undefined;
  return VERBS.find((verb) => text.charCodeAt(verb.length) === 32 && text.startsWith(verb));
}

/** Nothing behind the address: the usual case, and the certain one. */
function readPlain(text: string, verb: string, method: string, start: number): Reading | undefined {
  if (!text.endsWith(' ssh2') || !findRemote(text, text.length - 5)) return undefined;
  const end = remoteStart() - FROM.length;
  if (end < start || !text.startsWith(FROM, end)) return undefined;
  const invalid = INVALID.find((each) => text.startsWith(each, start));
  const user = text.slice(invalid === undefined ? start : Math.min(end, start + invalid.length), end);
  const details: Record<string, unknown> = invalid === undefined ? { method } : { method, invalidUser: true };
  if (verb === 'Partial' || verb === 'Postponed') details.verdict = verb.toLowerCase();
  return sshReading('ssh.login', OUTCOMES.get(verb), user === '' ? undefined : { user }, foundRemote(text), details);
}

/**
 * All ways to read the end, the rightmost first. There is one only, unless a certificate with a free id stands at the end
 * and another in front of it: nothing else but such an id can follow the true address.
 */
function findPlaces(text: string, start: number, method: string): Place[] {
  const places: Place[] = [];
  let at = text.lastIndexOf(FROM);
  for (let looked = 0; at >= start && looked < PLACES; looked++) {
    const tail = TAIL.exec(text.slice(at + FROM.length))?.groups;
    if (tail !== undefined && (tail.extra === undefined || isExtra(tail.extra, method))) {
      places.push({ user: text.slice(start, at), ip: tail.ip ?? '', port: tail.port ?? '', extra: tail.extra });
      if (tail.extra === undefined || KEY.test(tail.extra)) break;
    }
    at = at === 0 ? -1 : text.lastIndexOf(FROM, at - 1);
  }
  return places;
}

/** GSSAPI shows a Kerberos principal here. */
function isExtra(extra: string, method: string): boolean {
  return method.startsWith('gssapi') || KEY.test(extra) || CERTIFICATE.test(extra) || HOSTBASED.test(extra);
}

function accountOf(text: string, details: Record<string, unknown>): string {
  const prefix = INVALID.find((each) => text.startsWith(each));
  if (prefix === undefined) return text;
  details.invalidUser = true;
  return text.slice(prefix.length);
}

/** @returns The fingerprint of the key. */
function addKey(extra: string, details: Record<string, unknown>): string | undefined {
  const certificate = CERTIFICATE.exec(extra)?.groups;
  const groups = certificate ?? KEY.exec(extra)?.groups;
  if (groups === undefined) {
    const hosts = HOSTBASED.exec(extra)?.groups;
    if (hosts === undefined) details.principal = extra;
    else addInfo(extra, details);
    return undefined;
  }
  details.keyType = groups.keyType;
  if (certificate !== undefined) {
    const { id, serial = '', caKeyType, ca } = certificate;
    details.certificate = { id, serial: Number.isSafeInteger(Number(serial)) ? Number(serial) : serial, ca, caKeyType };
  }
  if (groups.rest !== undefined) addInfo(groups.rest, details);
  return groups.fingerprint === '(null)' ? undefined : groups.fingerprint;
}

function addInfo(text: string, details: Record<string, unknown>): void {
  const hosts = HOSTBASED.exec(text)?.groups;
  const count = COUNT.exec(text)?.groups?.count;
  if (hosts !== undefined) Object.assign(details, { clientUser: hosts.clientUser, clientHost: hosts.clientHost });
  else if (count !== undefined) details.signatureCount = Number(count);
  else details.info = text;
}

/** The name was so long that the address did not fit: 100 bytes of which each may take four characters. */
function cutOff(verb: string, method: string, rest: string): Reading {
  const details: Record<string, unknown> = { method, truncated: true };
  const user = accountOf(rest, details);
  return sshReading('ssh.login', OUTCOMES.get(verb), { user }, undefined, details);
}
