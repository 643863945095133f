/**
 * Finds the entries of a journal file two ways: by its own index, and object by object.
 * The second finds what the index lost or was made to forget.
 */
import type { Damage, Span } from '../../model/parser.js';
import { ENTRY_ARRAY, OBJECT } from './layout.js';
import { objectAt, readU64, type JournalView } from './view.js';

export interface Found {
  /** Offset of the entry object. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  /** Not in the file's index, although the index is whole. */
  readonly unlisted: boolean;
  /** Stands inside of another object's bytes. */
  readonly inside: boolean;
}

export interface Flaw extends Damage {
  readonly span: Span;
}

export interface Search {
  /** In file order, which is the order of writing. */
  readonly entries: readonly Found[];
  readonly flaws: readonly Flaw[];
}

export function findEntries(journal: JournalView): Search {
  const flaws: Flaw[] = [];
  const listed = new Set<number>();
  const whole = readIndex(journal, listed, flaws);
  const entries = scanObjects(journal, listed, whole, flaws);
  // What is left of the index points at no object of the scan.
  let missing = 0;
  for (const offset of listed) {
    const object = objectAt(journal, offset);
    if (object?.type === OBJECT.entry) entries.push({ offset, size: object.size, unlisted: false, inside: true });
    else missing++;
  }
  if (missing > 0)
    flaws.push({
      span: { offset: 0, length: journal.headerSize },
      code: 'integrity',
      message: `the index names ${missing} places where no entry stands`,
    });
  entries.sort((a, b) => a.offset - b.offset);
  return { entries, flaws };
}

/** Follows the chain of entry arrays. @returns Whether it was whole. */
function readIndex(journal: JournalView, listed: Set<number>, flaws: Flaw[]): boolean {
  const { view, compact } = journal;
  const width = compact ? 4 : 8;
  let before = 0;
  let at = journal.entryArray;
  while (at !== 0) {
    const object = objectAt(journal, at);
    // Later arrays stand behind earlier ones: anything else would be a cycle.
    if (object?.type !== OBJECT.entryArray || at <= before) {
      const code = at >= journal.bytes.length ? 'truncated' : 'integrity';
      const message = 'the index of entries is broken: entries were looked for object by object';
      flaws.push({ span: { offset: Math.min(before, journal.bytes.length), length: 0 }, code, message });
      return false;
    }
    for (let item = at + ENTRY_ARRAY.items; item + width <= at + object.size; item += width) {
      const offset = compact ? view.getUint32(item, true) : readU64(view, item);
      if (offset !== 0) listed.add(offset);
    }
    before = at;
    at = readU64(view, at + ENTRY_ARRAY.next);
  }
  return true;
}

function scanObjects(journal: JournalView, listed: Set<number>, whole: boolean, flaws: Flaw[]): Found[] {
  const entries: Found[] = [];
  const end = journal.bytes.length;
  let at = journal.headerSize;
  while (at + 16 <= end) {
    const object = objectAt(journal, at);
    if (object === undefined) {
      const next = nextObject(journal, at + 8, listed);
      if (next >= end) {
        const tail = lastUsed(journal.bytes, at);
        if (tail > at)
          flaws.push({
            span: { offset: at, length: tail - at },
            code: cutCode(journal, at),
            message: `${tail - at} bytes that are no object`,
          });
        break;
      }
      flaws.push({ span: { offset: at, length: next - at }, code: 'integrity', message: `${next - at} bytes that are no object` });
      at = next;
      continue;
    }
    if (object.type === OBJECT.entry) entries.push({ offset: at, size: object.size, unlisted: !listed.delete(at) && whole, inside: false });
    at += Math.ceil(object.size / 8) * 8;
  }
  return entries;
}

/** The last object that the header knows reaches beyond the end: the file was cut. */
function cutCode(journal: JournalView, at: number): 'truncated' | 'integrity' {
  return journal.tailObject >= at ? 'truncated' : 'integrity';
}

/** Where objects go on after broken bytes. An entry that the index names is as good as any. */
function nextObject(journal: JournalView, from: number, listed: ReadonlySet<number>): number {
  const { view, bytes } = journal;
  let at = from;
  for (; at + 16 <= bytes.length; at += 8) {
    // Unused space is zeros: pass it quickly.
    if (view.getUint32(at, true) === 0) continue;
    const object = objectAt(journal, at);
    if (object === undefined) continue;
    if (listed.has(at)) return at;
    // A chance hit is unlikely to be followed by another object, or by unused space.
    const next = at + Math.ceil(object.size / 8) * 8;
    if (next + 16 > bytes.length || objectAt(journal, next) !== undefined || view.getUint32(next, true) === 0) return at;
  }
  return bytes.length;
}

function lastUsed(bytes: Uint8Array, from: number): number {
  let end = bytes.length;
  while (end > from && bytes[end - 1] === 0) end--;
  return end;
}
