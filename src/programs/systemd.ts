/**
 * systemd itself, as PID 1 and as user manager: units, sessions' scopes, boot and shutdown.
 * {@link https://github.com/systemd/systemd/blob/v252/src/core/job.c | job_done_message_format()},
 * {@link https://github.com/systemd/systemd/blob/v252/src/core/unit.c | unit_log_*()}
 *
 * From v246 on units may be named beside their description: `Started cron.service - Regular background program daemon.`
 */
import type { LogLine, Program, ProgramReader, Reading } from './program.js';
import { readByRules } from './rules.js';
import { hostRules } from './systemd/host.js';
import { readJob } from './systemd/jobs.js';
import { readUnit } from './systemd/units.js';

const readHost = readByRules(hostRules);
/** Hosts whose PID 1 has just replaced itself. */
const HOSTS = 1024;

function systemdReader(): ProgramReader {
  const replacing = new Set<string>();

  const read = (line: LogLine): Reading | undefined => {
    if (line.pid !== undefined && line.pid !== 1) return readJob(line) ?? readUnit(line);
    const host = line.host ?? '';
    if (line.message === 'Reexecuting.' || line.message.startsWith('Reexecuting requested')) {
      if (replacing.size >= HOSTS) replacing.clear();
      replacing.add(host);
    }
    const reading = readHost(line);
    // A manager that replaced itself greets like one that has just booted.
    if (reading?.action === 'host.boot' && replacing.delete(host)) return { ...reading, action: 'service.reload' };
    return reading ?? readJob(line) ?? readUnit(line);
  };
  return { read };
}

export const program: Program = {
  id: 'systemd',
  title: 'systemd',
  names: ['systemd', 'init', 'systemd-shutdown', 'systemd-oomd'],
  reader: systemdReader,
};
