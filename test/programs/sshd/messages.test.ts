import { describe, expect, it } from 'vitest';
import { parser as syslog } from '../../../src/parsers/syslog.js';
import { readText } from '../../conformance.js';
import { messages } from './messages.js';

describe('sshd reads a message of every format string', () => {
  it.each(messages)('%s', async (message, expected) => {
    const { events, problems } = await readText(syslog, `2024-05-01T10:11:12Z web1 sshd[77]: ${message}\n`);
    expect(problems).toEqual([]);
    const [event] = events;
    expect({
      action: event?.action,
      outcome: event?.outcome,
      user: event?.actor?.user,
      ip: event?.client?.ip,
      port: event?.client?.port,
      path: event?.file?.path,
    }).toEqual({
      action: expected.action,
      outcome: expected.outcome,
      user: expected.user,
      ip: expected.ip,
      port: expected.port,
      path: expected.path,
    });
    if (expected.method !== undefined) expect(event?.details?.['method']).toBe(expected.method);
    if (expected.details !== undefined) expect(event?.details).toMatchObject(expected.details);
    expect(event?.details?.['derived']).toBeUndefined();
    expect(event?.message).toBe(message);
  });
});
