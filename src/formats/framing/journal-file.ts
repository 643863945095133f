/** Binary journal files to entries. A journal is no stream: the file is held whole, within `wholeBytes`. */
import type { Damage, Frame, Framer, FrameSink, Framing, Limits } from '../../model/parser.js';
import { concatBytes } from '../bytes.js';
import type { JournalEntry } from '../journal/entry.js';
import { findEntries, type Search } from '../journal/find.js';
import { KNOWN_INCOMPATIBLE, SIGNATURE } from '../journal/layout.js';
import { entryReader } from '../journal/read.js';
import { objectAt, openJournal, signatureOf, type JournalView } from '../journal/view.js';

export interface JournalRecord extends Frame {
  readonly entry: JournalEntry;
  /** What is wrong with the entry, beside which it is still read. */
  readonly faults: readonly Damage[];
  /** The file's own index does not name the entry. */
  readonly unlisted?: boolean;
}

export const journalFile: Framing<JournalRecord> = (limits) => new JournalFramer(limits);

class JournalFramer implements Framer<JournalRecord> {
  private readonly parts: Uint8Array[] = [];
  private size = 0;
  private skipped = 0;

  constructor(private readonly limits: Limits) {}

  push(chunk: Uint8Array): void {
    const kept = chunk.subarray(0, Math.max(0, this.limits.wholeBytes - this.size));
    this.skipped += chunk.length - kept.length;
    if (kept.length === 0) return;
    // The chunk's memory belongs to the reader.
    this.parts.push(kept.slice());
    this.size += kept.length;
  }

  end(out: FrameSink<JournalRecord>): void {
    if (this.size === 0) return;
    const bytes = concatBytes(this.parts);
    this.parts.length = 0;
    if (this.skipped > 0) {
      const message = `journal of ${this.size + this.skipped} bytes: only the first ${this.size} were read`;
      out.damaged({ offset: this.size, length: this.skipped }, 'limit', message);
    }
    const journal = openJournal(bytes);
    if (journal === undefined) out.damaged({ offset: 0, length: bytes.length }, 'truncated', 'the file ends within the journal header');
    else readJournal(journal, out);
  }
}

function readJournal(journal: JournalView, out: FrameSink<JournalRecord>): void {
  const header = { offset: 0, length: journal.headerSize };
  const search = findEntries(journal);
  for (const fault of headerFaults(journal, search)) out.damaged(header, fault.code, fault.message);
  for (const { span, code, message } of search.flaws) out.damaged(span, code, message);
  const read = entryReader(journal);
  for (const { offset, size, unlisted, inside } of search.entries) {
    const { entry, faults } = read(offset, size);
    const more: Damage[] = [];
    if (unlisted)
      more.push({ code: 'integrity', message: "the entry is not in the file's index: it was taken out, or the writer was stopped" });
    if (inside) more.push({ code: 'integrity', message: "the entry lies within another object's bytes" });
    out.frame({ offset, length: size, entry, faults: more.length === 0 ? faults : [...more, ...faults], unlisted });
  }
}

function headerFaults(journal: JournalView, { entries }: Search): Damage[] {
  const faults: Damage[] = [];
  const unknown = journal.incompatible & ~KNOWN_INCOMPATIBLE;
  if (signatureOf(journal.bytes) !== SIGNATURE) faults.push({ code: 'integrity', message: `the journal does not begin with ${SIGNATURE}` });
  if (unknown !== 0)
    faults.push({
      code: 'unsupported',
      message: `unknown incompatible flags 0x${(unknown >>> 0).toString(16)}: read as if they were not set`,
    });
  if (journal.tailObject !== 0 && objectAt(journal, journal.tailObject) === undefined) {
    if (journal.tailObject >= journal.bytes.length)
      faults.push({
        code: 'truncated',
        message: `the file ends at ${journal.bytes.length}, its last object begins at ${journal.tailObject}`,
      });
    else faults.push({ code: 'integrity', message: 'the last object is cut or broken' });
  }
  if (journal.entries !== entries.length)
    faults.push({
      code: 'integrity',
      message: `the header counts ${journal.entries} entries, ${entries.length} were found (state ${journal.state})`,
    });
  return faults;
}
