import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { parser as syslog } from '../../src/parsers/syslog.js';
import { readText, testParser } from '../conformance.js';

testParser(syslog, { fixtures: 'fixtures/pam', identified: false });

async function pam(tag: string, message: string): Promise<Event | undefined> {
  const { events, problems } = await readText(syslog, `2024-05-01T10:11:12Z web1 ${tag}: ${message}\n`);
  expect(problems).toEqual([]);
  return events[0];
}

describe('PAM', () => {
  it('is understood in whichever program speaks for it', async () => {
    for (const tag of [
      'sshd[7]',
      'login[7]',
      'gdm-password][7]',
      'CRON[7]',
      'systemd',
      'vsftpd[7]',
      'xrdp-sesman[7]',
      'never-heard-of[7]',
    ]) {
      const event = await pam(tag, 'pam_unix(login:session): session opened for user alice(uid=1000) by (uid=0)');
      expect(event).toMatchObject({ action: 'session.start', outcome: 'success', actor: { user: 'alice', uid: '1000' } });
    }
  });

  it('tells who asked from who was asked for, where one user becomes another', async () => {
    const opened = await pam('sudo', 'pam_unix(sudo:session): session opened for user root(uid=0) by deploy(uid=1007)');
    expect(opened).toMatchObject({ actor: { user: 'deploy', uid: '1007' }, target: { user: 'root', uid: '0' } });
    const failed = await pam(
      'su',
      'pam_unix(su-l:auth): authentication failure; logname=x uid=1001 euid=0 tty=/dev/pts/3 ruser=bob rhost=  user=root',
    );
    expect(failed).toMatchObject({ actor: { user: 'bob', uid: '1001' }, target: { user: 'root' }, process: { tty: 'pts/3' } });
  });

  it('reads the same by position and by rule', async () => {
    const usual = await pam(
      'sshd[7]',
      'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root',
    );
    const ruled = await pam(
      'sshd[7]',
      'pam_unix(sshd:auth): 1 more authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root',
    );
    expect(usual).toMatchObject({ action: 'auth.check', outcome: 'failure', actor: { user: 'root' }, client: { ip: '203.0.113.9' } });
    expect({ ...ruled, details: undefined, message: undefined, origin: undefined }).toEqual({
      ...usual,
      details: undefined,
      message: undefined,
      origin: undefined,
    });
  });

  it('does not take a user name for the fields in front of it', async () => {
    const event = await pam(
      'sshd[7]',
      'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root rhost=10.0.0.1  user=nobody',
    );
    expect(event).toMatchObject({ actor: { user: 'root rhost=10.0.0.1  user=nobody' }, client: { ip: '203.0.113.9' } });
    const opened = await pam('sshd[7]', 'pam_unix(sshd:session): session opened for user eve by root(uid=0) by (uid=1002)');
    expect(opened?.outcome).toBe('success');
  });

  it('leaves to the calling program what the program says of a PAM function', async () => {
    expect(await pam('su', 'pam_authenticate: Authentication failure')).toMatchObject({ action: 'su.switch', outcome: 'failure' });
  });

  it('knows the module in the tag of old systems', async () => {
    const event = await pam('sshd(pam_unix)[7]', 'session opened for user root by (uid=0)');
    expect(event).toMatchObject({
      action: 'session.start',
      session: 'sshd:7',
      process: { name: 'sshd', pid: 7 },
      details: { module: 'pam_unix' },
    });
  });

  it('takes a terminal or a service for no host', async () => {
    expect((await pam('login', "pam_access(login:account): access denied for user `carol' from `tty1'"))?.client).toBeUndefined();
    expect((await pam('cron', "pam_access(cron:account): access denied for user `carol' from `cron'"))?.client).toBeUndefined();
  });

  it('keeps a message that no rule knows, with its module', async () => {
    const event = await pam('sshd[7]', 'pam_new(sshd:auth): something new');
    expect(event).toMatchObject({ action: 'log.message', details: { module: 'pam_new', service: 'sshd', phase: 'auth' } });
  });
});
