/** System calls on the machine itself: modules, eBPF, its clock, its name, its end. */
import { argument, type CallReader } from './call.js';

/** KERN_MODULE tells the name; init_module() and finit_module() are only given bytes or a file. */
const moduleCall =
  (action: 'module.load' | 'module.unload'): CallReader =>
  (call) => ({ action, details: { module: call.joined.of('KERN_MODULE')?.text('name') } });

/** {@link https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/bpf.h | enum bpf_cmd} */
const BPF_PROG_LOAD = 5;
const BPF_COMMANDS =
  'BPF_MAP_CREATE BPF_MAP_LOOKUP_ELEM BPF_MAP_UPDATE_ELEM BPF_MAP_DELETE_ELEM BPF_MAP_GET_NEXT_KEY BPF_PROG_LOAD BPF_OBJ_PIN BPF_OBJ_GET BPF_PROG_ATTACH BPF_PROG_DETACH BPF_PROG_TEST_RUN'.split(
    ' ',
  );

const bpf: CallReader = (call) => {
  const command = argument(call, 0);
  const record = call.joined.of('BPF');
  const loads = command === BPF_PROG_LOAD || call.fields.get('a0') === 'BPF_PROG_LOAD' || record?.get('op') === 'LOAD';
  return {
    action: loads ? 'bpf.load' : 'syscall.call',
    details: {
      command: command === undefined ? call.fields.get('a0') : (BPF_COMMANDS[command] ?? command),
      programId: record?.get('prog-id'),
      operation: record?.get('op'),
    },
  };
};

/** reboot(2)'s commands, its third argument. {@link https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/reboot.h | linux/reboot.h} */
const REBOOT: ReadonlyMap<number, string> = new Map([
  [0x1234567, 'restart'],
  [0xcdef0123, 'halt'],
  [0x4321fedc, 'power off'],
  [0xa1b2c3d4, 'restart'],
  [0x45584543, 'kexec'],
  [0xd000fce2, 'suspend'],
]);

const reboot: CallReader = (call) => {
  const how = REBOOT.get((argument(call, 2) ?? 0) % 2 ** 32);
  return { action: how === undefined || how === 'suspend' ? 'syscall.call' : 'host.shutdown', details: { how } };
};

/** The clock is set by these. adjtimex() and clock_adjtime() most often only ask: with a TIME record they changed it. */
const setsClock: CallReader = () => ({ action: 'host.time' });
const mayAdjust: CallReader = () => ({ action: 'syscall.call' });

export const hostCalls: Readonly<Record<string, CallReader>> = {
  init_module: moduleCall('module.load'),
  finit_module: moduleCall('module.load'),
  create_module: moduleCall('module.load'),
  delete_module: moduleCall('module.unload'),
  bpf,
  reboot,
  settimeofday: setsClock,
  clock_settime: setsClock,
  clock_settime64: setsClock,
  stime: setsClock,
  adjtimex: mayAdjust,
  clock_adjtime: mayAdjust,
  sethostname: () => ({ action: 'host.rename' }),
  setdomainname: () => ({ action: 'host.rename' }),
};
