/**
 * The Linux audit log, one view for each record of an event: `a0` is a pointer in SYSCALL and a word in EXECVE.
 * Names as auditd writes them; hex is decoded, and `SYSCALL` is the call's name, as in enriched logs.
 */
import { RawFields, toSource, type Fields } from '../../../formats/audit/fields.js';
import { InterpretedFields } from '../../../formats/audit/interpreted-fields.js';
import type { Event } from '../../../model/event.js';
import type { AnyRecord } from '../detector.js';
import { isRecord, type ViewKind } from './event-view.js';

interface KeptRecord {
  readonly type: string;
  readonly text: string;
}

function keptRecords({ details }: Event): readonly KeptRecord[] {
  const records = details?.['records'];
  return Array.isArray(records) ? records.filter(isKept) : [];
}

function isKept(value: unknown): value is KeptRecord {
  return isRecord(value) && typeof value['type'] === 'string' && typeof value['text'] === 'string';
}

export const auditd: ViewKind = {
  logsources: [{ product: 'linux', service: 'auditd' }],
  applies: (event) => event.details?.['records'] !== undefined && keptRecords(event).length > 0,
  *records(event) {
    const kept = keptRecords(event);
    const interpreted = kept.some(({ text }) => INTERPRETED.test(text));
    for (const record of kept) yield recordOf(record, event, interpreted);
  },
  line: (_event, record) => {
    const line = lines.get(record);
    return line?.replaceAll('\x1d', ' ');
  },
};

/** The text of each view's record. */
const lines = new WeakMap<AnyRecord, string>();

// ausearch -i: arch=x86_64; raw logs: arch=c000003e
const INTERPRETED = /^(?:.{0,40} )?arch=(?=\S{0,20}[g-z])/;

function recordOf({ type, text }: KeptRecord, event: Event, interpreted: boolean): AnyRecord {
  const fields: Fields = interpreted ? new InterpretedFields(type, text) : new RawFields().load(toSource(text));
  const record: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  addFields(record, type, fields);
  const message = fields.get('msg');
  // What a program said: op=… acct=… exe=… res=…
  if (message !== undefined) addFields(record, type, new RawFields().load(toSource(message)));
  record['type'] = type;
  if (type === 'SYSCALL') record['SYSCALL'] ??= event.details?.['syscall'];
  if (event.host !== undefined) record['node'] ??= event.host;
  lines.set(record, `type=${type} ${text}`);
  return record;
}

function addFields(record: Record<string, unknown>, type: string, fields: Fields): void {
  for (let i = 0; i < fields.size; i++) {
    const key = fields.keyAt(i);
    const value = isNumeric(type, key) ? fields.get(key) : fields.textAt(i);
    if (value !== undefined) record[key] ??= key === 'proctitle' ? value.replaceAll('\0', ' ') : value;
  }
}

/** Words of hex digits that are numbers, not texts: `a0=7ffd`, `arch=C000003E`. */
function isNumeric(type: string, key: string): boolean {
  return NUMERIC.has(key) || (type !== 'EXECVE' && /^a\d$/.test(key));
}

const NUMERIC: ReadonlySet<string> = new Set([
  'arch',
  'syscall',
  'exit',
  'success',
  'items',
  'pid',
  'ppid',
  'auid',
  'uid',
  'gid',
  'euid',
  'suid',
  'fsuid',
  'egid',
  'sgid',
  'fsgid',
  'ses',
  'tty',
  'inode',
  'dev',
  'mode',
  'ouid',
  'ogid',
  'rdev',
  'item',
  'argc',
  'saddr',
  'nametype',
  'res',
  'sig',
  'list',
  'old',
  'ino',
  'msg',
]);
