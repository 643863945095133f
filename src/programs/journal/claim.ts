/** Senders choose their identifier: whether journald's own fields speak against it. */

/** Programs whose messages carry weight: what others say in their name is marked. */
const WEIGHTY = new Set([
  ...[
    'sshd',
    'sshd-session',
    'sshd-auth',
    'sftp-server',
    'sudo',
    'su',
    'login',
    'pkexec',
    'polkitd',
    'systemd-logind',
    'systemd',
    'kernel',
  ],
  ...['useradd', 'userdel', 'usermod', 'groupadd', 'groupdel', 'groupmod', 'gpasswd', 'passwd', 'chpasswd', 'chage', 'newusers'],
  ...['cron', 'crond', 'crontab', 'atd', 'anacron', 'audit', 'auditd', 'audispd', 'systemd-journald', 'rsyslogd', 'systemd-coredump'],
  ...['kubelet', 'containerd', 'dockerd', 'crio', 'chronyd', 'systemd-timesyncd', 'unix_chkpwd', 'internal-sftp'],
]);

/** Names under which one program logs for another. */
const ALIASES = new Map<string, readonly string[]>([
  ['internal-sftp', ['sshd', 'sshd-session']],
  ['sshd-session', ['sshd']],
  ['sshd', ['sshd-session', 'sshd-auth']],
  ['systemd', ['init', '(systemd)', '(sd-pam)', 'systemd-executor']],
  ['cron', ['crond']],
  ['crond', ['cron']],
  ['sudo', ['sudoedit']],
  ['polkitd', ['polkit']],
  ['audispd', ['audisp-syslog', 'auditd']],
]);

/** Programs that become a shell: journald looks at the sender a moment after it wrote, and then finds the shell. */
const BECOMING = new Set(['cron', 'crond', 'login', 'su', 'sudo']);
const SHELLS = new Set(['sh', 'dash', 'bash', 'zsh', 'fish', 'ksh', 'nologin']);

export interface Claim {
  readonly claims: string;
  readonly senderName?: string;
  readonly senderExe?: string;
  readonly senderUid?: string;
}

/** The kernel cuts a process's name (`_COMM`) at 15 bytes. */
const COMM = 15;

/**
 * @returns What the entry claims and who really sent it; undefined when the two agree, nothing speaks against it,
 * or journald itself took the message from kernel or audit.
 */
export function claimOf(of: (name: string) => string | undefined): Claim | undefined {
  const identifier = of('SYSLOG_IDENTIFIER');
  const transport = of('_TRANSPORT');
  if (identifier === undefined || transport === 'audit') return undefined;
  const name = identifier.slice(identifier.lastIndexOf('/') + 1).toLowerCase();
  if (!WEIGHTY.has(name) || transport === 'kernel') return undefined;
  // Only the kernel's own transport speaks for the kernel.
  if (name !== 'kernel' && (isSender(name, of('_COMM'), of('_EXE')) || hasBecome(name, of))) return undefined;
  if (name === 'kernel' && transport === undefined) return undefined;
  return withoutAbsent({ claims: identifier, senderName: of('_COMM'), senderExe: of('_EXE'), senderUid: of('_UID') });
}

function isSender(name: string, comm: string | undefined, exe: string | undefined): boolean {
  if (comm === undefined && exe === undefined) return true;
  const base = exe?.slice(exe.lastIndexOf('/') + 1).replace(/ \(deleted\)$/, '');
  const names = [name, ...(ALIASES.get(name) ?? [])];
  // A process may call itself anything, but its file is its file.
  if (base !== undefined) return names.includes(base.toLowerCase()) || names.some((each) => base.toLowerCase() === `${each}-bin`);
  return comm !== undefined && names.some((each) => each.slice(0, COMM) === comm.toLowerCase());
}

/** As root and on the node itself, not in a container. */
function hasBecome(name: string, of: (name: string) => string | undefined): boolean {
  if (!BECOMING.has(name) || of('_UID') !== '0' || /[0-9a-f]{32}/.test(of('_SYSTEMD_CGROUP') ?? '')) return false;
  const exe = of('_EXE');
  return SHELLS.has(exe === undefined ? (of('_COMM') ?? '') : exe.slice(exe.lastIndexOf('/') + 1));
}

function withoutAbsent(claim: Claim): Claim {
  return JSON.parse(JSON.stringify(claim)) as Claim;
}
