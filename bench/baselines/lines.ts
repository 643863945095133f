/** The least that can be done with lines: cut them out of chunks. */
import { createReadStream } from 'node:fs';

const LF = 10;

export async function eachLine(files: readonly string[], take: (line: string) => void): Promise<number> {
  let count = 0;
  for (const file of files) {
    let rest: Buffer | undefined;
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
      const bytes: Buffer = rest === undefined ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
      let start = 0;
      for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
        take(bytes.toString('utf8', start, end));
        count++;
        start = end + 1;
      }
      rest = start < bytes.length ? bytes.subarray(start) : undefined;
    }
  }
  return count;
}
