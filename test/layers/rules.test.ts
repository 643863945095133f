import { describe, expect, it } from 'vitest';
import type { NoteKind } from '../../src/layers/notes.js';
import { layerOf, listing, readLayers } from './read.js';
import type { Written } from './tar-writer.js';

const dir = (name: string): Written => ({ name, type: '5' });
const file = (name: string, content = name): Written => ({ name, content });
const link = (name: string, target: string): Written => ({ name, type: '2', link: target });
const hard = (name: string, target: string): Written => ({ name, type: '1', link: target });

/** A layer below with what the cases need. */
const lower: Written[] = [
  dir('d/'),
  file('d/old', 'old'),
  dir('d/sub/'),
  file('d/sub/deep', 'deep'),
  file('f', 'lower'),
  dir('etc/'),
  file('etc/passwd', 'root'),
  link('esc', '/etc'),
];
const lowerPaths = ['d d', 'f d/old', 'd d/sub', 'f d/sub/deep', 'l esc -> /etc', 'd etc', 'f etc/passwd', 'f f'];
const without = (...gone: string[]): string[] => lowerPaths.filter((line) => !gone.includes(line));

interface Case {
  readonly title: string;
  readonly upper: readonly Written[];
  readonly oci: readonly string[];
  /** Where docker, containerd and podman show something else. */
  readonly overlay?: readonly string[];
  readonly notes: readonly NoteKind[];
}

const cases: Case[] = [
  { title: 'a whiteout hides a file', upper: [file('.wh.f', '')], oci: without('f f'), notes: [] },
  { title: 'a whiteout hides a folder and all in it', upper: [dir('d/'), file('.wh.d', '')].slice(1), oci: lowerPaths.slice(4), notes: [] },
  {
    title: 'a whiteout may be a folder, a symlink, and may have content',
    upper: [dir('.wh.d/'), link('etc/.wh.passwd', 'x'), file('.wh.f', 'yes')],
    oci: ['l esc -> /etc', 'd etc'],
    notes: [],
  },
  {
    title: 'an opaque mark hides siblings wherever it stands',
    upper: [dir('d/'), file('d/new'), file('d/.wh..wh..opq', '')],
    oci: ['d d', 'f d/new', ...lowerPaths.slice(4)],
    notes: [],
  },
  {
    title: 'same-layer entries are never hidden by a whiteout before them',
    upper: [file('.wh.f', ''), file('f', 'new')],
    oci: lowerPaths,
    notes: [],
  },
  { title: 'a folder over a folder keeps what is in it', upper: [{ ...dir('d/'), mode: 0o700 }], oci: lowerPaths, notes: [] },
  { title: 'a file over a folder takes its place', upper: [file('d')], oci: ['f d', ...lowerPaths.slice(4)], notes: [] },
  { title: 'missing parents are implied', upper: [file('a/b/c')], oci: ['d a', 'd a/b', 'f a/b/c', ...lowerPaths], notes: [] },
  {
    title: 'slashes and dots are normalised',
    upper: [file('./x//y'), file('/z'), dir('./w/./')],
    oci: [...lowerPaths, 'd w', 'd x', 'f x/y', 'f z'],
    notes: [],
  },
  // Tools disagree on all that follow.
  {
    title: 'an opaque mark at the root',
    upper: [file('.wh..wh..opq', ''), file('n')],
    oci: ['f n'],
    overlay: [...lowerPaths, 'f n'],
    notes: ['opaque-root'],
  },
  {
    title: 'a folder whited out and made again',
    upper: [file('.wh.d', ''), dir('d/'), file('d/new')],
    oci: ['d d', 'f d/new', ...lowerPaths.slice(4)],
    overlay: ['d d', 'f d/new', ...lowerPaths.slice(1)],
    notes: ['whiteout-and-folder'],
  },
  {
    title: 'a character device 0:0',
    upper: [{ name: 'f', type: '3' }],
    oci: [...without('f f'), 'c f'],
    overlay: without('f f'),
    notes: ['device-whiteout'],
  },
  {
    title: 'an overlay attribute in a layer',
    upper: [{ ...dir('d/'), pax: { 'SCHILY.xattr.trusted.overlay.opaque': 'y' } }, file('d/new')],
    oci: ['d d', 'f d/new', ...lowerPaths.slice(1)],
    overlay: ['d d', 'f d/new', ...lowerPaths.slice(4)],
    notes: ['opaque-attribute'],
  },
  {
    title: 'an entry through a lower symlink',
    upper: [file('esc/passwd', 'evil')],
    oci: without('l esc -> /etc').toSpliced(4, 0, 'd esc', 'f esc/passwd'),
    notes: ['lower-symlink-parent'],
  },
  {
    title: 'a whiteout through a lower symlink',
    upper: [file('esc/.wh.passwd', '')],
    oci: lowerPaths,
    overlay: without('l esc -> /etc').toSpliced(4, 0, 'd esc'),
    notes: ['lower-symlink-parent'],
  },
  { title: 'a hard link to a lower file', upper: [hard('h', 'f')], oci: [...lowerPaths, 'f h'], notes: ['hardlink-to-lower'] },
  {
    title: 'a hard link to a name that is whited out',
    upper: [file('.wh.f', ''), hard('d/old', 'f')],
    oci: without('f f'),
    overlay: without('f f', 'f d/old'),
    notes: ['hardlink-to-whiteout'],
  },
  { title: 'a path written twice', upper: [file('n', 'one'), file('n', 'two')], oci: [...lowerPaths, 'f n'], notes: ['duplicate-entry'] },
  { title: 'a file, then its whiteout', upper: [file('n'), file('.wh.n', '')], oci: [...lowerPaths, 'f n'], notes: ['file-and-whiteout'] },
  {
    title: 'a whiteout in a folder that is not there',
    upper: [file('gone/.wh.x', '')],
    oci: lowerPaths,
    overlay: [...lowerPaths, 'd gone'],
    notes: ['whiteout-without-parent'],
  },
  { title: 'a path out of the root', upper: [file('../../n')], oci: [...lowerPaths, 'f n'], notes: ['escaping-path'] },
  {
    title: 'a path through a symlink of its own layer',
    upper: [link('out', '/etc/../../../etc'), file('out/shadow')],
    oci: [...without('f f'), 'f etc/shadow', 'f f', 'l out -> /etc/../../../etc'],
    notes: ['own-symlink-parent'],
  },
  {
    title: 'whiteouts that name nothing',
    upper: [file('.wh.', ''), file('.wh..', ''), file('d/.wh...', '')],
    oci: lowerPaths,
    notes: ['invalid-whiteout', 'invalid-whiteout', 'invalid-whiteout'],
  },
  {
    title: 'bookkeeping of AUFS',
    upper: [dir('.wh..wh.plnk/'), file('.wh..wh.aufs', '')],
    oci: lowerPaths,
    notes: ['whiteout-meta', 'whiteout-meta'],
  },
  {
    title: 'the table of contents of an eStargz layer',
    upper: [file('.no.prefetch.landmark'), file('n'), file('stargz.index.json', '{"version":1,"entries":[]}')],
    oci: [...lowerPaths, 'f n'],
    notes: ['table-of-contents', 'table-of-contents'],
  },
  { title: 'an entry in a file', upper: [file('f/x')], oci: [...without('f f'), 'd f', 'f f/x'], notes: ['parent-not-folder'] },
];

