import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCapabilities, formatCapabilities, TarReader, type TarEntry, type TarLimits } from '../../src/formats/tar/index.js';
import { entryBytes, headerBytes, padded, paxBytes, paxRecord, sealed, tarOf, type Written } from '../layers/tar-writer.js';

interface Read {
  entries: (Partial<TarEntry> & { sha: string; complete: boolean })[];
  problems: { code: string; message: string; offset: number; length: number }[];
}

function read(bytes: Uint8Array, cuts: readonly number[] = [], limits: Partial<TarLimits> = {}): Read {
  const result: Read = { entries: [], problems: [] };
  let current: TarEntry | undefined;
  let hash = createHash('sha256');
  const reader = new TarReader(
    {
      entry(entry) {
        current = entry;
        hash = createHash('sha256');
      },
      data: (chunk) => void hash.update(chunk),
      close(complete) {
        result.entries.push({ ...current, sha: hash.digest('hex').slice(0, 12), complete });
      },
      problem: (code, message, offset, length) => result.problems.push({ code, message, offset, length }),
    },
    limits,
  );
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    reader.push(bytes.subarray(at, cut));
    at = cut;
  }
  reader.end();
  return result;
}

const sha = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex').slice(0, 12);
const names = ({ entries }: Read): unknown[] => entries.map(({ name }) => name);
const codes = ({ problems }: Read): string[] => problems.map(({ code }) => code);

/** A sparse file's map as octal numbers in a header or extension block. */
function putParts(block: Buffer, at: number, parts: readonly (readonly [number, number])[]): void {
  for (const [i, part] of parts.entries())
    for (const [j, value] of part.entries()) block.write(`${value.toString(8).padStart(11, '0')}\0`, at + 24 * i + 12 * j, 'latin1');
}

