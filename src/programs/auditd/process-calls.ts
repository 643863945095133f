/** System calls on processes: exec, exit, signals, tracing, identity, namespaces. */
import type { Identity } from '../../model/event.js';
import { commandOf } from './arguments.js';
import { argument, flagNames, idArgument, intArgument, type Call, type CallReader } from './call.js';
import { idOf, numberOf } from './identity.js';
import { executedFile } from './paths.js';

const exec: CallReader = (call) => {
  const command = commandOf(call.joined);
  // When it failed, comm and exe are those of the process that tried.
  const exe = call.success === false ? undefined : call.fields.text('exe');
  return {
    action: 'process.start',
    file: executedFile(call.joined, exe, call.cwd),
    process: command === undefined ? undefined : { args: command.args, commandLine: command.args.join(' ') },
    fault: command?.fault,
  };
};

const exit: CallReader = (call) => {
  const status = argument(call, 0);
  return { action: 'process.end', process: status === undefined ? undefined : { exitCode: status % 256 } };
};

/** OBJ_PID: `opid=500 oauid=1000 ouid=0 oses=7 ocomm="auditd"`; one for each process that was hit. */
function objectOf(call: Call): { target?: Identity; details: Record<string, unknown> } {
  const object = call.joined.of('OBJ_PID');
  if (object === undefined) return { details: {} };
  const owner = idOf(object, 'ouid', 'OUID');
  return {
    target: owner.id === undefined && owner.name === undefined ? undefined : { user: owner.name, uid: owner.id },
    details: { targetPid: numberOf(object.get('opid')), targetName: object.text('ocomm') },
  };
}

/** {@link https://man7.org/linux/man-pages/man7/signal.7.html | signal(7)}: 1–31 as x86 and ARM number them. */
const SIGNALS =
  ' SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS'.split(
    ' ',
  );

export function signalName(number: number | undefined): string | undefined {
  return number === undefined || number === 0 ? undefined : (SIGNALS[number] ?? `signal ${number}`);
}

const kill =
  (signalAt: number, pidAt = 0): CallReader =>
  (call) => {
    const { target, details } = objectOf(call);
    const number = argument(call, signalAt);
    const signal = signalName(number) ?? (number === 0 ? '0' : call.fields.get(`a${signalAt}`));
    const pid = call.name.startsWith('pidfd') ? undefined : intArgument(call, pidAt);
    return { action: 'process.kill', target, details: { targetPid: pid, ...details, signal } };
  };

/** {@link https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/ptrace.h | linux/ptrace.h} */
const PTRACE: ReadonlyMap<number, string> = new Map([
  [0, 'PTRACE_TRACEME'],
  [1, 'PTRACE_PEEKTEXT'],
  [2, 'PTRACE_PEEKDATA'],
  [3, 'PTRACE_PEEKUSER'],
  [4, 'PTRACE_POKETEXT'],
  [5, 'PTRACE_POKEDATA'],
  [6, 'PTRACE_POKEUSER'],
  [7, 'PTRACE_CONT'],
  [8, 'PTRACE_KILL'],
  [9, 'PTRACE_SINGLESTEP'],
  [12, 'PTRACE_GETREGS'],
  [13, 'PTRACE_SETREGS'],
  [16, 'PTRACE_ATTACH'],
  [17, 'PTRACE_DETACH'],
  [24, 'PTRACE_SYSCALL'],
  [0x4200, 'PTRACE_SETOPTIONS'],
  [0x4204, 'PTRACE_GETREGSET'],
  [0x4205, 'PTRACE_SETREGSET'],
  [0x4206, 'PTRACE_SEIZE'],
  [0x4207, 'PTRACE_INTERRUPT'],
]);

const trace =
  (pidAt?: number): CallReader =>
  (call) => {
    const { target, details } = objectOf(call);
    const number = argument(call, 0);
    const request = call.name !== 'ptrace' ? undefined : number === undefined ? call.fields.get('a0') : (PTRACE.get(number) ?? number);
    const pid = pidAt === undefined || request === 'PTRACE_TRACEME' ? undefined : intArgument(call, pidAt);
    return { action: 'process.trace', target, details: { targetPid: pid, ...details, request } };
  };

