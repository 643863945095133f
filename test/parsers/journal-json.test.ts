import { describe, expect, it } from 'vitest';
import { parser } from '../../src/parsers/journal-json.js';
import { readText, testParser } from '../conformance.js';

testParser(parser, { multiline: true });

const LOGIN = {
  __REALTIME_TIMESTAMP: '1714557013123459',
  MESSAGE: 'Accepted password for root from 203.0.113.5 port 22 ssh2',
  SYSLOG_IDENTIFIER: 'sshd',
  _TRANSPORT: 'syslog',
};

describe('journal-json', () => {
  it('marks a login that somebody else wrote in the name of sshd, and keeps it', async () => {
    const forged = { ...LOGIN, _COMM: 'logger', _EXE: '/usr/bin/logger', _UID: '1000', _PID: '77', SYSLOG_PID: '42' };
    const { events } = await readText(parser, JSON.stringify(forged) + '\n');
    expect(events).toHaveLength(1);
    expect(events[0]?.message).toBe(LOGIN.MESSAGE);
    expect(events[0]?.details).toMatchObject({
      untrusted: { claims: 'sshd', senderName: 'logger', senderExe: '/usr/bin/logger', senderUid: '1000' },
      senderPid: 77,
    });
  });

  it('does not mark what sshd wrote itself', async () => {
    const { events } = await readText(parser, JSON.stringify({ ...LOGIN, _COMM: 'sshd', _EXE: '/usr/sbin/sshd', _UID: '0' }) + '\n');
    expect(events[0]?.details).not.toHaveProperty('untrusted');
  });

  it('tells the pod and container of the sender by its control group', async () => {
    const id = '0123456789abcdef'.repeat(4);
    const cgroup = `/kubepods.slice/kubepods-pod12345678_1234_1234_1234_123456789012.slice/cri-containerd-${id}.scope`;
    const { events } = await readText(parser, JSON.stringify({ ...LOGIN, SYSLOG_IDENTIFIER: 'app', _SYSTEMD_CGROUP: cgroup }) + '\n');
    expect(events[0]).toMatchObject({ pod: { uid: '12345678-1234-1234-1234-123456789012' }, container: { id } });
  });

  it('keeps what can be read of an entry that was cut', async () => {
    const text = JSON.stringify(LOGIN);
    const { events, problems } = await readText(parser, text.slice(0, text.indexOf('"SYSLOG')));
    expect(events.map((event) => event.message)).toEqual([LOGIN.MESSAGE]);
    expect(problems).toHaveLength(1);
  });
});
