/** The Linux kernel, as klogd, rsyslog's imklog and the journal carry its ring buffer. */
import type { LogLine, Program, ProgramReader, Reading } from './program.js';
import { readAuditLoss } from './kernel/losses.js';
import { MemoryKills } from './kernel/oom.js';
import { readPacket } from './kernel/packets.js';
import { kernelRules } from './kernel/rules.js';
import { readByRules } from './rules.js';

// [12345.678901] text      [    0.000000] text
const UPTIME = /^\[ {0,8}(?<uptime>\d{1,8}\.\d{1,9})\](?:\[ {0,4}[TC]\d{1,10}\])? /;

const readRules = readByRules(kernelRules);

function kernelReader(): ProgramReader {
  const kills = new MemoryKills();
  return {
    read(line: LogLine): Reading {
      const match = line.message.charCodeAt(0) === 91 /* [ */ ? UPTIME.exec(line.message) : null;
      const text = match === null ? line.message : line.message.slice(match[0].length);
      const known =
        kills.read(line, text) ?? readAuditLoss(text) ?? readPacket(text) ?? readRules(match === null ? line : { ...line, message: text });
      const reading: Reading = known ?? { action: 'kernel.message' };
      const uptime = match?.groups?.['uptime'];
      const details: Record<string, unknown> = { ...reading.details };
      // Seconds since the machine started.
      if (uptime !== undefined) details['uptime'] = Number(uptime);
      for (const key in details) if (details[key] === undefined) delete details[key];
      return Object.keys(details).length === 0 ? { ...reading, details: undefined } : { ...reading, details };
    },
  };
}

export const program: Program = {
  id: 'kernel',
  title: 'Linux kernel',
  names: ['kernel'],
  reader: kernelReader,
};
