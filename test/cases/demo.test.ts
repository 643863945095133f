/** The bundled incident: one staged evening, told by twelve files of two machines. `fixtures/demo/README.md` says who wrote them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { demo, demoEvidence, demoFacts } from '../../src/cli/commands/demo.js';
import type { Io } from '../../src/cli/io.js';
import type { Event } from '../../src/model/event.js';
import type { Problem } from '../../src/model/problem.js';
import type { Source } from '../../src/model/source.js';
import { openEvidence } from '../../src/node/evidence.js';
import { collect, type Timeline } from '../../src/timeline/collect.js';
import { timeline } from '../../src/timeline/timeline.js';

interface Step {
  readonly name: string;
  readonly parser: string;
  readonly is: (event: Event) => boolean;
  /** What stands in the bytes that the origin points at. */
  readonly text: string | RegExp;
}

const KEY = 'SHA256:4oYu+uemXb8aoYkHbrNw13mu14qsYqK03b65aAiyNlU';
const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** In this order, whatever stands between. */
const story: readonly Step[] = [
  {
    name: 'a password fails',
    parser: 'journal-file',
    is: ({ action, outcome, client }) => action === 'ssh.login' && outcome === 'failure' && client?.ip === '203.0.113.66',
    text: 'Failed password for root from 203.0.113.66',
  },
  {
    name: 'a key opens the door',
    parser: 'journal-file',
    is: ({ action, outcome, actor }) => action === 'ssh.login' && outcome === 'success' && actor?.credential === KEY,
    text: `Accepted publickey for deploy from 203.0.113.66 port 37617 ssh2: ED25519 ${KEY}`,
  },
  {
    name: 'the kernel gives the session a number',
    parser: 'auditd',
    is: ({ action, session, actor }) => action === 'session.start' && session === '99' && actor?.loginUid === '1002',
    text: 'auid=1002',
  },
  {
    name: 'a shell command, kept by the shell',
    parser: 'shell-history',
    is: ({ action, process }) => action === 'terminal.input' && process?.commandLine === 'sudo -s',
    text: 'sudo -s',
  },
  {
    name: 'sudo to root',
    parser: 'journal-file',
    is: ({ action, actor, target, process }) =>
      action === 'sudo.run' && actor?.user === 'deploy' && target?.user === 'root' && process?.commandLine === '/bin/bash',
    text: 'deploy : TTY=pts/0 ; PWD=/home/deploy ; USER=root ; COMMAND=/bin/bash',
  },
  {
    name: 'kubectl starts in that session',
    parser: 'auditd',
    is: ({ action, session, process }) =>
      action === 'process.start' && session === '99' && process?.commandLine === 'kubectl get secrets -A',
    text: /comm="kubectl"/,
  },
  {
    name: 'secrets are listed',
    parser: 'kube-audit',
    is: ({ action, actor, client }) => action === 'secret.read' && actor?.user === 'kubernetes-admin' && client?.ip === '198.51.100.11',
    text: '"requestURI":"/api/v1/secrets?limit=500"',
  },
  {
    name: 'a role binding is made',
    parser: 'kube-audit',
    is: ({ action, object }) => action === 'rolebinding.create' && object?.name === 'web-admin',
    text: '"web-admin"',
  },
  {
    name: 'exec into the shop’s pod',
    parser: 'kube-audit',
    is: ({ action, pod, process }) => action === 'pod.exec' && pod?.namespace === 'shop' && process?.commandLine === `cat ${TOKEN}`,
    text: 'serviceaccount%2Ftoken',
  },
  {
    name: 'the process in the pod reads the token',
    parser: 'auditd',
    is: ({ action, actor, process }) => action === 'process.start' && actor?.uid === '10001' && process?.commandLine === `cat ${TOKEN}`,
    text: /comm="cat".*key="shop-containers"/,
  },
  {
    name: 'the pod’s token reads the secrets',
    parser: 'kube-audit',
    is: ({ action, actor }) => action === 'secret.read' && actor?.serviceAccount === 'shop/web',
    text: '"username":"system:serviceaccount:shop:web"',
  },
  {
    name: 'the network policy goes',
    parser: 'kube-audit',
    is: ({ action }) => action === 'networkpolicy.delete',
    text: '"verb":"delete"',
  },
  {
    name: 'a pod with the node’s disk comes',
    parser: 'kube-audit',
    is: ({ action, object }) => action === 'pod.create' && object?.name === 'node-exporter-x7',
    text: '"hostPath":{"path":"/"',
  },
  {
    name: 'the kubelet sees it',
    parser: 'kubelet',
    is: ({ action, pod }) => action === 'pod.add' && pod?.name === 'node-exporter-x7',
    text: 'SyncLoop ADD',
  },
  {
    name: 'the runtime starts it',
    parser: 'containerd',
    is: ({ action, outcome, pod }) => action === 'container.start' && outcome === 'success' && pod?.name === 'node-exporter-x7',
    text: 'StartContainer for',
  },
  {
    name: 'a key is added for root',
    parser: 'auditd',
    is: ({ action, file }) => action === 'file.update' && file?.path === '/root/.ssh/authorized_keys',
    text: /comm="sh" exe="\/bin\/busybox" .*key="ssh-keys"/,
  },
  {
    name: 'an account is added',
    parser: 'journal-file',
    is: ({ action, target }) => action === 'user.create' && target?.user === 'svc-backup',
    text: 'new user: name=svc-backup, UID=0',
  },
  { name: 'rsyslog is stopped', parser: 'journal-file', is: ({ action }) => action === 'log.stop', text: 'exiting on signal 15' },
  {
    name: 'auditd is stopped, by somebody who logged in as deploy',
    parser: 'auditd',
    is: ({ action, actor }) => action === 'audit.stop' && actor?.loginUid === '1002',
    text: 'type=DAEMON_END',
  },
  {
    name: 'the SSH session ends, which only the journal saw',
    parser: 'journal-file',
    is: ({ action, session, client, details }) =>
      action === 'session.end' && session === '99' && details?.['connection'] === 'sshd:5598' && client?.ip === '203.0.113.66',
    text: 'session closed for user deploy',
  },
];

