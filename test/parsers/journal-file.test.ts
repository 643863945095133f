import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parser } from '../../src/parsers/journal-file.js';
import { expectBooksToBalance, readBytes, testParser } from '../conformance.js';

testParser(parser);

const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(`fixtures/journal-file/${name}.journal`));
const ENTRY_ARRAY = 176;

describe('journal-file', () => {
  it('finds every entry when the index is gone', async () => {
    const bytes = bytesOf('bookworm-plain');
    const whole = await readBytes(parser, bytes);
    const broken = bytes.slice();
    new DataView(broken.buffer).setBigUint64(ENTRY_ARRAY, 0xffff_fff8n, true);
    const read = await readBytes(parser, broken);
    expect(read.events.map((event) => event.message)).toEqual(whole.events.map((event) => event.message));
    expect(read.problems.map((problem) => problem.code)).toEqual(['truncated']);
  });

  it('does not follow an index that bites its own tail', async () => {
    const bytes = bytesOf('bookworm-plain');
    const view = new DataView(bytes.buffer);
    const array = Number(view.getBigUint64(ENTRY_ARRAY, true));
    view.setBigUint64(array + 16, BigInt(array), true);
    const read = await readBytes(parser, bytes);
    expect(read.events).toHaveLength(20);
    expect(read.problems.map((problem) => problem.code)).toEqual(['integrity']);
  });

  it('says which field was changed, and which entry was taken out of the index', async () => {
    const { problems, events } = await readBytes(parser, bytesOf('tampered'));
    expect(problems.map((problem) => problem.message)).toEqual([
      'field MESSAGE does not fit its hash: its bytes were changed',
      "the entry is not in the file's index: it was taken out, or the writer was stopped",
    ]);
    expect(events.filter((event) => event.details?.unlisted === true)).toHaveLength(1);
  });

  it('reads what is left of a file without its beginning', async () => {
    const bytes = bytesOf('bookworm-plain').fill(0, 0, 8);
    const read = await readBytes(parser, bytes);
    expect(read.events).toHaveLength(20);
    expectBooksToBalance(read);
  });

  it('keeps the other fields of an entry whose message it cannot unpack', async () => {
    const { events, problems } = await readBytes(parser, bytesOf('large-xz'));
    expect(events).toHaveLength(4);
    expect(problems.map((problem) => problem.code)).toEqual(['unsupported']);
  });
});
