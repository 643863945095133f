/** Where bytes of evidence are: enough to open the file and point at the record. */
export interface Origin {
  /** Id of the source: the first 16 hex digits of its SHA-256 (of its name, for a stream). */
  readonly source: string;
  /** Path of the source inside the evidence, `!` between an archive and its member. */
  readonly path: string;
  /** Id of the parser that read the record. */
  readonly parser: string;
  /** Bytes from the start of the (decompressed) source to the record. */
  readonly offset: number;
  /** Bytes of the record, line end not counted. */
  readonly length: number;
  /** Line of the record's first byte, from 1. Absent in evidence that has no lines. */
  readonly line?: number;
}
