/**
 * Joins the records of an event: they share node, time and serial, and interleave with those of other events.
 * An event is complete with its EOE or PROCTITLE record, or when time has moved on; what is open is bounded.
 * {@link https://github.com/linux-audit/audit-userspace/blob/v3.0.9/src/ausearch-lol.c | ausearch-lol.c}
 */
import type { AuditRecord } from '../../formats/audit/record.js';
import type { Held, Sink } from '../../model/parser.js';
import type { EventHead } from './joined.js';
import { isLone } from './record-kinds.js';

/** Records of another event this much later mean that nothing more comes (seconds). */
const PATIENCE = 2;
/** Most events open at once. */
const OPEN = 256;
/** Most records and characters of one event: what comes after that begins a new one. */
const RECORDS = 16_384;
const CHARACTERS = 16 * 1024 * 1024;

export interface OpenEvent<Context> {
  readonly head: EventHead & { readonly stamp: string; readonly local: boolean };
  readonly types: string[];
  readonly bodies: string[];
  readonly held: Held[];
  /** Whatever came with the first record. */
  readonly context: Context;
  readonly key: string;
  characters: number;
  /** It was cut at one of the limits. */
  fault: string | undefined;
}

export type Finish<Context> = (event: OpenEvent<Context>, out: Sink) => void;

export class Assembler<Context> {
  private readonly open = new Map<string, OpenEvent<Context>>();
  private last: OpenEvent<Context> | undefined;

  constructor(private readonly finish: Finish<Context>) {}

  /** Takes the current frame's record: holds the frame, or deals with it otherwise. */
  push(record: AuditRecord, context: Context, out: Sink): void {
    let event = this.last;
    if (event === undefined || event.head.stamp !== record.stamp || event.head.node !== record.node) {
      const key = record.node === undefined ? record.stamp : `${record.node} ${record.stamp}`;
      event = this.open.get(key);
      if (event === undefined) {
        if (record.type === 'EOE') return out.ignore();
        event = this.begin(key, record, context, out);
      }
    }
    event.types.push(record.type);
    event.bodies.push(record.body);
    event.held.push(out.hold());
    event.characters += record.body.length;
    this.last = event;
    if (this.completes(event, record.type)) this.close(event, out);
    else if (event.types.length >= RECORDS || event.characters >= CHARACTERS) {
      event.fault = `more than ${RECORDS} records or ${CHARACTERS} characters in one event: the rest is an event of its own`;
      this.close(event, out);
    }
  }

  /** Ends all that is open: the source ended, or says that an event did. */
  end(out: Sink): void {
    for (const event of [...this.open.values()]) this.close(event, out);
  }

  private begin(key: string, record: AuditRecord, context: Context, out: Sink): OpenEvent<Context> {
    const { node, stamp, second, nanos, serial, interpreted, local } = record;
    // A program's own clock reading does not make the kernel's records late.
    if (this.open.size > 0 && !isLone(record.type)) {
      for (const other of this.open.values())
        if (other.head.node === node && other.head.second + PATIENCE <= second) this.close(other, out);
    }
    if (this.open.size >= OPEN) this.close(this.open.values().next().value as OpenEvent<Context>, out);
    const event: OpenEvent<Context> = {
      head: { node: node, stamp, second, nanos, serial, interpreted, local },
      types: [],
      bodies: [],
      held: [],
      context,
      key,
      characters: 0,
      fault: undefined,
    };
    this.open.set(key, event);
    return event;
  }

  /** ausearch prints an event's records in reverse: then its PROCTITLE comes first and ends nothing. */
  private completes({ head, types }: OpenEvent<Context>, type: string): boolean {
    // Without a serial nothing tells which records belong together.
    if (types.length === 1) return head.serial === undefined || isLone(type);
    return type === 'PROCTITLE' || type === 'EOE' || (type === 'SYSCALL' && types[0] === 'PROCTITLE');
  }

  private close(event: OpenEvent<Context>, out: Sink): void {
    this.open.delete(event.key);
    if (this.last === event) this.last = undefined;
    this.finish(event, out);
  }
}
