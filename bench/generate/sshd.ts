/** A machine's auth.log with RFC 3164 headers: mostly sshd under attack, a few people at work, sudo, cron and logind. */
import type { Random } from './random.js';
import { bsdTime, type Clock, type World } from './world.js';

/** One happening: its lines, without headers. */
type Story = (random: Random, world: World) => readonly (readonly [program: string, message: string])[];

const guessed: Story = (random, { guesses, outside }) => {
  const user = random.pick(guesses);
  const ip = random.pick(outside);
  const port = 1024 + random.int(64000);
  return [
    ['sshd', `Invalid user ${user} from ${ip} port ${port}`],
    ['sshd', 'pam_unix(sshd:auth): check pass; user unknown'],
    ['sshd', `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${ip} `],
    ['sshd', `Failed password for invalid user ${user} from ${ip} port ${port} ssh2`],
    ['sshd', `Received disconnect from ${ip} port ${port}:11: Bye Bye [preauth]`],
    ['sshd', `Disconnected from invalid user ${user} ${ip} port ${port} [preauth]`],
  ];
};

const rootGuessed: Story = (random, { outside }) => {
  const ip = random.pick(outside);
  const port = 1024 + random.int(64000);
  return [
    ['sshd', `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${ip}  user=root`],
    ['sshd', `Failed password for root from ${ip} port ${port} ssh2`],
    ['sshd', `Connection closed by authenticating user root ${ip} port ${port} [preauth]`],
  ];
};

const scanned: Story = (random, { outside }) => {
  const from = `${random.pick(outside)} port ${1024 + random.int(64000)}`;
  const text = random.pick([
    `Connection closed by ${from} [preauth]`,
    `Connection reset by ${from} [preauth]`,
    `Did not receive identification string from ${from}`,
    `banner exchange: Connection from ${from}: invalid format`,
    `Unable to negotiate with ${from}: no matching key exchange method found. Their offer: diffie-hellman-group14-sha1 [preauth]`,
    `error: kex_exchange_identification: Connection closed by remote host`,
    `error: maximum authentication attempts exceeded for root from ${from} ssh2 [preauth]`,
  ]);
  return [['sshd', text]];
};

const login: Story = (random, { people, inside, fingerprints }) => {
  const user = random.pick(people);
  const ip = random.pick(inside);
  const port = 1024 + random.int(64000);
  return [
    ['sshd', `Accepted publickey for ${user} from ${ip} port ${port} ssh2: ED25519 ${random.pick(fingerprints)}`],
    ['sshd', `pam_unix(sshd:session): session opened for user ${user}(uid=${1000 + random.int(20)}) by (uid=0)`],
    ['systemd-logind', `New session ${random.int(9999)} of user ${user}.`],
    ['sshd', `Received disconnect from ${ip} port ${port}:11: disconnected by user`],
    ['sshd', `Disconnected from user ${user} ${ip} port ${port}`],
    ['sshd', `pam_unix(sshd:session): session closed for user ${user}`],
  ];
};

const sudo: Story = (random, { people }) => {
  const command = random.pick([
    '/usr/bin/crictl ps -a',
    '/usr/bin/systemctl restart kubelet',
    '/usr/bin/journalctl -u kubelet',
    '/bin/bash',
  ]);
  return [['sudo', `   ${random.pick(people)} : TTY=pts/${random.int(4)} ; PWD=/home/ops ; USER=root ; COMMAND=${command}`]];
};

const cron: Story = () => [
  ['CRON', 'pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)'],
  ['CRON', 'pam_unix(cron:session): session closed for user root'],
];

const DECK: readonly Story[] = [
  ...Array.from({ length: 45 }, () => guessed),
  ...Array.from({ length: 25 }, () => rootGuessed),
  ...Array.from({ length: 18 }, () => scanned),
  ...Array.from({ length: 9 }, () => login),
  sudo,
  sudo,
  cron,
];

export function authLines(random: Random, world: World, time: Clock): () => string {
  const host = 'gate-1';
  return () => {
    const pid = 1000 + random.int(4_000_000);
    let lines = '';
    for (const [program, message] of random.pick(DECK)(random, world)) {
      time.pass(60_000);
      lines += `${bsdTime(time.now())} ${host} ${program}${program === 'sudo' ? '' : `[${pid}]`}: ${message}\n`;
    }
    return lines;
  };
}
