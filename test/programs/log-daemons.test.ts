import { describe, expect, it } from 'vitest';
import { parser as syslog } from '../../src/parsers/syslog.js';
import { readText, testParser } from '../conformance.js';

testParser(syslog, { fixtures: 'fixtures/log-daemons', identified: false });

describe('log daemons', () => {
  it('does not read a loss out of another program', async () => {
    const { events } = await readText(
      syslog,
      '2024-05-01T10:11:12Z web1 myapp[9]: imuxsock lost 133 messages from pid 4711 due to rate-limiting\n',
    );
    expect(events[0]?.action).toBe('log.message');
  });
});
