import { expect, it } from 'vitest';
import { parser as syslog } from '../../src/parsers/syslog.js';
import type { Event } from '../../src/model/event.js';
import { readText } from '../conformance.js';

const sandbox = 'aa1f0f5ad9b0c2f5a8f6d2e1c4b7a09f8e7d6c5b4a39281706f5e4d3c2b1a0aa';
const id = '3b1f0f5ad9b0c2f5a8f6d2e1c4b7a09f8e7d6c5b4a39281706f5e4d3c2b1a098';
const line = (message: string, host = 'node1', program = 'containerd[77]'): string =>
  `2024-05-01T12:11:12.5+02:00 ${host} ${program}: time="2024-05-01T10:11:12.123456789Z" level=info msg=${JSON.stringify(message)}\n`;
const read = async (...lines: string[]): Promise<Event[]> => (await readText(syslog, lines.join(''))).events;

it('means the same in syslog, with the inner time kept', async () => {
  const [event] = await read(line(`StartContainer for "${id}" returns successfully`));
  expect(event).toMatchObject({
    time: '2024-05-01T10:11:12.500000000Z',
    action: 'container.start',
    outcome: 'success',
    container: { id },
    process: { name: 'containerd', pid: 77 },
    details: { recordedTime: '2024-05-01T10:11:12.123456789Z' },
  });
});

it('knows the pod of a container from earlier lines of the same host only', async () => {
  const made = [
    line(`RunPodSandbox for &PodSandboxMetadata{Name:web,Uid:u-1,Namespace:shop,Attempt:0,} returns sandbox id "${sandbox}"`),
    line(`CreateContainer within sandbox "${sandbox}" for &ContainerMetadata{Name:app,Attempt:0,} returns container id "${id}"`),
  ];
  const events = await read(
    ...made,
    line(`StopContainer for "${id}" returns successfully`),
    line(`StopContainer for "${id}" returns successfully`, 'node2'),
  );
  expect(events[2]).toMatchObject({ pod: { namespace: 'shop', name: 'web', uid: 'u-1' }, container: { id, name: 'app' } });
  expect(events[3]?.pod).toBeUndefined();
});

it('should not take the end of a command for the result of the call', async () => {
  const [event] = await read(line(`Exec for "${id}" with command [sh -c x" returns successfully], tty false and stdin true`));
  expect(event).toMatchObject({
    action: 'container.exec',
    process: { commandLine: 'sh -c x" returns successfully' },
    details: { tty: false },
  });
  expect(event?.outcome).toBeUndefined();
  const [evil] = await read(line(`PullImage "evil\\" returns image reference \\"x" failed`));
  expect(evil?.outcome).not.toBe('success');
});

it('should not read logfmt of other programs as the runtime', async () => {
  expect((await read(line(`StartContainer for "${id}" returns successfully`, 'node1', 'myapp[1]')))[0]).toMatchObject({
    action: 'log.message',
  });
});
