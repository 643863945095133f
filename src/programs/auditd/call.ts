/** A system call as its SYSCALL record tells it, and what a kind of call means. */
import { architectureName, syscallName } from '../../formats/audit/syscalls.js';
import { errnoName } from '../../formats/audit/errno.js';
import type { Fields } from '../../formats/audit/fields.js';
import type { Action } from '../../model/action.js';
import type { Client, Endpoint, FileRef, Identity, Process } from '../../model/event.js';
import { numberOf } from './identity.js';
import type { Joined } from './joined.js';

export interface Call {
  /** `openat`; `syscall 999` when the number has no name. */
  readonly name: string;
  readonly arch: string;
  readonly fields: Fields;
  readonly joined: Joined;
  readonly success: boolean | undefined;
  /** `EACCES`, or what the call returned. */
  readonly exit: string | number | undefined;
  readonly cwd: string | undefined;
}

/** What a call did, as far as its event tells. */
export interface Meaning {
  readonly action: Action;
  readonly outcome?: 'success' | 'failure';
  readonly target?: Identity;
  readonly client?: Client;
  readonly server?: Endpoint;
  readonly file?: FileRef;
  readonly process?: Partial<Process>;
  readonly details?: Record<string, unknown>;
  /** Something that is not as it should be. */
  readonly fault?: string;
}

/** What one kind of call means. */
export type CallReader = (call: Call) => Meaning;

export function archOf(fields: Fields): string {
  const written = fields.get('arch') ?? '';
  return fields.interpreted ? written : architectureName(written);
}

/** The last call that was named: a log is full of the same few. */
let last = { arch: '', number: '', name: '' };

export function nameOfCall(fields: Fields): string {
  const written = fields.get('syscall') ?? fields.get('uring_op') ?? '';
  if (fields.interpreted) return written;
  const arch = fields.get('arch') ?? '';
  if (written === last.number && arch === last.arch) return last.name;
  const number = numberOf(written);
  const name = number === undefined ? written : (syscallName(arch, number) ?? `syscall ${written}`);
  if (written.length < 13 && arch.length < 13) last = { arch, number: written, name };
  return name;
}

// exit=-13      exit=3      exit=EACCES(Permission denied)
export function exitOf(fields: Fields): string | number | undefined {
  const written = fields.get('exit');
  if (written === undefined || written === '0') return written === undefined ? undefined : 0;
  const number = Number(written);
  if (Number.isSafeInteger(number)) return number < 0 && number > -4096 ? (errnoName(-number) ?? number) : number;
  const name = /^(?<name>E[A-Z0-9_]{1,20})\(/.exec(written)?.groups?.['name'];
  return name ?? written;
}

/** `a0` … `a3` as a number: hex in raw records, hex or names from ausearch (then undefined). */
export function argument(call: Call, index: number): number | undefined {
  const written = call.fields.get(`a${index}`);
  if (written === undefined) return undefined;
  const hex = call.fields.interpreted ? (/^0x(?<hex>[0-9a-f]{1,16})$/.exec(written)?.groups?.['hex'] ?? '') : written;
  return /^[0-9a-f]{1,16}$/.test(hex) ? Number.parseInt(hex, 16) : undefined;
}

/** Low 32 bits as a C int: `ffffff9c` is -100. */
export function intArgument(call: Call, index: number): number | undefined {
  const written = call.fields.get(`a${index}`);
  if (written === undefined || call.fields.interpreted || !/^[0-9a-f]{1,16}$/.test(written)) return argument(call, index);
  return Number.parseInt(written.slice(-8), 16) | 0;
}

/** Names of the bits that are set; ausearch has named them already: `O_WRONLY|O_CREAT`. */
export function flagNames(call: Call, index: number, names: readonly (readonly [bit: number, name: string])[]): string[] {
  const value = argument(call, index);
  if (value === undefined) {
    const written = call.fields.get(`a${index}`);
    return written === undefined ? [] : written.split('|').filter((word) => /^[A-Z][A-Z0-9_]+$/.test(word));
  }
  // Numbers beyond 32 bits lose their upper half to bit operations; the flags are in the lower one.
  const low = value % 2 ** 32;
  return names.filter(([bit]) => (low & bit) !== 0).map(([, name]) => name);
}

/** An id that a call was given, `ffffffff` being "leave it". */
export function idArgument(call: Call, index: number): string | undefined {
  const value = intArgument(call, index);
  if (value !== undefined) return value < 0 ? undefined : String(value);
  const written = call.fields.get(`a${index}`);
  return written === undefined || written === 'unset' ? undefined : written;
}
