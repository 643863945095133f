/** System calls on files. Which file and what became of it is in the PATH records: `nametype=CREATE`, `DELETE`. */
import type { Action } from '../../model/action.js';
import type { FileRef } from '../../model/event.js';
import { argument, flagNames, idArgument, intArgument, type Call, type CallReader, type Meaning } from './call.js';
import { pathsOf, type PathRecord } from './paths.js';

const AT_FDCWD = -100;

/** {@link https://github.com/torvalds/linux/blob/v6.1/include/uapi/asm-generic/fcntl.h | fcntl.h}; the same on x86 and ARM for these. */
const OPEN_FLAGS = [
  [0x1, 'O_WRONLY'],
  [0x2, 'O_RDWR'],
  [0x40, 'O_CREAT'],
  [0x80, 'O_EXCL'],
  [0x200, 'O_TRUNC'],
  [0x400, 'O_APPEND'],
] as const;
/** Flags that make an open one for writing. */
const WRITING = new Set<string>(['O_WRONLY', 'O_RDWR', 'O_TRUNC', 'O_APPEND']);

/** @param folder Index of the argument with the folder that relative names start from; absent: the working folder. */
function paths(call: Call, folder?: number): PathRecord[] {
  const at = folder === undefined ? AT_FDCWD : intArgument(call, folder);
  const here = at === AT_FDCWD || (at === undefined && call.fields.get(`a${folder}`)?.includes('AT_FDCWD') === true);
  return pathsOf(call.joined, here ? call.cwd : undefined);
}

function fileBy(records: readonly PathRecord[], ...nametypes: string[]): FileRef | undefined {
  for (const nametype of nametypes) {
    const found = records.find((record) => record.nametype === nametype && record.file !== undefined);
    if (found !== undefined) return found.file;
  }
  return undefined;
}

/** The file a call is about, whatever became of it: its last path that is no folder around it. */
function subject(records: readonly PathRecord[]): FileRef | undefined {
  return records.findLast((record) => record.nametype !== 'PARENT' && record.file !== undefined)?.file;
}

const opening =
  (folder: number | undefined, flagsAt: number | undefined): CallReader =>
  (call) => {
    const records = paths(call, folder);
    const named = flagsAt === undefined ? openHow(call) : flagNames(call, flagsAt, OPEN_FLAGS);
    const created = fileBy(records, 'CREATE');
    const access = named === undefined ? undefined : named.some((flag) => WRITING.has(flag)) ? 'write' : 'read';
    return {
      action: created !== undefined ? 'file.create' : access === 'write' ? 'file.update' : 'file.open',
      file: created ?? subject(records),
      details: { access, flags: named === undefined || named.length === 0 ? undefined : named },
    };
  };

/** creat() says it by its name, openat2() in a record of its own: `oflag=0301 mode=0644 resolve=0x0`. */
function openHow(call: Call): string[] | undefined {
  if (call.name === 'creat') return ['O_WRONLY', 'O_CREAT', 'O_TRUNC'];
  const written = call.joined.of('OPENAT2')?.get('oflag');
  if (written === undefined || !/^0?[0-7]{1,10}$/.test(written)) return written?.split('|');
  const flags = Number.parseInt(written, 8);
  return OPEN_FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
}

const onFile =
  (action: Action, folder?: number, details?: (call: Call) => Record<string, unknown>): CallReader =>
  (call) => ({ action, file: subject(paths(call, folder)), details: details?.(call) });

const making =
  (folder?: number): CallReader =>
  (call) => {
    const records = paths(call, folder);
    return { action: 'file.create', file: fileBy(records, 'CREATE') ?? subject(records) };
  };

const deleting =
  (folder?: number): CallReader =>
  (call) => {
    const records = paths(call, folder);
    return { action: 'file.delete', file: fileBy(records, 'DELETE') ?? subject(records) };
  };

/** The old name is deleted, the new one created (and what it named before deleted, too, when it is replaced). */
const renaming: CallReader = (call) => {
  const records = paths(call, call.name === 'rename' ? undefined : 0);
  const from = fileBy(records, 'DELETE') ?? subject(records);
  const to = fileBy(records, 'CREATE');
  return { action: 'file.rename', file: withTarget(from, to === from ? undefined : to) };
};

/** The link is created; the kernel names what it leads to as a path of its own. */
const linking =
  (folder?: number): CallReader =>
  (call) => {
    const records = paths(call, folder);
    const made = fileBy(records, 'CREATE');
    const old = records.find((record) => record.nametype === 'NORMAL' || record.nametype === 'UNKNOWN');
    if (made === undefined) return { action: 'file.create', file: subject(records) };
    // What a symbolic link says is not looked up: it stays as it is written.
    const target = call.name.startsWith('sym') ? old?.name : old?.file?.path;
    return { action: 'file.create', file: target === undefined ? made : { ...made, targetPath: target } };
  };

