import { expect, it } from 'vitest';
import { parser } from '../../src/parsers/cri-log.js';
import { readBytes, testParser } from '../conformance.js';

testParser(parser);

const bytes = new TextEncoder().encode('2024-05-01T10:11:12.123456789Z stdout F hello\n');
const id = '0123456789abcdef'.repeat(4);
const uid = '7f3c1f0e-58d2-4a51-9f0e-0d2a1d6e7c11';

it('takes pod and container from the path in /var/log/pods', async () => {
  const { events } = await readBytes(parser, bytes, {}, { name: `node.tar!var/log/pods/shop_web-6f7c_${uid}/web/3.log` });
  expect(events[0]).toMatchObject({
    action: 'container.output',
    message: 'hello',
    pod: { namespace: 'shop', name: 'web-6f7c', uid },
    container: { name: 'web' },
    details: { stream: 'stdout', restart: 3 },
  });
});

it('takes pod and container from the path in /var/log/containers', async () => {
  const { events } = await readBytes(parser, bytes, {}, { name: `/var/log/containers/web-6f7c_shop_side-car-${id}.log` });
  expect(events[0]).toMatchObject({ pod: { namespace: 'shop', name: 'web-6f7c' }, container: { id, name: 'side-car' } });
});

it('should not invent a pod for other paths', async () => {
  const { events } = await readBytes(parser, bytes, {}, { name: 'evidence/some_other_file/x.log' });
  expect(events[0]?.pod).toBeUndefined();
  expect(events[0]?.container).toBeUndefined();
});

it('should not read container output as messages of host programs', async () => {
  const line = '2024-05-01T10:11:15Z stdout F sshd[1]: Accepted password for root from 203.0.113.5 port 22 ssh2\n';
  const { events } = await readBytes(parser, new TextEncoder().encode(line));
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ action: 'container.output' });
  expect(events[0]?.actor).toBeUndefined();
  expect(events[0]?.client).toBeUndefined();
});
it('divides a line without end, and keeps the books', async () => {
  const part = `2024-05-01T10:11:15Z stdout P ${'x'.repeat(16_000)}\n`;
  const { events, problems, tallies } = await readBytes(parser, new TextEncoder().encode(part.repeat(100)));
  expect(events.map((event) => event.message?.length)).toEqual([66 * 16_000, 34 * 16_000]);
  expect(problems.map((problem) => problem.code)).toEqual(['limit', 'truncated']);
  const tally = tallies[0];
  expect(tally?.frames).toBe((tally?.decoded ?? 0) + (tally?.merged ?? 0) + (tally?.rejected ?? 0) + (tally?.ignored ?? 0));
});
