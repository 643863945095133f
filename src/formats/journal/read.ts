/** Entry objects to journal entries: follows their items to data objects, and checks both against their hashes. */
import { decodeLatin1, decodeUtf8, decodeStrictUtf8 } from '../bytes.js';
import type { Damage } from '../../model/parser.js';
import { addField, isFieldName, type FieldValue, type JournalEntry } from './entry.js';
import { DATA, ENTRY, MOST_FIELDS, OBJECT } from './layout.js';
import { lookup3 } from './lookup3.js';
import { readPayload, type Budget } from './payload.js';
import { siphash24, type Hash64 } from './siphash.js';
import { objectAt, readDecimal, readId, readU64, type JournalView } from './view.js';

export interface ReadEntry {
  readonly entry: JournalEntry;
  readonly faults: readonly Damage[];
}

/** One field as its data object keeps it. */
interface Datum {
  readonly name: string;
  readonly value: string;
  readonly binary: boolean;
  /** What the entry's checksum is made of. */
  readonly hash: Hash64;
  readonly fault?: Damage;
}

/** Data objects remembered: entries share most of theirs. */
const REMEMBERED = 16384;
/** Longest value remembered (characters). */
const SHORT = 1024;

export type EntryReader = (offset: number, size: number) => ReadEntry;

export function entryReader(journal: JournalView): EntryReader {
  const { view, bytes, compact } = journal;
  const known = new Map<number, Datum>();
  const budget: Budget = { left: Math.max(256 * 1024 * 1024, 16 * bytes.length) };
  const width = compact ? 4 : 16;
  // Entries of a well-formed file do not overlap; hostile ones must not become endless work.
  let items = bytes.length / 4;

  const datumAt = (at: number): Datum => {
    const remembered = known.get(at);
    if (remembered !== undefined) return remembered;
    const datum = readDatum(journal, at, budget);
    if (datum.value.length <= SHORT) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(at, datum);
    }
    return datum;
  };

  return (offset, size) => {
    const fields = new Map<string, FieldValue>();
    const faults: Damage[] = [];
    const binary: string[] = [];
    const hashes: Hash64[] = [];
    const end = Math.min(offset + size, offset + ENTRY.items + MOST_FIELDS * width);
    if (end < offset + size) faults.push({ code: 'limit', message: `only the first ${MOST_FIELDS} fields were read` });
    for (let at = offset + ENTRY.items; at + width <= end && items > 0; at += width, items--) {
      const target = compact ? view.getUint32(at, true) : readU64(view, at);
      const datum = datumAt(target);
      if (datum.fault !== undefined) faults.push(datum.fault);
      if (!compact && datum.name !== '' && !sameWords(view, at + 8, target + DATA.hash))
        faults.push({ code: 'integrity', message: `the entry and its field ${datum.name} do not name the same hash` });
      hashes.push(datum.hash);
      if (datum.name === '') continue;
      addField(fields, datum.name, datum.value);
      if (datum.binary) binary.push(datum.name);
    }
    if (items <= 0) faults.push({ code: 'limit', message: 'entries that overlap: not all fields were read' });
    if (faults.length === 0 && !fitsChecksum(view, offset + ENTRY.xorHash, hashes))
      faults.push({ code: 'integrity', message: "the entry's fields do not fit its checksum" });
    const realtime = readU64(view, offset + ENTRY.realtime);
    const entry: JournalEntry = {
      realtime: Number.isSafeInteger(realtime) ? realtime : undefined,
      monotonic: readDecimal(view, offset + ENTRY.monotonic),
      bootId: readId(bytes, offset + ENTRY.bootId),
      seqnum: readDecimal(view, offset + ENTRY.seqnum),
      seqnumId: journal.seqnumId,
      fields,
      binary: binary.length === 0 ? undefined : binary,
    };
    return { entry, faults };
  };
}

function sameWords(view: DataView, one: number, other: number): boolean {
  return view.getUint32(one, true) === view.getUint32(other, true) && view.getUint32(one + 4, true) === view.getUint32(other + 4, true);
}

/**
 * The checksum is the exclusive or of all fields' hashes; a field written twice was counted twice and is kept once.
 * src/libsystemd/sd-journal/journal-file.c, journal_file_append_entry()
 */
function fitsChecksum(view: DataView, at: number, hashes: readonly Hash64[]): boolean {
  let low = view.getUint32(at, true);
  let high = view.getUint32(at + 4, true);
  for (const hash of hashes) {
    low = (low ^ hash.low) >>> 0;
    high = (high ^ hash.high) >>> 0;
  }
  return (low === 0 && high === 0) || hashes.some((hash) => hash.low === low && hash.high === high);
}

const NO_HASH: Hash64 = { high: 0, low: 0 };

const broken = (fault: Damage): Datum => ({ name: '', value: '', binary: false, hash: NO_HASH, fault });

function readDatum(journal: JournalView, at: number, budget: Budget): Datum {
  const object = objectAt(journal, at);
  if (object?.type !== OBJECT.data) {
    const code = at >= journal.bytes.length ? 'truncated' : 'integrity';
    return broken({ code, message: 'a field of this entry is not where the entry says' });
  }
  const { bytes, fault } = readPayload(journal, at, object, budget);
  if (bytes === undefined) return broken(fault as Damage);
  const equals = bytes.indexOf(61);
  const name = equals > 0 && equals <= 64 ? decodeLatin1(bytes.subarray(0, equals)) : '';
  if (!isFieldName(name)) return broken({ code: 'integrity', message: 'a field without a name' });
  const payload = bytes.subarray(equals + 1);
  const text = decodeStrictUtf8(payload);
  const unkeyed = lookup3(bytes);
  const hash = journal.key === undefined ? unkeyed : siphash24(bytes, journal.key);
  const fits = journal.view.getUint32(at + DATA.hash, true) === hash.low && journal.view.getUint32(at + DATA.hash + 4, true) === hash.high;
  return {
    name,
    value: text ?? decodeUtf8(payload),
    binary: text === undefined,
    hash: unkeyed,
    fault: fits ? undefined : { code: 'integrity', message: `field ${name} does not fit its hash: its bytes were changed` },
  };
}