function withTarget(file: FileRef | undefined, target: FileRef | undefined): FileRef | undefined {
  return file === undefined || target === undefined ? (file ?? target) : { ...file, targetPath: target.path };
}

const newMode =
  (index: number) =>
  (call: Call): Record<string, unknown> => {
    const mode = argument(call, index);
    return { newMode: mode === undefined ? call.fields.get(`a${index}`) : (mode % 0o10000).toString(8).padStart(4, '0') };
  };

const newOwner =
  (index: number) =>
  (call: Call): Record<string, unknown> => ({ newUid: idArgument(call, index), newGid: idArgument(call, index + 1) });

/** mount() looks up the folder first, then the device. */
const mounting: CallReader = (call) => {
  const records = paths(call).filter((record) => record.nametype !== 'PARENT' && record.name !== undefined);
  return { action: 'file.mount', file: records[0]?.file, details: { mountSource: records[1]?.name } };
};

/** `ioctl(fd, FS_IOC_SETFLAGS)` is chattr; pushing characters into a terminal is typing for somebody else. */
const IOCTLS: ReadonlyMap<number, readonly [name: string, action: Action]> = new Map([
  [0x40086602, ['FS_IOC_SETFLAGS', 'file.permission']],
  [0x40046602, ['FS_IOC32_SETFLAGS', 'file.permission']],
  [0x5412, ['TIOCSTI', 'terminal.input']],
]);

const controlling = (call: Call): Meaning => {
  const request = IOCTLS.get(argument(call, 1) ?? -1);
  return request === undefined
    ? { action: 'syscall.call', file: subject(paths(call)) }
    : { action: request[1], file: subject(paths(call)), details: { request: request[0] } };
};

export const fileCalls: Readonly<Record<string, CallReader>> = {
  open: opening(undefined, 1),
  openat: opening(0, 2),
  openat2: opening(0, undefined),
  creat: opening(undefined, undefined),
  open_by_handle_at: onFile('file.open'),
  truncate: onFile('file.update'),
  truncate64: onFile('file.update'),
  ftruncate: onFile('file.update'),
  ftruncate64: onFile('file.update'),
  rename: renaming,
  renameat: renaming,
  renameat2: renaming,
  link: linking(),
  linkat: linking(0),
  symlink: linking(),
  symlinkat: linking(1),
  unlink: deleting(),
  unlinkat: deleting(0),
  rmdir: deleting(),
  mkdir: making(),
  mkdirat: making(0),
  mknod: making(),
  mknodat: making(0),
  chmod: onFile('file.permission', undefined, newMode(1)),
  fchmod: onFile('file.permission', undefined, newMode(1)),
  fchmodat: onFile('file.permission', 0, newMode(2)),
  fchmodat2: onFile('file.permission', 0, newMode(2)),
  chown: onFile('file.permission', undefined, newOwner(1)),
  lchown: onFile('file.permission', undefined, newOwner(1)),
  fchown: onFile('file.permission', undefined, newOwner(1)),
  chown32: onFile('file.permission', undefined, newOwner(1)),
  lchown32: onFile('file.permission', undefined, newOwner(1)),
  fchown32: onFile('file.permission', undefined, newOwner(1)),
  fchownat: onFile('file.permission', 0, newOwner(2)),
  setxattr: onFile('file.permission'),
  lsetxattr: onFile('file.permission'),
  fsetxattr: onFile('file.permission'),
  setxattrat: onFile('file.permission', 0),
  removexattr: onFile('file.permission'),
  lremovexattr: onFile('file.permission'),
  fremovexattr: onFile('file.permission'),
  removexattrat: onFile('file.permission', 0),
  utime: onFile('file.permission'),
  utimes: onFile('file.permission'),
  futimesat: onFile('file.permission', 0),
  utimensat: onFile('file.permission', 0),
  mount: mounting,
  umount: mounting,
  umount2: mounting,
  move_mount: mounting,
  mount_setattr: mounting,
  fsmount: mounting,
  open_tree: mounting,
  pivot_root: mounting,
  ioctl: controlling,
};

/** Any other call: the file it was given, if any. */
export const otherCall: CallReader = (call) => ({
  action: 'syscall.call',
  file: call.joined.has('PATH') ? subject(paths(call)) : undefined,
});
