/** Protocol families of packet-filter tables. {@link https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/netfilter.h | linux/netfilter.h} */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['0', 'unspec'],
  ['1', 'inet'],
  ['2', 'ipv4'],
  ['3', 'arp'],
  ['5', 'netdev'],
  ['7', 'bridge'],
  ['10', 'ipv6'],
]);

/** `2` to `ipv4`; anything else stays as it is. */
export function formatNetfilterFamily(written: string | undefined): string | undefined {
  return written === undefined ? undefined : (FAMILIES.get(written) ?? written);
}
