/** The made-up cluster whose machines write the logs: who is there, from where, on what. */
import type { Random } from './random.js';

export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly app: string;
  readonly node: string;
  readonly image: string;
  readonly container: string;
  readonly containerId: string;
}

export interface World {
  readonly nodes: readonly string[];
  readonly pods: readonly Pod[];
  readonly people: readonly string[];
  /** Names that intruders try. */
  readonly guesses: readonly string[];
  /** Addresses outside. */
  readonly outside: readonly string[];
  readonly inside: readonly string[];
  readonly fingerprints: readonly string[];
}

const APPS = [
  ...['cart', 'checkout', 'payments', 'search', 'catalog', 'frontend', 'auth', 'mailer', 'reports', 'ledger'],
  ...['coredns', 'kube-proxy', 'node-exporter', 'fluent-bit', 'ingress-nginx-controller', 'cert-manager', 'redis', 'postgres'],
];
const NAMESPACES = ['shop', 'shop-staging', 'kube-system', 'monitoring', 'ingress-nginx', 'team-a', 'team-b', 'batch'];
const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'jörg', 'zoë', 'deploy', 'ops', 'ci', 'backup'];
const GUESSES = [
  ...['admin', 'test', 'oracle', 'postgres', 'ubuntu', 'user', 'ftpuser', 'git', 'hadoop', 'minecraft', 'pi', 'guest', 'nagios'],
  ...['root1', 'администратор', 'support', 'www', 'jenkins', 'tomcat', 'mysql', 'es', 'ansible', 'dev', 'sysadmin', 'odoo', 'steam'],
];

export function world(random: Random): World {
  const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  const nodes = many(24, (i) => `worker-${String(i).padStart(2, '0')}`);
  return {
    nodes,
    pods: many(600, () => {
      const app = random.pick(APPS);
      return {
        namespace: random.pick(NAMESPACES),
        name: `${app}-${random.hex(9)}-${random.hex(5)}`,
        uid: random.uuid(),
        app,
        node: random.pick(nodes),
        image: `registry.example.com/${app}:v1.${random.int(40)}.${random.int(9)}`,
        container: app,
        containerId: random.hex(64),
      };
    }),
    people: PEOPLE,
    guesses: GUESSES,
    outside: many(900, () => `${1 + random.int(222)}.${random.int(256)}.${random.int(256)}.${1 + random.int(254)}`),
    inside: many(60, () => `10.${random.int(4)}.${random.int(256)}.${1 + random.int(254)}`),
    fingerprints: many(30, () => `SHA256:${Buffer.from(random.hex(64), 'hex').toString('base64').slice(0, 43)}`),
  };
}

/** A machine's clock: only goes forward. */
export interface Clock {
  /** Microseconds since 1970. */
  now(): number;
  /** Lets time pass: half of the steps are shorter than this (microseconds). */
  pass(micros: number): void;
}

/** 2024-05-01T00:00:00Z */
const START = 1_714_521_600_000_000;

export function clock(random: Random): Clock {
  let now = START;
  return {
    now: () => now,
    pass: (micros) => void (now += Math.floor(micros * random.next() * 2)),
  };
}

let lastSecond = 0;
let lastText = '';

/** `2024-05-01T10:11:12` */
function second(micros: number): string {
  const whole = Math.floor(micros / 1e6);
  if (whole !== lastSecond) {
    lastSecond = whole;
    lastText = new Date(whole * 1000).toISOString().slice(0, 19);
  }
  return lastText;
}

/** `2024-05-01T10:11:12.123456Z` */
export const rfc3339 = (micros: number): string => `${second(micros)}.${String(micros % 1e6).padStart(6, '0')}Z`;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `May  1 10:11:12` */
export function bsdTime(micros: number): string {
  const text = second(micros);
  return `${MONTHS[Number(text.slice(5, 7)) - 1]} ${String(Number(text.slice(8, 10))).padStart(2, ' ')} ${text.slice(11)}`;
}

/** `0501 10:11:12.123456` */
export function klogTime(micros: number): string {
  const text = second(micros);
  return `${text.slice(5, 7)}${text.slice(8, 10)} ${text.slice(11)}.${String(micros % 1e6).padStart(6, '0')}`;
}

/** `1714557072.123` */
export const auditTime = (micros: number): string => (Math.floor(micros / 1000) / 1000).toFixed(3);
