import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupRotated, parseRotatedName } from '../../src/intake/rotation.js';

const group = (...names: string[]): string[][] =>
  groupRotated(
    names,
    (name) => name,
    () => 'syslog',
  );

describe('rotated sets', () => {
  it.each([
    [
      'logrotate',
      ['auth.log', 'auth.log.1', 'auth.log.2.gz', 'auth.log.10.gz'],
      ['auth.log.10.gz', 'auth.log.2.gz', 'auth.log.1', 'auth.log'],
    ],
    [
      'auditd',
      ['audit/audit.log', 'audit/audit.log.1', 'audit/audit.log.4'],
      ['audit/audit.log.4', 'audit/audit.log.1', 'audit/audit.log'],
    ],
    ['dateext', ['messages', 'messages-20240505', 'messages-20240428.xz'], ['messages-20240428.xz', 'messages-20240505', 'messages']],
    ['dateext with dashes', ['m', 'm-2024-05-05', 'm-2024-04-28.gz'], ['m-2024-04-28.gz', 'm-2024-05-05', 'm']],
    [
      'dateext with the second',
      ['m', 'm-20240505-1714867200', 'm-20240505-1714870800'],
      ['m-20240505-1714867200', 'm-20240505-1714870800', 'm'],
    ],
    ['dateext before the extension', ['a.log', 'a-20240505.log', 'a-20240428.log.gz'], ['a-20240428.log.gz', 'a-20240505.log', 'a.log']],
    [
      'lumberjack (API server)',
      ['audit.log', 'audit-2024-05-01T10-11-12.345.log', 'audit-2024-05-01T09-00-00.000.log.gz'],
      ['audit-2024-05-01T09-00-00.000.log.gz', 'audit-2024-05-01T10-11-12.345.log', 'audit.log'],
    ],
    [
      'kubelet',
      ['ns_pod_1/app/0.log', 'ns_pod_1/app/0.log.20240501-101112', 'ns_pod_1/app/0.log.20240430-101112.gz'],
      ['ns_pod_1/app/0.log.20240430-101112.gz', 'ns_pod_1/app/0.log.20240501-101112', 'ns_pod_1/app/0.log'],
    ],
    [
      'klog',
      ['kubelet.n.root.log.INFO.20240502-000000.77', 'kubelet.n.root.log.INFO.20240501-101112.4711'],
      ['kubelet.n.root.log.INFO.20240501-101112.4711', 'kubelet.n.root.log.INFO.20240502-000000.77'],
    ],
    [
      'members of archives, decompressed',
      ['c.tgz!log/auth.log', 'c.tgz!log/auth.log.1', 'c.tgz!log/auth.log.2.gz!auth.log.2', 'c.tgz!log/auth.log.3.gz!auth.log.3'],
      ['c.tgz!log/auth.log.3.gz!auth.log.3', 'c.tgz!log/auth.log.2.gz!auth.log.2', 'c.tgz!log/auth.log.1', 'c.tgz!log/auth.log'],
    ],
    ['files compressed without a suffix', ['auth.log', 'auth.log.1!auth.log.1'], ['auth.log.1!auth.log.1', 'auth.log']],
  ])('of %s are one log, oldest first', (_name, given, expected) => {
    expect(group(...given)).toEqual([expected]);
  });

  it.each([
    ['other folders', ['a/auth.log', 'b/auth.log.1']],
    ['other archives', ['a.tgz!auth.log', 'b.tgz!auth.log.1']],
    ['addresses', ['10.0.0.1', '10.0.0.2']],
    ['hosts named by address', ['syslog-10.0.0.1', 'syslog-10.0.0.2']],
    ['containers that were started again', ['p/app/0.log', 'p/app/1.log']],
    ['the same name twice in one archive', ['c.tar!auth.log', 'c.tar!auth.log']],
    ['numbers that are no dates', ['core-99999999', 'core-20241399']],
  ])('do not hold files of %s', (_name, names) => {
    expect(group(...names)).toEqual(names.map((name) => [name]));
  });

  it('lose no file and keep each once, whatever the names', () => {
    const name = fc.oneof(fc.string(), fc.stringMatching(/^[ab!/.0-9-]{0,12}(?:\.gz)?$/), fc.constantFrom('__proto__', 'constructor', ''));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 20 }), (names) => {
        expect(
          group(...names)
            .flat()
            .toSorted(),
        ).toEqual(names.toSorted());
        for (const given of names) expect(parseRotatedName(given).base.length).toBeLessThanOrEqual(given.length);
      }),
    );
  });
});
