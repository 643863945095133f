import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../src/intake/bytes-source.js';
import { collect } from '../../src/timeline/collect.js';
import { timeline } from '../../src/timeline/timeline.js';
import type { Source } from '../../src/model/source.js';

const DAY = 86_400;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

let written = 0;

/** A line of auth.log, which writes no year, and its true time in the message. No two are equal: files of the same bytes are read once. */
function line(second: number, host = 'web-1'): string {
  const iso = new Date(second * 1000).toISOString();
  const day = String(Number(iso.slice(8, 10))).padStart(2);
  return `${MONTHS[Number(iso.slice(5, 7)) - 1]} ${day} ${iso.slice(11, 19)} ${host} app[${++written}]: at ${iso.slice(0, 19)}\n`;
}

/** Cuts lines into a rotated set, oldest first. */
function rotate(lines: readonly string[], cuts: readonly number[]): string[] {
  const at = [...new Set(cuts.map((cut) => cut % lines.length))].filter((cut) => cut > 0).sort((a, b) => a - b);
  return [0, ...at].map((from, i) => lines.slice(from, at[i] ?? lines.length).join(''));
}

interface Told {
  readonly time: string;
  readonly truth: string;
  readonly host?: string;
}

async function readSet(
  files: readonly string[],
  facts: { collected?: string },
  names?: readonly string[],
): Promise<{ told: Told[]; bases: unknown[] }> {
  const sources = files.map((text, i) => {
    const left = files.length - 1 - i;
    return bytesSource(text, { ...facts, parser: 'syslog', name: names?.[i] ?? (left === 0 ? 'log/auth.log' : `log/auth.log.${left}`) });
  });
  const stream = timeline(sources, { fold: false });
  const events = await collect(stream);
  return {
    told: events.events.map(({ time, message, host }) => ({ time: time.slice(0, 19), truth: (message as string).slice(3), host })),
    bases: stream.coverage.map(({ yearFrom }) => yearFrom),
  };
}

/** From 1996 to 2039: leap years, and none in 2100. */
const start = fc.integer({ min: 820_454_400, max: 2_177_452_800 });
/** Steps between records: seconds to five months, so that several years pass. */
const steps = fc.array(fc.oneof(fc.nat(3600), fc.nat(20 * DAY), fc.nat(150 * DAY)), { minLength: 1, maxLength: 60 });

const timesOf = (from: number, gaps: readonly number[]): number[] => {
  const times = [from];
  for (const gap of gaps) times.push((times.at(-1) as number) + gap);
  return times;
};

const dayOfYear = (second: number): number =>
  Math.floor((second * 1000 - Date.UTC(new Date(second * 1000).getUTCFullYear(), 0, 1)) / (DAY * 1000));

/**
 * A log with several gaps of months that comes back to the very days before an earlier gap looks like one whose other lines are those
 * of a wrong clock: without years nobody can tell them apart.
 */
function isTellable(times: readonly number[]): boolean {
  const gaps = times.flatMap((time, i) => ((times[i + 1] ?? time) - time > 25 * DAY ? [i] : []));
  return gaps.every((i) =>
    gaps.every((k) => {
      const days = Math.abs(dayOfYear(times[i] as number) - dayOfYear(times[k + 1] as number));
      return k <= i || (days > 6 && days < 360);
    }),
  );
}

const isoOf = (second: number): string => new Date(second * 1000).toISOString();

