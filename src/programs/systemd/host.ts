/** What PID 1 says of the whole machine. Only PID 1: a user manager reaches `shutdown.target` at every logout. */
import { present, type Rule } from '../rules.js';

export const hostRules: readonly Rule[] = [
  // systemd 252.36-1~deb12u1 running in system mode (+PAM +AUDIT …)
  {
    starts: 'systemd ',
    pattern: /^systemd (?<version>[^ ]+) running in (?:test )?system mode/,
    read: ({ version }) => ({ action: 'host.boot', details: { version } }),
  },
  // Startup finished in 2.310s (kernel) + 5.901s (userspace) = 8.212s.        In a container: Startup finished in 352ms.
  {
    starts: 'Startup finished in ',
    pattern: /^Startup finished in (?:(?<parts>[^=]*\(userspace\)) = )?(?<total>[^=]*)\.$/,
    read: ({ parts, total }) => ({ action: 'host.boot', details: present({ stage: 'finished', parts, total }) }),
  },
  // Shutting down.        Rebooting.        Powering off.
  {
    starts: ['Shutting down', 'Rebooting', 'Powering off', 'Halting'],
    pattern: /^(?<how>Shutting down|Rebooting|Powering off|Halting)(?: system)?\.$/,
    read: ({ how }) => ({ action: 'host.shutdown', details: { how } }),
  },
  // Reached target reboot.target - System Reboot.        Reached target Shutdown.
  {
    starts: 'Reached target ',
    pattern:
      /^Reached target (?:(?:reboot|poweroff|halt|kexec|shutdown)\.target(?: - (?<how>[^]*?))?|(?<old>Reboot|Power-Off|Halt|Shutdown|Final Step|System (?:Reboot|Power Off|Halt|Shutdown)))\.$/,
    read: ({ how, old }) => ({ action: 'host.shutdown', details: present({ target: how ?? old }) }),
  },
  // Hostname set to <web1>.        Hostname set to <web1> (static)
  {
    starts: 'Hostname set to <',
    pattern: /^Hostname set to <(?<name>[^>]*)>/,
    read: ({ name }) => ({ action: 'log.message', details: { hostname: name } }),
  },
  // Time has been changed
  { starts: 'Time has been ', pattern: /^Time has been changed/, read: () => ({ action: 'host.time' }) },
  // System time before build time, advancing clock.
  {
    pattern: /^(?:Current system time|System (?:clock )?time|RTC configured) (?<what>[^]*(?:advanc|build time|epoch)[^]*)$/,
    read: ({ what }) => ({ action: 'host.time', details: { what } }),
  },
  // Switching to runlevel: 6        (sysvinit)
  {
    starts: 'Switching to runlevel: ',
    pattern: /^Switching to runlevel: (?<how>[06])$/,
    read: ({ how }) => ({ action: 'host.shutdown', details: { how: how === '6' ? 'reboot' : 'halt' } }),
  },
  // Reloading.        Reload requested from client PID 4711 ('systemctl') (unit session-3.scope)...
  {
    starts: ['Reload', 'Reexecut'],
    pattern:
      /^(?:Reloading|Reexecuting|(?:Reload|Reexecution|Reexecuting) requested from client PID (?<pid>\d{1,9})(?: \('(?<name>[^']*)'\))?(?: \(unit (?<unit>[^)]*)\))?)\.*$/,
    read: ({ pid, name, unit }) => ({
      action: 'service.reload',
      details: present({ requestedByPid: pid === undefined ? undefined : Number(pid), requestedBy: name, requestedFrom: unit }),
    }),
  },
  // Reloading finished in 53 ms.
  { starts: 'Reloading finished', pattern: /^Reloading finished in /, read: () => ({ action: 'service.reload', outcome: 'success' }) },
];
