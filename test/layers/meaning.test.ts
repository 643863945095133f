import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { assess, type Assessment } from '../../src/layers/meaning/assess.js';
import { compareLayers } from '../../src/layers/compare.js';
import { changeEvents } from '../../src/layers/events.js';
import { findHidden, openContent } from '../../src/layers/hidden.js';
import { eventSchema } from '../../src/model/schema.js';
import { layersPlatform } from '../../src/node/layers-platform.js';
import { layerOf, readLayers } from './read.js';
import type { Written } from './tar-writer.js';

const ELF = '\x7fELF\x02\x01\x01' + '\0'.repeat(60);
const CAPABILITY = '\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0';
const md5 = (text: string): string => createHash('md5').update(Buffer.from(text, 'latin1')).digest('hex');
const sha1 = (text: string): string => createHash('sha1').update(Buffer.from(text, 'latin1')).digest('base64');

const base: Written[] = [
  { name: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/false\n' },
  { name: 'etc/shadow', content: 'root:*:1::::::\napp:!:1::::::\n' },
  { name: 'etc/group', content: 'root:x:0:\ndocker:x:99:\n' },
  { name: 'usr/bin/ls', content: ELF, mode: 0o755 },
  { name: 'usr/bin/ps', content: `${ELF}ps`, mode: 0o755 },
  { name: 'usr/bin/gone', content: `${ELF}gone`, mode: 0o755 },
  { name: 'var/log/auth.log', content: 'x'.repeat(100) },
  { name: 'root/.bash_history', content: 'id\n' },
  { name: 'root/id_rsa', content: '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n' },
  {
    name: 'var/lib/dpkg/status',
    content: 'Package: coreutils\nStatus: install ok installed\nVersion: 9.1\n\nPackage: old\nStatus: install ok installed\nVersion: 1\n',
  },
  {
    name: 'var/lib/dpkg/info/coreutils.md5sums',
    content: `${md5(ELF)}  usr/bin/ls\n${md5(`${ELF}ps`)}  usr/bin/ps\n${md5(`${ELF}gone`)}  usr/bin/gone\n${md5('#!/bin/sh\n')}  usr/bin/nice\n`,
  },
];

async function meaningOf(upper: readonly Written[], form: 'tar' | 'upper' = 'tar'): Promise<{ said: string[]; assessment: Assessment }> {
  const lower = layerOf(base);
  const comparison = await compareLayers([lower], [lower, layerOf(upper, form)], { platform: layersPlatform, alsoHash: ['md5', 'sha1'] });
  const assessment = assess(comparison, { platform: layersPlatform, created: '2024-05-01T00:00:00Z', collected: '2024-06-01T00:00:00Z' });
  return {
    said: assessment.findings.map(({ rule, path, reasons }) => `${rule.slice(7)} ${path ?? ''}: ${reasons.join('; ')}`).sort(),
    assessment,
  };
}

const later = 1_714_700_000;

interface Case {
  readonly title: string;
  readonly upper: readonly Written[];
  readonly says: readonly string[];
}

const cases: Case[] = [
  {
    title: 'a program with the set-user-id bit',
    upper: [{ name: 'opt/x', content: ELF, mode: 0o4755, mtime: later }],
    says: [
      'setuid /opt/x: mode 4755: runs as uid 0, whoever starts it',
      'unpackaged-program /opt/x: no package manager here has it in its lists',
    ],
  },
  {
    title: 'a capability',
    upper: [{ name: 'home/c', content: 'x', pax: { 'SCHILY.xattr.security.capability': CAPABILITY } }],
    says: ['capability /home/c: cap_net_raw=ep'],
  },
  {
    title: 'a program in /tmp, whatever its mode',
    upper: [{ name: 'tmp/.x/y', content: ELF, mtime: later }],
    says: [
      'hidden-program /tmp/.x/y: an ELF program of 67 bytes, without the mode of a program',
      'program-in-open-folder /tmp/.x/y: an ELF program of 67 bytes, without the mode of a program',
    ],
  },
  {
    title: 'a system program that was replaced with its time kept',
    upper: [{ name: 'usr/bin/ls', content: `${ELF}evil`, mode: 0o755 }],
    says: [
      'packaged-file-modified /usr/bin/ls: coreutils shipped another content',
      'same-time /usr/bin/ls: content differs, the modification time does not, as far as it is recorded; belongs to the package coreutils',
      'system-program /usr/bin/ls: 67 bytes before, 71 now; belongs to the package coreutils',
    ],
  },
  {
    title: 'a packaged file that is gone',
    upper: [{ name: 'usr/bin/.wh.gone' }],
    says: ['packaged-file-gone /usr/bin/gone: coreutils has it in its list'],
  },
  {
    title: 'accounts',
    upper: [
      { name: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n', mtime: later },
      { name: 'etc/shadow', content: 'root:$6$abc:1::::::\napp:!:1::::::\n', mtime: later },
      { name: 'etc/group', content: 'root:x:0:\ndocker:x:99:app\n', mtime: later },
    ],
    says: [
      'accounts /etc/passwd: added: toor; other uid or shell: app',
      'groups /etc/group: members or ids differ: docker',
      'passwords /etc/shadow: password set: root',
      'root-account /etc/passwd: uid 0: toor',
    ],
  },
  {
    title: 'ld.so.preload',
    upper: [{ name: 'etc/ld.so.preload', content: '/lib/x.so\n' }],
    says: ['preload /etc/ld.so.preload: libraries named here come into every program that starts'],
  },
  {
    title: 'tracks that are covered',
    upper: [
      { name: 'root/.bash_history', type: '2', link: '/dev/null' },
      { name: 'var/log/auth.log', content: 'x', mtime: later },
    ],
    says: [
      'history-removed /root/.bash_history: a link to /dev/null: nothing is kept',
      'log-removed /var/log/auth.log: cut from 100 to 1 bytes',
    ],
  },
  {
    title: 'a key that is still there',
    upper: [{ name: 'root/.wh.id_rsa' }],
    says: ['hidden-secret /root/id_rsa: begins like a private key; removed by layer 1, its content is in layer 0 (sha256:'],
  },
  {
    title: 'a web shell',
    upper: [{ name: 'var/www/html/a.php', content: '<?php system($_GET["c"]); ?>' }],
    says: [
      'web-page /var/www/html/a.php: runs when it is asked for',
      'web-shell /var/www/html/a.php: gives a request to a command or to eval',
    ],
  },
  {
    title: 'devices, sockets and pipes',
    upper: [
      { name: 'dev/sda', type: '4', major: 8 },
      { name: 'tmp/f', type: '6' },
      { name: 'var/run/docker.sock', type: '2', link: '/host/docker.sock' },
    ],
    says: [
      'block-device /dev/sda: device 8:0: a disk can be read and written past its file system',
      'named-pipe /tmp/f: pipes there carry reverse shells',
      'node-link /var/run/docker.sock: leads to /host/docker.sock',
      "runtime-socket /var/run/docker.sock: /host/docker.sock: whoever can write to it controls the node's containers",
    ],
  },
  {
    title: 'a way out of the container',
    upper: [{ name: 'tmp/e.sh', content: '#!/bin/sh\necho /x > /tmp/cg/release_agent\n', mtime: later }],
    says: [
      'escape-script /tmp/e.sh: its text has release_agent',
      'program-in-open-folder /tmp/e.sh: a script of 42 bytes, without the mode of a program',
    ],
  },
  {
    title: 'names that deceive',
    upper: [
      { name: 'opt/...', content: '' },
      { name: 'opt/x\xe2\x80\xaetxt.exe', content: '' },
      { name: 'opt/b ', content: '' },
    ],
    says: [
      'deceptive-name /opt/...: only dots, as if it were the parent folder',
      'deceptive-name /opt/b : begins or ends with a blank',
      'deceptive-name /opt/x\u202etxt.exe: turns the direction of writing around',
    ],
  },
  {
    title: 'a time that cannot be',
    upper: [{ name: 'opt/x', content: 'x', mtime: 1_800_000_000 }],
    says: ['future-time /opt/x: 2027-01-15T08:00:00.000000000Z, the evidence is of 2024-06-01T00:00:00Z'],
  },
  // What should not be said.
  {
    title: 'nothing of plain files, and little of what a package brought',
    upper: [
      { name: 'opt/readme', content: 'x' },
      { name: 'usr/bin/nice', content: '#!/bin/sh\n', mode: 0o755, mtime: later },
    ],
    says: [],
  },
  {
    title: 'nothing of what every runtime makes',
    upper: [{ name: '.dockerenv' }, { name: 'etc/hostname' }, { name: 'etc/hosts' }, { name: 'dev/console' }],
    says: [],
  },
];

describe('what changes mean', () => {
  it.each(cases)('$title', async ({ upper, says }) => {
    const { said } = await meaningOf(upper);
    expect(said.map((text, i) => (says[i]?.endsWith('sha256:') === true ? text.slice(0, says[i].length) : text))).toEqual(says);
  });

  it('makes less of a set-id program that its package shipped so', async () => {
    const { assessment } = await meaningOf([{ name: 'usr/bin/nice', content: '#!/bin/sh\n', mode: 0o4755, mtime: later }]);
    expect(assessment.findings).toMatchObject([
      {
        rule: 'layers.setuid',
        level: 'informational',
        score: 35,
        reasons: ['mode 4755: runs as uid 0, whoever starts it', 'belongs to the package coreutils, as it was shipped'],
      },
    ]);
  });

  it('tells which packages differ', async () => {
    const apk = `P:musl\nV:1.2\nF:lib\nR:ld.so\nZ:Q1${sha1('good')}\n\n`;
    const { assessment, said } = await meaningOf([
      {
        name: 'var/lib/dpkg/status',
        content: 'Package: coreutils\nStatus: install ok installed\nVersion: 9.2\n\nPackage: new\nVersion: 3\n',
      },
      { name: 'lib/apk/db/installed', content: apk },
      { name: 'lib/ld.so', content: `${ELF}bad`, mtime: later },
      { name: 'usr/lib/python3/dist-packages/requests-2.31.0.dist-info/METADATA', content: '' },
    ]);
    expect(assessment.packages).toEqual([
      { manager: 'apk', name: 'musl', change: 'added', before: undefined, after: '1.2' },
      { manager: 'dpkg', name: 'coreutils', change: 'changed', before: '9.1', after: '9.2' },
      { manager: 'dpkg', name: 'new', change: 'added', before: undefined, after: '3' },
      { manager: 'dpkg', name: 'old', change: 'removed', before: '1', after: undefined },
      { manager: 'python', name: 'requests', change: 'added', before: undefined, after: '2.31.0' },
    ]);
    expect(said).toContain('packaged-file-modified /lib/ld.so: musl shipped another content');
  });

  it('becomes events of the timeline', async () => {
    const lower = layerOf(base);
    const { differences, target } = await compareLayers(
      [lower],
      [
        lower,
        layerOf([
          { name: 'etc/new', content: 'x', mtime: later },
          { name: 'etc/shadow', content: 'root:*:1::::::\napp:!:1::::::\n', mode: 0o666 },
        ]),
      ],
      { platform: layersPlatform },
    );
    const events = changeEvents(differences, target.tree, { platform: layersPlatform });
    for (const event of events) eventSchema.parse(event);
    expect(events.map(({ time, action, file }) => [time, action, file?.path])).toEqual([
      ['2024-05-03T01:33:20.000000000Z', 'file.create', '/etc/new'],
      ['2024-05-01T10:11:12.000000000Z', 'file.permission', '/etc/shadow'],
    ]);
  });
});

describe('hidden content', () => {
  it('is found wherever it is hidden, and read back from its layer', async () => {
    const { tree } = await readLayers([
      layerOf([
        { name: 'a', content: 'first' },
        { name: 'a', content: 'second' },
        { name: 'b', content: 'removed' },
        { name: 'c', content: 'kept' },
      ]),
      layerOf([{ name: 'a', content: 'third' }, { name: '.wh.b' }]),
    ]);
    const found = [];
    for (const { path, how, inode, layer, hiddenBy } of findHidden(tree)) {
      const content =
        inode.place && openContent(inode.place, tree.layers[layer.index]?.source, (input) => layersPlatform.decompress(input));
      const parts: Uint8Array[] = [];
      for await (const chunk of content ?? []) parts.push(chunk);
      found.push([path, how, Buffer.concat(parts).toString(), layer.index, hiddenBy?.index]);
    }
    expect(found).toEqual([
      ['a', 'written-over', 'first', 0, 0],
      ['a', 'replaced', 'second', 0, 1],
      ['b', 'removed', 'removed', 0, 1],
    ]);
  });
});
