/**
 * Events as CSV (RFC 4180): the columns people sort and filter by, one line an event. Text that a spreadsheet would run as a formula
 * is disarmed, and control characters are made visible: NDJSON keeps both as they are.
 */
import type { Event } from '../model/event.js';
import { describe } from './describe.js';
import { visible } from './visible.js';

type Column = readonly [name: string, value: (event: Event) => string | number | undefined];

const COLUMNS: readonly Column[] = [
  ['time', (event) => event.time],
  ['time_quality', (event) => event.timeQuality],
  ['host', (event) => event.host],
  ['action', (event) => event.action],
  ['outcome', (event) => event.outcome],
  ['description', describe],
  ['actor_user', (event) => event.actor?.user],
  ['actor_uid', (event) => event.actor?.uid],
  ['target_user', (event) => event.target?.user],
  ['client_ip', (event) => event.client?.ip],
  ['client_port', (event) => event.client?.port],
  ['process_name', (event) => event.process?.name],
  ['process_pid', (event) => event.process?.pid],
  ['process_exe', (event) => event.process?.exe],
  ['command_line', (event) => event.process?.commandLine],
  ['file_path', (event) => event.file?.path],
  ['pod_namespace', (event) => event.pod?.namespace],
  ['pod_name', (event) => event.pod?.name],
  ['container_id', (event) => event.container?.id],
  ['object_resource', (event) => event.object?.resource],
  ['object_namespace', (event) => event.object?.namespace],
  ['object_name', (event) => event.object?.name],
  ['session', (event) => event.session],
  ['message', (event) => event.message],
  ['id', (event) => event.id],
  ['source_path', (event) => event.origin.path],
  ['source_offset', (event) => event.origin.offset],
  ['source_length', (event) => event.origin.length],
  ['source_line', (event) => event.origin.line],
];

export const csvHeader = COLUMNS.map(([name]) => name).join(',');

export function csvRow(event: Event): string {
  return COLUMNS.map(([, value]) => cell(value(event))).join(',');
}

/** Begins like a formula. {@link https://owasp.org/www-community/attacks/CSV_Injection} */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = visible(FORMULA.test(value) ? `'${value}` : value);
  return /[",;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
