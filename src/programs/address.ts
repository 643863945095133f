/** Where someone came from, as programs write it: an address or a name, perhaps with a port. */
import type { Client } from '../model/event.js';

// 2001:db8::7        fe80::1%eth0        ::ffff:10.0.0.1
const IPV6 = /^[\da-fA-F:]{2,39}(?:(?:\d{1,3}\.){3}\d{1,3})?(?:%[\w.-]{1,32})?$/;

export function isAddress(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first >= 48 && first <= 57 && looksIpv4(text)) return true;
  return text.includes(':') && IPV6.test(text);
}

/** Four numbers of at most three digits. By hand: it is asked for nearly every line. */
function looksIpv4(text: string): boolean {
  let dots = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 46 && digits > 0) {
      dots++;
      digits = 0;
    } else if (code >= 48 && code <= 57 && digits < 3) digits++;
    else return false;
  }
  return dots === 3 && digits > 0;
}

/** @returns undefined for what tells no place: sshd's `UNKNOWN` (a socket that is gone), an empty text. */
export function endpointOf(place: string | undefined, port?: string): Client | undefined {
  if (place === undefined || place === '' || NOWHERE.has(place)) return undefined;
  const number = portOf(port);
  if (isAddress(place)) return number === undefined ? { ip: place } : { ip: place, port: number };
  return number === undefined ? { host: place } : { host: place, port: number };
}

export function portOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  return port > 65535 ? undefined : port;
}

const NOWHERE: ReadonlySet<string> = new Set(['UNKNOWN', 'unknown', '(null)', '?', '-', 'NULL', '(unknown)']);
