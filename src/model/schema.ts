/** Schemas of what crosses our borders: one source of truth for validation and for the published JSON Schema. */
import { z } from 'zod';
import { actionIds } from './action.js';
import type { Event } from './event.js';
import { problemCodes, type Problem } from './problem.js';

const count = z.int().nonnegative();
const text = z.string();
const names = z.array(text).readonly();

/** Nine fraction digits, UTC; `:60` is a leap second. */
export const instantSchema = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)\.\d{9}Z$/)
  .describe('UTC with nine fraction digits. String order is time order.');

export const originSchema = z.strictObject({
  source: text.min(1),
  path: text,
  parser: text.min(1),
  offset: count,
  length: count,
  line: z.int().positive().optional(),
});

const identity = { user: text, uid: text, gid: text, group: text, groups: names };
const endpoint = { ip: text, port: z.int().min(0).max(65535), host: text };

export const eventSchema = z.strictObject({
  id: text.min(1),
  time: instantSchema,
  timeQuality: z.enum(['assumed-zone', 'assumed-year', 'assumed-zone-and-year', 'from-file']).optional(),
  action: z.enum(actionIds),
  outcome: z.enum(['success', 'failure']).optional().describe('Absent: not known.'),
  host: text.optional(),
  actor: z
    .strictObject({
      ...identity,
      loginUid: text,
      loginUser: text,
      effectiveUid: text,
      serviceAccount: text,
      impersonating: text,
      credential: text,
      pod: text,
      node: text,
    })
    .partial()
    .optional(),
  target: z.strictObject(identity).partial().optional(),
  client: z
    .strictObject({ ...endpoint, userAgent: text })
    .partial()
    .optional(),
  server: z.strictObject(endpoint).partial().optional(),
  process: z
    .strictObject({
      name: text,
      pid: count,
      ppid: count,
      exe: text,
      args: names,
      commandLine: text,
      cwd: text,
      tty: text,
      exitCode: z.int(),
      signal: text,
      parent: z.strictObject({ name: text, pid: count, exe: text, commandLine: text }).partial(),
    })
    .partial()
    .optional(),
  file: z
    .strictObject({
      path: text,
      targetPath: text.optional(),
      mode: text.optional(),
      uid: text.optional(),
      gid: text.optional(),
      inode: text.optional(),
      device: text.optional(),
      size: count.optional(),
      sha256: text.optional(),
    })
    .optional(),
  pod: z.strictObject({ namespace: text, name: text, uid: text }).partial().optional(),
  container: z.strictObject({ id: text, name: text, image: text, imageDigest: text }).partial().optional(),
  object: z
    .strictObject({
      group: text.optional(),
      version: text.optional(),
      resource: text,
      subresource: text.optional(),
      namespace: text.optional(),
      name: text.optional(),
      uid: text.optional(),
    })
    .optional(),
  session: text.optional(),
  message: text.optional(),
  details: z.record(text, z.unknown()).optional(),
  origin: originSchema,
  also: z.array(originSchema).min(1).optional(),
  raw: z.unknown().optional(),
});

export const problemSchema = z.strictObject({ code: z.enum(problemCodes), message: text.min(1), origin: originSchema });

// The types people read are written by hand; these two lines fail to compile when a schema drifts from its type.
type Same<A, B> = [A] extends [B] ? true : never;
const schemasFitTypes: [Same<Event, z.input<typeof eventSchema>>, Same<Problem, z.input<typeof problemSchema>>] = [true, true];
void schemasFitTypes;

/** The shapes of events and problems as one JSON Schema (draft 2020-12) with `$defs`; published as `kubewitness/schema.json`. */
export function jsonSchema(): Record<string, unknown> {
  const define = (schema: z.ZodType): unknown => {
    const { $schema: _, ...definition } = z.toJSONSchema(schema) as Record<string, unknown>;
    return definition;
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'kubewitness',
    description: 'An event of a kubewitness timeline. Problems are under $defs.',
    $ref: '#/$defs/event',
    $defs: { event: define(eventSchema), problem: define(problemSchema) },
  };
}
