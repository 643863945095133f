import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { parser as syslog } from '../../src/parsers/syslog.js';
import { readText, testParser } from '../conformance.js';

testParser(syslog, { fixtures: 'fixtures/sshd', identified: false });

const FP = 'SHA256:HpZUqEpXSgO3wgQC14k+VLhUbiFBFs6XoqN5jsWtREg';

/** `HH:MM:SS program[pid] message` per line; the program is sshd where none is named. */
async function sshd(...lines: readonly string[]): Promise<Event[]> {
  const text = lines
    .map((line) => /^(?<clock>[\d:]{8}) (?:(?<program>[\w()-]+)\[)?(?<pid>\d+)\]? (?<message>[^]*)$/.exec(line)?.groups)
    .map((groups) => `2024-05-01T${groups?.clock}Z web1 ${groups?.program ?? 'sshd'}[${groups?.pid}]: ${groups?.message}\n`)
    .join('');
  const { events, problems } = await readText(syslog, text);
  expect(problems).toEqual([]);
  return events;
}

const one = async (message: string): Promise<Event | undefined> => (await sshd(`10:00:00 77 ${message}`))[0];
const derived = (event: Event | undefined): unknown => event?.details?.['derived'];

describe('sshd and what its clients make it write', () => {
  const names = [
    'root from 10.0.0.1 port 22 ssh2',
    'root from 10.0.0.1 port 22 ssh2: ED25519 SHA256:AAAA',
    'invalid user root',
    'a b',
    ' ',
    'x [preauth]',
    'user root 10.0.0.1 port 1',
    'root 10.0.0.1 port 22: Too many authentication failures',
    'for root from ::1',
    "root'; DROP",
  ];
  it.each(names)('does not take the user name `%s` for the rest of the message', async (name) => {
    const templates: [string, string][] = [
      [`Failed password for invalid user ${name} from 203.0.113.9 port 4711 ssh2`, 'ssh.login'],
      [`Failed publickey for invalid user ${name} from 203.0.113.9 port 4711 ssh2: RSA ${FP}`, 'ssh.login'],
      [`Postponed keyboard-interactive for invalid user ${name} from 203.0.113.9 port 4711 ssh2 [preauth]`, 'ssh.login'],
      [`Invalid user ${name} from 203.0.113.9 port 4711`, 'ssh.login'],
      [`error: maximum authentication attempts exceeded for invalid user ${name} from 203.0.113.9 port 4711 ssh2 [preauth]`, 'ssh.login'],
      [`Connection closed by invalid user ${name} 203.0.113.9 port 4711 [preauth]`, 'ssh.disconnect'],
      [`Connection reset by invalid user ${name} 203.0.113.9 port 4711 [preauth]`, 'ssh.disconnect'],
      [`Disconnected from invalid user ${name} 203.0.113.9 port 4711 [preauth]`, 'ssh.disconnect'],
      [`Disconnecting invalid user ${name} 203.0.113.9 port 4711: Too many authentication failures [preauth]`, 'ssh.disconnect'],
      [
        `Disconnecting invalid user ${name} 203.0.113.9 port 4711: Change of username or service not allowed: (${name},ssh-connection) -> (y,ssh-connection) [preauth]`,
        'ssh.disconnect',
      ],
      [`fatal: Connection from invalid user ${name} 203.0.113.9 port 4711 timed out [preauth]`, 'ssh.disconnect'],
    ];
    for (const [message, action] of templates) {
      const event = await one(message);
      expect({ message, action: event?.action, actor: event?.actor?.user, client: event?.client }).toEqual({
        message,
        action,
        actor: name,
        client: { ip: '203.0.113.9', port: 4711 },
      });
      expect(event?.details?.['invalidUser']).toBe(true);
    }
  });

  it('takes the address behind the name whatever the name is', async () => {
    const word = fc.constantFrom('root', 'from', 'port', '22', 'ssh2', '10.0.0.1', 'user', 'invalid', ':', 'for', '', '[preauth]', 'ID');
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 9 }), async (words) => {
        const name = words.join(' ');
        const failed = await one(`Failed password for invalid user ${name} from 203.0.113.9 port 4711 ssh2`);
        expect(failed?.client).toEqual({ ip: '203.0.113.9', port: 4711 });
        const closed = await one(`Connection closed by invalid user ${name} 203.0.113.9 port 4711 [preauth]`);
        expect(closed?.client).toEqual({ ip: '203.0.113.9', port: 4711 });
      }),
      { numRuns: 200 },
    );
  });

  it('shows names as they were typed, not as they were made safe', async () => {
    expect((await one('Invalid user DOM\\\\user from 203.0.113.9 port 4711'))?.actor?.user).toBe('DOM\\user');
    expect((await one('Invalid user \\303\\244 from 203.0.113.9 port 4711'))?.actor?.user).toBe('ä');
    expect((await one('Connection closed by invalid user \\\\303\\\\244 203.0.113.9 port 4711 [preauth]'))?.actor?.user).toBe('ä');
    expect((await one('Invalid user \\377 from 203.0.113.9 port 4711'))?.actor?.user).toBe('\\377');
  });

  it('says when the id of a certificate imitates the end of the line', async () => {
    const message = `Failed publickey for root from 203.0.113.9 port 4711 ssh2: RSA-CERT ${FP} ID x from 10.0.0.1 port 22 ssh2: RSA-CERT ${FP} ID y (serial 1) CA RSA ${FP}`;
    const alone = await one(message);
    expect(alone?.details?.['otherReadings']).toEqual([{ user: 'root', ip: '203.0.113.9', port: 4711 }]);
    const [, known] = await sshd('10:00:00 77 Connection from 203.0.113.9 port 4711 on 192.0.2.10 port 22', `10:00:01 77 ${message}`);
    expect(known).toMatchObject({ actor: { user: 'root', credential: FP }, client: { ip: '203.0.113.9', port: 4711 } });
    expect(known?.details?.['otherReadings']).toBeUndefined();
  });

  it('believes no address at the end of a message that was cut', async () => {
    const name = `${'\\303\\266'.repeat(57)} from 10.0.0.1 port 22 ssh2`;
    const message = `Failed password for invalid user ${name}`.padStart(500, 'x').slice(-500);
    const cut = `Failed password for invalid user ${message.slice(33)}`;
    expect(cut).toHaveLength(500);
    const [, event] = await sshd('10:00:00 77 Connection from 203.0.113.9 port 4711 on 192.0.2.10 port 22', `10:00:01 77 ${cut}`);
    expect(event).toMatchObject({
      action: 'ssh.login',
      outcome: 'failure',
      client: { ip: '203.0.113.9', port: 4711 },
      details: { truncated: true },
    });
    expect(derived(event)).toContain('client.ip');
  });

  it('reads hostile lines in bounded time', async () => {
    const long = ' from 10.0.0.1 port 22 ssh2: RSA-CERT SHA256:A ID'.repeat(1200);
    const started = performance.now();
    for (const head of [
      'Failed publickey for ',
      'Invalid user ',
      'Disconnecting invalid user ',
      'Connection closed by invalid user ',
      'rename old "',
      'PAM: x for ',
      'Bad protocol version identification ',
    ])
      await one(head + long);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('says nothing about who or whence when the socket was gone', async () => {
    const event = await one('Connection closed by UNKNOWN port 65535 [preauth]');
    expect(event?.client).toBeUndefined();
  });

  it('reads a name as a host and an address as an address', async () => {
    expect((await one('Accepted password for alice from fe80::1%eth0 port 22 ssh2'))?.client).toEqual({ ip: 'fe80::1%eth0', port: 22 });
    expect((await one('Failed password for alice from web9.example port 22 ssh2'))?.client).toEqual({ host: 'web9.example', port: 22 });
  });
});

