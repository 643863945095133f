/** auth.log as people read it without us: regular expressions one after the other, and packages that know syslog. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Outcome } from '../scenario.js';
import { eachLine } from './lines.js';

const HEADER = /^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (\S+) ([^\s:[]+)(?:\[(\d+)\])?: (.*)$/;

const MESSAGES: readonly RegExp[] = [
  /^Accepted (\S+) for (.+) from (\S+) port (\d+) ssh2(?:: (\S+) (\S+))?$/,
  /^Failed (\S+) for (invalid user )?(.*) from (\S+) port (\d+) ssh2/,
  /^Invalid user (.*) from (\S+)(?: port (\d+))?$/,
  /^Connection (closed|reset) by (?:(invalid|authenticating) user (\S+) )?(\S+) port (\d+)/,
  /^Received disconnect from (\S+) port (\d+):(\d+): (.*)$/,
  /^Disconnected from (?:(invalid|authenticating) user (\S+) |user (\S+) )?(\S+) port (\d+)/,
  /^pam_unix\((\S+)\): authentication failure; logname=(\S*) uid=(\d+) euid=(\d+) tty=(\S*) ruser=(\S*) rhost=(\S*) *(?:user=(\S+))?$/,
  /^pam_unix\((\S+)\): check pass; user unknown$/,
  /^pam_unix\((\S+)\): session (opened|closed) for user ([^\s(]+)(?:\(uid=(\d+)\))?/,
  /^(?:error: )?maximum authentication attempts exceeded for (?:invalid user )?(.*) from (\S+) port (\d+)/,
  /^Did not receive identification string from (\S+)/,
  /^Unable to negotiate with (\S+) port (\d+): (.*?)\. Their offer: (.*)$/,
  /^banner exchange: Connection from (\S+) port (\d+): (.*)$/,
  /^(?:error: )?kex_exchange_identification: (.*)$/,
  /^New session (\S+) of user (\S+)\.$/,
];

/** A header and a list of 15 regular expressions, the first that fits. */
export async function readByRegexes(files: readonly string[]): Promise<Outcome> {
  let count = 0;
  await eachLine(files, (line) => {
    const header = HEADER.exec(line);
    if (header === null) return;
    const [, time, host, program, pid, message] = header as unknown as string[];
    let fields: RegExpExecArray | null = null;
    for (const pattern of MESSAGES) {
      fields = pattern.exec(message as string);
      if (fields !== null) break;
    }
    if (keep({ time, host, program, pid: pid === undefined ? undefined : Number(pid), message, fields })) count++;
  });
  return { count };
}

let last: object = {};

/** What is made of a line must not be optimised away. */
function keep(value: object): boolean {
  last = value;
  return last === value;
}

export const nsyslogPackage = 'nsyslog-parser@0.10.1';
export const glossyPackage = 'glossy@0.1.7';

function requirePackage(name: string): unknown {
  return createRequire(path.join(process.env['BENCH_PACKAGES'] ?? '', 'index.js'))(name);
}

/** Header only: it knows no programs. */
export async function readWithNsyslog(files: readonly string[]): Promise<Outcome> {
  const parse = requirePackage('nsyslog-parser') as (line: string) => object;
  let count = 0;
  await eachLine(files, (line) => void (keep(parse(line)) && count++));
  return { count };
}

/** Header only. It calls back at once. */
export async function readWithGlossy(files: readonly string[]): Promise<Outcome> {
  const { Parse } = requirePackage('glossy') as { Parse: { parse(line: string, back: (parsed: object) => void): void } };
  let count = 0;
  await eachLine(files, (line) => Parse.parse(line, (parsed) => void (keep(parsed) && count++)));
  return { count };
}
