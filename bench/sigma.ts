/**
 * Sigma rules against process events: `tsx bench/sigma.ts [EVENTS]`.
 * Rules are SigmaHQ's for Linux from the folder KUBEWITNESS_SIGMA, else 300 made up ones.
 * The same events, interleaved: the indexed engine, one closure per rule without an index, and one regular expression per value.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compileExpression } from '../src/indicators/sigma/compile.js';
import type { Selection } from '../src/indicators/sigma/detection.js';
import type { Expression } from '../src/indicators/sigma/expression.js';
import {
  loadRules,
  type AnyRecord,
  type DetectionRule,
  type LogSource,
  type RuleFile,
  type RuleSet,
} from '../src/indicators/sigma/index.js';
import { isForLogSource } from '../src/indicators/sigma/logsource.js';
import { Columns, Row } from '../src/indicators/sigma/row.js';

const EVENTS = Number(process.argv[2] ?? 200_000);
const ROUNDS = 5;
const PROCESS: LogSource = { category: 'process_creation', product: 'linux' };

/** Numbers from 0 to 1, always the same. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const next = random(7);
const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;

const words = (text: string) => text.split(' ');
/** What a node runs all day. */
const USUAL = words(
  'runc containerd-shim-runc-v2 sh bash pause nginx node java python3 redis-server postgres conntrack iptables ip6tables mount umount sleep date cat ls grep sed awk sort head tail true test pg_isready wget-probe exportd coredns kube-proxy calico-node etcd dockerd fluent-bit',
);
/** What rules look at more closely. */
const NOTED = words(
  'curl wget find id whoami uname ps ss nc base64 crontab chmod kubectl crictl docker systemctl journalctl git ssh scp apt-get dpkg openssl sudo chown dd touch',
);
const ARGUMENTS = words(
  '-l -a -la -h --help -n 1 -f --no-pager -o json --output=wide /etc/hosts /usr/lib/python3 /home/app/config.yaml app.jar -Xmx512m --port=8080 http://10.0.0.7:8080/healthz default kube-system get pods describe status restart nginx.service main.py --verbose /proc/1/status --root /run/containerd/runc/k8s.io --log-format --bundle init create start -W -A KUBE-SERVICES -m comment --probe readiness',
);

function processEvent(programs: readonly string[]): AnyRecord {
  const program = pick(programs);
  const parent = pick(USUAL);
  return {
    Image: `/usr/bin/${program}`,
    CommandLine: [program, ...Array.from({ length: 1 + Math.floor(next() * 9) }, () => pick(ARGUMENTS))].join(' '),
    CurrentDirectory: pick(['/', '/root', '/home/app', '/var/lib/kubelet']),
    User: pick(['root', 'app', 'nobody', 'alice']),
    LogonId: String(Math.floor(next() * 500)),
    ProcessId: Math.floor(next() * 65_000),
    ParentImage: `/usr/bin/${parent}`,
    ParentCommandLine: `${parent} ${pick(ARGUMENTS)}`,
    ParentProcessId: Math.floor(next() * 65_000),
  };
}

function ruleFiles(): RuleFile[] {
  const folder = process.env.KUBEWITNESS_SIGMA;
  if (folder === undefined) return Array.from({ length: 300 }, (_, i) => madeUpRule(i));
  const roots = ['rules/linux', 'rules-threat-hunting/linux', 'rules-emerging-threats']
    .map((name) => path.join(folder, name))
    .filter((name) => existsSync(name));
  return roots.flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yml'))
      .map((name) => ({ path: name, text: readFileSync(path.join(root, name), 'utf8') }))
      .filter(({ text }) => /^ +product: linux/m.test(text)),
  );
}

function madeUpRule(i: number): RuleFile {
  const values = Array.from({ length: 6 }, () => `      - '${pick(ARGUMENTS)} ${pick(ARGUMENTS)}${i}'`).join('\n');
  return {
    path: `made-up-${i}.yml`,
    text: `title: made up ${i}\nlogsource:\n  category: process_creation\n  product: linux\ndetection:\n  selection:\n    Image|endswith:\n      - '/${pick(NOTED)}'\n      - '/${pick(NOTED)}'\n    CommandLine|contains:\n${values}\n  filter:\n    User: nobody\n  condition: selection and not filter\n`,
  };
}

