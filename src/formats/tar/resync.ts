/** Finds the next header after damage. Bytes may be missing, so it need not stand at a multiple of 512. */
import { concatBytes, decodeLatin1 } from '../bytes.js';
import { parseHeader } from './header.js';
import { BLOCK, FIELD } from './layout.js';

const MAGIC = 'ustar';
const MAGIC_AT = FIELD.magic[0];
const NONE = new Uint8Array(0);

export class Resync {
  private window: Uint8Array = NONE;

  /** @param at Bytes from the archive's start to the first byte that is pushed. */
  constructor(private at: number) {}

  /** @returns Offset of the next header and all bytes from there on; undefined: not found yet. */
  push(chunk: Uint8Array): { at: number; bytes: Uint8Array } | undefined {
    const window = this.window.length === 0 ? chunk : concatBytes([this.window, chunk]);
    const text = decodeLatin1(window);
    let magic = text.indexOf(MAGIC, MAGIC_AT);
    let aligned = (BLOCK - (this.at % BLOCK)) % BLOCK;
    for (;;) {
      const byMagic = magic < 0 ? Infinity : magic - MAGIC_AT;
      const place = Math.min(byMagic, aligned);
      if (place + BLOCK > window.length) break;
      if (window[place] !== 0 && parseHeader(window, place) !== undefined) return { at: this.at + place, bytes: window.subarray(place) };
      if (byMagic <= place) magic = text.indexOf(MAGIC, magic + 1);
      if (aligned <= place) aligned += BLOCK;
    }
    const kept = Math.min(window.length, BLOCK - 1);
    this.at += window.length - kept;
    this.window = window.slice(window.length - kept);
    return undefined;
  }
}
