/** Cloud audit logs: the record as the cloud writes it, known by its shape. Only for events that kept it. */
import type { LogSource } from '../logsource.js';
import { isRecord, type ViewKind } from './event-view.js';
import { findRecord, rawRecord } from './raw-record.js';

type Shape = (record: Record<string, unknown>) => boolean;

const has = (record: Record<string, unknown>, ...keys: readonly string[]) => keys.every((key) => record[key] !== undefined);

/** {@link https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html | CloudTrail record} */
const isCloudTrail: Shape = (record) => has(record, 'eventSource', 'eventName', 'eventVersion');
/** {@link https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog | Google AuditLog} */
const isGcpAudit: Shape = (record) =>
  isRecord(record['protoPayload']) && has(record['protoPayload'], 'methodName') && record['protoPayload']['serviceName'] !== 'k8s.io';
/** {@link https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema | Azure activity log}, Entra ID logs by category */
const azureLog =
  (...categories: readonly string[]): Shape =>
  (record) =>
    has(record, 'operationName', 'category') && categories.includes(String(record['category']).toLowerCase());

function cloudView(
  logsource: LogSource,
  shape: Shape,
  alias: (record: Record<string, unknown>) => Record<string, unknown> = () => ({}),
): ViewKind {
  return {
    logsources: [logsource],
    applies(event) {
      const raw = rawRecord(event);
      return raw !== undefined && findRecord(raw, shape) !== undefined;
    },
    records(event) {
      const record = findRecord(rawRecord(event), shape);
      return record === undefined ? [] : [{ ...alias(record), ...record }];
    },
  };
}

/** As Elastic's module and Pub/Sub call them. */
function gcpAliases(record: Record<string, unknown>): Record<string, unknown> {
  const payload = isRecord(record['protoPayload']) ? record['protoPayload'] : {};
  return {
    'gcp.audit.method_name': payload['methodName'],
    'gcp.audit.resource_name': payload['resourceName'],
    data: { protoPayload: payload },
  };
}

/** As Log Analytics calls them: columns with a capital, and what is in the properties without their name. */
function azureAliases(record: Record<string, unknown>): Record<string, unknown> {
  const columns = Object.fromEntries(Object.entries(record).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]));
  return {
    ...(isRecord(record['properties']) ? record['properties'] : {}),
    ...columns,
    OperationNameValue: record['operationName'],
    CategoryValue: record['category'],
  };
}

export const cloudViews: readonly ViewKind[] = [
  cloudView({ product: 'aws', service: 'cloudtrail' }, isCloudTrail),
  cloudView({ product: 'gcp', service: 'gcp.audit' }, isGcpAudit, gcpAliases),
  cloudView({ product: 'azure', service: 'activitylogs' }, azureLog('administrative', 'policy', 'security', 'servicehealth'), azureAliases),
  cloudView({ product: 'azure', service: 'auditlogs' }, azureLog('auditlogs'), azureAliases),
  cloudView(
    { product: 'azure', service: 'signinlogs' },
    azureLog('signinlogs', 'noninteractiveusersigninlogs', 'serviceprincipalsigninlogs', 'managedidentitysigninlogs'),
    azureAliases,
  ),
];
