/** From a complete event to the sink. */
import type { Draft } from '../../model/event.js';
import type { Sink } from '../../model/parser.js';
import type { OpenEvent } from './assembler.js';
import { Joined } from './joined.js';
import { readAuditEvent } from './read.js';

/** @param dress Makes the draft of what an envelope around the records adds. */
export function giveEvent<Context>(event: OpenEvent<Context>, out: Sink, dress?: (draft: Draft, context: Context) => Draft): void {
  const { draft, more, fault } = readAuditEvent(new Joined(event.head, event.types, event.bodies));
  const { held } = event;
  const first = held[0];
  out.event(dress === undefined ? draft : dress(draft, event.context), first, held.length > 1 ? held.slice(1) : undefined);
  for (const further of more ?? []) out.event(dress === undefined ? further : dress(further, event.context), first);
  if (event.fault !== undefined) out.problem('limit', event.fault, first);
  if (fault !== undefined) out.problem('truncated', fault, first);
}
