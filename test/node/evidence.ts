/** Evidence made on the spot, and what became of it. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect } from 'vitest';
import { openEvidence, type EvidenceOptions } from '../../src/node/evidence.js';
import type { EvidenceInput } from '../../src/node/inputs.js';
import { timeline } from '../../src/timeline/timeline.js';
import type { Coverage } from '../../src/intake/plan.js';
import type { Event } from '../../src/model/event.js';
import type { Problem } from '../../src/model/problem.js';

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Lines of an auth.log, one a minute. */
export function authLog(count: number, host = 'web-1', from = 0): string {
  return Array.from({ length: count }, (_, i) => {
    const at = from + i;
    const clock = `${String(Math.floor(at / 60) % 24).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}:00`;
    return `2024-05-01T${clock}+00:00 ${host} sshd[${at}]: Accepted publickey for user${at} from 192.0.2.${at % 250} port ${1024 + at} ssh2\n`;
  }).join('');
}

/** A folder of its own, removed when the file's tests are done. */
export function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'kubewitness-test-'));
  afterAll(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

export function fileIn(where: string, name: string, bytes: Uint8Array | string): string {
  const file = path.join(where, name);
  writeFileSync(file, bytes);
  return file;
}

export interface Opened {
  readonly events: Event[];
  readonly coverage: readonly Coverage[];
  /** From opening and from reading. */
  readonly problems: Problem[];
  readonly names: string[];
}

/** Opens, reads to the end and closes. */
export async function readEvidence(input: EvidenceInput | readonly EvidenceInput[], options: EvidenceOptions = {}): Promise<Opened> {
  const problems: Problem[] = [];
  const onProblem = (problem: Problem): void => void problems.push(problem);
  const evidence = await openEvidence(input, { ...options, onProblem });
  try {
    const stream = timeline(evidence.sources, { fold: false, onProblem });
    const events: Event[] = [];
    for await (const batch of stream.batches()) events.push(...batch);
    const unbalanced = stream.coverage.filter(
      ({ tally }) => tally.frames !== tally.decoded + tally.merged + tally.rejected + tally.ignored,
    );
    expect(unbalanced).toEqual([]);
    return { events, coverage: stream.coverage, problems, names: evidence.sources.map((source) => source.name) };
  } finally {
    await evidence.close();
  }
}

export const codesOf = ({ problems }: Opened): string[] => problems.map((problem) => problem.code);
export const messagesOf = ({ problems }: Opened): string => problems.map((problem) => problem.message).join('\n');