/** One closure per rule, all of them for every event. Fields are read once, as in the real engine. */
function closures(rules: readonly DetectionRule[]): (record: AnyRecord) => number {
  const columns = new Columns();
  const tests = rules.map((rule) => compileExpression(rule.expression, columns));
  const row = new Row(columns);
  return (record) => {
    row.load(record, undefined);
    let hits = 0;
    for (const test of tests) if (test(row)) hits++;
    return hits;
  };
}

/** One regular expression per value, and a look-up per field: the obvious way to write it. */
function regexes(rules: readonly DetectionRule[]): (record: AnyRecord) => number {
  const tests = rules.map((rule) => regexExpression(rule.expression));
  return (record) => tests.reduce((hits, test) => hits + (test(record) ? 1 : 0), 0);
}

type Test = (record: AnyRecord) => boolean;

function regexExpression(expression: Expression): Test {
  if (expression.kind === 'selection') return regexSelection(expression.selection);
  if (expression.kind === 'not') {
    const test = regexExpression(expression.of);
    return (record) => !test(record);
  }
  const tests = expression.of.map(regexExpression);
  const needed = expression.kind === 'atLeast' ? expression.count : expression.kind === 'and' ? tests.length : 1;
  return (record) => tests.filter((test) => test(record)).length >= needed;
}

function regexSelection(selection: Selection): Test {
  if (selection.kind === 'item') {
    const { field, values, every } = selection;
    const tests = values.map((value): ((text: string) => boolean) => {
      if (value.kind === 'regex') return (text) => value.regex.test(text);
      if (value.kind !== 'text') return () => false;
      const source = value.parts
        .map((part) => (typeof part === 'string' ? part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : part === 0 ? '.*' : '.'))
        .join('');
      const regex = new RegExp(field === undefined ? source : `^${source}$`, 'is');
      return (text) => regex.test(text);
    });
    const holds = (text: string) => (every ? tests.every((test) => test(text)) : tests.some((test) => test(text)));
    return (record) =>
      (field === undefined ? Object.values(record) : [record[field]]).some((value) => value !== undefined && holds(String(value)));
  }
  const tests = selection.of.map(regexSelection);
  return (record) => (selection.kind === 'every' ? tests.every((test) => test(record)) : tests.some((test) => test(record)));
}

function rate(run: (record: AnyRecord) => number, events: readonly AnyRecord[]): { perSecond: number; hits: number } {
  const start = performance.now();
  let hits = 0;
  for (const event of events) hits += run(event);
  return { perSecond: (events.length / (performance.now() - start)) * 1000, hits };
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function compare(
  title: string,
  set: RuleSet,
  rules: readonly DetectionRule[],
  events: readonly AnyRecord[],
  logsource: LogSource | undefined,
): void {
  const options = { logsource };
  const engines = {
    indexed: (record: AnyRecord) => set.match(record, options).length,
    closures: closures(rules),
    regexes: regexes(rules),
  };
  // The slow ones get fewer events.
  const shares = { indexed: 1, closures: 0.2, regexes: 0.05 } as const;
  const rates: Record<string, number[]> = { indexed: [], closures: [], regexes: [] };
  const hits: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(engines)) {
      const { perSecond, hits: found } = rate(run, events.slice(0, events.length * shares[name as keyof typeof shares]));
      rates[name]?.push(perSecond);
      hits[name] = found;
    }
  }
  console.log(`${title}: ${rules.length} rules, ${events.length} events, medians of ${ROUNDS}`);
  for (const [name, all] of Object.entries(rates))
    console.log(
      `  ${name.padEnd(9)} ${Math.round(median(all)).toLocaleString('en')} events/s (best ${Math.round(Math.max(...all)).toLocaleString('en')}), ${hits[name]} hits`,
    );
}

const start = performance.now();
const set = loadRules(ruleFiles());
console.log(`${set.rules.length} rules loaded in ${Math.round(performance.now() - start)} ms, ${set.errors.length} refused`);
const applying = set.rules.filter((rule) => isForLogSource(rule.logsource, PROCESS));
const usual = Array.from({ length: EVENTS }, () => processEvent(next() < 0.05 ? NOTED : USUAL));
const noted = Array.from({ length: EVENTS / 2 }, () => processEvent(NOTED));
const onlyProcess = loadRules(ruleFiles().filter(({ text }) => /^ +category: process_creation/m.test(text)));
compare('process rules without keywords, a usual node', onlyProcess, onlyProcess.rules, usual, PROCESS);
compare('process rules, a usual node', set, applying, usual, PROCESS);
compare('process rules, every program a noted one', set, applying, noted, PROCESS);
compare('all Linux rules, a usual node', set, set.rules, usual.slice(0, EVENTS / 2), undefined);
