import path from 'node:path';
import { readAll } from '../baselines/ours.js';
import { readKlogByRegexes } from '../baselines/klog.js';
import { glossyPackage, nsyslogPackage, readByRegexes, readWithGlossy, readWithNsyslog } from '../baselines/sshd.js';
import type { Contender, Scenario } from '../scenario.js';

const ours: Contender = { name: 'kubewitness', run: readAll };
const regexes: Contender = { name: '15 regular expressions in JavaScript', run: readByRegexes };
const nsyslog: Contender = { name: 'nsyslog-parser (header only)', packages: [nsyslogPackage], run: readWithNsyslog };
const glossy: Contender = { name: 'glossy (header only)', packages: [glossyPackage], run: readWithGlossy };

const rulebase = path.join(process.env['BENCH_FOLDER'] ?? 'bench', 'baselines/sshd.rulebase');
const lognormalizer: Contender = {
  name: 'lognormalizer, 15 rules',
  command: ([file]) => ['sh', '-c', 'exec lognormalizer -r "$1" < "$2" > /dev/null', 'sh', rulebase, file as string],
};

export const sshd: Scenario = {
  id: 'sshd',
  title: 'auth.log (sshd) to events',
  inputs: [['sshd', 1, 1]],
  contenders: [ours, regexes, lognormalizer, nsyslog, glossy],
  targets: [
    { ours: ours.name, against: regexes.name, atLeast: 1.5 },
    { ours: ours.name, against: lognormalizer.name, atLeast: 2 },
    { ours: ours.name, against: nsyslog.name, atLeast: 5 },
    { ours: ours.name, against: glossy.name, atLeast: 5 },
  ],
};

const ausearch: Contender = {
  name: 'ausearch --format csv',
  command: ([file]) => ['sh', '-c', 'exec ausearch --format csv -if "$1" > /dev/null', 'sh', file as string],
};
const aureport: Contender = {
  name: 'aureport -x --summary',
  command: ([file]) => ['sh', '-c', 'exec aureport -x --summary -if "$1" > /dev/null', 'sh', file as string],
};

export const auditd: Scenario = {
  id: 'auditd',
  title: 'auditd records to assembled events',
  inputs: [['auditd', 1, 1]],
  contenders: [ours, ausearch, aureport],
  targets: [
    { ours: ours.name, against: ausearch.name, atLeast: 3 },
    { ours: ours.name, against: aureport.name, atLeast: 0.6 },
  ],
};

export const rfc5424: Scenario = {
  id: 'rfc5424',
  title: 'RFC 5424 records of many programs to events',
  inputs: [['rfc5424', 1, 1]],
  contenders: [ours, nsyslog, glossy],
  targets: [],
};

const klogRegexes: Contender = { name: 'header and pairs by regular expressions', run: readKlogByRegexes };

export const kubelet: Scenario = {
  id: 'kubelet',
  title: 'kubelet’s klog to events',
  inputs: [['klog', 1, 1]],
  contenders: [ours, klogRegexes],
  targets: [],
};
