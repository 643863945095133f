/** JSON documents from evidence: any shape is possible, nothing throws. */
import { decodeUtf8 } from '../../formats/bytes.js';
import { concatBytes } from '../../formats/bytes.js';
import type { Bytes } from '../platform.js';

/** All bytes, or undefined when they are more than the limit or cannot be read. */
export async function readAll(bytes: Bytes | undefined, limit: number): Promise<Uint8Array | undefined> {
  if (bytes === undefined || (bytes.size ?? 0) > limit) return undefined;
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of bytes.open()) {
      size += chunk.length;
      if (size > limit) return undefined;
      parts.push(chunk.slice());
    }
  } catch {
    return undefined;
  }
  return concatBytes(parts);
}

export async function readJson(bytes: Bytes | undefined, limit: number): Promise<unknown> {
  const all = await readAll(bytes, limit);
  return all === undefined ? undefined : parseJson(all);
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = decodeUtf8(bytes);
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}

type Json = Readonly<Record<string, unknown>>;

/** An object's own member; undefined for anything that is no object. */
export function member(value: unknown, ...keys: readonly string[]): unknown {
  let inner: unknown = value;
  for (const key of keys) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    inner = (inner as Json)[key];
  }
  return inner;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string');
}

/** An object's members; none for anything else. */
export function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
