import { describe, expect, it } from 'vitest';
import { parser as syslog } from '../../src/parsers/syslog.js';
import { readText, testParser } from '../conformance.js';

testParser(syslog, { fixtures: 'fixtures/logind', identified: false });

describe('logind', () => {
  it('tells whose session ended, when its beginning is in the same source', async () => {
    const lines = [
      'New session 3 of user deploy.',
      'Session 3 logged out. Waiting for processes to exit.',
      'Removed session 3.',
      'Removed session 3.',
    ];
    const { events } = await readText(syslog, lines.map((text) => `2024-05-01T10:11:12Z web1 systemd-logind[9]: ${text}\n`).join(''));
    expect(events.map((event) => event.actor?.user)).toEqual(['deploy', 'deploy', 'deploy', undefined]);
  });

  it('keeps the sessions of two machines apart', async () => {
    const { events } = await readText(
      syslog,
      '2024-05-01T10:11:12Z a systemd-logind[9]: New session 3 of user deploy.\n2024-05-01T10:11:13Z b systemd-logind[9]: Removed session 3.\n',
    );
    expect(events[1]?.actor).toBeUndefined();
  });
});
