import { expect, it } from 'vitest';
import { parser as syslog } from '../../src/parsers/syslog.js';
import { readText, testParser } from '../conformance.js';

testParser(syslog, { fixtures: 'fixtures/kernel', identified: false, multiline: true });

const read = async (message: string, program = 'kernel'): Promise<unknown> =>
  (await readText(syslog, `2024-05-01T10:11:12.000001+00:00 node1 ${program}: ${message}\n`)).events[0];

it('should not read kernel messages of other programs', async () => {
  expect(await read('device eth0 entered promiscuous mode', 'myapp')).toMatchObject({ action: 'log.message' });
  expect(await read('Memory cgroup out of memory: Killed process 1 (x) total-vm:1kB, anon-rss:1kB', 'myapp[1]')).toMatchObject({
    action: 'log.message',
  });
});

it('keeps unknown messages as kernel messages', async () => {
  expect(await read('[1.000001] something new')).toMatchObject({ action: 'kernel.message', details: { uptime: 1.000001 } });
  expect(await read('Memory cgroup out of memory: Killed process x')).toMatchObject({ action: 'kernel.message' });
});

it('should not take a firewall prefix for a verdict', async () => {
  const packet = 'IN=eth0 OUT= SRC=203.0.113.5 DST=10.0.0.1 PROTO=TCP SPT=40112 DPT=22';
  expect(await read(`DROP-ish ${packet}`)).toMatchObject({ action: 'network.flow', client: { ip: '203.0.113.5', port: 40112 } });
  expect(((await read(`DROP-ish ${packet}`)) as { outcome?: string }).outcome).toBeUndefined();
  expect(await read('IN=eth0 OUT= SRC=999 DST=x PROTO=TCP')).toMatchObject({ action: 'kernel.message' });
});

it('takes a permissive SELinux denial for what it was', async () => {
  const avc =
    'audit: type=1400 audit(1714558276.000:1): avc:  denied  { read } for  pid=7 comm="cat" path="/etc/shadow" dev="sda1" ino=131 scontext=a tcontext=b tclass=file permissive=1';
  expect(await read(avc)).toMatchObject({
    action: 'access.deny',
    outcome: 'success',
    file: { path: '/etc/shadow' },
    process: { name: 'cat', pid: 7 },
  });
});
