/** Networks: `10.0.0.0/8`, `fe80::/10`. {@link https://www.rfc-editor.org/rfc/rfc4291#section-2.2 | RFC 4291, 2.2} */

/** 16-bit groups: two for IPv4, eight for IPv6. */
type Groups = readonly number[];

export interface Network {
  readonly groups: Groups;
  /** Bits, 0–32 or 0–128. */
  readonly prefix: number;
}

/** @returns undefined when it is none. Bits behind the prefix may be set: they do not count. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = '', bits] = /^(?<address>[^/]{1,45})(?:\/(?<bits>\d{1,3}))?$/.exec(text) ?? [];
  const groups = parseAddress(address);
  if (groups === undefined) return undefined;
  const prefix = bits === undefined ? groups.length * 16 : Number(bits);
  return prefix > groups.length * 16 ? undefined : { groups, prefix };
}

/** Whether the text is an address of the network. IPv4 in IPv6 (`::ffff:10.0.0.1`) counts as IPv4, too. */
export function isInNetwork(text: string, network: Network): boolean {
  const groups = parseAddress(text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text);
  if (groups === undefined) return false;
  if (groups.length === network.groups.length) return samePrefix(groups, network);
  return network.groups.length === 2 && isMapped(groups) && samePrefix(groups.slice(6), network);
}

function isMapped(groups: Groups): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

function samePrefix(groups: Groups, network: Network): boolean {
  for (let i = 0, left = network.prefix; left > 0; i++, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
    if ((((groups[i] as number) ^ (network.groups[i] as number)) & mask) !== 0) return false;
  }
  return true;
}

export function parseAddress(text: string): Groups | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function parseIpv4(text: string): Groups | undefined {
  const match = IPV4.exec(text);
  if (match === null) return undefined;
  const [a, b, c, d] = match.slice(1).map(Number) as [number, number, number, number];
  return Math.max(a, b, c, d) > 255 ? undefined : [a * 256 + b, c * 256 + d];
}

const GROUP = /^[0-9a-f]{1,4}$/i;

function parseIpv6(text: string): Groups | undefined {
  // A zone (`fe80::1%eth0`) is no part of the address.
  const zone = text.indexOf('%');
  const address = zone < 0 ? text : text.slice(0, zone);
  if (address.length > 45) return undefined;
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : groupsOf(half)));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function groupsOf(text: string): number[] | undefined {
  const groups: number[] = [];
  const words = text.split(':');
  for (const [index, word] of words.entries()) {
    const v4 = index === words.length - 1 ? parseIpv4(word) : undefined;
    if (v4 !== undefined) groups.push(...v4);
    else if (GROUP.test(word)) groups.push(Number.parseInt(word, 16));
    else return undefined;
  }
  return groups;
}
