import { describe, expect, it } from 'vitest';
import { newReading, readEvents } from '../../src/intake/read.js';
import type { Event } from '../../src/model/event.js';
import type { Source } from '../../src/model/source.js';
import { parser } from '../../src/parsers/auditd.js';
import { expectBooksToBalance, readText, testParser } from '../conformance.js';

testParser(parser);

const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase();
const head = (type: string, serial: number, second = 1714557000): string => `type=${type} msg=audit(${second}.101:${serial}): `;

interface CallOptions {
  readonly serial?: number;
  readonly second?: number;
  readonly success?: string;
  readonly exit?: number;
  readonly arch?: string;
}

const call = (number: number, args = 'a0=0 a1=0 a2=0 a3=0', options: CallOptions = {}): string => {
  const { serial = 1, second, success = 'yes', exit = 0, arch = 'c000003e' } = options;
  return `${head('SYSCALL', serial, second)}arch=${arch} syscall=${number} success=${success} exit=${exit} ${args} items=0 ppid=10 pid=20 auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts1 ses=3 comm="x" exe="/usr/bin/x" subj=unconfined key=(null)\n`;
};
const title = (serial = 1, second?: number): string => `${head('PROCTITLE', serial, second)}proctitle="x"\n`;
const one = async (text: string): Promise<Event | undefined> => (await readText(parser, text)).events[0];

describe('joins records', () => {
  it('puts together what interleaves, and gives each event all its origins', async () => {
    const { events, problems, tallies } = await readText(
      parser,
      call(59, undefined, { serial: 1 }) +
        call(42, undefined, { serial: 2 }) +
        `${head('EXECVE', 1)}argc=1 a0="id"\n` +
        `${head('SOCKADDR', 2)}saddr=02000050C63364090000000000000000\n` +
        title(2) +
        title(1),
    );
    expect(problems).toEqual([]);
    expect(events.map((event) => [event.action, event.details?.['serial'], event.also?.map((origin) => origin.line)])).toEqual([
      ['network.connect', 2, [4, 5]],
      ['process.start', 1, [3, 6]],
    ]);
    expect(tallies[0]).toMatchObject({ frames: 6, decoded: 2, merged: 4 });
  });

  it('ends an event without PROCTITLE when time moves on, and not before', async () => {
    const { events } = await readText(
      parser,
      call(59, undefined, { serial: 1, second: 1000 }) +
        call(87, undefined, { serial: 2, second: 1001 }) +
        `${head('EXECVE', 1, 1000)}argc=1 a0="late"\n` +
        call(87, undefined, { serial: 3, second: 1002 }) +
        `${head('CWD', 1, 1000)}cwd="/too-late"\n`,
    );
    expect(events.map((event) => [event.details?.['serial'], event.process?.args, event.process?.cwd])).toEqual([
      [1, ['late'], undefined],
      [2, undefined, undefined],
      [3, undefined, undefined],
      [1, undefined, '/too-late'],
    ]);
  });

  it('reads an event that two files of a rotated set share', async () => {
    const encoder = new TextEncoder();
    const files = [call(59) + `${head('EXECVE', 1)}argc=1 a0="id"\n`, `${head('CWD', 1)}cwd="/"\n` + title()];
    const sources: Source[] = files.map((text, i) => ({
      id: `${i}`.repeat(16),
      name: `audit.log.${2 - i}`,
      facts: {},
      async *open() {
        yield encoder.encode(text);
      },
    }));
    const reading = newReading(parser as never, sources);
    const events: Event[] = [];
    for await (const batch of readEvents(reading)) events.push(...batch);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ process: { args: ['id'], cwd: '/' }, origin: { path: 'audit.log.2' } });
    expect(events[0]?.also?.map((origin) => origin.path)).toEqual(['audit.log.2', 'audit.log.1', 'audit.log.1']);
    expect(reading.tallies.map(({ decoded, merged }) => [decoded, merged])).toEqual([
      [1, 1],
      [0, 2],
    ]);
  });

  it('keeps what is left of an event whose SYSCALL record was lost, and says so', async () => {
    const { events, problems } = await readText(parser, `${head('EXECVE', 1)}argc=1 a0="id"\n${title()}`);
    expect(events[0]).toMatchObject({ action: 'process.start', process: { args: ['id'] } });
    expect(events[0]?.outcome).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'truncated', origin: { line: 1 } }]);
  });

  it('should not grow with events that never end', { timeout: 30_000 }, async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => call(87, undefined, { serial: i, second: 3_000_000_000 - 10 * i })).join('');
    const read = await readText(parser, text);
    expect(read.events).toHaveLength(20_000);
    expectBooksToBalance(read);
  });

  it('should not let one event swallow a file', async () => {
    const read = await readText(parser, call(59) + `${head('EXECVE', 1)}a0="x"\n`.repeat(20_000));
    expect(read.events).toHaveLength(2);
    expect(read.problems.map((problem) => problem.code)).toContain('limit');
    expectBooksToBalance(read);
  });

  it('keeps the records beside the event: a0 means two things', async () => {
    const event = await one(call(59, 'a0=55d0 a1=1 a2=2 a3=8') + `${head('EXECVE', 1)}argc=1 a0="id"\n` + title());
    expect(event?.details?.['records']).toMatchObject([
      { type: 'SYSCALL', text: expect.stringContaining(' a0=55d0 ') as string },
      { type: 'EXECVE', text: 'argc=1 a0="id"' },
      { type: 'PROCTITLE', text: 'proctitle="x"' },
    ]);
  });
});

