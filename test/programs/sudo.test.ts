import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { parser as syslog } from '../../src/parsers/syslog.js';
import { readText, testParser } from '../conformance.js';

testParser(syslog, { fixtures: 'fixtures/sudo', identified: false });

const collected = { collected: '2024-05-03T00:00:00.000000000Z' };

async function sudo(...messages: readonly string[]): Promise<Event[]> {
  const { events, problems } = await readText(
    syslog,
    messages.map((text) => `2024-05-01T10:11:12Z web1 sudo: ${text}\n`).join(''),
    collected,
  );
  expect(problems).toEqual([]);
  return events;
}

const field = fc.stringMatching(/^[a-z/][\w ./;:=-]{0,40}$/).filter((text) => !text.endsWith(' '));

describe('sudo', () => {
  it('names caller, target and outcome, whatever the arguments say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(field, { maxLength: 4 }), async (args) => {
        const tail = args.map((arg) => ` ; USER=root ; ${arg} : TTY=pts/9 ; COMMAND=/bin/evil`).join('');
        const [event] = await sudo(`  deploy : TTY=pts/0 ; PWD=/tmp ; USER=www-data ; COMMAND=/bin/echo${tail}`);
        expect(event).toMatchObject({ action: 'sudo.run', outcome: 'success', actor: { user: 'deploy' }, target: { user: 'www-data' } });
        expect(event?.process?.commandLine).toBe(`/bin/echo${tail}`);
      }),
      { numRuns: 100 },
    );
  });

  it('does not take a directory for the target', async () => {
    const [event] = await sudo('deploy : TTY=pts/0 ; PWD=/tmp/a ; USER=root ; USER=nobody ; COMMAND=/bin/true');
    expect(event?.target).toEqual({ user: 'nobody' });
    expect(event?.process?.cwd).toBe('/tmp/a ; USER=root');
    expect(event?.details?.otherReadings).toBeUndefined();
  });

  it('says when a line can be read in two ways', async () => {
    const [event] = await sudo('deploy : TTY=pts/0 ; PWD=/tmp/a ; USER=nobody ; COMMAND=/bin/true ; USER=root ; COMMAND=/bin/bash');
    expect(event?.details?.otherReadings).toMatchObject([{ user: 'root', command: '/bin/bash' }]);
  });

  it('does not confuse a caller called `root : TTY=pts/0` with root', async () => {
    const [event] = await sudo('root : TTY=pts/0 : TTY=pts/1 ; PWD=/ ; USER=www-data ; COMMAND=/bin/id');
    expect(event).toMatchObject({ actor: { user: 'root : TTY=pts/0' }, process: { tty: 'pts/1' } });
  });

  it('joins the parts of a long line to one event', async () => {
    const words = Array.from({ length: 400 }, (_, i) => String(i)).join(' ');
    const whole = `TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/echo ${words}`;
    const cut = whole.lastIndexOf(' ', 970);
    const [event, ...rest] = await sudo(`deploy : ${whole.slice(0, cut)}`, `deploy : (command continued) ${whole.slice(cut + 1)}`);
    expect(rest).toEqual([]);
    expect(event?.also).toHaveLength(1);
    expect(event?.process?.commandLine).toBe(`/bin/echo ${words}`);
  });

  it('joins a word that was cut in the middle without a blank', async () => {
    const word = 'A'.repeat(2500);
    const later = 957 - 'deploy'.length;
    const [event] = await sudo(
      'deploy : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh -c',
      `deploy : (command continued) ${word.slice(0, later)}`,
      `deploy : (command continued) ${word.slice(later, 2 * later)}`,
      `deploy : (command continued) ${word.slice(2 * later)}`,
    );
    expect(event?.process?.commandLine).toBe(`/bin/sh -c ${word}`);
  });

  it('keeps the parts of two callers apart', async () => {
    const events = await sudo(
      'a : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/echo 1',
      'b : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/echo 2',
      'a : (command continued) one',
      'b : (command continued) two',
    );
    expect(events.map((event) => event.process?.commandLine).sort()).toEqual(['/bin/echo 1 one', '/bin/echo 2 two']);
  });

  it('takes `; EXIT=0` for the end of a command only after its beginning', async () => {
    const run = 'deploy : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/rm /x';
    expect((await sudo(`${run} ; EXIT=0`)).map((event) => event.action)).toEqual(['sudo.run']);
    expect((await sudo(run, `${run} ; EXIT=0`, `${run} ; EXIT=0`)).map((event) => event.action)).toEqual([
      'sudo.run',
      'process.end',
      'sudo.run',
    ]);
  });

  it('reads a line of hostile fields in bounded time', async () => {
    const fields = Array.from({ length: 3000 }, () => 'PWD=/a b ; ENV=x ; USER=y ; CHROOT=/ ; TTY=p q').join(' ; ');
    const [event] = await sudo(`deploy : PWD=/ ; ${fields} ; COMMAND=/bin/id`);
    expect(event?.actor).toEqual({ user: 'deploy' });
  });
});
