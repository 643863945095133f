/** Every event of every golden file: what exporters are tried on. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Event } from '../../src/model/event.js';

export function goldenEvents(): Event[] {
  const files = readdirSync('fixtures', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.expected.json'));
  return files.flatMap((file) => (JSON.parse(readFileSync(path.join('fixtures', file), 'utf8')) as { events?: Event[] }).events ?? []);
}
