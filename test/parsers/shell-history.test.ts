import { expect, it } from 'vitest';
import { parser } from '../../src/parsers/shell-history.js';
import { readBytes, readText, testParser } from '../conformance.js';

testParser(parser, { multiline: true });

const bytes = new TextEncoder().encode('#1714558272\nkubectl get secrets -A\n');

it('takes the user from the path of a home folder, and from nothing else', async () => {
  for (const [name, user] of [
    ['node.tar!home/deploy/.bash_history', 'deploy'],
    ['root/.bash_history', 'root'],
    ['collected/.bash_history', undefined],
  ] as const) {
    const { events } = await readBytes(parser, bytes, {}, { name });
    expect(events[0]?.actor?.user).toBe(user);
  }
});

it('should not invent a time for commands that have none', async () => {
  const { events, problems } = await readText(parser, 'id\nwhoami\n', { collected: '2024-05-03T09:00:00Z' });
  expect(events.map(({ timeQuality }) => timeQuality)).toEqual(['from-file', 'from-file']);
  expect(problems).toEqual([]);
  const unknown = await readText(parser, 'id\nwhoami\n');
  expect(unknown.problems.map(({ code }) => code)).toEqual(['time']);
});

it('gives a time that no command follows back as nothing said', async () => {
  const { events, tallies } = await readText(parser, '#1714558272\n#1714558273\nid\n#1714558274\n');
  expect(events.map(({ time, message }) => [time, message])).toEqual([['2024-05-01T10:11:13.000000000Z', 'id']]);
  expect(tallies[0]).toMatchObject({ frames: 4, decoded: 1, merged: 1, ignored: 2 });
});
