/** LZ4 blocks, as journald keeps large fields: eight bytes of size, then one block. {@link https://github.com/lz4/lz4/blob/v1.9.4/doc/lz4_Block_format.md} */

const SHORTEST_MATCH = 4;

/**
 * @param size Bytes that must come out; the caller has limited it.
 * @returns undefined when the block is broken or gives another size.
 */
export function decodeLz4Block(block: Uint8Array, size: number): Uint8Array | undefined {
  const out = new Uint8Array(size);
  let from = 0;
  let to = 0;
  while (from < block.length) {
    const token = block[from++] as number;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (from >= block.length) return undefined;
        more = block[from++] as number;
        literals += more;
      }
    }
    if (from + literals > block.length || to + literals > size) return undefined;
    out.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    // The last sequence has no match.
    if (from === block.length) break;
    if (from + 2 > block.length) return undefined;
    const distance = (block[from] as number) | ((block[from + 1] as number) << 8);
    from += 2;
    let length = (token & 15) + SHORTEST_MATCH;
    if ((token & 15) === 15) {
      let more = 255;
      while (more === 255) {
        if (from >= block.length) return undefined;
        more = block[from++] as number;
        length += more;
      }
    }
    if (distance === 0 || distance > to || to + length > size) return undefined;
    for (let i = 0; i < length; i++, to++) out[to] = out[to - distance] as number;
  }
  return to === size ? out : undefined;
}
