import { describe, expect, it } from 'vitest';
import { collect } from '../../src/timeline/collect.js';
import { timeline } from '../../src/timeline/timeline.js';
import { logSource } from './events.js';

const line = (time: string, text: string, host = 'h'): string => `2024-05-01T10:11:${time}Z ${host} app[7]: ${text}\n`;
const rfc3164 = (time: string, text: string): string => `May  1 10:11:${time} h app[7]: ${text}\n`;

async function read(...texts: string[]): Promise<{ messages: string[]; also: number[]; folded: number; times: string[] }> {
  const stream = timeline(texts.map((text, i) => logSource(`${i}.log`, text, { facts: { collected: '2024-05-02T00:00:00.000000000Z' } })));
  const { events } = await collect(stream);
  return {
    messages: events.map((event) => event.message ?? ''),
    also: events.map((event) => event.also?.length ?? 0),
    times: events.map((event) => event.time),
    folded: stream.folded,
  };
}

describe('folding', () => {
  it('tells the same record of two files once, with both origins', async () => {
    expect(await read(line('12.5', 'hello'), line('12.5', 'hello'))).toMatchObject({ messages: ['hello'], also: [1], folded: 1 });
  });

  it('keeps what one file says twice', async () => {
    expect(await read(line('12.5', 'hello') + line('12.5', 'hello'), line('13', 'other'))).toMatchObject({ folded: 0 });
  });

  it('pairs repeated messages one to one', async () => {
    const twice = line('12.1', 'hello') + line('12.1', 'hello');
    expect(await read(twice, twice)).toMatchObject({ messages: ['hello', 'hello'], also: [1, 1] });
    expect(await read(twice, line('12.1', 'hello'))).toMatchObject({ messages: ['hello', 'hello'], also: [1, 0] });
  });

  it('keeps the same message of two hosts, two pids or two moments', async () => {
    expect((await read(line('12', 'x', 'a'), line('12', 'x', 'b'))).folded).toBe(0);
    expect((await read(line('12', 'x'), line('12', 'x').replace('app[7]', 'app[8]'))).folded).toBe(0);
    expect((await read(line('12', 'x'), line('15', 'x'))).folded).toBe(0);
  });

  it('keeps two records of one kind of evidence whose times differ', async () => {
    expect((await read(line('12.1', 'x'), rfc3164('12', 'x'))).folded).toBe(0);
  });

  it('is not slowed to a square by a flood of one message', async () => {
    const flood = Array.from({ length: 20_000 }, (_, i) => line(`12.${String(i).padStart(6, '0')}`, 'same')).join('');
    const result = await read(flood, flood);
    expect(result.messages.length).toBe(20_000);
    expect(result.also.every((count) => count === 1)).toBe(true);
  });
});
