import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { ecsMapping, toEcs } from '../../src/export/ecs.js';
import { actions } from '../../src/model/action.js';
import { goldenEvents } from './events.js';

/** A checkout of elastic/ecs: `generated/ecs/ecs_flat.yml` lists every field. */
const checkout = process.env.KUBEWITNESS_ECS;
const list = path.join(checkout ?? '', 'generated/ecs/ecs_flat.yml');
const given = checkout !== undefined && existsSync(list);
if (!given) console.warn('SKIPPED: events fit the field list of ECS: KUBEWITNESS_ECS names no checkout of ECS');

interface Field {
  readonly type: string;
  readonly normalize: readonly string[];
  readonly allowed_values?: readonly { readonly name: string; readonly expected_event_types?: readonly string[] }[];
}

const events = goldenEvents();

describe('ECS', () => {
  it('says what the event says, where ECS expects it', () => {
    const login = events.find(
      ({ action, outcome, actor, target }) =>
        action === 'sudo.run' && outcome === 'success' && actor?.user !== undefined && target?.user !== undefined,
    );
    expect(login).toBeDefined();
    if (login === undefined) return;
    expect(toEcs(login)).toMatchObject({
      '@timestamp': login.time,
      event: { id: login.id, action: 'sudo.run', outcome: 'success', category: ['process'], type: ['start'] },
      user: { name: login.actor?.user, target: { name: login.target?.user } },
      process: { command_line: login.process?.commandLine },
      kubewitness: { origin: login.origin },
    });
  });

  it('should not say an outcome that the event does not know', () => {
    for (const event of events) expect((toEcs(event)['event'] as { outcome?: string }).outcome).toBe(event.outcome);
  });

  it('has one row per field', () => {
    expect(new Set(ecsMapping.map(({ field }) => field)).size).toBe(ecsMapping.length);
  });
});

describe.skipIf(!given)(`events fit the field list of ECS${given ? '' : ' (SKIPPED: KUBEWITNESS_ECS is not set)'}`, () => {
  const fields = new Map(Object.entries(given ? (parse(readFileSync(list, 'utf8')) as Record<string, Field>) : {}));

  it('uses no field that ECS does not have', () => {
    const unknown = ecsMapping.map(({ field }) => field).filter((field) => !field.startsWith('kubewitness.') && !fields.has(field));
    expect(unknown).toEqual([]);
  });

  it('gives every value in the type of its field', () => {
    const wrong = new Set<string>();
    for (const event of events) {
      for (const { field, get } of ecsMapping) {
        const value = get(event);
        const known = fields.get(field);
        if (value === undefined || known === undefined) continue;
        if (Array.isArray(value) !== known.normalize.includes('array')) wrong.add(`${field}: list or not`);
        for (const item of [value].flat()) if (!fits(known.type, item)) wrong.add(`${field}: ${known.type}: ${String(item)}`);
      }
    }
    expect([...wrong]).toEqual([]);
  });

  it('puts every action in a category and type that go together', () => {
    const categories = fields.get('event.category')?.allowed_values ?? [];
    const wrong = Object.entries(actions).filter(([, { ecsCategory, ecsType }]) => {
      const category = categories.find(({ name }) => name === ecsCategory);
      return category?.expected_event_types?.includes(ecsType) !== true;
    });
    expect(wrong.map(([id, { ecsCategory, ecsType }]) => `${id}: ${ecsCategory}/${ecsType}`)).toEqual([]);
  });
});

function fits(type: string, value: unknown): boolean {
  switch (type) {
    case 'long':
      return Number.isSafeInteger(value);
    case 'ip':
      return typeof value === 'string' && /^[0-9a-fA-F:.]{2,45}$/.test(value);
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{8,18}Z$/.test(value);
    default:
      return typeof value === 'string';
  }
}
