/** What two tellings of one record share, whatever the envelope. */
import type { Event } from '../model/event.js';

export function sameKey(event: Event): string {
  if (event.message !== undefined) return `${event.action}\0${event.message}`;
  const auditId = event.details?.['auditID'];
  return `${event.action}\0${event.time}\0${typeof auditId === 'string' ? auditId : ''}\0${event.process?.pid ?? ''}\0${event.file?.path ?? ''}`;
}

/** Characters looked at, from both ends of what tells events apart. */
const LOOKED_AT = 128;

/** {@link sameKey} as a number, never 0: equal keys give equal marks, and different ones seldom do. */
export function markOf(event: Event): number {
  if (event.message !== undefined) return hash(event.message, hash(event.action, OFFSET)) || 1;
  return hash(sameKey(event), OFFSET) || 1;
}

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

function hash(text: string, start: number): number {
  let value = start ^ text.length;
  const head = Math.min(text.length, LOOKED_AT);
  for (let i = 0; i < head; i++) value = Math.imul(value ^ text.charCodeAt(i), PRIME);
  for (let i = Math.max(head, text.length - LOOKED_AT); i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), PRIME);
  return value >>> 0;
}
