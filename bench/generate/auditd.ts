/** What auditd writes on a node: commands started by people and containers, and what PAM tells it. */
import type { Random } from './random.js';
import { auditTime, type Clock, type World } from './world.js';

const COMMANDS = [
  ['ls', '-la', '/var/lib/kubelet'],
  ['curl', '-s', 'http://169.254.169.254/latest/meta-data/'],
  ['sh', '-c', 'id; uname -a'],
  ['crictl', 'ps'],
  ['grep', '-r', 'password', '/etc'],
  ['python3', '/opt/app/main.py', '--port', '8080'],
  ['runc', '--root', '/run/containerd/runc/k8s.io', 'exec', 'b6f1a4'],
] as const;

const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex').toUpperCase();

/** auditd writes words with blanks or quotes in them as hex. */
const word = (text: string): string => (/[\s"]/.test(text) ? hex(text) : `"${text}"`);

function execution(random: Random, stamp: string): string {
  const command = random.pick(COMMANDS);
  const [name] = command;
  const pid = 1000 + random.int(60_000);
  const uid = random.chance(0.5) ? 0 : 1000 + random.int(10);
  const ids = `auid=${random.chance(0.5) ? 4294967295 : uid} uid=${uid} gid=${uid} euid=${uid} suid=${uid} fsuid=${uid} egid=${uid} sgid=${uid} fsgid=${uid}`;
  return (
    `type=SYSCALL msg=audit(${stamp}): arch=c000003e syscall=59 success=yes exit=0 a0=55${random.hex(10)} a1=7f${random.hex(10)} a2=7f${random.hex(10)} a3=8 items=2 ppid=${pid - 1} pid=${pid} ${ids} tty=pts${random.int(4)} ses=${random.int(200)} comm="${name}" exe="/usr/bin/${name}" subj=unconfined key="exec"\n` +
    `type=EXECVE msg=audit(${stamp}): argc=${command.length} ${command.map((argument, i) => `a${i}=${word(argument)}`).join(' ')}\n` +
    `type=CWD msg=audit(${stamp}): cwd="/root"\n` +
    `type=PATH msg=audit(${stamp}): item=0 name="/usr/bin/${name}" inode=${100_000 + random.int(9999)} dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\n` +
    `type=PATH msg=audit(${stamp}): item=1 name="/lib64/ld-linux-x86-64.so.2" inode=2359 dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\n` +
    `type=PROCTITLE msg=audit(${stamp}): proctitle=${hex(command.join('\0'))}\n`
  );
}

function pam(random: Random, stamp: string, { people, outside }: World): string {
  const user = random.pick(people);
  const ip = random.pick(outside);
  const success = random.chance(0.3);
  const type = random.pick(['USER_AUTH', 'USER_ACCT', 'CRED_ACQ', 'USER_START', 'USER_LOGIN', 'USER_END']);
  const operation =
    type === 'USER_LOGIN'
      ? `op=login acct=${word(user)}`
      : `op=PAM:authentication grantors=${success ? 'pam_unix' : '?'} acct=${word(user)}`;
  return `type=${type} msg=audit(${stamp}): pid=${1000 + random.int(60_000)} uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='${operation} exe="/usr/sbin/sshd" hostname=${ip} addr=${ip} terminal=ssh res=${success ? 'success' : 'failed'}'\n`;
}

export function auditdRecords(random: Random, world: World, time: Clock): () => string {
  let serial = 100;
  return () => {
    time.pass(30_000);
    const stamp = `${auditTime(time.now())}:${serial++}`;
    return random.chance(0.7) ? execution(random, stamp) : pam(random, stamp, world);
  };
}
