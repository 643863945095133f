/** A collector's file of RFC 5424 records from many machines. */
import type { Random } from './random.js';
import { rfc3339, type Clock, type World } from './world.js';

const BODIES: readonly ((
  random: Random,
  { people, outside, pods }: World,
) => readonly [program: string, id: string, data: string, text: string])[] = [
  (random, { guesses, outside }) => [
    'sshd',
    '-',
    '-',
    `Failed password for invalid user ${random.pick(guesses)} from ${random.pick(outside)} port ${1024 + random.int(64000)} ssh2`,
  ],
  (random, { people }) => ['sudo', '-', '-', `${random.pick(people)} : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/id`],
  (random) => ['CRON', '-', '-', `(root) CMD (/usr/lib/sysstat/sa1 ${random.int(9)} 1)`],
  (random, { pods }) => {
    const pod = random.pick(pods);
    return [
      'app',
      'ORDER',
      `[meta@32473 sequenceId="${random.int(1e6)}" tag="a\\"b\\]c"][origin ip="10.0.0.${random.int(255)}" software="rsyslogd"]`,
      `order ${random.hex(8)} of ${pod.app} shipped, total ${random.int(900)} €`,
    ];
  },
  (random) => [
    'kernel',
    '-',
    `[timeQuality tzKnown="1" isSynced="1" syncAccuracy="${random.int(9000)}"]`,
    `eth0: link up, ${random.pick([1, 10])} Gbps`,
  ],
  (random) => [
    'nginx',
    'ACCESS',
    '-',
    `GET /cart/${random.hex(12)} HTTP/1.1 ${random.pick([200, 200, 304, 404, 500])} ${random.int(90000)}`,
  ],
];

export function rfc5424Lines(random: Random, world: World, time: Clock): () => string {
  return () => {
    time.pass(20_000);
    const [program, id, data, text] = random.pick(BODIES)(random, world);
    const pid = program === 'kernel' ? '-' : String(1 + random.int(99_999));
    return `<${random.pick([38, 86, 78, 134, 6])}>1 ${rfc3339(time.now())} ${random.pick(world.nodes)} ${program} ${pid} ${id} ${data} ${text}\n`;
  };
}
