/** All scenarios, in the order of the report. */
import type { Scenario } from '../scenario.js';
import { audit, auditAnyOrder } from './audit.js';
import { auditd, kubelet, rfc5424, sshd } from './hosts.js';
import { huge, large, small } from './large.js';
import { mergeRunsScenario, sorting } from './order.js';
import { timelineInMemory, timelineToFile, timelineWorkers } from './timeline.js';

export const scenarios: readonly Scenario[] = [
  audit,
  auditAnyOrder,
  timelineInMemory,
  timelineToFile,
  timelineWorkers,
  sshd,
  auditd,
  kubelet,
  rfc5424,
  sorting,
  mergeRunsScenario,
  small,
  large,
  huge,
];

/** Run only when asked for. */
export const onDemand: ReadonlySet<string> = new Set([huge.id]);