let events: Timeline;
let sources: readonly Source[];
let unopened: readonly Problem[];
const bytes = new Map<string, Buffer>();

beforeAll(async () => {
  const evidence = await openEvidence(demoEvidence, demoFacts);
  events = await collect(timeline(evidence.sources));
  sources = evidence.sources;
  unopened = [...evidence.problems];
  for (const source of sources) {
    const chunks: Uint8Array[] = [];
    // A file that breaks off gives what it has, then its error, which the evidence has told of already.
    for await (const chunk of source.open()) chunks.push(chunk);
    bytes.set(source.id, Buffer.concat(chunks));
  }
  await evidence.close();
});

function bytesOf({ origin }: Event): string {
  const whole = bytes.get(origin.source);
  return whole === undefined ? '' : whole.subarray(origin.offset, origin.offset + origin.length).toString();
}

describe('the staged incident', () => {
  it('is told in order, each step by its source and its bytes', () => {
    let from = 0;
    const told = story.filter(({ parser, is, text }) => {
      const index = events.events.findIndex((event, i) => i >= from && event.origin.parser === parser && is(event));
      if (index < 0) return false;
      from = index + 1;
      const written = textOf(events.events[index] as Event);
      return typeof text === 'string' ? written.includes(text) : text.test(written);
    });
    expect(told.map(({ name }) => name)).toEqual(story.map(({ name }) => name));
  });

  it('is told by more than six kinds of evidence', () => {
    const kinds = events.coverage.filter(({ tally }) => tally.events > 0).map(({ parser }) => parser?.id);
    expect([...new Set(kinds)].sort()).toEqual([
      ...['auditd', 'containerd', 'cri-log', 'journal-file', 'kube-audit', 'kubelet', 'shell-history', 'syslog'],
    ]);
  });

  it('folds what rsyslog and the journal both kept into one event with both origins', () => {
    const [login] = events.where({ action: 'ssh.login', outcome: 'success', user: 'deploy' }).events;
    expect(login?.also?.map(({ path, line }) => `${path}:${line}`)).toEqual(['node-1/var/log/auth.log:21']);
    expect(login?.time).toBe('2026-11-25T05:11:19.762829000Z');
  });

  it('reads the node’s local times without year and zone as the moments they are', () => {
    const [seen] = events.where(({ action, pod }) => action === 'pod.add' && pod?.name === 'node-exporter-x7').events;
    expect(seen?.timeQuality).toBe('assumed-zone-and-year');
    expect(seen?.time).toBe('2026-11-25T05:11:44.870511000Z');
    expect(bytesOf(seen as Event)).toMatch(/^I1124 21:11:44\.870511/);
  });

  it('keeps the histories of two accounts apart', () => {
    const typed = events.where({ action: 'terminal.input' }).by(({ actor }) => actor?.user);
    expect([...typed].map(([user, { length }]) => [user, length])).toEqual([
      ['alice', 6],
      ['deploy', 4],
    ]);
  });

  it('should not lose the torn record, the cut file and what no parser knows', () => {
    expect(unopened.map(({ code, origin }) => [code, origin.path])).toEqual([['truncated', 'node-1/var/log/syslog.2.gz!syslog.2']]);
    const torn = events.coverage.find(({ source }) => source.name === 'control-plane/audit.log');
    expect(torn?.tally.problems).toEqual({ truncated: 1, time: 1 });
    const unknown = events.coverage
      .filter(({ source, parser }) => parser === undefined && source.size !== 0)
      .map(({ source }) => source.name);
    expect(unknown).toEqual(expect.arrayContaining(['pod.yaml', 'key.pub', 's.bin'].map((name) => `node-1.tar.gz!tmp/.cache/${name}`)));
  });

  it('adds up: records are decoded, merged, rejected or ignored', () => {
    const sums = events.coverage.map(({ tally }) => tally.decoded + tally.merged + tally.rejected + tally.ignored);
    expect(sums).toEqual(events.coverage.map(({ tally }) => tally.frames));
  });
});

