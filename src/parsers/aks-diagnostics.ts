/**
 * What AKS's control plane logs through Azure Monitor (audit records, API server, schedulers, guard and others), from storage accounts,
 * Event Hubs and Log Analytics. Azure cuts what is longer than 16 KiB.
 * {@link https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs}
 */
import { jsonDocuments, type Document } from '../formats/framing/json.js';
import { salvageJson } from '../formats/json-salvage.js';
import type { Decoder, Parser, Sink } from '../model/parser.js';
import type { Facts } from '../model/source.js';
import { isObject, rowOf, rowsOfTables } from './aks-diagnostics/rows.js';
import { wrappedReader } from './kube-audit/wrapped.js';

/** Categories that hold audit records; all others are named after the daemon. */
const AUDIT: ReadonlySet<string> = new Set(['kube-audit', 'kube-audit-admin', 'AKSAudit', 'AKSAuditAdmin']);

function decoder(facts: Facts): Decoder<Document> {
  const reader = wrappedReader(facts);

  const take = (document: unknown, shared: boolean, damaged: boolean, out: Sink): void => {
    const row = isObject(document) ? rowOf(document) : undefined;
    if (row === undefined) return out.problem(damaged ? 'truncated' : 'malformed', 'no diagnostic record of AKS: a log is missing');
    const { log, audit, category, time, envelope } = row;
    const place = { envelope, time, shared, damaged };
    if (audit !== undefined) return reader.takeObject(audit, place, out);
    if (isObject(log)) return reader.takeObject(log, place, out);
    const program = category === undefined || AUDIT.has(category) ? undefined : category;
    reader.take({ text: typeof log === 'string' ? log.trimEnd() : String(log), program, ...place }, out);
  };

  return {
    push(frame, out) {
      let document: unknown;
      let damaged = frame.damage !== undefined;
      try {
        document = JSON.parse(frame.text);
      } catch {
        document = salvageWithLog(frame.text);
        if (!damaged) out.problem('truncated', 'the JSON document is broken: its beginning was read');
        damaged = true;
      }
      const rows = isObject(document) ? rowsOfTables(document) : undefined;
      if (rows === undefined) return take(document, false, damaged, out);
      if (rows.length === 0) return out.ignore();
      for (const row of rows) take(row, true, damaged, out);
    },
    end: (out) => reader.end(out),
  };
}

/** A record that was cut inside its log: the log's beginning is a text of its own. */
function salvageWithLog(text: string): unknown {
  const whole = salvageJson(text);
  if (isObject(whole) && rowOf(whole) !== undefined) return whole;
  const key = /"(?:log|log_s)"\s{0,8}:\s{0,8}"/.exec(text);
  if (key === null) return whole;
  // An escape that is cut in two is left out.
  const inner = text.slice(key.index + key[0].length).replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, '');
  try {
    return { ...(isObject(whole) ? whole : {}), properties: { log: JSON.parse(`"${inner}"`) as unknown } };
  } catch {
    return whole;
  }
}

/** The operation's name is the same in all of them. */
const OPERATION = /"Microsoft\.ContainerService\/(?:managedClusters|fleets)\/diagnosticLogs\/Read"/i;
const CLUSTER = /\/MICROSOFT\.CONTAINERSERVICE\/(?:MANAGEDCLUSTERS|FLEETS)\//i;
const ROW = /"(?:log_s|AuditId|RequestReceivedTime|TimeGenerated)"/;
const RECORD = /"category"\s{0,8}:\s{0,8}"(?:kube-|guard|cloud-controller-manager|cluster-autoscaler|csi-)/;

export const parser: Parser<Document> = {
  id: 'aks-diagnostics',
  title: 'AKS control-plane logs from Azure Monitor',
  signs: 'diagnostic records of Microsoft.ContainerService with properties.log, or rows with log_s or of AKSAudit',
  framing: jsonDocuments({ lists: ['records'] }),
  matches(_name, head) {
    if (!/^[\s[]{0,64}\{/.test(head.text)) return 0;
    if (OPERATION.test(head.text) || RECORD.test(head.text)) return 0.98;
    return ROW.test(head.text) ? (CLUSTER.test(head.text) || /"(?:log_s|AuditId)"/.test(head.text) ? 0.98 : 0) : 0;
  },
  decoder,
};