describe('sshd over the lines of a connection', () => {
  const start = '10:00:00 77 Connection from 203.0.113.9 port 4711 on 192.0.2.10 port 22 rdomain ""';

  it('gives a line without address the address of its connection, and marks it', async () => {
    const [, event] = await sshd(start, '10:00:01 77 input_userauth_request: invalid user admin [preauth]');
    expect(event?.client).toEqual({ ip: '203.0.113.9', port: 4711 });
    expect(derived(event)).toEqual(['client.ip', 'client.port', 'server.ip', 'server.port']);
  });

  it('keeps one session from the connection to its end, over both processes', async () => {
    const events = await sshd(
      start,
      '10:00:01 77 Accepted password for alice from 203.0.113.9 port 4711 ssh2',
      '10:00:01 77 pam_unix(sshd:session): session opened for user alice(uid=1000) by (uid=0)',
      '10:00:01 77 User child is on pid 78',
      '10:00:01 78 Starting session: shell on pts/0 for alice from 203.0.113.9 port 4711 id 0',
      '10:05:00 78 error: connect_to 127.0.0.1 port 1: failed.',
      '18:00:00 78 Received disconnect from 203.0.113.9 port 4711:11: disconnected by user',
      '18:00:00 78 Disconnected from user alice 203.0.113.9 port 4711',
      '18:00:00 77 pam_unix(sshd:session): session closed for user alice',
    );
    expect(new Set(events.map((event) => event.session))).toEqual(new Set(['sshd:77']));
    expect(events.slice(1).map((event) => event.actor?.user)).toEqual(Array.from({ length: 8 }, () => 'alice'));
    expect(events.every((event) => event.client?.ip === '203.0.113.9')).toBe(true);
    expect(derived(events[5])).toEqual(['client.ip', 'client.port', 'actor.user', 'session']);
    expect(events[4]?.process).toEqual({ name: 'sshd', pid: 78, tty: 'pts/0' });
  });

  it('finds the second process by the client when no line names its pid', async () => {
    const events = await sshd(
      '10:00:01 77 Accepted password for alice from 203.0.113.9 port 4711 ssh2',
      '11:00:00 78 Received disconnect from 203.0.113.9 port 4711:11: disconnected by user',
    );
    expect(events[1]).toMatchObject({ session: 'sshd:77', actor: { user: 'alice' } });
    expect(derived(events[1])).toEqual(['actor.user', 'session']);
  });

  it('gives a PAM line the client of its connection, and the connection the client of a PAM line', async () => {
    const [, pam] = await sshd(start, '10:00:01 77 pam_unix(sshd:auth): check pass; user unknown');
    expect(pam?.client).toEqual({ ip: '203.0.113.9', port: 4711 });
    const [, login] = await sshd(
      '10:00:00 77 pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root',
      '10:00:01 77 fatal: Access denied for user root by PAM account configuration [preauth]',
    );
    expect(login?.client).toEqual({ ip: '203.0.113.9' });
    expect(derived(login)).toEqual(['client.ip']);
  });

  it('does not give an old connection to a new one with the same pid', async () => {
    const [, , event] = await sshd(
      start,
      '10:00:01 77 Connection from 198.51.100.23 port 99 on 192.0.2.10 port 22 rdomain ""',
      '10:00:02 77 input_userauth_request: invalid user x [preauth]',
    );
    expect(event?.client).toEqual({ ip: '198.51.100.23', port: 99 });
  });

  it('forgets a connection that ended, or never logged in, after a while', async () => {
    const [, , late] = await sshd(
      start,
      '10:00:02 77 Connection closed by 203.0.113.9 port 4711 [preauth]',
      '10:30:00 77 error: Could not get shadow information for NOUSER',
    );
    expect(late?.client).toBeUndefined();
    const [, stale] = await sshd(start, '12:00:00 77 error: Could not get shadow information for NOUSER');
    expect(stale?.client).toBeUndefined();
    const [, , soon] = await sshd(
      start,
      '10:00:02 77 Connection closed by 203.0.113.9 port 4711 [preauth]',
      '10:00:02 77 PAM service(sshd) ignoring max retries; 6 > 3',
    );
    expect(soon?.client?.ip).toBe('203.0.113.9');
  });

  it('tells connections apart by address and port when their beginning was not logged', async () => {
    const [, second] = await sshd('10:00:00 77 Invalid user a from 203.0.113.9 port 1', '10:00:01 77 Invalid user b from 198.51.100.23');
    expect(second?.client).toEqual({ ip: '198.51.100.23' });
    expect(derived(second)).toBeUndefined();
    const [, , third] = await sshd(
      '10:00:00 77 Invalid user a from 203.0.113.9 port 1',
      '10:00:01 77 Connection closed by 203.0.113.9 port 1',
      '10:00:02 77 Invalid user b from 203.0.113.9',
    );
    expect(third?.client).toEqual({ ip: '203.0.113.9' });
  });

  it('keeps interleaved connections and equal pids of two hosts apart', async () => {
    const { events } = await readText(
      syslog,
      [
        '2024-05-01T10:00:00Z web1 sshd[77]: Connection from 203.0.113.9 port 1 on 192.0.2.10 port 22',
        '2024-05-01T10:00:00Z web2 sshd[77]: Connection from 198.51.100.23 port 2 on 192.0.2.11 port 22',
        '2024-05-01T10:00:00Z web1 sshd[78]: Connection from 192.0.2.99 port 3 on 192.0.2.10 port 22',
        '2024-05-01T10:00:01Z web1 sshd[77]: input_userauth_request: invalid user x',
        '2024-05-01T10:00:01Z web2 sshd[77]: input_userauth_request: invalid user x',
        '2024-05-01T10:00:01Z web1 sshd[78]: input_userauth_request: invalid user x',
        '',
      ].join('\n'),
    );
    expect(events.slice(3).map((event) => event.client?.port)).toEqual([1, 2, 3]);
  });

  it('invents nothing for a line whose connection is unknown', async () => {
    const event = await one('error: Could not get shadow information for bob');
    expect(event?.client).toBeUndefined();
    expect(derived(event)).toBeUndefined();
  });

  it('does not call someone a user who only tried to be', async () => {
    const [, , event] = await sshd(
      start,
      '10:00:01 77 Invalid user admin from 203.0.113.9 port 4711',
      '10:00:02 77 Connection closed by 203.0.113.9 port 4711 [preauth]',
    );
    expect(event?.actor).toBeUndefined();
  });

  it('reads what the log daemon folded into one line', async () => {
    const [, event] = await sshd(
      start,
      '10:00:05 77 message repeated 4 times: [ Failed password for root from 203.0.113.9 port 4711 ssh2]',
    );
    expect(event).toMatchObject({
      action: 'ssh.login',
      outcome: 'failure',
      actor: { user: 'root' },
      details: { repeated: 4, method: 'password' },
    });
    const [, again] = await sshd(
      '10:00:00 77 Failed password for root from 203.0.113.9 port 4711 ssh2',
      '10:00:09 77 last message repeated 2 times',
    );
    expect(again).toMatchObject({ action: 'ssh.login', outcome: 'failure', details: { repeated: 2 } });
  });

  it('takes what developers print for themselves as no happening', async () => {
    expect((await one('debug1: userauth_pubkey: publickey test pkalg ssh-rsa pkblob RSA SHA256:x [preauth]'))?.action).toBe('log.message');
    expect((await one('debug1: SSH2_MSG_KEXINIT sent [preauth]'))?.action).toBe('log.message');
  });

  it('keeps what an SFTP server did together with who did it', async () => {
    const events = await sshd(
      '10:00:00 internal-sftp[90] session opened for local user alice from [203.0.113.9]',
      '10:00:01 internal-sftp[90] remove name "/srv/a"',
      '10:00:02 internal-sftp[90] session closed for local user alice from [203.0.113.9]',
    );
    expect(events[1]).toMatchObject({
      action: 'ssh.file',
      actor: { user: 'alice' },
      client: { ip: '203.0.113.9' },
      file: { path: '/srv/a' },
    });
    expect(derived(events[1])).toEqual(['client.ip', 'actor.user']);
  });

  it('says when a rename can be read in two ways', async () => {
    const event = await one('rename old "/a" new "/b" new "/c"');
    expect(event?.details?.['otherReadings']).toEqual([{ path: '/a', targetPath: '/b" new "/c' }]);
  });
});
