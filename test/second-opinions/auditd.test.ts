/** ausearch and aureport read the files that auditd wrote, and so do we. Every difference is named here. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { parser } from '../../src/parsers/auditd.js';
import { readBytes } from '../conformance.js';
import { describeWith, run } from './tools.js';

interface Kept {
  readonly type: string;
  readonly text: string;
}

const recordsOf = (event: Event): readonly Kept[] => event.details?.['records'] as readonly Kept[];
/** `1714557012.101:401`, as the file has it. */
const idOf = (event: Event): string =>
  `${Date.parse(event.time.slice(0, 19) + 'Z') / 1000}.${event.time.slice(20, 23)}:${String(event.details?.['serial'])}`;
const serialOf = (event: Event): string => String(event.details?.['serial']);
const lines = (output: Buffer): string[] =>
  output
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');

/** The rows of an aureport: `12. 05/01/24 09:50:12 …`, without number, date and time. */
const rows = (output: Buffer): string[] =>
  lines(output).flatMap((line) => /^\d+\. \d\d\/\d\d\/\d\d \d\d:\d\d:\d\d (?<rest>.+)$/.exec(line)?.groups?.['rest'] ?? []);

describeWith(['ausearch', 'aureport'], 'ausearch and aureport agree', ({ ausearch, aureport }) => {
  for (const name of ['audit.raw.log', 'audit.enriched.log']) {
    const file = `fixtures/second-opinions/${name}`;
    const events = readBytes(parser, new Uint8Array(readFileSync(file))).then((read) => {
      if (read.problems.length > 0) throw new Error(`expected no problems, found ${JSON.stringify(read.problems)}`);
      return read.events;
    });
    const bySerial = events.then((list) => new Map(list.map((event) => [serialOf(event), event])));

    it(`on the events of ${name}, by time and serial, and on the records of each`, async () => {
      const theirs = new Map<string, string[]>();
      for (const line of lines(run(ausearch, ['-if', file, '--format', 'raw']))) {
        const { type, id } = /^type=(?<type>\S+) msg=audit\((?<id>[^)]+)\):/.exec(line)?.groups ?? {};
        theirs.set(id as string, [...(theirs.get(id as string) ?? []), type as string]);
      }
      const understood = (await events).filter((event) => !isAppArmor(event));
      expect((await events).length - understood.length).toBe(1);
      const ours = new Map(understood.map((event) => [idOf(event), recordsOf(event).map((record) => record.type)]));
      const sorted = (map: Map<string, string[]>): unknown => [...map].map(([id, types]) => [id, types.toSorted()]).toSorted();
      expect(sorted(ours)).toEqual(sorted(theirs));
      expect(ours.size).toBe(understood.length);
    });

    it(`on what each event of ${name} is, whose it was and how it ended`, async () => {
      const found = rows(run(aureport, ['-e', '-if', file]));
      for (const row of found) {
        const [serial, type, auid, success] = row.split(' ') as [string, string, string, string];
        const event = (await bySerial).get(serial) as Event;
        const types = recordsOf(event).map((record) => record.type);
        if (type !== '(null)') expect(types).toContain(type);
        else expect(types).toEqual(['UNKNOWN[1999]']);
        if (!LOGIN_UID_DIFFERS.has(type)) expect([serial, event.actor?.loginUid ?? '-1']).toEqual([serial, auid === '-2' ? '-1' : auid]);
        if (OUTCOME_DIFFERS.has(type) || event.details?.['exit'] === 'EINPROGRESS') continue;
        // aureport says yes where a record tells no result.
        if (event.outcome !== undefined) expect([serial, event.outcome === 'success' ? 'yes' : 'no']).toEqual([serial, success]);
      }
      // The DEV_ALLOC record has no field at all: aureport leaves it out.
      expect(found.map((row) => row.split(' ')[0]).toSorted()).toEqual(
        (await events)
          .filter((event) => !isAppArmor(event) && event.details?.['type'] !== 'DEV_ALLOC')
          .map(serialOf)
          .toSorted(),
      );
    });

    it(`on the programs of ${name}`, async () => {
      const found = rows(run(aureport, ['-x', '-if', file]));
      expect(found.length).toBeGreaterThan(40);
      for (const row of found) {
        const { exe, serial } = /^(?<exe>.+) \S+ \S+ \S+ (?<serial>\d+)$/.exec(row)?.groups ?? {};
        const event = (await bySerial).get(serial as string);
        // Through sudo, the program is the parent of the command.
        expect([serial, event?.process?.parent?.exe ?? event?.process?.exe]).toEqual([serial, exe]);
      }
    });

    it(`on the commands of ${name}, argument by argument`, async () => {
      const found = lines(run(ausearch, ['-if', file, '-m', 'EXECVE', '-i'])).filter((line) => line.startsWith('type=EXECVE'));
      const written = new Map<string, string>();
      for (const line of found) {
        const { serial, rest } = /:(?<serial>\d+)\) : (?<rest>.*?) ?$/.exec(line)?.groups ?? {};
        written.set(
          serial as string,
          `${rest as string}${written.has(serial as string) ? ` ${written.get(serial as string) as string}` : ''}`,
        );
      }
      expect(written.size).toBeGreaterThan(15);
      for (const [serial, text] of written) {
        // ausearch prints the pieces of a long argument as they are: `a2_len=… a2[0]=…`.
        if (text.includes('_len=')) continue;
        const args = (await bySerial).get(serial)?.process?.args ?? [];
        const escaped = args.map((argument) =>
          argument.replace(/[\x01-\x1f]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`),
        );
        expect(escaped.map((argument, i) => `a${i}=${argument}`).join(' ')).toBe(text.replace(/^argc=\d+ /, ''));
      }
    });

    it(`on the logins of ${name}`, async () => {
      const found = rows(run(aureport, ['-l', '-if', file])).map((row) => {
        const { user, host, terminal, exe, success, serial } =
          /^(?<user>.+) (?<host>\S+) (?<terminal>\S+) (?<exe>\S+) (?<success>yes|no) (?<serial>\d+)$/.exec(row)?.groups ?? {};
        return { user, host, terminal: terminal === 'ssh' ? undefined : terminal?.replace('/dev/', ''), exe, success, serial };
      });
      const logins = (await events).filter((event) => event.action === 'login.start');
      expect(
        logins.map((event) => ({
          // sshd's words for an account that does not exist are no account to us.
          user: event.actor?.uid ?? event.actor?.user ?? '(unknown user)',
          host: event.client?.host ?? event.client?.ip,
          terminal: event.process?.tty,
          exe: event.process?.exe,
          success: event.outcome === 'success' ? 'yes' : 'no',
          serial: serialOf(event),
        })),
      ).toEqual(found);
    });

    it(`on the files of ${name}`, async () => {
      const found = rows(run(aureport, ['-f', '-if', file]));
      expect(found.length).toBeGreaterThan(25);
      for (const row of found) {
        const { path, success, serial } = /^(?<path>.+) \d+ (?<success>yes|no) .+ \S+ (?<serial>\d+)$/.exec(row)?.groups ?? {};
        const event = (await bySerial).get(serial as string) as Event;
        expect([serial, filesOf(event)]).toEqual([serial, expect.arrayContaining([path])]);
        if (event.outcome !== undefined) expect([serial, event.outcome === 'success' ? 'yes' : 'no']).toEqual([serial, success]);
      }
    });
  }
});

/** Every file that the event tells of. aureport shows the first path of a call, which may be the folder around the file. */
function filesOf(event: Event): string[] {
  const { socket, name, path } = (event.details ?? {}) as { socket?: { path?: string }; name?: string; path?: string };
  const paths = recordsOf(event)
    .filter((record) => record.type === 'PATH')
    .map((record) => / name=(?:"(?<quoted>[^"]*)"|(?<bare>\S+))/.exec(record.text)?.groups ?? {})
    .map(({ quoted, bare = '' }) => quoted ?? (/^(?:[0-9A-F]{2})+$/.test(bare) ? Buffer.from(bare, 'hex').toString('utf8') : bare));
  // An abstract socket has no @ in the report; a denial is shown by the last name of the path.
  return [...paths, socket?.path?.replace(/^@/, ''), name, path].filter((file) => file !== undefined);
}

/** ausearch 3.0.9 finds no `scontext=` in AppArmor's AVC records and leaves their events out. */
const isAppArmor = (event: Event): boolean => event.details?.['policy'] === 'apparmor';

/** -2 in the report: the event has no login uid at all. aureport shows -1 for what auditd says of itself and for records that have no auid where it looks for one. */
const LOGIN_UID_DIFFERS = new Set(['DAEMON_CONFIG', 'DAEMON_ROTATE', 'INTEGRITY_RULE']);
/** aureport judges these by their kind, not by a result: a denial is "no", a crash and a seccomp kill are "yes". */
const OUTCOME_DIFFERS = new Set(['AVC', 'SECCOMP', 'ANOM_ABEND', 'ANOM_PROMISCUOUS']);
