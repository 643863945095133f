/**
 * Finds all of many texts in one pass, one table look-up per character.
 * {@link https://doi.org/10.1145/360825.360855 | Aho and Corasick, 1975}, with all transitions worked out ahead.
 */

export class AhoCorasick {
  /** Column of the table by character; 0 for characters that no text has. */
  private readonly ascii = new Uint16Array(128);
  private readonly others = new Map<number, number>();
  /** Columns of the table: a power of two, so that a state's number is a shift away. */
  private readonly shift: number;
  /** Rows are states, times the columns. */
  private readonly next: Int32Array;
  /** By state (not times the columns): which texts end here. */
  private readonly found: readonly (readonly number[] | undefined)[];
  /** By state: 1 where texts end. */
  private readonly ends: Uint8Array;

  constructor(texts: readonly string[]) {
    this.shift = Math.ceil(Math.log2(Math.max(2, this.assignColumns(texts))));
    const trie = new Trie(2 ** this.shift);
    for (const [id, text] of texts.entries()) trie.add([...columnsOf(text, (code) => this.columnOf(code))], id);
    this.found = trie.link();
    this.ends = Uint8Array.from(this.found, (ids) => (ids === undefined ? 0 : 1));
    this.next = trie.table();
  }

  private assignColumns(texts: readonly string[]): number {
    let width = 1;
    for (const text of texts) {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (this.columnOf(code) !== 0) continue;
        if (code < 128) this.ascii[code] = width++;
        else this.others.set(code, width++);
      }
    }
    return width;
  }

  private columnOf(code: number): number {
    return code < 128 ? (this.ascii[code] as number) : (this.others.get(code) ?? 0);
  }

  /**
   * @param hits Gets two numbers for each place, from its start on: the index of a text, and the index behind its last character.
   * @returns How many numbers.
   */
  scan(text: string, hits: number[]): number {
    const { next, shift, found, ends, ascii } = this;
    let count = 0;
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const column = code < 128 ? (ascii[code] as number) : (this.others.get(code) ?? 0);
      // A character of no text: its column leads back to the start.
      state = next[state + column] as number;
      if (ends[state >> shift] === 0) continue;
      for (const id of found[state >> shift] as readonly number[]) {
        hits[count++] = id;
        hits[count++] = i + 1;
      }
    }
    return count;
  }
}

function* columnsOf(text: string, columnOf: (code: number) => number): Generator<number> {
  for (let i = 0; i < text.length; i++) yield columnOf(text.charCodeAt(i));
}

class Trie {
  private cells: Int32Array;
  private states = 1;
  private readonly ends: (number[] | undefined)[] = [undefined];

  constructor(private readonly width: number) {
    this.cells = new Int32Array(width * 64);
  }

  add(columns: readonly number[], id: number): void {
    let state = 0;
    for (const column of columns) {
      let target = this.cells[state + column] as number;
      if (target === 0) {
        target = this.addState();
        this.cells[state + column] = target;
      }
      state = target;
    }
    if (state > 0) (this.ends[state / this.width] ??= []).push(id);
  }

  private addState(): number {
    const state = this.states++ * this.width;
    if (state + this.width > this.cells.length) {
      const grown = new Int32Array(this.cells.length * 2);
      grown.set(this.cells);
      this.cells = grown;
    }
    this.ends.push(undefined);
    return state;
  }

  /** Fills in the transitions of states that have none of their own, breadth first. */
  link(): readonly (readonly number[] | undefined)[] {
    const { cells, width, ends } = this;
    const fallback = new Int32Array(this.states);
    const queue: number[] = [];
    for (let column = 1; column < width; column++) {
      const child = cells[column] as number;
      if (child !== 0) queue.push(child);
    }
    for (let i = 0; i < queue.length; i++) {
      const state = queue[i] as number;
      const back = fallback[state / width] as number;
      const inherited = ends[back / width];
      if (inherited !== undefined) ends[state / width] = [...(ends[state / width] ?? []), ...inherited];
      for (let column = 1; column < width; column++) {
        const child = cells[state + column] as number;
        const onward = cells[back + column] as number;
        if (child === 0) cells[state + column] = onward;
        else {
          fallback[child / width] = onward;
          queue.push(child);
        }
      }
    }
    return ends;
  }

  table(): Int32Array {
    return this.cells.slice(0, this.states * this.width);
  }
}