describe('reads commands', () => {
  const command = async (...records: string[]): Promise<readonly string[] | undefined> =>
    (await one(call(59) + records.map((record) => `${head('EXECVE', 1)}${record}\n`).join('') + title()))?.process?.args;

  it('whose arguments come in pieces and over several records', async () => {
    const text = 'é'.repeat(30);
    const digits = hex(text);
    // The second piece begins in the middle of a character.
    expect(await command(`argc=3 a0="sh" a1="-c" a2_len=120 a2[0]=${digits.slice(0, 50)}`, `a2[1]=${digits.slice(50)}`)).toEqual([
      'sh',
      '-c',
      text,
    ]);
    expect(await command('argc=2 a0="x" a1_len=6 a1[0]="abc"', 'a1[1]="def"')).toEqual(['x', 'abcdef']);
  });

  it('with many arguments, in order', async () => {
    const words = Array.from({ length: 3000 }, (_, i) => `w${i}`);
    const fields = words.map((word, i) => `a${i}="${word}"`);
    expect(await command(`argc=3000 ${fields.slice(0, 1200).join(' ')}`, fields.slice(1200).join(' '))).toEqual(words);
  });

  it('tells text in quotes from hex', async () => {
    expect(await command('argc=5 a0="DEAD" a1=DEAD a2="" a3="(null)" a4=22')).toEqual(['DEAD', '\u07ad', '', '(null)', '"']);
  });

  it('should not make a hundred thousand arguments out of one', async () => {
    expect(await command('argc=2 a0="x" a99999="y"')).toEqual(['x', 'y']);
  });

  it('takes the script from the first path, when the program is its interpreter', async () => {
    const event = await one(
      call(59) +
        `${head('EXECVE', 1)}argc=2 a0="/bin/sh" a1="./run.sh"\n${head('CWD', 1)}cwd="/opt"\n` +
        `${head('PATH', 1)}item=0 name="./run.sh" inode=5 dev=08:01 mode=0104755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n` +
        title(),
    );
    expect(event?.file).toMatchObject({ path: '/opt/run.sh', mode: '4755', uid: '0' });
  });
});

