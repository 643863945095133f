/** Tar archives byte by byte, for those that no program would write. */

export interface TarEntry {
  readonly name: string | Uint8Array;
  readonly body?: string | Uint8Array;
  /** Default is `0`, a file. */
  readonly type?: string;
  readonly link?: string;
  /** Unix seconds. Default is 2024-05-02T00:00:00Z. */
  readonly modified?: number;
  /** Written into the header instead of the body's length. */
  readonly size?: number;
}

const bytesOf = (text: string | Uint8Array): Uint8Array => (typeof text === 'string' ? Buffer.from(text) : text);
const octal = (value: number, width: number): string => value.toString(8).padStart(width - 1, '0') + '\0';

export function tarHeader({ name, body = '', type = '0', link = '', modified = 1_714_608_000, size }: TarEntry): Buffer {
  const block = Buffer.alloc(512);
  block.set(bytesOf(name).subarray(0, 100), 0);
  block.write('0000644\0' + '0000000\0' + '0000000\0', 100, 'latin1');
  block.write(octal(size ?? bytesOf(body).length, 12), 124, 'latin1');
  block.write(octal(modified, 12), 136, 'latin1');
  block.write('        ' + type + link, 148, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  return seal(block);
}

/** Writes the checksum. */
export function seal(block: Buffer): Buffer {
  block.write('        ', 148, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(sum.toString(8).padStart(6, '0') + '\0 ', 148, 'latin1');
  return block;
}

export function tarEntry(entry: TarEntry): Buffer {
  const body = bytesOf(entry.body ?? '');
  return Buffer.concat([tarHeader(entry), body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

export const TAR_END = Buffer.alloc(1024);

export function tarOf(...entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), TAR_END]);
}

/** A PAX header for the next member. */
export function paxEntry(records: Readonly<Record<string, string>>, type = 'x'): TarEntry {
  const body = Object.entries(records)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      let length = Buffer.byteLength(rest) + 1;
      while (String(length).length + Buffer.byteLength(rest) !== length) length++;
      return `${length}${rest}`;
    })
    .join('');
  return { name: 'PaxHeaders/0', type, body };
}