/** @param uidAt Index of the argument that becomes the user. */
const identity =
  (uidAt?: number, gidAt?: number): CallReader =>
  (call) => {
    const uid = uidAt === undefined ? undefined : idArgument(call, uidAt);
    const gid = gidAt === undefined ? undefined : idArgument(call, gidAt);
    return { action: 'process.privilege', target: uid === undefined && gid === undefined ? undefined : { uid, gid } };
  };

// pid=1400 cap_pi=0 cap_pp=1ffffffffff cap_pe=1ffffffffff cap_pa=0
const capset: CallReader = (call) => {
  const record = call.joined.of('CAPSET');
  return {
    action: 'process.privilege',
    details: { capabilities: record?.get('cap_pe'), permitted: record?.get('cap_pp'), inheritable: record?.get('cap_pi') },
  };
};

/** {@link https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/sched.h | linux/sched.h} */
const NAMESPACES = [
  [0x80, 'CLONE_NEWTIME'],
  [0x20000, 'CLONE_NEWNS'],
  [0x2000000, 'CLONE_NEWCGROUP'],
  [0x4000000, 'CLONE_NEWUTS'],
  [0x8000000, 'CLONE_NEWIPC'],
  [0x10000000, 'CLONE_NEWUSER'],
  [0x20000000, 'CLONE_NEWPID'],
  [0x40000000, 'CLONE_NEWNET'],
] as const;
/** clone(2) has the signal for the parent in its lowest byte. */
const CLONE_NAMESPACES = NAMESPACES.slice(1);

const namespace =
  (flagsAt: number): CallReader =>
  (call) => {
    const namespaces = flagNames(call, flagsAt, NAMESPACES).filter((name) => name.startsWith('CLONE_NEW'));
    return { action: 'process.namespace', details: { namespaces: namespaces.length === 0 ? undefined : namespaces } };
  };

/** A new process, in namespaces of its own or not. clone3() has its flags in memory, out of audit's sight. */
const clone: CallReader = (call) => {
  const namespaces = call.name === 'clone' ? flagNames(call, 0, CLONE_NAMESPACES).filter((name) => name.startsWith('CLONE_NEW')) : [];
  const childPid = call.success === true && typeof call.exit === 'number' && call.exit > 0 ? call.exit : undefined;
  return namespaces.length > 0
    ? { action: 'process.namespace', details: { namespaces, childPid } }
    : { action: 'syscall.call', details: { childPid } };
};

export const processCalls: Readonly<Record<string, CallReader>> = {
  execve: exec,
  execveat: exec,
  exit,
  exit_group: exit,
  kill: kill(1),
  tkill: kill(1),
  tgkill: kill(2),
  rt_sigqueueinfo: kill(1),
  rt_tgsigqueueinfo: kill(2),
  pidfd_send_signal: kill(1),
  ptrace: trace(1),
  process_vm_readv: trace(0),
  process_vm_writev: trace(0),
  pidfd_getfd: trace(),
  setuid: identity(0),
  setuid32: identity(0),
  setreuid: identity(1),
  setreuid32: identity(1),
  setresuid: identity(1),
  setresuid32: identity(1),
  setfsuid: identity(0),
  setfsuid32: identity(0),
  setgid: identity(undefined, 0),
  setgid32: identity(undefined, 0),
  setregid: identity(undefined, 1),
  setregid32: identity(undefined, 1),
  setresgid: identity(undefined, 1),
  setresgid32: identity(undefined, 1),
  setfsgid: identity(undefined, 0),
  setfsgid32: identity(undefined, 0),
  setgroups: identity(),
  setgroups32: identity(),
  capset,
  setns: namespace(1),
  unshare: namespace(0),
  clone,
  clone3: clone,
  fork: clone,
  vfork: clone,
};
