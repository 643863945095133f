/**
 * Packets that a firewall rule logged: `[UFW BLOCK] IN=eth0 OUT= MAC=… SRC=203.0.113.5 DST=10.0.0.1 … PROTO=TCP SPT=40112 DPT=22 …`
 * {@link https://github.com/torvalds/linux/blob/v6.1/net/ipv4/netfilter/nf_log_syslog.c | dump_ipv4_packet()}
 */
import { detach } from '../../formats/bytes.js';
import type { Reading } from '../program.js';

// The administrator's prefix may be anything, also nothing; IN= and OUT= follow it at once.
const PACKET = /^(?<prefix>[^=]{0,128}?) ?IN=(?<input>\S{0,40}) OUT=(?<output>\S{0,40}) (?<fields>[^\n]{0,1500})$/;
const ADDRESS = /^[0-9a-fA-F.:]{2,45}$/;

export function readPacket(text: string): Reading | undefined {
  const at = text.indexOf('IN=');
  if (at < 0 || at > 130 || !text.includes(' SRC=', at)) return undefined;
  const groups = PACKET.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const fields = new Map<string, string>();
  const flags: string[] = [];
  for (const word of (groups['fields'] as string).split(' ', 64)) {
    const equals = word.indexOf('=');
    if (equals > 0) {
      const key = word.slice(0, equals);
      // Errors carry the packet they answer in brackets: the outer packet comes first.
      if (!fields.has(key)) fields.set(key, detach(word.slice(equals + 1)));
    } else if (/^[A-Z]{2,4}$/.test(word)) flags.push(word);
  }
  const source = endpoint(fields.get('SRC'), fields.get('SPT'));
  const target = endpoint(fields.get('DST'), fields.get('DPT'));
  if (source === undefined || target === undefined) return undefined;
  const prefix = (groups['prefix'] as string).trim();
  const details: Record<string, unknown> = {};
  if (prefix !== '') details['prefix'] = prefix;
  if (groups['input'] !== '') details['input'] = groups['input'];
  if (groups['output'] !== '') details['output'] = groups['output'];
  const protocol = fields.get('PROTO');
  if (protocol !== undefined) details['protocol'] = protocol.toLowerCase();
  for (const [key, name] of NAMES) if (fields.has(key)) details[name] = fields.get(key);
  if (flags.length > 0) details['flags'] = flags;
  const outcome = outcomeOf(prefix);
  return { action: 'network.flow', ...(outcome === undefined ? {} : { outcome }), client: source, server: target, details };
}

const NAMES = [
  ['MAC', 'mac'],
  ['LEN', 'length'],
  ['TTL', 'ttl'],
  ['ID', 'id'],
  ['TYPE', 'type'],
  ['CODE', 'code'],
  ['UID', 'uid'],
  ['MARK', 'mark'],
] as const;

/** Only ufw's own prefixes say for certain what became of the packet; any other is a name somebody chose. */
function outcomeOf(prefix: string): 'success' | 'failure' | undefined {
  if (/^\[UFW (?:BLOCK|LIMIT BLOCK)\]$/.test(prefix)) return 'failure';
  return prefix === '[UFW ALLOW]' ? 'success' : undefined;
}

function endpoint(ip: string | undefined, port: string | undefined): { ip: string; port?: number } | undefined {
  if (ip === undefined || !ADDRESS.test(ip)) return undefined;
  const number = port === undefined || !/^\d{1,5}$/.test(port) ? Number.NaN : Number(port);
  return number <= 65535 ? { ip, port: number } : { ip };
}