describe('years of logs that write none', () => {
  it('equal the truth for any log over several years, rotated anywhere, counted back from its collection', async () => {
    await fc.assert(
      fc.asyncProperty(start, steps, fc.array(fc.nat(1000), { maxLength: 6 }), fc.nat(300 * DAY), async (from, gaps, cuts, later) => {
        const times = timesOf(from, gaps);
        fc.pre(isTellable(times));
        const { told } = await readSet(
          rotate(
            times.map((time) => line(time)),
            cuts,
          ),
          { collected: isoOf((times.at(-1) as number) + later) },
        );
        expect(told).toHaveLength(times.length);
        for (const { time, truth } of told) expect(time).toBe(truth);
      }),
      { numRuns: 150 },
    );
  });

  it('equal the truth when records around New Year come in slight disorder', async () => {
    const around = fc.array(fc.integer({ min: -7200, max: 7200 }), { minLength: 2, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1997, max: 2037 }),
        around,
        fc.array(fc.nat(100), { maxLength: 3 }),
        async (year, offsets, cuts) => {
          const midnight = Date.UTC(year, 0, 1) / 1000;
          // A record on each side, as a log that goes on has them.
          const times = [midnight - 3 * DAY, ...offsets.map((offset) => midnight + offset), midnight + 3 * DAY];
          const { told } = await readSet(
            rotate(
              times.map((time) => line(time)),
              cuts,
            ),
            { collected: isoOf(midnight + 4 * DAY) },
          );
          for (const { time, truth } of told) expect(time).toBe(truth);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are found by 29 February where the collection time alone allows a later year', async () => {
    const leap = Date.UTC(2024, 1, 29, 12) / 1000;
    const { told } = await readSet([line(leap - 60 * DAY) + line(leap) + line(leap + DAY)], { collected: '2027-01-01T00:00:00Z' });
    expect(told.map(({ time }) => time)).toEqual(told.map(({ truth }) => truth));
  });

  it('bear lines of machines whose clocks are months off', async () => {
    await fc.assert(
      fc.asyncProperty(
        start,
        fc.integer({ min: 40, max: 320 }),
        fc.array(fc.boolean(), { minLength: 5, maxLength: 60 }),
        async (from, off, strays) => {
          const times = timesOf(
            from,
            Array.from({ length: 300 }, () => DAY),
          );
          const lines = times.map((time, i) => line(time) + (strays[i % strays.length] === true ? line(time - off * DAY, 'stray') : ''));
          const { told } = await readSet([lines.join(''), line((times.at(-1) as number) + 60)], {
            collected: isoOf((times.at(-1) as number) + DAY),
          });
          for (const { time, truth, host } of told) if (host === 'web-1') expect(time).toBe(truth);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('follow a date in the names of the files before anything else', async () => {
    const time = Date.UTC(2022, 10, 20) / 1000;
    const facts = { collected: '2024-05-01T00:00:00Z' };
    for (const name of ['messages-20221120', 'messages.2022-11-21', 'app-20221120.log', 'messages-20221120-1668902400']) {
      const { told, bases } = await readSet([line(time)], facts, [name]);
      expect({ name, told, bases }).toEqual({
        name,
        told: [{ time: told[0]?.truth, truth: told[0]?.truth, host: 'web-1' }],
        bases: ['name'],
      });
    }
  });

  it('follow the time in an archive when the log ended years before it was collected', async () => {
    const time = Date.UTC(2021, 2, 3) / 1000;
    const source: Source = {
      ...bytesSource(line(time), { name: 'case.tar!auth.log', parser: 'syslog', collected: '2024-05-01T00:00:00Z' }),
      modified: '2021-03-04T00:00:00.000000000Z',
      wrappings: [{ path: 'case.tar', kind: 'tar' }],
    };
    const stream = timeline([source]);
    const [event] = (await collect(stream)).events;
    expect(event?.time.slice(0, 10)).toBe('2021-03-03');
    expect(stream.coverage[0]?.yearFrom).toBe('archive');
  });

  it('follow dated evidence beside them, from any time', async () => {
    const time = Date.UTC(1999, 11, 31, 23, 59) / 1000;
    const other = bytesSource('1999-12-30T00:00:00+00:00 web-1 app: dated\n', { name: 'syslog' });
    const stream = timeline([bytesSource(line(time), { name: 'auth.log' }), other]);
    expect((await collect(stream)).events.at(-1)?.time).toBe('1999-12-31T23:59:00.000000000Z');
    expect(stream.coverage[0]?.yearFrom).toBe('other-evidence');
  });

  it('stay openly unknown when nothing tells: the clock of the analyst is never asked', async () => {
    const stream = timeline([bytesSource(line(Date.UTC(2023, 4, 5) / 1000), { name: 'auth.log' })]);
    const [event] = (await collect(stream)).events;
    expect(event).toMatchObject({ time: '1970-05-05T00:00:00.000000000Z', timeQuality: 'assumed-zone-and-year' });
    expect(stream.coverage[0]).toMatchObject({ yearFrom: 'nothing', tally: { problems: { time: 1 } } });
  });

  it('do not depend on the order in which a set is given', async () => {
    const times = timesOf(
      Date.UTC(2021, 5, 1) / 1000,
      Array.from({ length: 20 }, () => 60 * DAY),
    );
    const files = rotate(
      times.map((time) => line(time)),
      [5, 11, 16],
    );
    const named = files.map((text, i) =>
      bytesSource(text, { name: i === 3 ? 'auth.log' : `auth.log.${3 - i}`, collected: isoOf((times.at(-1) as number) + DAY) }),
    );
    const read = async (sources: readonly Source[]): Promise<string[]> => (await collect(timeline(sources))).events.map(({ time }) => time);
    expect(await read(named.toReversed())).toEqual(await read(named));
  });
});
