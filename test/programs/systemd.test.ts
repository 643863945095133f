import { describe, expect, it } from 'vitest';
import { parser as syslog } from '../../src/parsers/syslog.js';
import { readText, testParser } from '../conformance.js';

testParser(syslog, { fixtures: 'fixtures/systemd', identified: false });

async function actionOf(text: string): Promise<string | undefined> {
  const { events } = await readText(syslog, `2024-05-01T10:11:12Z web1 ${text}\n`);
  return events[0]?.action;
}

describe('systemd', () => {
  it('does not take the end of a user manager for the end of the machine', async () => {
    expect(await actionOf('systemd[4242]: Reached target shutdown.target - Shutdown.')).toBe('log.message');
    expect(await actionOf('systemd[1]: Reached target shutdown.target - Shutdown.')).toBe('host.shutdown');
  });

  it('does not take a unit that describes itself as a session for one', async () => {
    expect(await actionOf('systemd[1]: Started evil.service - Session 3 of User root.')).toBe('service.start');
    expect(await actionOf('systemd[1]: Started session-3.scope - Session 3 of User root.')).toBe('session.start');
  });

  it('does not take a sentence without a full stop for a job', async () => {
    expect(await actionOf('systemd[1]: Started by somebody else')).toBe('log.message');
  });

  it('does not believe another program', async () => {
    expect(await actionOf('myapp[1]: Shutting down.')).toBe('log.message');
  });
});
