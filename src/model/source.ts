/** What the examiner knows and the bytes do not say. */
export interface Facts {
  /** The machine the evidence comes from; fills `host` where a record names none. */
  readonly host?: string;
  /** IANA zone (`Europe/Berlin`) or offset (`+02:00`) of times recorded without one. Default is UTC. */
  readonly timeZone?: string;
  /** When the evidence was collected: no record is later. Years that records leave out are counted back from it. */
  readonly collected?: string;
  /**
   * Year of the first record of this source, where the format leaves years out.
   * Intake works it out from `collected` and the month changes inside a rotated set; set it to overrule that.
   */
  readonly firstYear?: number;
}

/** An archive or compressed file that a source was taken out of. */
export interface Wrapping {
  readonly path: string;
  readonly kind: string;
  /** Bytes of the wrapping file as it lay in the evidence. */
  readonly size?: number;
  readonly sha256?: string;
}

/** One stretch of evidence bytes: a file, a member of an archive, a stream. */
export interface Source {
  /** First 16 hex digits of the SHA-256 of its bytes; of its name, for a stream. */
  readonly id: string;
  /** Path inside the evidence, `!` between an archive and its member. */
  readonly name: string;
  /** Bytes, decompressed. */
  readonly size?: number;
  /** SHA-256 of the decompressed bytes, 64 hex digits. */
  readonly sha256?: string;
  readonly facts: Facts;
  /** Parser chosen by the caller. Absent: the first bytes decide. */
  readonly parser?: string;
  /** The first bytes (64 KiB or all), when they are known already: saves opening the source to tell what it is. */
  readonly head?: () => Promise<Uint8Array>;
  /** A stream that can be read only once. Its head comes from {@link head}. */
  readonly once?: boolean;
  /** Archives and compressed files around it, outermost first. */
  readonly wrappings?: readonly Wrapping[];
  /** When the file was last written, as the file system or archive tells (an Instant). */
  readonly modified?: string;
  open(): AsyncIterable<Uint8Array>;
  /** Gives a place for what does not fit in memory while this source is sorted. Absent: all is kept in memory. */
  readonly spill?: () => SpillStore;
}

/** A place to put sorted runs that do not fit in memory: a temporary folder in Node. */
export interface SpillStore {
  write(run: number, chunks: Iterable<Uint8Array>): Promise<void>;
  read(run: number): AsyncIterable<Uint8Array>;
  /** Removes all that was written. */
  remove(): Promise<void>;
}
