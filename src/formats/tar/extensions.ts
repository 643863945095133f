/** Collects what stands before an entry: PAX records for it and for all that follow, GNU's long names. */
import { concatBytes, decodeLatin1 } from '../bytes.js';
import type { ProblemCode } from '../../model/problem.js';
import type { Extensions } from './entry.js';
import { EXTENSION } from './layout.js';
import { decodePax, layOver, type PaxRecord } from './pax.js';

type Report = (code: ProblemCode, message: string, length: number) => void;

const NO_RECORDS: ReadonlyMap<string, string> = new Map();

export class ExtensionStore {
  /** The next entry's own records in their order. */
  ordered: PaxRecord[] = [];
  /** Size of a GNU sparse file, from its header. */
  realSize: number | undefined;
  private global: ReadonlyMap<string, string> = NO_RECORDS;
  private gnuName: string | undefined;
  private gnuLink: string | undefined;
  private typeflag = '';
  private parts: Uint8Array[] = [];
  private size = 0;
  private skipped = false;

  constructor(
    private readonly limit: number,
    private readonly report: Report,
  ) {}

  /** Whether an entry is still to come that these belong to. */
  get pending(): boolean {
    return this.ordered.length > 0 || this.gnuName !== undefined || this.gnuLink !== undefined;
  }

  begin(typeflag: string, size: number): void {
    this.typeflag = typeflag;
    this.parts = [];
    this.size = size;
    this.skipped = size > this.limit;
    if (this.skipped) this.report('limit', `a header of ${size} bytes, more than ${this.limit}: not read`, size);
  }

  push(chunk: Uint8Array): void {
    if (!this.skipped) this.parts.push(chunk.slice());
  }

  end(): void {
    if (this.skipped) return;
    const bytes = this.parts.length === 0 ? new Uint8Array(0) : concatBytes(this.parts);
    this.parts = [];
    if (this.typeflag === EXTENSION.gnuName) this.gnuName = untilNul(bytes);
    else if (this.typeflag === EXTENSION.gnuLink) this.gnuLink = untilNul(bytes);
    else this.takeRecords(bytes);
  }

  has(key: string): boolean {
    return this.ordered.some(([name]) => name === key);
  }

  take(): Extensions & { readonly realSize?: number } {
    const pax = layOver(this.global, this.ordered);
    const { gnuName, gnuLink } = this;
    const named = pax.get('GNU.sparse.realsize') ?? pax.get('GNU.sparse.size');
    const realSize = this.realSize ?? (named !== undefined && /^\d{1,15}$/.test(named) ? Number(named) : undefined);
    this.drop();
    return { pax, gnuName, gnuLink, realSize };
  }

  /** Forgets what belongs to the next entry: it was not found. */
  drop(): void {
    if (this.ordered.length > 0) this.ordered = [];
    this.gnuName = undefined;
    this.gnuLink = undefined;
    this.realSize = undefined;
  }

  private takeRecords(bytes: Uint8Array): void {
    const { records, damage } = decodePax(bytes);
    if (damage !== undefined) this.report('malformed', damage, this.size);
    if (this.typeflag === EXTENSION.global) this.global = layOver(this.global, records);
    else this.ordered.push(...records);
  }
}

function untilNul(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return decodeLatin1(bytes, 0, nul < 0 ? bytes.length : nul);
}
