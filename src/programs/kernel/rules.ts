/** The kernel's messages that matter after an incident. Process names in them are chosen by whoever runs the process. */
import { parseCgroupPath } from '../../formats/cgroup.js';
import type { Reading } from '../program.js';
import { present, type Groups, type Rule } from '../rules.js';

const crash = ({ name, pid, what, ...more }: Groups): Reading => ({
  action: 'process.crash',
  process: { name, pid: Number(pid) },
  details: present({ what, ...more }),
});

export const kernelRules: readonly Rule[] = [
  // nginx[4242]: segfault at 0 ip 00007f1c2a3b4c5d sp 00007ffd1a2b3c4d error 4 in libc.so.6[7f1c2a300000+195000] likely on CPU 1 (core 1, socket 0)
  {
    pattern:
      /^(?<name>[^\n]{0,32})\[(?<pid>\d{1,10})\]: (?<what>segfault) at (?<address>[0-9a-f]{1,16}) ip (?<ip>[0-9a-f]{1,16}) sp (?<sp>[0-9a-f]{1,16}) error (?<code>[0-9a-f]{1,8})(?: in (?<module>[^\n]{1,300}))?$/,
    read: crash,
  },
  // traps: nginx[4242] general protection fault ip:55d0 sp:7ffd error:0 in nginx[55d0+1000]      traps: a[1] trap invalid opcode ip:…
  {
    starts: 'traps: ',
    pattern:
      /^traps: (?<name>[^\n]{0,32})\[(?<pid>\d{1,10})\] (?<what>general protection fault|trap [a-z ]{1,40}|[a-z ]{1,40}) ip:(?<ip>[0-9a-f]{1,16}) sp:(?<sp>[0-9a-f]{1,16}) error:(?<code>[0-9a-f]{1,8})(?: in (?<module>[^\n]{1,300}))?$/,
    read: crash,
  },
  // potentially unexpected fatal signal 11.      nginx/4242: potentially unexpected fatal signal 11.
  {
    pattern: /^(?<name>[^\n]{0,32})\/(?<pid>\d{1,10}): (?<what>potentially unexpected fatal signal) (?<signal>\d{1,3})\.$/,
    read: crash,
  },
  // device eth0 entered promiscuous mode      since 6.1: eth0: left promiscuous mode
  {
    pattern: /^(?:device (?<old>[^\s:/]{1,15})|(?:[^\n]{1,60} )?(?<name>[^\s:/]{1,15}):) (?<change>entered|left) promiscuous mode$/,
    read: ({ old, name, change }) => ({
      action: 'device.promiscuous',
      outcome: 'success',
      details: { device: old ?? name, state: change },
    }),
  },
  // rootkit: loading out-of-tree module taints kernel.      rootkit: module verification failed: signature and/or required key missing - tainting kernel
  {
    pattern:
      /^(?<module>[\w.-]{1,64}): (?<why>loading out-of-tree module taints kernel\.|module verification failed: [^\n]{1,120}|module license '[^'\n]{1,64}' taints kernel\.|module is from the staging directory[^\n]{0,120})$/,
    read: ({ module, why }) => ({ action: 'module.load', details: { module, why, taints: true } }),
  },
  // Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12 …) #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)
  {
    starts: 'Linux version ',
    pattern: /^Linux version (?<version>\S{1,128}) \(/,
    read: ({ version }) => ({ action: 'host.boot', details: { version } }),
  },
  {
    starts: ['Command line: ', 'Kernel command line: '],
    pattern: /^(?:Kernel command|Command) line: (?<commandLine>[^\n]{0,4096})$/,
    read: ({ commandLine }) => ({ action: 'kernel.message', details: { commandLine } }),
  },
  // reboot: Restarting system      reboot: Power down
  {
    starts: 'reboot: ',
    pattern: /^reboot: (?<how>Restarting system|Power down|System halted)(?: with command '[^\n]{0,200}')?$/,
    read: ({ how }) => ({ action: 'host.shutdown', details: { how } }),
  },
  // Clock: inserting leap second 23:59:60 UTC
  {
    starts: 'Clock: ',
    pattern: /^Clock: (?<what>(?:inserting|deleting) leap second [^\n]{1,60})$/,
    read: ({ what }) => ({ action: 'host.time', details: { what } }),
  },
  // ptrace attach of "sleep 100"[4242] was attempted by "gdb -p 4242"[4243]
  {
    starts: 'ptrace ',
    pattern:
      /^ptrace (?<how>attach|traceme) of "(?<target>[^\n]{0,4096})"\[(?<pid>\d{1,10})\] was attempted by "(?<tracer>[^\n]{0,4096})"\[(?<by>\d{1,10})\]$/,
    read: ({ how, target, pid, tracer, by }) => ({
      action: 'process.trace',
      outcome: 'failure',
      process: { pid: Number(by), commandLine: tracer },
      details: { how, targetCommandLine: target, targetPid: Number(pid) },
    }),
  },
  // EXT4-fs (sda1): mounted filesystem 3f2b… with ordered data mode. Quota mode: none.      XFS (dm-3): Mounting V5 Filesystem      XFS (dm-3): Unmounting Filesystem
  {
    starts: ['EXT4-fs (', 'EXT3-fs (', 'EXT2-fs (', 'XFS (', 'BTRFS '],
    pattern:
      /^(?<type>EXT[234]-fs|XFS) \((?<device>[\w.!/-]{1,64})\): (?<what>mounted filesystem|re-mounted|unmounting filesystem|Mounting V\d Filesystem|Unmounting Filesystem|Ending clean mount)(?<rest>[^\n]{0,300})$/,
    read: ({ type = '', device, what = '' }) => ({
      action: 'file.mount',
      ...(/^(?:mounted|re-mounted|Ending)/.test(what) ? { outcome: 'success' } : {}),
      details: { type: type.replace('-fs', '').toLowerCase(), device, operation: /^[Uu]nmount/.test(what) ? 'unmount' : 'mount' },
    }),
  },
  // EXT4-fs error (device sda1): ext4_lookup:1855: inode #131: comm find: deleted inode referenced: 42
  {
    starts: ['EXT4-fs error', 'EXT4-fs warning'],
    pattern: /^EXT4-fs (?<severity>error|warning) \(device (?<device>[\w.!/-]{1,64})\)[^\n]{0,1024}$/,
    read: ({ severity, device }) => ({ action: 'kernel.message', details: { device, severity } }),
  },
  // cgroup: fork rejected by pids controller in /kubepods.slice/…
  {
    starts: 'cgroup: ',
    pattern: /^cgroup: fork rejected by pids controller in (?<path>\/[^\n]{0,1024})$/,
    read: ({ path = '' }) => {
      const { podUid, containerId } = parseCgroupPath(path);
      return {
        action: 'process.start',
        outcome: 'failure',
        pod: podUid === undefined ? undefined : { uid: podUid },
        container: containerId === undefined ? undefined : { id: containerId },
        details: { cgroup: path, reason: 'pids limit' },
      };
    },
  },
  // bpftool[4242] is installing a program with bpf_probe_write_user helper that may corrupt user memory!
  {
    pattern:
      /^(?<name>[^\n]{0,32})\[(?<pid>\d{1,10})\] is installing a program with (?<helper>bpf_\w{1,60}) helper that may corrupt user memory!$/,
    read: ({ name, pid, helper }) => ({ action: 'bpf.load', process: { name, pid: Number(pid) }, details: { helper } }),
  },
  // Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7
  {
    starts: 'Lockdown: ',
    pattern: /^Lockdown: (?<name>[^\n]{0,32}): (?<what>[^\n:]{1,200}) is restricted; see man kernel_lockdown\.7$/,
    read: ({ name, what }) => ({ action: 'access.deny', outcome: 'failure', process: { name }, details: { policy: 'lockdown', what } }),
  },
  // usb 1-1: New USB device found, idVendor=0781, idProduct=5581, bcdDevice= 1.00      usb 1-1: USB disconnect, device number 3
  {
    starts: 'usb ',
    pattern: /^usb (?<port>[\d.-]{1,30}): New USB device found, idVendor=(?<vendor>[0-9a-f]{4}), idProduct=(?<product>[0-9a-f]{4})/,
    read: ({ port, vendor, product }) => ({ action: 'kernel.message', details: { usb: 'connected', port, vendor, product } }),
  },
  {
    starts: 'usb ',
    pattern: /^usb (?<port>[\d.-]{1,30}): USB disconnect, device number (?<number>\d{1,5})$/,
    read: ({ port, number }) => ({ action: 'kernel.message', details: { usb: 'disconnected', port, number: Number(number) } }),
  },
  // net_ratelimit: 12 callbacks suppressed      printk: systemd: 34 output lines suppressed due to ratelimiting
  {
    pattern: /^(?:(?<what>[\w: ()./-]{1,80}): )?(?<lost>\d{1,10}) (?:callbacks suppressed|output lines suppressed due to ratelimiting)$/,
    read: ({ what, lost }) => ({ action: 'log.loss', details: present({ what, lost: Number(lost) }) }),
  },
];
