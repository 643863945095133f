/** A view of an event: what a kind of rule expects, made when a rule asks. */
import type { Event } from '../../../model/event.js';
import type { View } from '../correlation/hit.js';
import type { AnyRecord } from '../detector.js';
import type { LogSource } from '../logsource.js';

/** One kind of view. The log sources are always the same objects: who has seen one knows it again. */
export interface ViewKind {
  readonly logsources: readonly LogSource[];
  applies(event: Event): boolean;
  /** One record, or several; undefined fields count as missing. */
  records(event: Event): Iterable<AnyRecord>;
  /** Default is the event's raw text. */
  line?(event: Event, record: AnyRecord): string | undefined;
}

/** Makes its record when it is first asked for. */
export class LazyView implements View {
  private made: AnyRecord | undefined;

  constructor(
    readonly logsource: LogSource,
    private readonly make: () => AnyRecord,
    private readonly text: (record: AnyRecord) => string | undefined,
  ) {}

  get record(): AnyRecord {
    return (this.made ??= this.make());
  }

  get line(): string | undefined {
    return this.text(this.record);
  }
}

export function rawText(event: Event): string | undefined {
  return typeof event.raw === 'string' ? event.raw : undefined;
}

/** The name where it is known. Number 0 is root on every Linux. */
export function userName(identity: { readonly user?: string; readonly uid?: string } | undefined): string | undefined {
  return identity?.user ?? (identity?.uid === '0' ? 'root' : identity?.uid);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
