/** Where a source's bytes lie, as plain data: what another thread needs to open it by itself. */
import type { Coding } from '../intake/magic.js';
import type { Source } from '../model/source.js';
import { decompress } from './decompress.js';
import { readFile } from './files.js';
import type { UnpackLimits } from './limits.js';

export interface Place {
  readonly file: string;
  /** Bytes of the file that are evidence. Default is all. */
  readonly size?: number;
  readonly follow?: boolean;
  /** Compressions around the source, outermost first. */
  readonly codings?: readonly Coding[];
  readonly limits: UnpackLimits;
}

export function openPlace({ file, size, follow, codings = [], limits }: Place): AsyncIterable<Uint8Array> {
  return codings.reduce<AsyncIterable<Uint8Array>>((bytes, coding) => decompress(coding, bytes, limits), readFile(file, { size, follow }));
}

/** Sources are copied on their way (years are added to their facts); how they are opened stays the same function. */
const places = new WeakMap<Source['open'], Place>();

/** Notes where the bytes lie that a function opens. @returns The function. */
export function placed(open: Source['open'], place: Place | undefined): Source['open'] {
  if (place !== undefined) places.set(open, place);
  return open;
}

/** Absent: the bytes are in memory, or come by once. */
export function placeOf(source: Source): Place | undefined {
  return places.get(source.open);
}
