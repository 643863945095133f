/**
 * Puts the parts of long lines together again, a stream apart from the other. What a container writes is its own word:
 * it is never read as a message of the host's programs.
 */
import { detach } from '../../formats/bytes.js';
import { parseContainerPath, type LogOwner } from '../../formats/container-path.js';
import type { Draft, Instant } from '../../model/event.js';
import type { Held, Sink } from '../../model/parser.js';

/** Longest line put together (characters) and most parts: what goes on after it begins a new event. */
const LONGEST = 1024 * 1024;
const MOST_PARTS = 1024;

/** One record of the log. */
export interface Part {
  readonly time: Instant;
  readonly stream: string;
  readonly text: string;
  /** The line goes on in the stream's next record. */
  readonly partial: boolean;
  readonly details?: Record<string, unknown>;
}

interface Pending {
  readonly first: Part;
  readonly at: Held;
  readonly also: Held[];
  readonly texts: string[];
  length: number;
}

export class Joiner {
  private owner: LogOwner;
  /** By stream: stdout and stderr only, other names are refused before. */
  private readonly pending = new Map<string, Pending>();

  constructor(path: string) {
    this.owner = parseContainerPath(path);
  }

  enter(path: string): void {
    this.owner = parseContainerPath(path);
  }

  push(part: Part, out: Sink): void {
    const pending = this.pending.get(part.stream);
    if (pending === undefined) {
      if (!part.partial) return out.event(this.toDraft(part, part.text));
      this.pending.set(part.stream, { first: part, at: out.hold(), also: [], texts: [part.text], length: part.text.length });
      return;
    }
    pending.also.push(out.hold());
    pending.texts.push(part.text);
    pending.length += part.text.length;
    if (!part.partial) return this.give(pending, false, out);
    if (pending.length < LONGEST && pending.also.length < MOST_PARTS) return;
    out.problem('limit', `a line of more than ${pending.length} characters in ${pending.also.length + 1} parts was divided`);
    this.give(pending, true, out);
  }

  /** @param truncated A line that goes on must do so: its end is missing. */
  end(out: Sink, truncated: boolean): void {
    for (const pending of this.pending.values()) {
      this.give(pending, true, out);
      if (truncated) out.problem('truncated', 'the line goes on in a record that is not there', pending.at);
    }
  }

  private give(pending: Pending, partial: boolean, out: Sink): void {
    this.pending.delete(pending.first.stream);
    const draft = this.toDraft(pending.first, pending.texts.join(''));
    const details = { ...draft.details, parts: pending.texts.length };
    draft.details = partial ? { ...details, partial: true } : details;
    out.event(draft, pending.at, pending.also);
  }

  private toDraft(part: Part, text: string): Draft {
    const { pod, container, restart } = this.owner;
    const details: Record<string, unknown> = { stream: part.stream, ...part.details };
    if (restart !== undefined) details['restart'] = restart;
    const draft: Draft = { time: part.time, action: 'container.output', message: detach(text), details };
    if (pod !== undefined) draft.pod = pod;
    if (container !== undefined) draft.container = container;
    return draft;
  }
}