describe('names what a call did', () => {
  it.each([
    [
      'exit_group',
      call(231, 'a0=1 a1=0 a2=0 a3=0').replace(' success=yes exit=0', ''),
      { action: 'process.end', process: { exitCode: 1 } },
    ],
    ['kill', call(62, 'a0=1f4 a1=9 a2=0 a3=0'), { action: 'process.kill', details: { targetPid: 500, signal: 'SIGKILL' } }],
    ['tgkill on arm64', call(131, 'a0=1 a1=2 a2=f a3=0', { arch: 'c00000b7' }), { action: 'process.kill', details: { signal: 'SIGTERM' } }],
    ['setuid', call(105), { action: 'process.privilege', target: { uid: '0' } }],
    [
      'setresuid leaving the real one',
      call(117, 'a0=ffffffff a1=0 a2=ffffffff a3=0'),
      { action: 'process.privilege', target: { uid: '0' } },
    ],
    ['unshare', call(272, 'a0=10020000 a1=0 a2=0 a3=0'), { details: { namespaces: ['CLONE_NEWNS', 'CLONE_NEWUSER'] } }],
    ['setns', call(308, 'a0=3 a1=0 a2=0 a3=0'), { action: 'process.namespace' }],
    [
      'clone into namespaces',
      call(56, 'a0=6c020011 a1=0 a2=0 a3=0', { exit: 99 }),
      { action: 'process.namespace', details: { childPid: 99 } },
    ],
    ['clone of a thread', call(56, 'a0=3d0f00 a1=0 a2=0 a3=0', { exit: 99 }), { action: 'syscall.call', details: { childPid: 99 } }],
    ['process_vm_writev', call(311, 'a0=1f4 a1=0 a2=1 a3=0'), { action: 'process.trace', details: { targetPid: 500 } }],
    ['delete_module', call(176), { action: 'module.unload' }],
    ['bpf that only looks', call(321, 'a0=1 a1=0 a2=0 a3=0'), { action: 'syscall.call', details: { command: 'BPF_MAP_LOOKUP_ELEM' } }],
    ['reboot', call(169, 'a0=fee1dead a1=28121969 a2=1234567 a3=0'), { action: 'host.shutdown', details: { how: 'restart' } }],
    ['sethostname', call(170), { action: 'host.rename' }],
    ['clock_settime', call(227), { action: 'host.time' }],
    ['adjtimex that may only ask', call(159), { action: 'syscall.call' }],
    ['chattr', call(16, 'a0=3 a1=40086602 a2=7ffd a3=0'), { action: 'file.permission', details: { request: 'FS_IOC_SETFLAGS' } }],
    ['a call without a name', call(9999), { action: 'syscall.call', details: { syscall: 'syscall 9999' } }],
    ['another machine', call(5, undefined, { arch: 'deadbeef' }), { details: { syscall: 'syscall 5', arch: 'deadbeef' } }],
    ['a failed call', call(90, undefined, { success: 'no', exit: -1 }), { outcome: 'failure', details: { exit: 'EPERM' } }],
  ])('%s', async (_name, text, expected) => {
    expect(await one(text + title())).toMatchObject(expected);
  });

  it('should not call a connection failed that is under way, nor an exit successful', async () => {
    expect((await one(call(42, undefined, { success: 'no', exit: -115 }) + title()))?.outcome).toBeUndefined();
    expect((await one(call(231).replace(' success=yes exit=0', '') + title()))?.outcome).toBeUndefined();
  });

  it('tells reading from writing by the flags', async () => {
    const path = `${head('PATH', 1)}item=0 name="/etc/passwd" inode=1 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n`;
    const open = async (number: number, args: string): Promise<unknown> => (await one(call(number, args) + path + title()))?.action;
    expect(await open(257, 'a0=ffffff9c a1=7ffc a2=80000 a3=0')).toBe('file.open');
    expect(await open(257, 'a0=ffffff9c a1=7ffc a2=401 a3=0')).toBe('file.update');
    expect(await open(2, 'a0=7ffc a1=2 a2=0 a3=0')).toBe('file.update');
    expect(await open(85, 'a0=7ffc a1=1a4 a2=0 a3=0')).toBe('file.update');
  });

  it('should not put a name below the working folder that was looked up from another', async () => {
    const paths = `${head('CWD', 1)}cwd="/home/alice"\n${head('PATH', 1)}item=0 name="x" inode=1 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=DELETE\n`;
    expect((await one(call(263, 'a0=5 a1=7ffc a2=0 a3=0') + paths + title()))?.file?.path).toBe('x');
    expect((await one(call(263, 'a0=ffffffffffffff9c a1=7ffc a2=0 a3=0') + paths + title()))?.file?.path).toBe('/home/alice/x');
  });

  it('says both what a permissive policy would have denied and what happened', async () => {
    const { events, tallies } = await readText(
      parser,
      `${head('AVC', 1)}avc:  denied  { execute } for  pid=20 comm="x" path="/tmp/x" dev="sda1" ino=5 scontext=a tcontext=b tclass=file permissive=1\n` +
        call(59) +
        title(),
    );
    expect(events.map((event) => [event.action, event.outcome])).toEqual([
      ['process.start', 'success'],
      ['access.deny', 'success'],
    ]);
    expect(tallies[0]).toMatchObject({ frames: 3, decoded: 1, merged: 2, events: 2 });
  });
});

