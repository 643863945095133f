import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseGetfattr } from '../../src/formats/getfattr.js';
import { compareLayers } from '../../src/layers/compare.js';
import { findHidden } from '../../src/layers/hidden.js';
import { parseChangeList } from '../../src/layers/inputs/change-list.js';
import { readTree } from '../../src/layers/read-tree.js';
import { selectLayers } from '../../src/layers/select.js';
import { extractContents } from '../../src/node/extract-content.js';
import { layersPlatform, openLayers } from '../../src/node/layers.js';
import { temporaryFolder } from '../second-opinions/tools.js';
import { bytesOf, layerOf, listing, readLayers } from './read.js';
import { tarOf, type Written } from './tar-writer.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const hashOf = (content: Uint8Array): string => {
  const hasher = layersPlatform.hasher('sha256');
  hasher.update(content);
  return hasher.digest();
};

/** A docker-archive as `docker save` writes it, told everything by its caller. */
function archive(layers: readonly Buffer[], change: { diffIds?: string[]; tags?: string[] } = {}): Buffer {
  const diffIds = change.diffIds ?? layers.map((layer) => `sha256:${hashOf(layer)}`);
  const config = text(JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: diffIds } }));
  const manifest = [
    { Config: `${hashOf(config)}.json`, RepoTags: change.tags ?? ['app:1'], Layers: layers.map((_, i) => `${i}/layer.tar`) },
  ];
  const entries: Written[] = layers.map((content, i) => ({ name: `${i}/layer.tar`, content }));
  return tarOf([
    ...entries,
    { name: `${hashOf(config)}.json`, content: config },
    { name: 'manifest.json', content: JSON.stringify(manifest) },
  ]);
}

describe('an image archive', () => {
  const folder = temporaryFolder();
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(path.join(folder, name), bytes);
    return path.join(folder, name);
  };

  it('is checked against what it says of itself', async () => {
    const layer = tarOf([{ name: 'a', content: 'x' }]);
    const wrong = write('wrong.tar', archive([layer, layer], { diffIds: [`sha256:${'0'.repeat(64)}`] }));
    const { layers, mismatches } = selectLayers(await openLayers(wrong));
    const read = await readTree(layers, { platform: layersPlatform });
    expect([...mismatches, ...read.mismatches].map(({ kind }) => kind)).toEqual(['layer-count', 'diff-id']);
  });

  it('may have several images, one of them is chosen by name', async () => {
    const one = JSON.parse(tarJson(archive([tarOf([{ name: 'one' }])], { tags: ['one:1'] }))) as unknown[];
    expect(one).toHaveLength(1);
    const file = write(
      'none.tar',
      tarOf([{ name: 'manifest.json', content: '[{"RepoTags":["x:1"],"Layers":[]},{"RepoTags":["y:1"],"Layers":["../../etc/passwd"]}]' }]),
    );
    const opened = await openLayers(file);
    expect(() => selectLayers(opened)).toThrow('has several');
    const chosen = selectLayers(opened, { image: 'y' });
    expect(chosen.layers).toMatchObject([{ name: '../../etc/passwd', content: undefined }]);
  });

  it('should not be followed out of itself', async () => {
    const file = write(
      'links.tar',
      tarOf([
        { name: 'manifest.json', type: '2', link: '/etc/passwd' },
        { name: 'a', type: '2', link: 'b' },
        { name: 'b', type: '2', link: 'a' },
      ]),
    );
    const opened = await openLayers(file);
    expect(opened.kind).toBe('tar');
  });

  it('in its form of before 2016 is a chain of folders', async () => {
    const file = write(
      'legacy.tar',
      tarOf([
        { name: 'repositories', content: '{"app":{"old":"top"}}' },
        {
          name: 'top/json',
          content: '{"parent":"low","created":"2015-01-01T00:00:00Z","container_config":{"Cmd":["/bin/sh","-c","touch b"]}}',
        },
        { name: 'top/layer.tar', content: tarOf([{ name: 'b' }]) },
        { name: 'low/json', content: '{}' },
        { name: 'low/layer.tar', content: tarOf([{ name: 'a' }]) },
      ]),
    );
    const opened = await openLayers(file);
    const { layers } = selectLayers(opened, { image: 'app:old' });
    expect(layers.map(({ name, history }) => [name, history?.createdBy])).toEqual([
      ['low/layer.tar', undefined],
      ['top/layer.tar', '/bin/sh -c touch b'],
    ]);
    expect(listing((await readTree(layers, { platform: layersPlatform })).tree.root)).toEqual(['f a', 'f b']);
  });

  it('that describes itself twice and differently is told of', async () => {
    const layer = tarOf([{ name: 'shown' }]);
    const config = text(JSON.stringify({ rootfs: { diff_ids: [`sha256:${hashOf(layer)}`] } }));
    const manifest = text(
      JSON.stringify({
        config: { digest: `sha256:${hashOf(config)}` },
        layers: [{ digest: `sha256:${hashOf(layer)}`, size: layer.length }],
      }),
    );
    const blobs = [config, manifest, layer].map((content) => ({ name: `blobs/sha256/${hashOf(content)}`, content }));
    const file = write(
      'twice.tar',
      tarOf([
        ...blobs,
        {
          name: 'index.json',
          content: JSON.stringify({
            manifests: [
              { digest: `sha256:${hashOf(manifest)}` },
              { digest: `sha256:${hashOf(manifest)}`, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } },
            ],
          }),
        },
        { name: 'manifest.json', content: '[{"RepoTags":["other:1"],"Layers":["x"]}]' },
      ]),
    );
    const opened = await openLayers(file);
    expect(opened.images).toHaveLength(2);
    expect(opened.images[1]?.mismatches.map(({ kind }) => kind)).toContain('contradiction');
  });
});

