/**
 * systemd-networkd, systemd-resolved and DHCP clients, as far as they say which address the machine had.
 * {@link https://github.com/systemd/systemd/blob/v252/src/network/networkd-dhcp4.c | networkd-dhcp4.c}
 */
import type { Program } from './program.js';
import { present, ruleReader, type Rule } from './rules.js';

const rules: readonly Rule[] = [
  // eth0: DHCPv4 address 10.0.0.5/24, gateway 10.0.0.1 acquired from 10.0.0.1        eth0: DHCPv4 address 10.0.0.5/24 via 10.0.0.1
  {
    pattern: /^(?<interface>[\w.@-]{1,32}): DHCPv[46] address (?<address>[\da-fA-F.:]+)\/(?<prefix>\d{1,3})/,
    read: ({ interface: name, address, prefix }) => ({
      action: 'log.message',
      details: { interface: name, address, prefix: Number(prefix), change: 'address-acquired' },
    }),
  },
  // eth0: DHCP lease lost        eth0: Lost carrier        eth0: Gained carrier        eth0: Link DOWN
  {
    pattern:
      /^(?<interface>[\w.@-]{1,32}): (?<change>DHCP(?:v[46])? lease lost|Lost carrier|Gained carrier|Gained IPv6LL|Link UP|Link DOWN|Configured)$/,
    read: ({ interface: name, change }) => ({ action: 'log.message', details: { interface: name, change } }),
  },
  // Clock change detected. Flushing caches.
  { starts: 'Clock change detected', pattern: /^Clock change detected\. Flushing caches\.$/, read: () => ({ action: 'host.time' }) },
  // bound to 10.0.0.5 -- renewal in 1800 seconds.        DHCPACK of 10.0.0.5 from 10.0.0.1
  {
    starts: ['bound to ', 'DHCPACK '],
    pattern: /^(?:bound to (?<bound>[\d.]+) --|DHCPACK of (?<address>[\d.]+) from (?<server>[\d.]+))/,
    read: ({ bound, address, server }) => ({
      action: 'log.message',
      server: server === undefined ? undefined : { ip: server },
      details: present({ address: bound ?? address, change: 'address-acquired' }),
    }),
  },
];

export const program: Program = {
  id: 'network-daemons',
  title: 'Network daemons',
  names: ['systemd-networkd', 'systemd-network', 'systemd-resolved', 'systemd-resolve', 'dhclient', 'dhcpcd'],
  reader: ruleReader(rules),
};
