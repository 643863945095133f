/** What container runtimes leave on disk, made by running them: the same container, done the same to, found in each of their folders. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest';
import { openBolt, type BoltBucket } from '../../src/formats/bbolt/index.js';
import { compareLayers, type CompareOptions } from '../../src/layers/compare.js';
import { selectLayers } from '../../src/layers/select.js';
import { layersPlatform, openLayers, type OpenLayersOptions } from '../../src/node/layers.js';
import { describeWith, temporaryFolder } from '../second-opinions/tools.js';

const sh = (script: string, cwd: string): string =>
  execFileSync('/bin/bash', ['-euc', script], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });

/** What an intruder does; every command is busybox's. */
const DEEDS =
  'cd /; busybox rm -r gone; busybox mkdir gone; echo n > gone/new; echo evil > etc/preload; echo x >> etc/passwd; busybox chmod 4755 bin/tool; busybox rm etc/old; busybox ln -s /dev/null root/history; busybox mkfifo tmp/pipe';

const EXPECTED = [
  ['modified', '/bin/tool', 'mode'],
  ['deleted', '/etc/old', ''],
  ['modified', '/etc/passwd', 'size,content'],
  ['added', '/etc/preload', ''],
  ['deleted', '/gone/a', ''],
  ['deleted', '/gone/b', ''],
  ['deleted', '/gone/b/c', ''],
  ['added', '/gone/new', ''],
  ['added', '/root/history', ''],
  ['added', '/tmp/pipe', ''],
];

const BASE = `
mkdir -p base/bin base/etc base/root base/tmp base/gone/b base/proc base/dev base/sys base/run
cp $(which busybox) base/bin/busybox; for n in sh; do ln -s busybox base/bin/$n; done; echo tool > base/bin/tool
echo root:x:0:0::/root:/bin/sh > base/etc/passwd; echo o > base/etc/old; echo a > base/gone/a; echo c > base/gone/b/c
find base -exec touch -h -d '2024-01-01 UTC' {} +
tar --xattrs -C base -cf base.tar .
`;

async function changesOf(
  evidence: string,
  container: string,
  options: OpenLayersOptions & Partial<CompareOptions> = {},
): Promise<unknown[]> {
  const opened = await openLayers(evidence, options);
  try {
    const base = selectLayers(opened, { container }, true);
    const target = selectLayers(opened, { container });
    const { changes, mismatches, problems } = await compareLayers(base.layers, target.layers, {
      platform: layersPlatform,
      semantics: 'overlay',
      mounts: target.container?.mounts,
      ...options,
    });
    expect([...mismatches, ...problems, ...target.mismatches]).toEqual([]);
    const own = changes.filter((change) => change.class === undefined);
    return own.map((change) => [change.change, change.path, change.what.filter((aspect) => aspect !== 'mtime').join()]);
  } finally {
    await opened.close();
  }
}