describe('laying layers over each other', () => {
  it.each(cases)('$title', async ({ upper, oci, overlay, notes }) => {
    const layers = [layerOf(lower), layerOf(upper)];
    const asOci = await readLayers(layers, 'oci');
    expect(listing(asOci.tree.root)).toEqual(oci);
    expect(asOci.notes.map(({ kind }) => kind)).toEqual(notes);
    const asOverlay = await readLayers(layers, 'overlay');
    expect(listing(asOverlay.tree.root)).toEqual(overlay ?? oci);
    expect(asOverlay.notes.map(({ kind }) => kind)).toEqual(notes);
    expect(asOci.problems).toEqual([]);
  });

  it('leaves the tree below untouched', async () => {
    const { tree } = await readLayers([layerOf(lower), layerOf([file('.wh.d', ''), file('f', 'new')])]);
    expect(listing(tree.roots[0] as (typeof tree.roots)[0])).toEqual(lowerPaths);
  });

  it('keeps the content that a second entry of the same path took the place of', async () => {
    const { tree } = await readLayers([layerOf([file('n', 'one'), file('n', 'two')])]);
    expect(tree.superseded.map(({ path, inode }) => [path, inode.size, inode.sha256?.slice(0, 8)])).toEqual([['n', 3, '7692c3ad']]);
  });

  it('should not follow links forever', async () => {
    const { tree } = await readLayers([layerOf([link('a', 'b'), link('b', 'a'), file('a/x')])]);
    expect(listing(tree.root)).toEqual(['l a -> b', 'l b -> a']);
  });
});

describe('an overlay upper folder', () => {
  const upper: Written[] = [
    { name: 'f', type: '3' },
    { ...dir('d/'), pax: { 'SCHILY.xattr.trusted.overlay.opaque': 'y' } },
    file('d/new'),
    { ...dir('moved/'), pax: { 'SCHILY.xattr.trusted.overlay.redirect': '/d/sub' } },
    {
      name: 'etc/passwd',
      content: '',
      mode: 0o4755,
      pax: { 'SCHILY.xattr.trusted.overlay.metacopy': '', 'SCHILY.xattr.trusted.overlay.origin': '\0\xfb' },
    },
    file('.wh.x'),
  ];

  it('removes by device, hides by attribute, follows renames and finds content below', async () => {
    const { tree, notes } = await readLayers([layerOf(lower), layerOf(upper, 'auto')]);
    expect(listing(tree.root)).toEqual(['f .wh.x', 'd d', 'f d/new', 'l esc -> /etc', 'd etc', 'f etc/passwd', 'd moved', 'f moved/deep']);
    expect(notes.map(({ kind }) => kind)).toEqual(['whiteout-name-in-upper']);
    const passwd = tree.root.children?.get('etc')?.children?.get('passwd')?.inode;
    expect(passwd).toMatchObject({
      mode: 0o4755,
      size: 4,
      copiedUp: true,
      sha256: '4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2',
    });
    expect(passwd?.xattrs).toBeUndefined();
  });
});
