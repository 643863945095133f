import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { parser as journalJson } from '../../src/parsers/journal-json.js';
import { parser as journalShort } from '../../src/parsers/journal-short.js';
import { parser as syslog } from '../../src/parsers/syslog.js';
import { expectBooksToBalance, readText } from '../conformance.js';

const SYSCALL =
  'arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=8 items=2 ppid=10 pid=20 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=7 comm="id" exe="/usr/bin/id" subj=unconfined key="exec"';
const RECORDS = [
  ['SYSCALL', 1300, SYSCALL],
  ['EXECVE', 1309, 'argc=2 a0="id" a1="-u"'],
  ['CWD', 1307, 'cwd="/root"'],
  ['PROCTITLE', 1327, 'proctitle=6964002D75'],
] as const;
const LOGIN = `pid=30 uid=0 auid=1000 ses=8 msg='op=login id=1000 exe="/usr/sbin/sshd" hostname=? addr=203.0.113.5 terminal=/dev/pts/0 res=success'`;
const STAMP = 'audit(1714557012.101:402):';

const expected = {
  time: '2024-05-01T09:50:12.101000000Z',
  action: 'process.start',
  outcome: 'success',
  actor: { uid: '0', loginUid: '1000' },
  process: { name: 'id', pid: 20, exe: '/usr/bin/id', args: ['id', '-u'], cwd: '/root' },
  details: { syscall: 'execve', keys: ['exec'], serial: 402 },
};

const syslogLines = (program: string, messages: readonly string[]): string =>
  messages.map((message) => `2024-05-01T09:50:13.000001+00:00 web ${program}: ${message}\n`).join('');

describe('records in syslog', () => {
  it.each([
    ['audispd', (type: string, _n: number, body: string) => `node=web type=${type} msg=${STAMP} ${body}`],
    ['audisp-syslog[612]', (type: string, _n: number, body: string) => `type=${type} msg=${STAMP} ${body}`],
    ['kernel', (_type: string, n: number, body: string) => `[12350.000001] audit: type=${n} ${STAMP} ${body}`],
    ['kernel', (_type: string, n: number, body: string) => `type=${n} ${STAMP} ${body}`],
    ['tag_audit_log', (type: string, _n: number, body: string) => `type=${type} msg=${STAMP} ${body}`],
  ])('of %s are joined, and carry their own time', async (program, write) => {
    const read = await readText(
      syslog,
      syslogLines(
        program,
        RECORDS.map(([type, number, body]) => write(type, number, body)),
      ),
    );
    expect(read.events).toHaveLength(1);
    expect(read.events[0]).toMatchObject({ ...expected, host: 'web', also: [{}, {}, {}] });
    expect(read.events[0]?.details?.['received']).toBe('2024-05-01T09:50:13.000001000Z');
    expectBooksToBalance(read);
  });

  it('keep what auditd added, though rsyslog escapes the mark before it', async () => {
    const line = `type=USER_LOGIN msg=${STAMP} ${LOGIN}#035UID="root" AUID="alice" ID="alice"`;
    const { events } = await readText(syslog, syslogLines('audisp-syslog', [line]));
    expect(events[0]).toMatchObject({ action: 'login.start', actor: { user: 'alice', uid: '1000', loginUser: 'alice' } });
  });

  it('should not be believed when another program writes what looks like one', async () => {
    const { events } = await readText(syslog, syslogLines('myapp[7]', [`type=USER_LOGIN msg=${STAMP} ${LOGIN}`]));
    expect(events[0]).toMatchObject({ action: 'log.message', process: { name: 'myapp' } });
  });

  it('of two machines with one serial stay apart', async () => {
    const line = (host: string, body: string): string => `2024-05-01T09:50:13+00:00 ${host} audispd: type=${body}\n`;
    const { events } = await readText(
      syslog,
      line('a', `SYSCALL msg=${STAMP} ${SYSCALL}`) +
        line('b', `SYSCALL msg=${STAMP} ${SYSCALL}`) +
        line('a', `EXECVE msg=${STAMP} argc=1 a0="on-a"`) +
        line('b', `EXECVE msg=${STAMP} argc=1 a0="on-b"`),
    );
    expect(events.map((event) => [event.host, event.process?.args])).toEqual([
      ['a', ['on-a']],
      ['b', ['on-b']],
    ]);
  });

  it('leave what auditd and the kernel say beside them alone', async () => {
    const { events } = await readText(
      syslog,
      syslogLines('auditd[612]', ['Init complete, auditd 3.0.9 listening for events (startup state enable)']) +
        syslogLines('kernel', ['[1.000001] audit: backlog limit exceeded', '[1.000002] audit: initializing netlink subsys (disabled)']),
    );
    expect(events.map((event) => event.action)).toEqual(['audit.start', 'log.loss', 'kernel.message']);
  });
});

describe('records in the journal', () => {
  const entry = (name: string, type: number, body: string, more: Record<string, string> = {}): string =>
    `${JSON.stringify({
      __REALTIME_TIMESTAMP: '1714557012200000',
      _SOURCE_REALTIME_TIMESTAMP: '1714557012101000',
      _TRANSPORT: 'audit',
      _HOSTNAME: 'web',
      _AUDIT_TYPE: String(type),
      _AUDIT_TYPE_NAME: name,
      _AUDIT_ID: '402',
      SYSLOG_IDENTIFIER: 'audit',
      MESSAGE: `${name} ${body}`,
      ...more,
    })}\n`;

  it('are joined by their time and serial', async () => {
    const read = await readText(journalJson, RECORDS.map(([name, type, body]) => entry(name, type, body)).join(''));
    expect(read.events).toHaveLength(1);
    expect(read.events[0]).toMatchObject({ ...expected, host: 'web', details: { ...expected.details, transport: 'audit' } });
    expectBooksToBalance(read);
  });

  it('tell of logins, and of types that journald has no name for', async () => {
    const { events } = await readText(
      journalJson,
      entry('USER_LOGIN', 1112, LOGIN) + entry('AUDIT1334', 1334, 'prog-id=42 op=LOAD', { _AUDIT_ID: '403' }),
    );
    expect(events).toMatchObject([
      { action: 'login.start', actor: { uid: '1000' }, client: { ip: '203.0.113.5' }, session: '8' },
      { details: { type: 'BPF' } },
    ]);
  });

  it('should not be taken from a program that calls itself audit', async () => {
    const { events } = await readText(
      journalJson,
      entry('USER_LOGIN', 1112, LOGIN, { _TRANSPORT: 'syslog', _COMM: 'logger', _EXE: '/usr/bin/logger', _UID: '1000' }),
    );
    expect(events[0]?.action).toBe('log.message');
  });

  it('stay single where the short form leaves the serial out', async () => {
    const line = (text: string): string => `May 01 09:50:12 web audit[20]: ${text}\n`;
    const { events } = await readText(journalShort, RECORDS.map(([name, , body]) => line(`${name} ${body}`)).join(''), {
      collected: '2024-05-02T00:00:00.000000000Z',
    });
    expect(events.map((event: Event) => event.action)).toEqual(['process.start', 'syscall.call', 'syscall.call', 'syscall.call']);
    expect(events.every((event: Event) => event.time.startsWith('2024-05-01T09:50:12'))).toBe(true);
  });
});
