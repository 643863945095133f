/** Kubelet, inside an envelope: syslog or the journal. Its own files are read by the parser of the same name. */
import { beginsKlog, beginsKlogJson, parseKlog } from '../formats/klog.js';
import { looksLogrus, parseLogrus } from '../formats/logfmt.js';
import { parseRfc3339 } from '../formats/time.js';
import { toDraft } from './draft.js';
import { readKubelet } from './kubelet/read.js';
import { TAKEN, type LogLine, type Program, type Reading } from './program.js';
import type { Sink } from '../model/parser.js';

/** True for a message that may be a klog record, text or JSON. */
export function looksKlog(message: string): boolean {
  return beginsKlogJson(message) || beginsKlog(message);
}

function read(line: LogLine, out: Sink): Reading | typeof TAKEN | undefined {
  const record = looksKlog(line.message) ? parseKlog(line.message) : undefined;
  if (record === undefined) return readLogrus(line.message);
  const readings = readKubelet(record).map((reading) => withRecordedTime(reading, record.stamp ?? record.time));
  if (readings.length === 1) return readings[0];
  for (const reading of readings) out.event(toDraft(line, reading));
  return TAKEN;
}

/** k3s and its like put the daemons into one process: its own lines are logrus'. */
function readLogrus(message: string): Reading | undefined {
  const record = looksLogrus(message) ? parseLogrus(message) : undefined;
  if (record === undefined) return undefined;
  const details: Record<string, unknown> = { level: record.level, text: record.message };
  if (record.time !== undefined) details['recordedTime'] = parseRfc3339(record.time) ?? record.time;
  if (record.fields.size > 0) details['fields'] = Object.fromEntries(record.fields);
  return { action: 'log.message', details };
}

/** The envelope's time counts; the record's own is the other clock. */
export function withRecordedTime(reading: Reading, recordedTime: string | undefined): Reading {
  return recordedTime === undefined ? reading : { ...reading, details: { ...reading.details, recordedTime } };
}

export const program: Program = {
  id: 'kubelet',
  title: 'kubelet',
  names: ['kubelet', 'kubelite', 'hyperkube', 'k3s', 'k3s-agent', 'rke2', 'k0s', 'microk8s.daemon-kubelite', 'microk8s.daemon-kubelet'],
  reader: () => ({ read }),
};