describe('tar entries', () => {
  it('keep ids, times and devices of any size and sign', () => {
    const { entries, problems } = read(
      tarOf([
        { name: 'octal', uid: 1000, gid: 7, mode: 0o4755, mtime: 1, content: 'x' },
        { name: 'base-256', uid: 4_000_000_000, gid: 4_294_967_294, mtime: -631_152_000 },
        { name: 'pax', pax: { uid: '4000000001', mtime: '-1.25', gid: '5' } },
        { name: 'dev', type: '4', major: 8, minor: 17 },
      ]),
    );
    expect(problems).toEqual([]);
    expect(entries).toMatchObject([
      { uid: 1000, gid: 7, mode: 0o4755, seconds: 1, nanoseconds: undefined, sha: sha('x'), dataOffset: 512 },
      { uid: 4_000_000_000, gid: 4_294_967_294, seconds: -631_152_000 },
      { uid: 4_000_000_001, gid: 5, seconds: -2, nanoseconds: 750_000_000, format: 'pax', offset: 1536 },
      { type: 'block-device', major: 8, minor: 17 },
    ]);
  });

  it('have names and attributes as bytes', () => {
    const capability = '\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0';
    const { entries } = read(
      tarOf([
        { name: 'a\xff' },
        {
          name: 'short',
          pax: { path: 'b\xfe/ü', 'SCHILY.xattr.security.capability': capability, 'LIBARCHIVE.xattr.user.a%3Db': 'AQI', comment: 'c' },
        },
      ]),
    );
    expect(names({ entries, problems: [] })).toEqual(['a\xff', 'b\xfe/ü']);
    const xattrs = entries[1]?.xattrs;
    expect([...(xattrs?.keys() ?? [])]).toEqual(['security.capability', 'user.a=b']);
    expect([...(xattrs?.get('user.a=b') ?? [])]).toEqual([1, 2]);
    const decoded = decodeCapabilities(xattrs?.get('security.capability') ?? new Uint8Array());
    expect(decoded).toEqual({ permitted: ['cap_net_raw'], inheritable: [], effective: true });
    expect(decoded && formatCapabilities(decoded)).toBe('cap_net_raw=ep');
    expect(entries[1]?.pax?.get('comment')).toBe('c');
  });

  it('get long names from GNU records, global records until they are replaced', () => {
    const long = `${'d/'.repeat(100)}end`;
    const bytes = Buffer.concat([
      headerBytes({ name: '././@LongLink', type: 'L', size: long.length + 1 }),
      padded(Buffer.from(`${long}\0`)),
      headerBytes({ name: '././@LongLink', type: 'K', size: 301 }),
      padded(Buffer.from(`${'t'.repeat(300)}\0`)),
      headerBytes({ name: 'cut', type: '2', link: 'cut' }),
      ...paxBytes({ gid: '77', uname: 'global' }, 'g'),
      headerBytes({ name: 'one' }),
      ...entryBytes({ name: 'two', pax: { gid: '78' } }),
      headerBytes({ name: 'three' }),
      Buffer.alloc(1024),
    ]);
    const { entries, problems } = read(bytes);
    expect(problems).toEqual([]);
    expect(entries).toMatchObject([
      { name: long, linkName: 't'.repeat(300), offset: 0 },
      { name: 'one', gid: 77, uname: 'global' },
      { name: 'two', gid: 78 },
      { name: 'three', gid: 77 },
    ]);
  });

  it('join the prefix in POSIX headers only', () => {
    const block = headerBytes({ name: 'name' });
    block.write('pre/fix', 345, 'latin1');
    const gnu = headerBytes({ name: 'name', magic: 'ustar  \0' });
    gnu.write('00000000001', 345, 'latin1');
    expect(names(read(Buffer.concat([sealed(block), sealed(gnu), Buffer.alloc(1024)])))).toEqual(['pre/fix/name', 'name']);
  });

  it('accept checksums of signed bytes', () => {
    const block = headerBytes({ name: 'caf\xe9' });
    block.fill(32, 148, 156);
    const sum = block.reduce((total, byte) => total + (byte > 127 ? byte - 256 : byte), 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    expect(names(read(Buffer.concat([block, Buffer.alloc(1024)])))).toEqual(['caf\xe9']);
  });
});

describe('sparse files', () => {
  const whole = Buffer.concat([Buffer.alloc(1000), Buffer.from('abc'), Buffer.alloc(997), Buffer.from('de'), Buffer.alloc(98)]);
  const stored = 'abcde';
  const expectWhole = (bytes: Buffer): void => {
    const { entries, problems } = read(bytes);
    expect(problems).toEqual([]);
    expect(entries).toMatchObject([{ name: 'holes', size: 2100, stored: 5, sha: sha(whole), complete: true }, { name: 'next' }]);
  };
  const next = Buffer.concat([headerBytes({ name: 'next' }), Buffer.alloc(1024)]);

  it('in the old GNU way, the map running on in further blocks', () => {
    const block = headerBytes({ name: 'holes', type: 'S', size: 5, magic: 'ustar  \0' });
    putParts(block, 386, [
      [1000, 1],
      [1001, 1],
      [1002, 1],
      [2000, 1],
    ]);
    block[482] = 1;
    block.write('00000004064\0', 483, 'latin1');
    const more = Buffer.alloc(512);
    putParts(more, 0, [
      [2001, 1],
      [2100, 0],
    ]);
    expectWhole(Buffer.concat([sealed(block), more, padded(Buffer.from(stored)), next]));
  });

  it('in the three PAX ways', () => {
    const content = Buffer.from(stored);
    const map01 = { 'GNU.sparse.size': '2100', 'GNU.sparse.name': 'holes', 'GNU.sparse.map': '1000,3,2000,2,2100,0' };
    expectWhole(Buffer.concat([...entryBytes({ name: 'GNUSparseFile.0/holes', content, pax: map01 }), next]));
    const records = Buffer.concat(
      [
        ['GNU.sparse.size', '2100'],
        ['GNU.sparse.numblocks', '2'],
        ['GNU.sparse.offset', '1000'],
        ['GNU.sparse.numbytes', '3'],
        ['GNU.sparse.offset', '2000'],
        ['GNU.sparse.numbytes', '2'],
      ].map(([key, value]) => paxRecord(key as string, value as string)),
    );
    expectWhole(
      Buffer.concat([
        headerBytes({ name: 'x', type: 'x', size: records.length }),
        padded(records),
        ...entryBytes({ name: 'holes', content }),
        next,
      ]),
    );
    const map10 = Buffer.concat([padded(Buffer.from('2\n1000\n3\n2000\n2\n')), content]);
    const pax10 = { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 'holes', 'GNU.sparse.realsize': '2100' };
    expectWhole(Buffer.concat([...entryBytes({ name: 'GNUSparseFile.0/holes', content: map10, pax: pax10 }), next]));
  });

  it('should not fill holes without bound, nor believe a map that does not fit', () => {
    const huge = { 'GNU.sparse.size': '9000000000000', 'GNU.sparse.map': '0,2' };
    const wrong = { 'GNU.sparse.size': '10', 'GNU.sparse.map': '8,1,2,9' };
    const result = read(
      tarOf([{ name: 'huge', content: 'ab', pax: huge }, { name: 'wrong', content: 'ab', pax: wrong }, { name: 'next' }]),
    );
    expect(result.entries).toMatchObject([
      { name: 'huge', complete: false },
      { name: 'wrong', complete: false },
      { name: 'next', complete: true },
    ]);
    expect(codes(result)).toEqual(['limit', 'malformed']);
  });
});

describe('archives that are not in order', () => {
  const three: Written[] = [
    { name: 'a', content: 'A'.repeat(700) },
    { name: 'b', content: 'B' },
    { name: 'c', content: 'C' },
  ];

  it('go on behind a bad header', () => {
    const bytes = tarOf(three);
    bytes[1536] = 120;
    const result = read(bytes);
    expect(result.entries).toMatchObject([{ name: 'a' }, { name: 'c', afterDamage: true, sha: sha('C') }]);
    expect(result.problems).toEqual([
      { code: 'malformed', message: 'no header where one should be: 1024 bytes passed over', offset: 1536, length: 1024 },
    ]);
  });

  it('go on where bytes are missing or too many', () => {
    const bytes = tarOf(three);
    expect(names(read(Buffer.concat([bytes.subarray(0, 1000), bytes.subarray(1003)])))).toEqual(['a', 'b', 'c']);
    expect(names(read(Buffer.concat([bytes.subarray(0, 1000), Buffer.from('xyz'), bytes.subarray(1000)])))).toEqual(['a', 'b', 'c']);
  });

  it('tell of the end that is missing, and of what stands behind it', () => {
    expect(codes(read(tarOf(three, false)))).toEqual(['truncated']);
    expect(codes(read(tarOf(three).subarray(0, 900)))).toEqual(['truncated']);
    const behind = read(Buffer.concat([tarOf([{ name: 'a' }]), tarOf([{ name: 'hidden' }])]));
    expect(behind.entries).toMatchObject([{ name: 'a' }, { name: 'hidden', afterEnd: true }]);
    expect(codes(behind)).toEqual(['integrity']);
  });

  it('may be nothing at all', () => {
    expect(codes(read(Buffer.alloc(0)))).toEqual(['malformed']);
    expect(codes(read(Buffer.alloc(5000)))).toEqual(['malformed']);
    expect(codes(read(Buffer.alloc(1024)))).toEqual([]);
  });

  it('should not have their way with sizes and lengths', () => {
    const hostile = Buffer.concat([
      headerBytes({ name: 'size', size: 2 ** 62 }),
      ...entryBytes({ name: 'pax-size', pax: { size: '99999999999999999999' } }),
      headerBytes({ name: 'x', type: 'x', size: 8 }),
      padded(Buffer.from('9999 a=b')),
      headerBytes({ name: 'last', type: '1', size: 4096, link: 'size' }),
      Buffer.alloc(1024),
    ]);
    const result = read(hostile);
    expect(names(result)).toEqual(['pax-size', 'last']);
    expect(codes(result)).toEqual(['malformed', 'malformed', 'malformed', 'malformed']);
    expect(codes(read(tarOf([{ name: 'x', pax: { path: 'y'.repeat(5000) } }]), [], { extensionBytes: 4096 }))).toEqual(['limit']);
    expect(names(read(tarOf(three), [], { entries: 2 }))).toEqual(['a', 'b']);
  });
});

describe('whatever comes', () => {
  const byteString = fc.string({
    unit: fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte)),
    minLength: 1,
    maxLength: 60,
  });
  const written = fc.record({
    name: byteString,
    type: fc.constantFrom('0', '\0', '7'),
    uid: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    mtime: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
    content: fc.uint8Array({ maxLength: 1500 }),
    pax: fc.option(fc.record({ path: byteString, 'SCHILY.xattr.user.x': byteString }), { nil: undefined }),
  });
  const archive = fc.array(written, { maxLength: 6 });

  it('is read as it was written, in chunks of any size', () => {
    fc.assert(
      fc.property(archive, fc.array(fc.nat({ max: 8000 }), { maxLength: 6 }), (entries, cuts) => {
        const bytes = tarOf(entries);
        const result = read(
          bytes,
          cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b),
        );
        expect(result.problems).toEqual([]);
        expect(result.entries.map(({ name, uid, seconds, sha: hash }) => [name, uid, seconds, hash])).toEqual(
          entries.map(({ name, uid, mtime, content, pax }) => [pax?.path ?? name, uid, mtime, sha(content)]),
        );
      }),
    );
  });

  it('should not throw or depend on chunks when cut or overwritten anywhere', () => {
    fc.assert(
      fc.property(
        archive,
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 600 }),
        fc.nat(),
        fc.array(fc.nat({ max: 8000 }), { maxLength: 6 }),
        (entries, place, noise, end, cuts) => {
          const bytes = tarOf(entries);
          bytes.set(noise.subarray(0, bytes.length - (place % bytes.length)), place % bytes.length);
          const cut = bytes.subarray(0, end % (bytes.length + 1));
          const whole = read(cut);
          expect(
            read(
              cut,
              cuts.filter((at) => at < cut.length).sort((a, b) => a - b),
            ),
          ).toEqual(whole);
        },
      ),
    );
  });
});
