/** Audit records whose values are of any kind, and records that were tampered with: nothing throws, nothing is lost unseen. KUBEWITNESS_FUZZ_RUNS for longer runs. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import type { Parser } from '../../src/model/parser.js';
import { eventSchema } from '../../src/model/schema.js';
import { parser as aks } from '../../src/parsers/aks-diagnostics.js';
import { parser as eks } from '../../src/parsers/eks-cloudwatch.js';
import { parser as gke } from '../../src/parsers/gke-cloud-logging.js';
import { parser as native } from '../../src/parsers/kube-audit.js';
import { expectBooksToBalance, readText } from '../conformance.js';

const RUNS = Number(process.env['KUBEWITNESS_FUZZ_RUNS'] ?? 500);
const records = readFileSync('fixtures/kube-audit/requests.log', 'utf8').trimEnd().split('\n');

const KEYS = [
  ...[
    'level',
    'auditID',
    'stage',
    'requestURI',
    'verb',
    'user',
    'impersonatedUser',
    'sourceIPs',
    'userAgent',
    'objectRef',
    'responseStatus',
  ],
  ...['requestObject', 'responseObject', 'requestReceivedTimestamp', 'stageTimestamp', 'annotations', 'username', 'groups', 'extra', 'uid'],
  ...[
    'resource',
    'subresource',
    'namespace',
    'name',
    'code',
    'metadata',
    'labels',
    'spec',
    'template',
    'containers',
    'securityContext',
    '__proto__',
  ],
];
const text = fc.oneof(
  fc.constantFrom('pods', 'secrets', 'deployments', 'create', 'patch', 'Panic', '2024-05-01T10:11:12Z', '', '\u0000', '__proto__', 'ü😀'),
  fc.string({ maxLength: 20, unit: 'binary' }),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    text,
    fc.constantFrom(null, true, 0, -1.5, 200, 403, 1e300, [], {}),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...KEYS), text), tie('value')), { maxLength: 6 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;
const odd = fc
  .record(Object.fromEntries(KEYS.slice(0, 16).map((key) => [key, fc.oneof(text, value)])), { requiredKeys: [] })
  .map((fields) => ({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', ...fields }));
/** Real records with one value replaced by another of any kind. */
const changed = fc.tuple(fc.constantFrom(...records), fc.constantFrom(...KEYS), value).map(([record, key, other]) => {
  const whole = JSON.parse(record) as Record<string, unknown>;
  return { ...whole, [key]: other };
});
const record = fc.oneof(odd, changed);

const wrappings: readonly (readonly [Parser, (record: unknown) => string])[] = [
  [native as unknown as Parser, (it) => JSON.stringify(it)],
  [eks as unknown as Parser, (it) => JSON.stringify({ timestamp: 1714558272000, message: JSON.stringify(it) })],
  [
    aks as unknown as Parser,
    (it) => JSON.stringify({ category: 'kube-audit', time: '2024-05-01T10:11:12Z', properties: { log: JSON.stringify(it) } }),
  ],
  [
    gke as unknown as Parser,
    (it) =>
      JSON.stringify({
        insertId: 'x',
        timestamp: '2024-05-01T10:11:12Z',
        protoPayload: { serviceName: 'k8s.io', ...(it as object) },
        operation: it,
        labels: it,
      }),
  ],
];

describe.each(wrappings.map(([parser, wrap]) => ({ id: parser.id, parser, wrap })))(
  '$id, given records of any kind',
  ({ parser, wrap }) => {
    const read = async (log: string): Promise<Event[]> => {
      const result = await readText(parser, log);
      expectBooksToBalance(result);
      for (const event of result.events) {
        expect(eventSchema.safeParse(event).error?.issues ?? []).toEqual([]);
        expect(JSON.parse(JSON.stringify(event))).toEqual(event);
      }
      return result.events;
    };

    it('gives events that fit the schema, or says what is wrong', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 4 }), async (some) => void (await read(some.map(wrap).join('\n')))),
        { numRuns: RUNS },
      );
    });

    it('keeps the neighbours of a record that was tampered with', async () => {
      const wound = fc.tuple(fc.nat(), fc.nat({ max: 40 }), text);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...records), fc.array(wound, { minLength: 1, maxLength: 3 }), async (one, wounds) => {
          const broken = wounds.reduce(
            (line, [at, length, put]) => {
              const place = at % (line.length + 1);
              return line.slice(0, place) + put.replaceAll('\n', ' ') + line.slice(place + length);
            },
            wrap(JSON.parse(one)),
          );
          const whole = wrap({
            ...(JSON.parse(records[0] as string) as object),
            auditID: 'neighbour',
            id: 'neighbour',
            stage: 'ResponseComplete',
          });
          const events = await read(`${broken}\n${whole}\n`);
          expect(events.filter((event) => event.details?.['auditID'] === 'neighbour').length).toBeGreaterThan(0);
        }),
        { numRuns: RUNS },
      );
    });
  },
);

describe('wrappings', () => {
  it.each(wrappings.slice(1, 3).map(([parser, wrap]) => ({ id: parser.id, parser, wrap })))(
    'of $id change nothing about an event',
    async ({ parser, wrap }) => {
      const plain = ({ id: _id, origin: _origin, also, details, ...rest }: Event): unknown => ({
        ...rest,
        also: also?.length,
        details: { ...details, envelope: undefined },
      });
      const bare = await readText(native as unknown as Parser, records.join('\n'));
      const wrapped = await readText(parser, records.map((it) => wrap(JSON.parse(it))).join('\n'));
      expect(bare.events.length).toBeGreaterThan(10);
      expect(wrapped.events.map(plain)).toEqual(bare.events.map(plain));
    },
  );
});
