/** One image in every packaging that real tools make must be one tree; and that tree is what umoci unpacks. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { compareLayers } from '../../src/layers/compare.js';
import { readTree, type ReadTree } from '../../src/layers/read-tree.js';
import { selectLayers, type Selector } from '../../src/layers/select.js';
import { layersPlatform, openLayers } from '../../src/node/layers.js';
import { describeWith, temporaryFolder } from '../second-opinions/tools.js';
import { facts } from './read.js';

const sh = (script: string, folder: string): string =>
  execFileSync('/bin/bash', ['-euc', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function treeOf(file: string, selector: Selector = {}): Promise<ReadTree> {
  const opened = await openLayers(file);
  try {
    return await readTree(selectLayers(opened, selector).layers, { platform: layersPlatform });
  } finally {
    await opened.close();
  }
}

/** Three layers with what file systems can hold; written by umoci, which diffs real folders. */
const MAKE = `
umoci init --layout oci
umoci new --image oci:app
step() { umoci repack --refresh-bundle --image oci:app bundle; }
umoci unpack --image oci:app bundle
cd bundle/rootfs
mkdir -p etc usr/bin var/lib dev "tmp/sp ace" tmp/ünï
echo root:x:0:0 > etc/passwd; echo secret > etc/key; head -c 70000 /dev/urandom > usr/bin/tool; chmod 4755 usr/bin/tool
ln usr/bin/tool usr/bin/twin; ln -s tool usr/bin/soft; ln -s /etc etc/loop; mkfifo var/pipe; mknod dev/null c 1 3; mknod dev/sda b 8 0
echo x > "tmp/$(printf 'bad\\xff')"; touch -d '1960-01-01 UTC' etc/old; chown 70000:4000000000 etc/key
printf '\\177ELF' > usr/bin/capable; setcap cap_net_raw+ep usr/bin/capable
mkdir -p gone/deep; echo 1 > gone/deep/a; echo 2 > gone/b; truncate -s 300000 var/lib/sparse
long=$(printf 'n%.0s' $(seq 1 150)); mkdir -p $long/$long; echo l > $long/$long/leaf
cd ../..; step
cd bundle/rootfs
rm etc/key; rm -r gone; echo evil > etc/ld.so.preload; chmod 700 etc/passwd; rm usr/bin/soft; ln -s /bin/sh usr/bin/soft
cd ../..; step
cd bundle/rootfs
mkdir gone; echo back > gone/b; rm usr/bin/twin; echo more >> etc/passwd
cd ../..; step
umoci unpack --image oci:app truth
`;

