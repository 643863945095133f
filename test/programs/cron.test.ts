import { describe, expect, it } from 'vitest';
import { parser as syslog } from '../../src/parsers/syslog.js';
import { readText, testParser } from '../conformance.js';

testParser(syslog, { fixtures: 'fixtures/cron', identified: false });

describe('cron', () => {
  it('takes a command to the last bracket, whatever it says', async () => {
    const { events } = await readText(syslog, '2024-05-01T10:11:12Z web1 CRON[9]: (www-data) CMD (echo ") (root) CMD (/bin/evil)")\n');
    expect(events[0]).toMatchObject({
      action: 'cron.run',
      actor: { user: 'www-data' },
      process: { commandLine: 'echo ") (root) CMD (/bin/evil)"' },
    });
  });

  it('does not give the daemon or the system table an account', async () => {
    const { events } = await readText(syslog, '2024-05-01T10:11:12Z web1 cron[9]: (*system*) RELOAD (/etc/crontab)\n');
    expect(events[0]?.target).toBeUndefined();
  });
});
