/** What the kernel says of audit records that it could not pass on. The records it prints itself are read by `programs/auditd`. */
import type { Reading } from '../program.js';

// audit: audit_lost=12 audit_rate_limit=0 audit_backlog_limit=64
const LOST = /^audit: audit_lost=(?<lost>\d{1,10}) audit_rate_limit=(?<rate>\d{1,10}) audit_backlog_limit=(?<backlog>\d{1,10})$/;
// audit: backlog limit exceeded      audit: rate limit exceeded      audit: kauditd hold queue overflow      audit: audit_backlog=65 > audit_backlog_limit=64
const OVERFLOW =
  /^audit: (?<what>backlog limit exceeded|rate limit exceeded|kauditd (?:hold|retry|main) queue overflow|printk limit exceeded|audit_backlog=\d{1,10} > audit_backlog_limit=\d{1,10})$/;

export function readAuditLoss(text: string): Reading | undefined {
  if (!text.startsWith('audit: ')) return undefined;
  const lost = LOST.exec(text)?.groups;
  if (lost !== undefined)
    return { action: 'log.loss', details: { what: 'audit', lost: Number(lost['lost']), backlogLimit: Number(lost['backlog']) } };
  const overflow = OVERFLOW.exec(text)?.groups;
  return overflow === undefined ? undefined : { action: 'log.loss', details: { what: 'audit', reason: overflow['what'] } };
}