describeWith(['umoci', 'skopeo', 'setcap', 'getfattr'], 'the same image in every packaging', () => {
  const folder = temporaryFolder();
  let whole: ReadTree;

  beforeAll(async () => {
    sh(MAKE, folder);
    whole = await treeOf(path.join(folder, 'oci'));
  }, 120_000);

  it('is the tree that umoci unpacks', async () => {
    sh('tar --xattrs --xattrs-include="*" --format=posix --sort=name -C truth/rootfs -cf truth.tar .', folder);
    const truth = await treeOf(path.join(folder, 'truth.tar'));
    const unpacked = facts(truth.tree.root);
    expect(unpacked.length).toBeGreaterThan(25);
    expect(facts(whole.tree.root)).toEqual(unpacked);
    expect([...whole.problems, ...whole.mismatches, ...whole.notes]).toEqual([]);
  });

  it('is the tree that find and sha256sum see in what umoci unpacks', () => {
    const lines = sh(`cd truth/rootfs; find . -type f -print0 | sort -z | xargs -0 sha256sum -z | tr '\\0' '\\n' | sed 's/^\\\\//'`, folder)
      .split('\n')
      .filter(Boolean);
    const ours = facts(whole.tree.root).filter((line) => / file /.test(line));
    expect(ours).toHaveLength(lines.length);
    for (const line of lines) expect(ours.some((fact) => fact.includes(line.slice(0, 64)))).toBe(true);
  });

  it('is the folder on disk, but for the attributes that Node cannot see', async () => {
    const { tree } = await treeOf(path.join(folder, 'truth/rootfs'));
    const seen = (line: string): string => line.replace(/ security\.capability=.*/, '');
    expect(facts(tree.root)).toEqual(facts(whole.tree.root).map(seen));
  });

  const packagings: [string, string, string][] = [
    ['docker-archive', 'skopeo copy -q oci:oci:app docker-archive:docker.tar:app:1', 'docker.tar'],
    ['docker-archive, gzipped', 'skopeo copy -q oci:oci:app docker-archive:d2.tar:app:1; gzip -k d2.tar', 'd2.tar.gz'],
    ['docker-archive, zstd', 'skopeo copy -q oci:oci:app docker-archive:d3.tar:app:1; zstd -q d3.tar', 'd3.tar.zst'],
    ['oci-archive', 'skopeo copy -q oci:oci:app oci-archive:oci.tar:app', 'oci.tar'],
    ['oci layout with zstd layers', 'skopeo copy -q --dest-compress-format zstd --dest-compress oci:oci:app oci:zstd:app', 'zstd'],
    ['dir', 'skopeo copy -q oci:oci:app dir:dir', 'dir'],
    ['tar of a dir', 'skopeo copy -q oci:oci:app dir:dir2; tar -C dir2 -cf dir.tar .', 'dir.tar'],
    ['oci layout, unpacked docker-archive', 'skopeo copy -q oci:oci:app docker-archive:d4.tar:app:1; mkdir d4; tar -C d4 -xf d4.tar', 'd4'],
    ['oci layout in a zip', 'cd oci; python3 -m zipfile -c ../oci.zip .', 'oci.zip'],
  ];
  it.each(packagings)('%s', async (_title, script, file) => {
    sh(script, folder);
    const { tree, mismatches, notes, problems } = await treeOf(path.join(folder, file));
    expect(facts(tree.root)).toEqual(facts(whole.tree.root));
    expect({ mismatches, notes, problems }).toEqual({ mismatches: [], notes: [], problems: [] });
  });

  it('tells of a layer that was changed, and of one that is missing', async () => {
    sh('skopeo copy -q oci:oci:app dir:broken', folder);
    const manifest = JSON.parse(readFileSync(path.join(folder, 'broken/manifest.json'), 'utf8')) as { layers: { digest: string }[] };
    const blob = (index: number): string => path.join(folder, 'broken', (manifest.layers[index]?.digest ?? '').slice(7));
    const bytes = readFileSync(blob(0));
    bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1;
    writeFileSync(blob(0), bytes);
    sh(`rm ${blob(2)}`, folder);
    const { mismatches, problems, tree } = await treeOf(path.join(folder, 'broken'));
    expect(mismatches.map(({ kind }) => kind)).toEqual(['unreadable', 'missing']);
    expect(problems.length).toBeGreaterThan(0);
    expect(facts(tree.root).some((line) => line.startsWith('"etc/ld.so.preload"'))).toBe(true);
  });

  it('differs from its first layer by what was done after it', async () => {
    const opened = await openLayers(path.join(folder, 'oci'));
    const { layers } = selectLayers(opened);
    const { changes } = await compareLayers(layers.slice(0, 1), layers, { platform: layersPlatform });
    expect(
      changes.map(({ change, path: name, what, layer }) => [
        change,
        name,
        what.filter((aspect) => aspect !== 'mtime').join(),
        layer?.index,
      ]),
    ).toEqual([
      ['deleted', '/etc/key', '', 1],
      ['added', '/etc/ld.so.preload', '', 1],
      ['modified', '/etc/passwd', 'size,content,mode', 2],
      ['modified', '/gone/b', 'size,content', 2],
      ['deleted', '/gone/deep', '', 1],
      ['deleted', '/gone/deep/a', '', 1],
      ['modified', '/usr/bin/soft', 'linkTarget', 1],
      ['modified', '/usr/bin/tool', 'hardlinks', 2],
      ['deleted', '/usr/bin/twin', '', 2],
    ]);
  });

  it('is opened by name, and says what there is when the name is wrong', async () => {
    mkdirSync(path.join(folder, 'none'), { recursive: true });
    const opened = await openLayers(path.join(folder, 'docker.tar'));
    expect(selectLayers(opened, { image: 'app:1' }).layers).toHaveLength(3);
    expect(() => selectLayers(opened, { image: 'other' })).toThrow('has no other');
  });
});
