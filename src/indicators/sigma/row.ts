/** One record while rules look at it: each field is read once, each text lowered once, and only when a rule asks. */
import { fieldReader, leavesOf, Many, type FieldReader } from './field-path.js';

/** A value and its texts. */
export class Scalar {
  raw: unknown = undefined;
  private textCache: string | undefined;
  private lowerCache: string | undefined;

  constructor(raw?: unknown) {
    this.raw = raw;
  }

  reset(raw: unknown): void {
    this.raw = raw;
    this.textCache = undefined;
    this.lowerCache = undefined;
  }

  get text(): string {
    return (this.textCache ??= textOf(this.raw));
  }

  get lower(): string {
    return (this.lowerCache ??= this.text.toLowerCase());
  }
}

/** Numbers and booleans as JavaScript writes them, objects as JSON. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Deeper than the stack: no text.
    return '';
  }
}

export const MISSING = 0;
export const NULL = 1;
export const ONE = 2;
export const MANY = 3;

/** A field of the current record. */
export class Cell {
  stamp = -1;
  kind: typeof MISSING | typeof NULL | typeof ONE | typeof MANY = MISSING;
  readonly one = new Scalar();
  many: readonly Scalar[] = [];
  /** A null among many. */
  hasNull = false;

  constructor(
    readonly field: string,
    readonly read: FieldReader,
  ) {}

  fill(record: Readonly<Record<string, unknown>>): void {
    const value = this.read(record);
    if (value === undefined) this.kind = MISSING;
    else if (value === null) this.kind = NULL;
    else if (value instanceof Many) this.fillMany(value.values);
    else {
      this.kind = ONE;
      this.one.reset(value);
    }
  }

  private fillMany(values: readonly unknown[]): void {
    const present = values.filter((value) => value !== null && value !== undefined);
    this.kind = MANY;
    this.hasNull = present.length < values.length;
    this.many = present.map((value) => new Scalar(value));
  }
}

export type ScalarTest = (scalar: Scalar) => boolean;

/** Which column a field has. Grows while rules are compiled. */
export class Columns {
  readonly fields: string[] = [];
  private readonly slots = new Map<string, number>();

  slotOf(field: string): number {
    let slot = this.slots.get(field);
    if (slot === undefined) {
      slot = this.fields.push(field) - 1;
      this.slots.set(field, slot);
    }
    return slot;
  }
}

export class Row {
  private stamp = 0;
  private readonly cells: Cell[] = [];
  record: Readonly<Record<string, unknown>> = {};
  line: string | undefined;
  private leaves: readonly Scalar[] | undefined;
  /** Used again for each record. */
  private readonly leafPool: Scalar[] = [];

  constructor(private readonly columns: Columns) {}

  load(record: Readonly<Record<string, unknown>>, line: string | undefined): this {
    this.stamp++;
    this.record = record;
    this.line = line;
    this.leaves = undefined;
    return this;
  }

  cell(slot: number): Cell {
    const cell = this.cells[slot] ?? this.addCell(slot);
    if (cell.stamp !== this.stamp) {
      cell.stamp = this.stamp;
      cell.fill(this.record);
    }
    return cell;
  }

  private addCell(slot: number): Cell {
    const field = this.columns.fields[slot] as string;
    return (this.cells[slot] = new Cell(field, fieldReader(field)));
  }

  /** Whether one of the field's values passes. */
  some(slot: number, test: ScalarTest): boolean {
    const cell = this.cell(slot);
    if (cell.kind === ONE) return test(cell.one);
    return cell.kind === MANY && cell.many.some(test);
  }

  /** What keywords are sought in: every value that holds no others, and the line that the record came from. */
  get keywordScalars(): readonly Scalar[] {
    if (this.leaves === undefined) {
      const scalars: Scalar[] = [];
      for (const leaf of leavesOf(this.record)) if (leaf !== null && leaf !== undefined) this.addLeaf(scalars, leaf);
      if (this.line !== undefined) this.addLeaf(scalars, this.line);
      this.leaves = scalars;
    }
    return this.leaves;
  }

  private addLeaf(scalars: Scalar[], leaf: unknown): void {
    const scalar = (this.leafPool[scalars.length] ??= new Scalar());
    scalar.reset(leaf);
    scalars.push(scalar);
  }
}
