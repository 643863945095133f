/** Audit logs as people read them without us: plain JavaScript, and the usual packages. */
import { createReadStream, createWriteStream } from 'node:fs';
import { parseISO } from 'date-fns';
import ndjson from 'ndjson';
import { z } from 'zod';
import type { Outcome } from '../scenario.js';
import { eachLine } from './lines.js';
import { ended, outputFile, write } from './ours.js';

interface Flat {
  readonly time: string;
  readonly verb: string;
}

const auditSchema = z.object({
  auditID: z.string(),
  stage: z.string(),
  verb: z.string(),
  requestURI: z.string(),
  requestReceivedTimestamp: z.string(),
  sourceIPs: z.array(z.string()).optional(),
  userAgent: z.string().optional(),
  user: z.object({ username: z.string(), uid: z.string().optional(), groups: z.array(z.string()).optional() }),
  objectRef: z
    .object({
      resource: z.string(),
      namespace: z.string().optional(),
      name: z.string().optional(),
      subresource: z.string().optional(),
    })
    .optional(),
  responseStatus: z.object({ code: z.number(), reason: z.string().optional() }).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

type Audit = z.infer<typeof auditSchema>;

function flatten(record: Audit): Flat & Record<string, unknown> {
  const { user, objectRef, responseStatus, annotations } = record;
  return {
    time: record.requestReceivedTimestamp,
    id: record.auditID,
    stage: record.stage,
    verb: record.verb,
    uri: record.requestURI,
    user: user.username,
    uid: user.uid,
    groups: user.groups,
    ip: record.sourceIPs?.at(-1),
    userAgent: record.userAgent,
    resource: objectRef?.resource,
    subresource: objectRef?.subresource,
    namespace: objectRef?.namespace,
    name: objectRef?.name,
    code: responseStatus?.code,
    reason: responseStatus?.reason,
    decision: annotations?.['authorization.k8s.io/decision'],
    decisionReason: annotations?.['authorization.k8s.io/reason'],
  };
}

/** JSON.parse on each line, and nothing else. */
export async function parseOnly(files: readonly string[]): Promise<Outcome> {
  return { count: await eachLine(files, (line) => void JSON.parse(line)) };
}

/** JSON.parse, one literal, Array.sort, JSON.stringify. */
export async function plainToFile(files: readonly string[]): Promise<Outcome> {
  const events: Flat[] = [];
  await eachLine(files, (line) => void events.push(flatten(JSON.parse(line) as Audit)));
  events.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return writeAll(events);
}

/** Packages that one reaches for: ndjson, zod, date-fns. */
export async function usualToFile(files: readonly string[]): Promise<Outcome> {
  const events: (Flat & { at: Date })[] = [];
  for (const file of files) {
    for await (const record of createReadStream(file).pipe(ndjson.parse())) {
      const event = flatten(auditSchema.parse(record));
      events.push({ ...event, at: parseISO(event.time) });
    }
  }
  events.sort((a, b) => a.at.getTime() - b.at.getTime());
  return writeAll(events);
}

async function writeAll(events: readonly object[]): Promise<Outcome> {
  const out = createWriteStream(outputFile(), { highWaterMark: 1 << 20 });
  for (const event of events) await write(out, JSON.stringify(event) + '\n');
  await ended(out);
  return { count: events.length };
}