describe('should not be led astray', () => {
  it('by an account named like the fields behind it', async () => {
    const acct = hex('x\' exe="/bin/true" addr=10.0.0.1 res=success');
    const event = await one(
      `${head('USER_LOGIN', 1)}pid=1 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct=${acct} exe="/usr/sbin/sshd" hostname=? addr=203.0.113.5 terminal=ssh res=failed'\n`,
    );
    expect(event).toMatchObject({
      action: 'login.start',
      outcome: 'failure',
      actor: { user: 'x\' exe="/bin/true" addr=10.0.0.1 res=success' },
      client: { ip: '203.0.113.5' },
      process: { exe: '/usr/sbin/sshd' },
    });
  });

  it('by an interpreted account named like the fields behind it', async () => {
    const event = await one(
      `type=USER_LOGIN msg=audit(05/01/2024 10:11:12.123:456) : pid=1 uid=root auid=unset ses=unset msg='op=login acct=x exe=/bin/true addr=10.0.0.1 res=success exe=/usr/sbin/sshd hostname=? addr=203.0.113.5 terminal=ssh res=failed' \n`,
    );
    expect(event).toMatchObject({
      outcome: 'failure',
      actor: { user: 'x exe=/bin/true addr=10.0.0.1 res=success' },
      client: { ip: '203.0.113.5' },
      process: { exe: '/usr/sbin/sshd' },
    });
  });

  it('by an interpreted file name that looks like the fields behind it', async () => {
    const at = 'msg=audit(05/01/2024 10:11:12.123:456) :';
    const event = await one(
      `type=PROCTITLE ${at} proctitle=rm x \n` +
        `type=PATH ${at} item=0 name=/tmp/a inode=1 nametype=CREATE inode=5 dev=08:01 mode=file,644 ouid=root ogid=root rdev=00:00 nametype=DELETE \n` +
        `type=SYSCALL ${at} arch=x86_64 syscall=unlink success=yes exit=0 a0=0x1 a1=0x2 a2=0x3 a3=0x4 items=1 ppid=1 pid=2 auid=alice uid=alice gid=alice euid=alice tty=pts0 ses=3 comm=a uid=root exe=/usr/bin/rm subj=unconfined key=(null) \n`,
    );
    expect(event).toMatchObject({
      action: 'file.delete',
      actor: { user: 'alice' },
      process: { name: 'a uid=root', exe: '/usr/bin/rm' },
      file: { path: '/tmp/a inode=1 nametype=CREATE', inode: '5' },
    });
  });

  it('by a control character in a message that is no addition of auditd', async () => {
    const event = await one(`${head('USER', 1)}pid=1 uid=0 auid=1000 ses=1 msg='a\u001db res=success exe="/usr/bin/x" res=failed'\n`);
    expect(event?.outcome).toBe('failure');
  });
});

describe('reads interpreted times', () => {
  const at = async (stamp: string, timeZone?: string): Promise<unknown> => {
    const { events } = await readText(
      parser,
      `type=KERNEL msg=audit(${stamp}:7) : initialized\n`,
      timeZone === undefined ? {} : { timeZone },
    );
    return [events[0]?.time, events[0]?.timeQuality];
  };

  it.each([
    ['05/01/24 10:11:12.123', '2024-05-01'],
    ['05/01/2024 10:11:12.123', '2024-05-01'],
    ['01.05.2024 10:11:12.123', '2024-05-01'],
    ['2024-05-01 10:11:12.123', '2024-05-01'],
    ['31/05/24 10:11:12.123', '2024-05-31'],
    ['2024年05月01日 10:11:12.123', '2024-05-01'],
  ])('%s', async (stamp, day) => {
    expect(await at(stamp)).toEqual([`${day}T10:11:12.123000000Z`, 'assumed-zone']);
    expect(await at(stamp, 'Europe/Berlin')).toEqual([`${day}T08:11:12.123000000Z`, undefined]);
  });

  it('keeps to the order of day and month once a date tells it', async () => {
    const line = (stamp: string): string => `type=KERNEL msg=audit(${stamp} 10:11:12.123:7) : initialized\n`;
    const { events } = await readText(parser, line('13/05/24') + line('01/06/24'));
    expect(events.map((event) => event.time.slice(0, 10))).toEqual(['2024-05-13', '2024-06-01']);
  });

  it('should not take an impossible date for a record', async () => {
    const { events, problems } = await readText(parser, 'type=KERNEL msg=audit(02/30/24 10:11:12.123:7) : initialized\n');
    expect(events).toEqual([]);
    expect(problems).toMatchObject([{ code: 'malformed' }]);
  });
});