describe('kubewitness demo', () => {
  it('tells the same story every time: chapters, steps, proofs, gaps, what to try next', async () => {
    const [first, second] = [await run(), await run()];
    expect(second).toBe(first);
    expect(first).toContain('SSH login: deploy');
    expect(first).toContain(`with key ${KEY}`);
    expect(first).toMatch(/ {2}control-plane\/audit\.log:13: truncated: /);
    const titles = ['EVIDENCE', 'STORY', 'Root', 'Into the shop’s pod', 'A way back in', 'NOT UNDERSTOOD', 'TRY NEXT'];
    const places = titles.map((title) => first.indexOf(title));
    expect(places).not.toContain(-1);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });
});

/** What the demo shows, as one text. */
async function run(): Promise<string> {
  let output = '';
  const io: Io = {
    out: (text) => void (output += typeof text === 'string' ? text : Buffer.from(text).toString()),
    err: () => undefined,
    drained: () => Promise.resolve(),
    progress: false,
    width: undefined,
    signal: new AbortController().signal,
  };
  expect(await demo.run([], io)).toBe(0);
  return output;
}

/** Type of an entry object in a journal file. */
const ENTRY = 3;

/** The bytes of an event; of a journal's entry, which only names its fields, the message if it stands in the file. */
function textOf(event: Event): string {
  if (event.origin.parser !== 'journal-file') return bytesOf(event);
  const file = bytes.get(event.origin.source);
  const message = event.message ?? '';
  return file?.[event.origin.offset] === ENTRY && file.includes(`MESSAGE=${message}`) ? message : '';
}
