/** Socket addresses as the kernel dumps them: `saddr=0200115CC63364090000000000000000`. Family in host order, port in network order. */
import { decodeUtf8, parseHex } from '../bytes.js';

export interface SocketAddress {
  /** `inet`, `inet6`, `local`, `netlink`, `packet`, `vsock`, …; the number when it has no name here. */
  readonly family: string;
  readonly ip?: string;
  readonly port?: number;
  /** Path of a local socket; `@` stands before an abstract name. Absent when it has none. */
  readonly path?: string;
  readonly scope?: number;
  /** Netlink: port id, most often a pid. */
  readonly netlinkPid?: number;
  readonly netlinkGroups?: number;
  readonly interfaceIndex?: number;
  /** vsock: context id of the machine. */
  readonly contextId?: number;
  /** Fewer bytes than the family needs. */
  readonly cut?: true;
}

/** {@link https://github.com/torvalds/linux/blob/v6.1/include/linux/socket.h | linux/socket.h} */
const FAMILIES: ReadonlyMap<number, string> = new Map([
  [0, 'unspec'],
  [1, 'local'],
  [2, 'inet'],
  [3, 'ax25'],
  [10, 'inet6'],
  [15, 'key'],
  [16, 'netlink'],
  [17, 'packet'],
  [29, 'can'],
  [30, 'tipc'],
  [31, 'bluetooth'],
  [38, 'alg'],
  [40, 'vsock'],
  [44, 'xdp'],
]);
/** Architectures with the most significant byte first: the family reads the other way round. */
const BIG_ENDIAN: ReadonlySet<string> = new Set(['s390x', 's390', 'ppc64', 'ppc', 'mips', 'mips64', 'sparc64', 'armeb']);

/** @returns undefined when it is not hex. */
export function parseSocketAddress(hex: string, architecture = ''): SocketAddress | undefined {
  const bytes = parseHex(hex);
  if (bytes === undefined || bytes.length === 0) return undefined;
  const big = BIG_ENDIAN.has(architecture);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 2) return { family: FAMILIES.get(bytes[0] as number) ?? String(bytes[0]), cut: true };
  const number = view.getUint16(0, !big);
  const family = FAMILIES.get(number) ?? String(number);
  const read = READERS[family];
  return read === undefined ? { family } : (read(view, bytes, !big) ?? { family, cut: true });
}

type Reader = (view: DataView, bytes: Uint8Array, little: boolean) => SocketAddress | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  inet: (view, bytes) => (bytes.length < 8 ? undefined : { family: 'inet', ip: bytes.subarray(4, 8).join('.'), port: view.getUint16(2) }),
  inet6: (view, bytes, little) => {
    if (bytes.length < 24) return undefined;
    const scope = bytes.length >= 28 ? view.getUint32(24, little) : 0;
    const address = { family: 'inet6', ip: formatIpv6(bytes.subarray(8, 24)), port: view.getUint16(2) };
    return scope === 0 ? address : { ...address, scope };
  },
  local: (_view, bytes) => {
    if (bytes.length <= 2) return { family: 'local' };
    const abstract = bytes[2] === 0;
    const end = bytes.indexOf(0, 3);
    const name = bytes.subarray(abstract ? 3 : 2, abstract || end < 0 ? bytes.length : end);
    const path = trimNuls(decodeUtf8(name));
    return path === '' ? { family: 'local' } : { family: 'local', path: abstract ? `@${path}` : path };
  },
  netlink: (view, bytes, little) =>
    bytes.length < 12 ? undefined : { family: 'netlink', netlinkPid: view.getUint32(4, little), netlinkGroups: view.getUint32(8, little) },
  packet: (view, bytes, little) => (bytes.length < 8 ? undefined : { family: 'packet', interfaceIndex: view.getInt32(4, little) }),
  vsock: (view, bytes, little) =>
    bytes.length < 12 ? undefined : { family: 'vsock', port: view.getUint32(4, little), contextId: view.getUint32(8, little) },
};

/** Without the NULs at its end. */
export function trimNuls(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

/** RFC 5952: lower case, the longest run of zero groups shortened; IPv4-mapped ones in dotted form. */
function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return `::ffff:${bytes.subarray(12).join('.')}`;
  let best = -1;
  let longest = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0) run++;
    if (run > longest) [best, longest] = [i, run];
  }
  const hex = groups.map((group) => group.toString(16));
  if (best < 0) return hex.join(':');
  return `${hex.slice(0, best).join(':')}::${hex.slice(best + longest).join(':')}`;
}

/** `{ saddr_fam=inet laddr=198.51.100.9 lport=4444 }`: the same, as ausearch and auditd's enriched records write it. */
export function parseInterpretedAddress(text: string): SocketAddress | undefined {
  const family = /^\{ ?(?:saddr_)?fam(?:ily)?=(\w+)/.exec(text)?.[1];
  if (family === undefined) return undefined;
  const ip = / laddr=([^ ]{1,64}) /.exec(text)?.[1];
  const port = / lport=(\d{1,10}) /.exec(text)?.[1];
  const path = / path=([^]{0,4096}) \}$/.exec(text)?.[1];
  const pid = / nlnk-pid=(\d{1,10}) /.exec(text)?.[1];
  const address: Record<string, unknown> = { family };
  if (ip !== undefined) address['ip'] = ip;
  if (port !== undefined) address['port'] = Number(port);
  if (path !== undefined) address['path'] = path;
  if (pid !== undefined) address['netlinkPid'] = Number(pid);
  return address as unknown as SocketAddress;
}
