/** Azure's records of AKS's control plane, in the shapes that Event Hubs, storage accounts and Log Analytics give them. */
import { salvageJson } from '../../formats/json-salvage.js';
import { parseRfc3339 } from '../../formats/time.js';
import type { Instant } from '../../model/event.js';

type Loose = Readonly<Record<string, unknown>>;

/** One record: the text of an audit record or of a daemon's log, or the columns of an audit table. */
export interface Row {
  readonly log?: unknown;
  readonly audit?: Loose;
  readonly category?: string;
  readonly time?: Instant;
  readonly envelope: Loose;
}

export const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** @returns undefined for a document that is no such record. */
export function rowOf(document: Loose): Row | undefined {
  const properties = objectOf(document['properties']);
  const category = text(document['category']) ?? text(document['Category']);
  const time = timeOf(document['time'] ?? document['TimeGenerated'] ?? document['timeStamp']);
  const envelope = withoutAbsent({
    resource: text(document['resourceId']) ?? text(document['_ResourceId']) ?? text(document['ResourceId']),
    pod: text(properties?.['pod']) ?? text(document['pod_s']) ?? text(document['PodName']),
  });
  const known = { category, time, envelope };
  if (text(document['AuditId']) !== undefined) return { ...known, audit: auditOf(document) };
  const log = properties?.['log'] ?? document['log_s'] ?? document['Message'] ?? (category === undefined ? undefined : document['log']);
  return log === undefined ? undefined : { ...known, log };
}

/** Rows of an answer of Log Analytics: `{"tables":[{"columns":[{"name":…}],"rows":[[…]]}]}`. @returns undefined when it is none. */
export function rowsOfTables(document: Loose): Loose[] | undefined {
  const tables = document['tables'] ?? document['Tables'];
  if (!Array.isArray(tables)) return undefined;
  return tables.filter(isObject).flatMap((table) => {
    const columns = table['columns'] ?? table['Columns'];
    const rows = table['rows'] ?? table['Rows'];
    if (!Array.isArray(columns) || !Array.isArray(rows)) return [];
    const names = columns.map((column) => (isObject(column) ? (text(column['name']) ?? text(column['ColumnName'])) : undefined) ?? '');
    return rows.filter(Array.isArray).map((row) => Object.fromEntries(names.map((name, i) => [name, (row as unknown[])[i]])));
  });
}

/**
 * Columns of the tables AKSAudit and AKSAuditAdmin under the names that the API server gives them.
 * {@link https://learn.microsoft.com/azure/azure-monitor/reference/tables/aksaudit}
 */
function auditOf(row: Loose): Loose {
  return {
    level: row['Level'],
    auditID: row['AuditId'],
    stage: row['Stage'],
    requestURI: row['RequestUri'],
    verb: row['Verb'],
    user: objectOf(row['User']),
    impersonatedUser: objectOf(row['ImpersonatedUser']),
    sourceIPs: parsed(row['SourceIps']),
    userAgent: row['UserAgent'],
    objectRef: objectOf(row['ObjectRef']),
    responseStatus: objectOf(row['ResponseStatus']),
    requestObject: parsed(row['RequestObject']),
    responseObject: parsed(row['ResponseObject']),
    requestReceivedTimestamp: row['RequestReceivedTime'],
    stageTimestamp: row['StageReceivedTime'],
    annotations: objectOf(row['Annotations']),
  };
}

/** Dynamic columns come as values or as their JSON. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s{0,8}[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return salvageJson(value);
  }
}

function objectOf(value: unknown): Loose | undefined {
  const object = parsed(value);
  return isObject(object) ? object : undefined;
}

function timeOf(value: unknown): Instant | undefined {
  return typeof value === 'string' ? (parseRfc3339(value) ?? parseRfc3339(`${value}Z`)) : undefined;
}

function withoutAbsent(value: Loose): Loose {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}
