/** The records of one audit event, joined: its text in one piece, the fields of each record on demand. */
import { decodeText, detach, encodeInto } from '../../formats/bytes.js';
import { RawFields, toSource, type Fields, type Source } from '../../formats/audit/fields.js';
import { InterpretedFields } from '../../formats/audit/interpreted-fields.js';

/** A record as events keep it in `details.records`: rules match one record at a time, `a0` means two things. */
export interface KeptRecord {
  readonly type: string;
  /** All fields as written, auditd's additions behind a 0x1d. */
  readonly text: string;
}

/** What the records of an event share. */
export interface EventHead {
  readonly node?: string;
  /** Unix seconds. */
  readonly second: number;
  /** 0–999,999,999. */
  readonly nanos: number;
  readonly serial?: number;
  readonly interpreted: boolean;
}

/** Room for an event's text: used again for the next, so that only one event is read at a time. */
let room = new Uint8Array(32_768);

export class Joined {
  private readonly bounds: number[] = [];
  /** Bodies of all records: the event's own copy, which pins no chunk of the evidence. What is cut out of it costs little. */
  private readonly source: Source;

  /** @param bodies The records' texts behind their heads. */
  constructor(
    readonly head: EventHead,
    readonly types: readonly string[],
    bodies: readonly string[],
  ) {
    let text = '';
    let at = 0;
    for (let i = 0; i < bodies.length; i++) {
      const body = bodies[i] as string;
      text = i === 0 ? body : text + '\n' + body;
      if (i > 0) at++;
      this.bounds.push(at, (at += body.length));
    }
    this.source = sourceOf(text);
  }

  has(type: string): boolean {
    return this.types.includes(type);
  }

  body(index: number): string {
    return this.source.text.slice(this.bounds[2 * index], this.bounds[2 * index + 1]);
  }

  /** @param raw Filled and returned for a raw record: valid until it is filled again. */
  fields(index: number, raw = new RawFields()): Fields {
    if (this.head.interpreted) return new InterpretedFields(this.types[index] as string, this.body(index));
    return raw.load(this.source, this.bounds[2 * index], this.bounds[2 * index + 1]);
  }

  /** Fields of the first record of a type. */
  of(type: string, raw?: RawFields): Fields | undefined {
    const index = this.types.indexOf(type);
    return index < 0 ? undefined : this.fields(index, raw);
  }

  /** Fields of each record of a type; one object for all of them. */
  *all(type: string): Generator<Fields> {
    const raw = new RawFields();
    for (let i = 0; i < this.types.length; i++) if (this.types[i] === type) yield this.fields(i, raw);
  }

  kept(): KeptRecord[] {
    const { types, bounds, source } = this;
    const kept: KeptRecord[] = [];
    for (let i = 0; i < types.length; i++)
      kept.push({ type: types[i] as string, text: source.text.slice(bounds[2 * i], bounds[2 * i + 1]) });
    return kept;
  }
}

/** A copy of the text, and its characters as bytes. */
function sourceOf(text: string): Source {
  const { length } = text;
  if (3 * length > room.length) room = new Uint8Array(3 * length);
  // What is not ASCII takes more than a byte: then places in bytes and text differ.
  if (encodeInto(text, room, 0) !== length) return toSource(detach(text));
  return { text: decodeText(room, 0, length), bytes: room };
}
