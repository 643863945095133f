import { expect, it } from 'vitest';
import { parser as kubelet } from '../../src/parsers/kubelet.js';
import { parser as syslog } from '../../src/parsers/syslog.js';
import type { Event } from '../../src/model/event.js';
import { readText } from '../conformance.js';

const inSyslog = async (message: string, program = 'kubelet[1234]'): Promise<Event[]> =>
  (await readText(syslog, `2024-05-01T12:11:12.5+02:00 node1 ${program}: ${message}\n`)).events;

const record = 'I0501 10:11:12.123456    1234 kubelet.go:2407] ';

it('means the same in syslog as in its own file', async () => {
  const message = `${record}"SyncLoop DELETE" source="api" pods=["shop/a","shop/b"]`;
  const carried = await inSyslog(message);
  const own = (await readText(kubelet, message + '\n', { collected: '2024-05-02T00:00:00.000000000Z' })).events;
  expect(carried.map(({ action, pod }) => ({ action, pod }))).toEqual(own.map(({ action, pod }) => ({ action, pod })));
  expect(carried).toHaveLength(2);
  expect(new Set(carried.map(({ id }) => id)).size).toBe(2);
  expect(carried[0]).toMatchObject({ time: '2024-05-01T10:11:12.500000000Z', details: { recordedTime: '0501 10:11:12.123456' }, message });
});

it('reads JSON records in syslog', async () => {
  const [event] = await inSyslog(
    '{"ts":1714558272123.456,"caller":"kubelet/kubelet.go:2457","msg":"SyncLoop (PLEG): event for pod","v":2,"pod":{"name":"web","namespace":"shop"},"event":{"ID":"7f3c1f0e-58d2-4a51-9f0e-0d2a1d6e7c11","Type":"ContainerDied","Data":"3b1f0f5ad9b0c2f5a8f6d2e1c4b7a09f8e7d6c5b4a39281706f5e4d3c2b1a098"}}',
  );
  expect(event).toMatchObject({
    action: 'container.exit',
    pod: { namespace: 'shop', name: 'web', uid: '7f3c1f0e-58d2-4a51-9f0e-0d2a1d6e7c11' },
    details: { recordedTime: '2024-05-01T10:11:12.123456000Z' },
  });
});

it('should not take a pod or container from inside a quoted value', async () => {
  const [event] = await inSyslog(`${record}"Probe failed" output="x\\" pod=\\"kube-system/admin" containerName="web"`);
  expect(event?.pod).toBeUndefined();
  expect(event).toMatchObject({ action: 'probe.fail', container: { name: 'web' } });
});

it('keeps unknown messages with their fields', async () => {
  const [event] = await inSyslog(`${record}"Something new" pod="shop/web" answer=42`);
  expect(event).toMatchObject({ action: 'log.message', pod: { namespace: 'shop', name: 'web' }, details: { fields: { answer: 42 } } });
  expect((await inSyslog('no klog at all'))[0]).toMatchObject({ action: 'log.message', message: 'no klog at all' });
});

it('should not read klog of an unknown program as kubelet', async () => {
  expect((await inSyslog(`${record}"SyncLoop ADD" source="api" pods=["a/b"]`, 'evil[1]'))[0]).toMatchObject({ action: 'log.message' });
});

it('reads requests to the API server', async () => {
  const [event] = await inSyslog(
    `${record}"HTTP" verb="GET" URI="/api/v1/secrets" latency="1ms" userAgent="curl/8" audit-ID="a1" srcIP="[2001:db8::5]:4242" resp=403`,
    'kube-apiserver[7]',
  );
  expect(event).toMatchObject({
    action: 'api.request',
    outcome: 'failure',
    client: { ip: '2001:db8::5', port: 4242 },
    details: { auditID: 'a1' },
  });
});
