/** rsyslogd reads generated RFC 5424 messages from a socket and tells what it understood; our parsers read the same bytes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Event } from '../../src/model/event.js';
import { parser as fileParser } from '../../src/parsers/syslog.js';
import { parser as streamParser } from '../../src/parsers/syslog-stream.js';
import { readBytes } from '../conformance.js';
import { describeWith, temporaryFolder, toInstant } from './tools.js';

/** What both sides must agree on. */
interface Opinion {
  readonly time: string;
  readonly host?: string;
  readonly app?: string;
  readonly procId?: string;
  readonly messageId?: string;
  readonly structuredData?: unknown;
  readonly facility?: unknown;
  readonly severity?: unknown;
  readonly message: string;
}

const MESSAGES = 300;
/** Milliseconds between looks at rsyslogd's output, and how often we look. */
const PAUSE = 50;
const LOOKS = 300;

const printable = (shortest: number, longest: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)), minLength: shortest, maxLength: longest });
/** SD-NAME: printable, but `=`, `]`, `"`. */
const sdName = printable(1, 32).map((name) => `n${name.replace(/[=\]"]/g, '')}`.slice(0, 32));
const orNil = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: fc.constant('-') });
/** No line feed and no NUL: rsyslogd ends a message there. */
const text = fc.string({ unit: 'grapheme', maxLength: 60 }).map((value) => value.replace(/[\0\n\r]/g, ' ').trimEnd());
const escape = (value: string): string => value.replace(/["\\\]]/g, '\\$&');

const time = fc
  .record({
    at: fc.date({ min: new Date('1971-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true }),
    // rsyslogd keeps microseconds only
    fraction: fc.string({ unit: fc.constantFrom('0', '1', '5', '9'), maxLength: 6 }),
    zone: fc.constantFrom('Z', '+00:00', '+02:00', '-03:30', '+05:45', '-11:00', '+14:00'),
  })
  .map(({ at, fraction, zone }) => at.toISOString().slice(0, 19) + (fraction === '' ? '' : `.${fraction}`) + zone);

const element = fc
  .record({ id: sdName, parameters: fc.uniqueArray(fc.tuple(sdName, text), { maxLength: 4, selector: ([name]) => name }) })
  .map(({ id, parameters }) => ({ id: `${id.replace(/@/g, '')}@32473`, parameters }))
  .map(({ id, parameters }) => ({ id, text: `[${id}${parameters.map(([name, value]) => ` ${name}="${escape(value)}"`).join('')}]` }));
const structuredData = fc
  .uniqueArray(element, { maxLength: 3, selector: ({ id }) => id })
  .map((elements) => (elements.length === 0 ? '-' : elements.map((each) => each.text).join('')));

const record = fc
  .record({
    priority: fc.integer({ min: 0, max: 191 }),
    time,
    host: orNil(printable(1, 60)),
    // no name of a program that we know, and no `/`, at which rsyslogd stops
    app: orNil(printable(1, 40).map((name) => `X${name.replaceAll('/', '')}`)),
    procId: orNil(fc.oneof(fc.integer({ min: 1, max: 4194304 }).map(String), printable(1, 40))),
    messageId: orNil(printable(1, 32)),
    structuredData,
    message: fc.oneof(
      fc.constant(''),
      text.map((value) => ` ${value}`),
      text.map((value) => ` \uFEFF${value}`),
    ),
  })
  .map((r) => `<${r.priority}>1 ${r.time} ${r.host} ${r.app} ${r.procId} ${r.messageId} ${r.structuredData}${r.message}`);

const CONFIGURATION = (folder: string): string => `
global(workDirectory="${folder}" parser.escapeControlCharactersOnReceive="off" maxMessageSize="64k")
module(load="imptcp")
module(load="mmpstrucdata")
template(name="opinion" type="list") {
  constant(value="{") property(name="timereported" dateFormat="rfc3339" format="jsonf" outname="time")
  constant(value=",") property(name="hostname" format="jsonf" outname="host") constant(value=",") property(name="app-name" format="jsonf" outname="app")
  constant(value=",") property(name="procid" format="jsonf" outname="procId") constant(value=",") property(name="msgid" format="jsonf" outname="messageId")
  constant(value=",") property(name="syslogfacility-text" format="jsonf" outname="facility") constant(value=",") property(name="syslogseverity-text" format="jsonf" outname="severity")
  constant(value=",") property(name="msg" format="jsonf" outname="message") constant(value=",") property(name="$!rfc5424-sd" format="jsonf" outname="data")
  constant(value="}\\n")
}
ruleset(name="tell") { action(type="mmpstrucdata" sd_name.lowercase="off") action(type="omfile" file="${folder}/opinions.ndjson" template="opinion") }
input(type="imptcp" path="${folder}/in.sock" unlink="on" ruleset="tell")
`;

/** Runs a private rsyslogd for as long as it takes to read the frames. */
async function askRsyslog(rsyslogd: string, folder: string, bytes: Uint8Array): Promise<Opinion[]> {
  writeFileSync(path.join(folder, 'rsyslog.conf'), CONFIGURATION(folder));
  const daemon = spawn(rsyslogd, ['-n', '-f', path.join(folder, 'rsyslog.conf'), '-i', path.join(folder, 'pid')], { stdio: 'ignore' });
  const ended = once(daemon, 'exit');
  const output = path.join(folder, 'opinions.ndjson');
  const lines = (): string[] => (existsSync(output) ? readFileSync(output, 'utf8').split('\n').slice(0, -1) : []);
  try {
    for (let look = 0; look < LOOKS && !existsSync(path.join(folder, 'in.sock')); look++) await sleep(PAUSE);
    const socket = connect(path.join(folder, 'in.sock'));
    await once(socket, 'connect');
    socket.end(bytes);
    for (let look = 0; look < LOOKS && lines().length < MESSAGES; look++) await sleep(PAUSE);
  } finally {
    daemon.kill();
    await ended;
  }
  return lines().map((line) => agreeable(JSON.parse(line) as Record<string, string>));
}

/** Facilities 13 and 14 have no name in syslog(3): rsyslogd's, and ours. */
const FACILITIES = new Map([
  ['audit', 'logaudit'],
  ['alert', 'logalert'],
]);

const absent = (value: string | undefined): string | undefined => (value === '-' ? undefined : value);

/** rsyslogd's answer in our words: it keeps NILVALUEs and the byte order mark. */
function agreeable(said: Record<string, string>): Opinion {
  const { time: stamp, host, app, procId, messageId, facility, severity, data, message } = said;
  return {
    time: toInstant(stamp as string),
    host: absent(host),
    app: absent(app),
    procId: absent(procId),
    messageId: absent(messageId),
    facility: FACILITIES.get(facility as string) ?? facility,
    severity,
    structuredData: data === '' ? undefined : (JSON.parse(data as string) as unknown),
    message: (message as string).replace(/^\uFEFF/, ''),
  };
}

function opinionOf(event: Event): Opinion {
  const details = event.details ?? {};
  return {
    time: event.time,
    host: event.host,
    app: event.process?.name,
    procId: event.process?.pid === undefined ? (details.processId as string | undefined) : String(event.process.pid),
    messageId: details.messageId as string | undefined,
    facility: details.facility,
    severity: details.severity,
    structuredData: details.structuredData,
    message: event.message ?? '',
  };
}

describeWith(['rsyslogd'], 'rsyslogd and we read RFC 5424 alike', ({ rsyslogd }) => {
  const folder = temporaryFolder();
  const records = fc.sample(record, { numRuns: MESSAGES, seed: 5424 });
  const encode = (frame: (text: string) => string): Uint8Array => new TextEncoder().encode(records.map(frame).join(''));
  const counted = encode((message) => `${Buffer.byteLength(message)} ${message}`);
  let theirs: Opinion[];

  beforeAll(async () => {
    theirs = await askRsyslog(rsyslogd, folder, counted);
  }, 60_000);

  it('rsyslogd has read them all', () => {
    expect(theirs).toHaveLength(MESSAGES);
  });

  it('over a stream with octet counts', async () => {
    const { events, problems } = await readBytes(streamParser, counted);
    expect(problems).toEqual([]);
    expect(events.map(opinionOf)).toEqual(theirs);
  });

  it('in a file of lines', async () => {
    const { events, problems } = await readBytes(
      fileParser,
      encode((message) => `${message}\n`),
    );
    expect(problems).toEqual([]);
    expect(events.map(opinionOf)).toEqual(theirs);
  });
});
