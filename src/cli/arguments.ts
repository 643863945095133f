/** Options that all commands over evidence share. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { parseInstant } from '../intake/facts.js';
import { parserById } from '../intake/identify.js';
import type { EvidenceOptions } from '../node/evidence.js';

type Options = NonNullable<ParseArgsConfig['options']>;

export const evidenceOptions = {
  collected: { type: 'string' },
  zone: { type: 'string' },
  host: { type: 'string' },
  parser: { type: 'string' },
} as const satisfies Options;

export const evidenceHelp: readonly (readonly [string, string])[] = [
  ['--collected TIME', 'when the evidence was collected (RFC 3339): no record is later, missing years follow from it'],
  ['--zone ZONE', 'zone of times written without one: Europe/Berlin, +02:00 (default UTC)'],
  ['--host NAME', 'the machine, for evidence that names none'],
  ['--parser ID', 'read everything with this parser, whatever it looks like'],
];

export class UsageError extends Error {
  readonly code = 'usage';
  readonly hint = 'see --help';
}

/** @throws UsageError for options that are not known or lack a value, and when no path is given. */
export function parseCommand<const O extends Options>(
  args: readonly string[],
  options: O,
): ReturnType<typeof parseArgs<{ args: string[]; options: O; allowPositionals: true }>> {
  try {
    return parseArgs<{ args: string[]; options: O; allowPositionals: true }>({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ')[0] : String(error));
  }
}

export function requirePaths(paths: readonly string[]): readonly string[] {
  if (paths.length === 0) throw new UsageError('no PATH given');
  return paths;
}

/** @throws RangeError with code `time`. */
export function checkTime(text: string | undefined): void {
  if (text !== undefined) parseInstant(text);
}

/** @throws Error with code `unknown-parser`. */
export function checkParser(id: string | undefined): void {
  if (id !== undefined) parserById(id);
}

export interface FactValues {
  readonly collected?: string;
  readonly zone?: string;
  readonly host?: string;
}

export function factsOf(values: FactValues): EvidenceOptions {
  return { collected: values.collected, timeZone: values.zone, host: values.host };
}