function stop(child: ChildProcess | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (child === undefined || child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

async function waitFor(ready: () => boolean): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (ready()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** Daemons need rights that not every machine gives: then the tests are skipped, and say so. */
function unlessRunning(context: TestContext, running: boolean, name: string): void {
  if (running) return;
  console.warn(`SKIPPED: ${name} does not run here`);
  context.skip();
}

describeWith(['dockerd', 'docker', 'busybox', 'getfattr'], "docker's folder", () => {
  const folder = temporaryFolder();
  let daemon: ChildProcess | undefined;
  let ran = false;

  beforeAll(async () => {
    const args = [
      '--data-root',
      path.join(folder, 'root'),
      '--exec-root',
      path.join(folder, 'exec'),
      '-H',
      `unix://${folder}/d.sock`,
      '-p',
      path.join(folder, 'pid'),
      '--iptables=false',
      '--ip-forward=false',
      '--bridge=none',
      '--storage-driver',
      'overlay2',
    ];
    sh(BASE, folder);
    daemon = spawn('dockerd', args, { cwd: folder, stdio: 'ignore' });
    if (!(await waitFor(() => existsSync(path.join(folder, 'd.sock'))))) return;
    try {
      sh(
        `export DOCKER_HOST=unix://${folder}/d.sock
        for i in $(seq 50); do docker info > info.txt 2>&1 && break || sleep 0.2; done
        docker import base.tar base:1
        docker run --network none --name done base:1 /bin/busybox sh -c '${DEEDS}'
        docker save base:1 -o image.tar; docker export done -o export.tar; docker diff done > diff.txt`,
        folder,
      );
      ran = true;
    } catch (error) {
      console.warn(String(error));
    }
    await stop(daemon);
    if (ran)
      sh(
        `cd root; getfattr -R -d -m - -h . > ../attributes.txt 2>/dev/null; tar --xattrs --xattrs-include='*' -cf ../root.tar .; upper=overlay2/$(cat image/overlay2/layerdb/mounts/*/mount-id)/diff; tar --xattrs --xattrs-include='*' -C $upper -czf ../upper.tgz .`,
        folder,
      );
  }, 90_000);
  afterAll(() => stop(daemon), 30_000);

  it('shows a container that was changed, with the attributes that a dump tells', async (context) => {
    unlessRunning(context, ran, 'dockerd');
    expect(await changesOf(path.join(folder, 'root'), 'done', { attributes: path.join(folder, 'attributes.txt') })).toEqual(EXPECTED);
  });

  it('shows the same out of a tar', async (context) => {
    unlessRunning(context, ran, 'dockerd');
    expect(await changesOf(path.join(folder, 'root.tar'), 'done')).toEqual(EXPECTED);
  });

  it('says what it cannot see without attributes', async (context) => {
    unlessRunning(context, ran, 'dockerd');
    const seen = await changesOf(path.join(folder, 'root'), 'done');
    expect(seen).toEqual(EXPECTED.filter(([change, name]) => !(change === 'deleted' && name?.startsWith('/gone/'))));
  });

  it.each([['export.tar'], ['upper.tgz']])('agrees with the image beside %s', async (file) => {
    if (!ran) return;
    const image = await openLayers(path.join(folder, 'image.tar'));
    const target = selectLayers(await openLayers(path.join(folder, file)));
    const { changes } = await compareLayers(selectLayers(image).layers, target.layers, {
      platform: layersPlatform,
      overBase: target.overBase,
      semantics: 'overlay',
    });
    const own = changes.filter((change) => change.class === undefined && change.path !== '/etc');
    expect(own.map((change) => [change.change, change.path, change.what.filter((aspect) => aspect !== 'mtime').join()])).toEqual(EXPECTED);
  });

  it('has every path that docker diff lists, but for parents that nothing happened to', async (context) => {
    unlessRunning(context, ran, 'dockerd');
    const opened = await openLayers(path.join(folder, 'diff.txt'));
    const ours = new Set(EXPECTED.map(([, name]) => name));
    const parents = (opened.listed ?? []).filter(({ path: name }) => !ours.has(name));
    expect(parents.map(({ change, path: name }) => [change, name]).sort()).toEqual([
      ['modified', '/bin'],
      ['modified', '/etc'],
      ['modified', '/gone'],
      ['modified', '/root'],
      ['modified', '/tmp'],
    ]);
  });
});

describeWith(['containerd', 'ctr', 'runc', 'skopeo', 'umoci', 'busybox'], "containerd's folder", () => {
  const folder = temporaryFolder();
  let daemon: ChildProcess | undefined;
  let ran = false;

  beforeAll(async () => {
    sh(
      `${BASE} umoci init --layout oci; umoci new --image oci:app; umoci raw add-layer --image oci:app base.tar; skopeo copy -q oci:oci:app oci-archive:app.tar:docker.io/library/base:1`,
      folder,
    );
    sh(
      `printf 'version = 2\\nroot = "%s/root"\\nstate = "%s/state"\\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\\n[grpc]\\naddress = "%s/c.sock"\\n[ttrpc]\\naddress = "%s/t.sock"\\n' ${folder} ${folder} ${folder} ${folder} > config.toml`,
      folder,
    );
    daemon = spawn('containerd', ['-c', 'config.toml'], { cwd: folder, stdio: 'ignore' });
    if (!(await waitFor(() => existsSync(path.join(folder, 'c.sock'))))) return;
    try {
      sh(
        `ctr="ctr -a c.sock -n k8s.io"
        $ctr images import app.tar > import.log
        name=$($ctr images ls -q | head -1)
        $ctr run --runc-binary runc --label io.kubernetes.pod.name=web --label io.kubernetes.pod.namespace=shop --label io.kubernetes.container.name=main $name done /bin/busybox sh -c '${DEEDS}'`,
        folder,
      );
      ran = true;
    } catch (error) {
      console.warn(String(error));
    }
    await stop(daemon);
    if (ran) sh(`tar --xattrs --xattrs-include='*' -cf root.tar root`, folder);
  }, 90_000);
  afterAll(() => stop(daemon), 30_000);

  it('shows a container that was changed, and its pod', async (context) => {
    unlessRunning(context, ran, 'containerd');
    expect(await changesOf(path.join(folder, 'root.tar'), 'done')).toEqual(EXPECTED);
    const opened = await openLayers(path.join(folder, 'root'));
    const bytes = readFileSync(path.join(folder, 'root/io.containerd.metadata.v1.bolt/meta.db'));
    const whole = openBolt(bytes);
    expect(whole === undefined ? 0 : countItems(whole.root)).toBeGreaterThan(50);
    expect(whole?.problems).toEqual([]);
    // Damage anywhere in real pages: nothing throws, nothing runs on.
    for (let seed = 1; seed < 200; seed++) {
      const damaged = Buffer.from(bytes.subarray(0, seed % 5 === 0 ? (seed * 7919) % bytes.length : bytes.length));
      for (let i = 0; i < 40 && damaged.length > 0; i++) damaged[(seed * 104_729 + i * 1_299_709) % damaged.length] = (seed * i) & 0xff;
      const database = openBolt(damaged);
      if (database !== undefined) countItems(database.root);
    }
    expect(opened.containers).toMatchObject([{ id: 'done', name: 'main', pod: { namespace: 'shop', name: 'web' }, namespace: 'k8s.io' }]);
  });
});

/** Every bucket and value, as deep as they go. */
function countItems(bucket: BoltBucket, depth = 0): number {
  let count = 0;
  for (const item of bucket.items())
    count += 1 + (item.bucket === undefined || depth > 12 || count > 10_000 ? 0 : countItems(item.bucket, depth + 1));
  return count;
}

describeWith(['podman', 'runc', 'busybox', 'chroot'], "podman's folder", () => {
  const folder = temporaryFolder();
  let ran = false;

  beforeAll(() => {
    sh(BASE, folder);
    try {
      sh(
        `podman="podman --root ${folder}/root --runroot ${folder}/run --storage-driver overlay --cgroup-manager cgroupfs --runtime runc --events-backend file"
        $podman import base.tar base:1
        $podman create --network none --name done base:1 /bin/busybox
        chroot $($podman mount done) /bin/busybox sh -c '${DEEDS}'
        $podman umount done; umount root/overlay 2>/dev/null || true
        tar --xattrs --xattrs-include='*' -cf root.tar root`,
        folder,
      );
      ran = true;
    } catch (error) {
      console.warn(String(error));
    }
  }, 90_000);

  it('shows a container that was changed', async (context) => {
    unlessRunning(context, ran, 'podman');
    expect(await changesOf(path.join(folder, 'root.tar'), 'done')).toEqual(EXPECTED);
  });
});
