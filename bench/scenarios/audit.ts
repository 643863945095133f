import { parseOnly } from '../baselines/audit.js';
import { readAll } from '../baselines/ours.js';
import type { Contender, Scenario } from '../scenario.js';

const bare: Contender = { name: 'JSON.parse per line, result dropped', run: parseOnly };
const ours: Contender = { name: 'kubewitness, streaming', run: readAll };

export const audit: Scenario = {
  id: 'audit',
  title: 'Audit log to events, one thread, keys in the API server’s own order',
  inputs: [['audit', 0.5, 1]],
  contenders: [bare, ours],
  targets: [{ ours: ours.name, against: bare.name, atLeast: 2 }],
};

export const auditAnyOrder: Scenario = {
  id: 'audit-any-order',
  title: 'Audit log to events, keys in any other order (parsed in full)',
  inputs: [['audit-any-order', 1, 1]],
  contenders: [bare, ours],
  targets: [{ ours: ours.name, against: bare.name, atLeast: 0.8 }],
};
