import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchEvent, sampleOf, viewsOf } from '../../../src/indicators/sigma/index.js';
import { parser as auditd } from '../../../src/parsers/auditd.js';
import type { Event } from '../../../src/model/event.js';
import { readText } from '../../conformance.js';
import { load, ruleOf } from './rules.js';

const origin = { source: 's', path: 'p', parser: 'x', offset: 0, length: 1 };
const event = (more: Partial<Event>): Event => ({
  id: 'e',
  time: '2024-05-01T10:00:00.000000000Z',
  action: 'log.message',
  origin,
  ...more,
});
const viewOf = (one: Event, wanted: Record<string, string>) =>
  [...viewsOf(one)].filter((view) =>
    Object.entries({ category: undefined, product: undefined, service: undefined, ...wanted }).every(
      ([key, value]) => view.logsource[key as 'category'] === value,
    ),
  );

describe('views of events', () => {
  it('show a started process', () => {
    const started = event({
      action: 'process.start',
      process: {
        exe: '/usr/bin/curl',
        commandLine: 'curl -o x',
        pid: 7,
        ppid: 6,
        cwd: '/tmp',
        parent: { exe: '/bin/sh', commandLine: 'sh' },
      },
      actor: { uid: '0' },
      session: '3',
    });
    expect(viewOf(started, { category: 'process_creation', product: 'linux' })[0]?.record).toMatchObject({
      Image: '/usr/bin/curl',
      CommandLine: 'curl -o x',
      CurrentDirectory: '/tmp',
      User: 'root',
      LogonId: '3',
      ProcessId: 7,
      ParentImage: '/bin/sh',
      ParentCommandLine: 'sh',
      ParentProcessId: 6,
    });
  });

  it('show no process where none is known', () => {
    expect(
      viewOf(event({ action: 'process.start', process: { name: 'kernel' } }), { category: 'process_creation', product: 'linux' }),
    ).toEqual([]);
  });

  it('show new files and connections', () => {
    const renamed = event({ action: 'file.rename', file: { path: '/tmp/a', targetPath: '/etc/cron.d/a' }, process: { exe: '/bin/mv' } });
    expect(viewOf(renamed, { category: 'file_event', product: 'linux' })[0]?.record).toMatchObject({
      TargetFilename: '/etc/cron.d/a',
      Image: '/bin/mv',
    });
    const connected = event({ action: 'network.connect', server: { ip: '198.51.100.9', port: 4444 }, process: { exe: '/usr/bin/nc' } });
    expect(viewOf(connected, { category: 'network_connection', product: 'linux' })[0]?.record).toMatchObject({
      DestinationIp: '198.51.100.9',
      DestinationPort: 4444,
      Initiated: 'true',
    });
  });

  it('show each audit record by itself, decoded, with the name of the call', async () => {
    const text = [
      'type=SYSCALL msg=audit(1714557012.101:401): arch=c000003e syscall=59 success=yes exit=0 a0=7ffd a1=5 ppid=1 pid=2 auid=1000 uid=0 tty=pts0 ses=3 comm="chmod" exe="/usr/bin/chmod" key="k"',
      'type=EXECVE msg=audit(1714557012.101:401): argc=3 a0="chmod" a1="777" a2=2F746D702F6120622F',
      'type=PROCTITLE msg=audit(1714557012.101:401): proctitle=63686D6F64003737370078',
    ].join('\n');
    const { events } = await readText(auditd, text);
    const views = events.flatMap((one) => viewOf(one, { product: 'linux', service: 'auditd' }));
    expect(views.map((view) => view.record)).toMatchObject([
      { type: 'SYSCALL', syscall: '59', SYSCALL: 'execve', a0: '7ffd', comm: 'chmod', exe: '/usr/bin/chmod', key: 'k' },
      { type: 'EXECVE', a0: 'chmod', a1: '777', a2: '/tmp/a b/' },
      { type: 'PROCTITLE', proctitle: 'chmod 777 x' },
    ]);
    const rules = load(
      ruleOf('s:\n  type: EXECVE\n  a0: chmod\n  a2|startswith: /tmp/\ncondition: s', 'logsource: {product: linux, service: auditd}'),
    );
    expect(matchEvent(rules, events[0] as Event)).toMatchObject([{ logsource: { service: 'auditd' } }]);
  });

  it('show what a program logged to the services it belongs to', () => {
    const failed = event({
      action: 'ssh.login',
      process: { name: 'sshd', pid: 5 },
      message: 'Failed password for root',
      client: { ip: '203.0.113.5' },
      raw: 'May  1 sshd[5]: Failed password for root',
    });
    for (const service of ['sshd', 'auth', 'syslog']) expect(viewOf(failed, { product: 'linux', service })).toHaveLength(1);
    const sudo = event({
      action: 'sudo.run',
      process: { commandLine: '/usr/bin/id', parent: { name: 'sudo' } },
      target: { user: 'root' },
      message: 'alice : COMMAND=/usr/bin/id',
    });
    expect(viewOf(sudo, { product: 'linux', service: 'sudo' })[0]?.record).toMatchObject({ USER: 'root', COMMAND: '/usr/bin/id' });
    const rules = load(ruleOf('k:\n  - failed password\ncondition: k', 'logsource: {product: linux}'));
    expect(matchEvent(rules, failed)).toHaveLength(1);
    expect(viewOf(failed, { product: 'linux', service: 'sshd' })[0]?.line).toBe(failed.raw);
  });

  const audit = {
    kind: 'Event',
    auditID: 'a1',
    verb: 'create',
    user: { username: 'eve' },
    objectRef: { resource: 'pods', apiGroup: 'x' },
    requestObject: {
      spec: { volumes: [{ hostPath: { path: '/etc' } }], containers: [{ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }] },
    },
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  };
  const created = (raw?: unknown) =>
    event({
      action: 'pod.create',
      raw,
      object: { resource: 'pods', group: 'x' },
      actor: { user: 'eve' },
      details: {
        auditID: 'a1',
        verb: 'create',
        decision: 'allow',
        requested: { hostPaths: ['/etc'], containers: [{ securityContext: { addCapabilities: ['SYS_ADMIN'] } }] },
      },
    });

  it.each([
    ['the raw record', created(JSON.stringify(audit))],
    ['an envelope', created(JSON.stringify({ kind: 'EventList', items: [{ auditID: 'a0', verb: 'get' }, audit] }))],
    ['a text within a record', created(JSON.stringify({ timestamp: 1, message: JSON.stringify(audit) }))],
    ['two stages', created(`${JSON.stringify(audit)}\n${JSON.stringify({ ...audit, verb: undefined })}`)],
    ['the event alone', created()],
    ['raw text that is cut', created('{"kind":"Event","auditID":"a1","verb":"cre')],
  ])('show the Kubernetes audit record from %s', (_, one) => {
    const [view] = viewOf(one, { category: 'application', product: 'kubernetes', service: 'audit' });
    expect(view?.record).toMatchObject({
      verb: 'create',
      user: { username: 'eve' },
      objectRef: { resource: 'pods' },
      hostPath: ['/etc'],
      capabilities: ['SYS_ADMIN'],
      apiGroup: 'x',
      decision: 'allow',
    });
    const rules = load(
      ruleOf(
        "s:\n  verb: create\n  objectRef.resource: pods\n  hostPath: '*'\ncondition: s",
        'logsource: {product: kubernetes, service: audit}',
      ),
    );
    expect(matchEvent(rules, one)).toHaveLength(1);
  });

  it('have no hostPath where there is none', () => {
    const rules = load(ruleOf("s:\n  hostPath: '*'\ncondition: s", 'logsource: {product: kubernetes, service: audit}'));
    expect(matchEvent(rules, event({ action: 'pod.create', details: { auditID: 'a1', verb: 'create' } }))).toEqual([]);
  });

  it('show cloud records that the event kept', () => {
    const trail = event({
      raw: JSON.stringify({ eventVersion: '1.08', eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging' }),
    });
    expect(viewOf(trail, { product: 'aws', service: 'cloudtrail' })[0]?.record).toMatchObject({ eventName: 'StopLogging' });
    const gcp = event({ raw: JSON.stringify({ protoPayload: { methodName: 'm.delete', serviceName: 'x' } }) });
    expect(viewOf(gcp, { product: 'gcp', service: 'gcp.audit' })[0]?.record).toMatchObject({ 'gcp.audit.method_name': 'm.delete' });
    const azure = event({
      raw: JSON.stringify({ operationName: 'o', category: 'SignInLogs', resultType: '50074', properties: { userAgent: 'x' } }),
    });
    expect(viewOf(azure, { product: 'azure', service: 'signinlogs' })[0]?.record).toMatchObject({ ResultType: '50074', userAgent: 'x' });
  });

  it('show requests in access logs', () => {
    const request = event({
      details: { method: 'GET', path: '/a.php?cmd=id', status: 200 },
      client: { ip: '203.0.113.5', userAgent: 'curl' },
    });
    expect(viewOf(request, { category: 'webserver' })[0]?.record).toMatchObject({
      'cs-method': 'GET',
      'cs-uri-stem': '/a.php',
      'c-uri-query': 'cmd=id',
      'sc-status': 200,
      'c-ip': '203.0.113.5',
      'cs-user-agent': 'curl',
      'c-uri-extension': 'php',
    });
  });

  it('count one event once in a correlation, however many views match', () => {
    const rules = load(
      `title: any\nname: any\nlogsource: {product: linux}\ndetection:\n  k: ['failed password']\n  condition: k\n---\ntitle: many\ncorrelation:\n  type: event_count\n  rules: [any]\n  group-by: [src_ip]\n  timespan: 1m\n  condition: {gte: 2}\n`,
    );
    const failed = (second: number) =>
      event({
        time: `2024-05-01T10:00:0${second}.000000000Z`,
        process: { name: 'sshd' },
        message: 'Failed password',
        client: { ip: '203.0.113.5' },
      });
    expect([...rules.correlate([sampleOf(failed(0))])]).toEqual([]);
    const [alert] = rules.correlate([sampleOf(failed(0)), sampleOf(failed(1))]);
    expect(alert).toMatchObject({ count: 2, group: { src_ip: '203.0.113.5' } });
    expect(alert?.events.map((sample) => sample.event.time)).toEqual([failed(0).time, failed(1).time]);
  });

  it('can be made of every event of every golden', () => {
    const fixtures = path.resolve('fixtures');
    let views = 0;
    for (const folder of readdirSync(fixtures)) {
      const goldens = existsSync(path.join(fixtures, folder))
        ? readdirSync(path.join(fixtures, folder)).filter((name) => name.endsWith('.expected.json'))
        : [];
      for (const golden of goldens) {
        const { events = [] } = JSON.parse(readFileSync(path.join(fixtures, folder, golden), 'utf8')) as { events?: Event[] };
        for (const one of events) for (const view of viewsOf(one)) if (Object.keys(view.record).length > 0) views++;
      }
    }
    expect(views).toBeGreaterThan(100);
  });
});
