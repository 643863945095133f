/** What happened to one unit: `cron.service: Main process exited, code=exited, status=1/FAILURE`. */
import type { LogLine, Reading } from '../program.js';
import { present, readByRules, type Groups, type Rule } from '../rules.js';

// user@1000.service: Deactivated successfully.
const UNIT = /^(?<unit>[^ ]{1,256}\.(?:service|scope|target|slice|mount|automount|socket|timer|path|device|swap)): (?<text>[^]+)$/;

function ended({ role, code, status, name }: Groups): Reading {
  const number = Number(status);
  const fine = code === 'exited' && number === 0;
  return {
    action: fine ? 'service.stop' : 'service.fail',
    outcome: fine ? 'success' : 'failure',
    details: present({
      role,
      code,
      exitCode: code === 'exited' ? number : undefined,
      signal: code === 'exited' ? undefined : `SIG${name ?? status ?? ''}`,
    }),
  };
}

function killed({ signal, role, pid, name }: Groups, line: LogLine): Reading {
  const sent = signal === undefined || signal.startsWith('SIG') ? signal : `SIG${signal}`;
  return {
    action: 'process.kill',
    process: { name, pid: Number(pid), signal: sent, parent: { name: line.program, pid: line.pid } },
    details: present({ role }),
  };
}

/** Behind the unit's name. */
const rules: readonly Rule[] = [
  // Main process exited, code=exited, status=1/FAILURE        code=killed, status=9/KILL        code=dumped, status=11/SEGV
  {
    pattern:
      /^(?<role>Main|Control|Start|Stop|Reload|Condition check) process exited, code=(?<code>\w+),? status=(?<status>\d{1,5})(?:\/(?<name>[\w-]+))?/,
    read: ended,
  },
  // Failed with result 'exit-code'.
  {
    starts: 'Failed with result ',
    pattern: /^Failed with result '(?<result>[\w-]+)'\.$/,
    read: ({ result }) => ({ action: 'service.fail', outcome: 'failure', details: { result } }),
  },
  { starts: 'Unit entered failed', pattern: /^Unit entered failed state\.$/, read: () => ({ action: 'service.fail', outcome: 'failure' }) },
  // Deactivated successfully.        (before v248: Succeeded.)
  {
    starts: ['Deactivated ', 'Succeeded'],
    pattern: /^(?:Deactivated successfully|Succeeded)\.$/,
    read: () => ({ action: 'service.stop', outcome: 'success', details: { state: 'deactivated' } }),
  },
  // Scheduled restart job, restart counter is at 5.        Service RestartSec=100ms expired, scheduling restart.
  {
    starts: ['Scheduled restart ', 'Service '],
    pattern:
      /^(?:Scheduled restart job, restart counter is at (?<count>\d{1,9})|Service (?:RestartSec=\S+ expired|hold-off time over), scheduling restart)\.$/,
    read: ({ count }) => ({
      action: 'service.start',
      details: present({ state: 'restart-scheduled', restarts: count === undefined ? undefined : Number(count) }),
    }),
  },
  // Start request repeated too quickly.        Watchdog timeout (limit 3min)!        Service reached runtime time limit. Stopping.
  {
    pattern:
      /^(?<result>Start request repeated too quickly|Watchdog timeout[^!]*|Service reached runtime time limit|(?:start|stop|State '[\w-]+') (?:operation )?timed out|Failed to spawn [^]*|Failed at step \w+ spawning [^]*|Processes still around after [\w ]*SIGKILL)/,
    read: ({ result }) => ({ action: 'service.fail', outcome: 'failure', details: { result } }),
  },
  // Job kubelet.service/start failed with result 'dependency'.
  {
    starts: 'Job ',
    pattern: /^Job \S+\/(?<job>[\w-]+) failed with result '(?<result>[\w-]+)'\.$/,
    read: ({ job, result }) => ({ action: 'service.fail', outcome: 'failure', details: { job, result } }),
  },
  // A process of this unit has been killed by the OOM killer.
  {
    starts: 'A process of this unit',
    pattern: /^A process of this unit has been killed by the OOM killer\.$/,
    read: () => ({ action: 'process.oom' }),
  },
  // systemd-oomd killed 12 process(es) in this unit.
  {
    starts: 'systemd-oomd killed ',
    pattern: /^systemd-oomd killed (?<count>\d+) process/,
    read: ({ count }) => ({ action: 'process.oom', details: { processes: Number(count) } }),
  },
  // Killing process 4711 (sleep) with signal SIGKILL.
  {
    starts: 'Killing ',
    pattern: /^Killing (?<role>\w+ )?process (?<pid>\d{1,9}) \((?<name>[^]*)\) with signal (?<signal>\w+)\.$/,
    read: killed,
  },
  // Sent signal SIGKILL to main process 4711 (sleep) on client request.
  {
    starts: ['Sent signal ', 'Sending signal '],
    pattern:
      /^(?:Sent|Sending) signal (?<signal>\w+) to (?:(?<role>[\w-]+) )?process (?<pid>\d{1,9}) \((?<name>[^]*)\) on client request\.$/,
    read: killed,
  },
  // Consumed 1.204s CPU time.
  { starts: 'Consumed ', pattern: /^Consumed (?<used>[^]*)\.$/, read: ({ used }) => ({ action: 'log.message', details: { used } }) },
];
const readText = readByRules(rules);

export function readUnit(line: LogLine): Reading | undefined {
  const groups = UNIT.exec(line.message)?.groups;
  if (groups === undefined) return readOomd(line);
  const { unit, text = '' } = groups;
  const reading = readText(line, text);
  return reading === undefined ? { action: 'log.message', details: { unit } } : { ...reading, details: { unit, ...reading.details } };
}

// Killed /user.slice/user-1000.slice/app.scope due to memory pressure for /user.slice being 82.11% > 50.00% for > 20s
function readOomd(line: LogLine): Reading | undefined {
  const groups = /^Killed (?<cgroup>\/[^]*?) due to (?<reason>memory|swap)\b/.exec(line.message)?.groups;
  return groups === undefined ? undefined : { action: 'process.oom', details: { cgroup: groups.cgroup, reason: groups.reason } };
}