function tarJson(bytes: Buffer): string {
  const at = bytes.lastIndexOf('[{"Config"');
  return bytes.subarray(at, bytes.indexOf(0, at)).toString();
}

describe('a checkpoint', () => {
  it('is what changed, and what was deleted, over its image', async () => {
    const folder = temporaryFolder();
    writeFileSync(
      path.join(folder, 'checkpoint.tar'),
      tarOf([
        { name: 'config.dump', content: '{"id":"abc","name":"web","rootfsImageName":"app:1"}' },
        { name: 'spec.dump', content: '{"mounts":[{"destination":"/data"}]}' },
        { name: 'deleted.files', content: '["/etc/old"]' },
        { name: 'rootfs-diff.tar', content: tarOf([{ name: 'etc/new', content: 'n' }]) },
      ]),
    );
    const opened = await openLayers(path.join(folder, 'checkpoint.tar'));
    expect(opened.containers).toMatchObject([{ id: 'abc', name: 'web', image: 'app:1', mounts: ['/data'] }]);
    const target = selectLayers(opened);
    const base = [layerOf([{ name: 'etc/old' }, { name: 'etc/kept' }])];
    const { changes, blind } = await compareLayers(base, target.layers, {
      platform: layersPlatform,
      overBase: target.overBase,
      mounts: target.container?.mounts,
    });
    expect(changes.map(({ change, path: name }) => [change, name])).toEqual([
      ['added', '/etc/new'],
      ['deleted', '/etc/old'],
    ]);
    expect(blind).toEqual(['Volumes and bind mounts are not in any layer: /data.']);
  });
});

describe('lists', () => {
  it('of docker diff, the API and podman are read; nothing else is', () => {
    const expected = [
      { path: '/etc', change: 'modified' },
      { path: '/x y', change: 'added' },
      { path: '/z', change: 'deleted' },
    ];
    expect(parseChangeList(text('C /etc\nA /x y\nD /z\n'))).toEqual(expected);
    expect(parseChangeList(text('[{"Path":"/etc","Kind":0},{"Path":"/x y","Kind":1},{"Path":"/z","Kind":2}]'))).toEqual(expected);
    expect(parseChangeList(text('{"changed":["/etc"],"added":["/x y"],"deleted":["/z"]}'))).toEqual(expected);
    for (const other of ['', 'Client: x', '[]', '{"a":[]}', 'C /etc\nhello', '[{"Path":1}]', '{"__proto__":["/a"]}'])
      expect(parseChangeList(text(other))).toBeUndefined();
  });

  it('of extended attributes are read with their escapes', () => {
    const dump =
      '# file: a\\040b\nuser.x="q\\"\\\\\\001"\nsecurity.capability=0sAQAAAg==\n\n# file: ./c\ntrusted.overlay.opaque=0x79\nuser.empty\n';
    const files = parseGetfattr(text(dump));
    expect([...(files.get('a b') ?? [])].map(([name, value]) => [name, [...value]])).toEqual([
      ['user.x', [113, 34, 92, 1]],
      ['security.capability', [1, 0, 0, 2]],
    ]);
    expect([...(files.get('c') ?? [])].map(([name, value]) => [name, [...value]])).toEqual([
      ['trusted.overlay.opaque', [121]],
      ['user.empty', []],
    ]);
  });
});

describe('hidden contents', () => {
  it('are taken out under names of ours', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'out'));
    const { tree } = await readLayers([layerOf([{ name: '../../etc/evil', content: 'secret' }]), layerOf([{ name: 'etc/.wh.evil' }])]);
    const taken = await extractContents(findHidden(tree), tree, path.join(folder, 'out'));
    expect(taken).toMatchObject([{ path: '/etc/evil', layer: 0, file: '00001-2bb80d537b1da3e3.bin', size: 6, verified: true }]);
    expect(readdirSync(path.join(folder, 'out'))).toEqual(['00001-2bb80d537b1da3e3.bin']);
    expect(readFileSync(path.join(folder, 'out/00001-2bb80d537b1da3e3.bin'), 'utf8')).toBe('secret');
  });
});

describe('damaged layers', () => {
  it('keep what came before the damage', async () => {
    const tar = tarOf([
      { name: 'a', content: 'x' },
      { name: 'b', content: 'y'.repeat(5000) },
    ]);
    const { tree, mismatches, problems } = await readLayers([{ name: 'l', form: 'tar', content: { tar: bytesOf(tar.subarray(0, 3000)) } }]);
    expect(listing(tree.root)).toEqual(['f a', 'f b']);
    expect(tree.root.children?.get('b')?.inode.sha256).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual(['truncated']);
    expect(mismatches).toEqual([]);
  });
});
