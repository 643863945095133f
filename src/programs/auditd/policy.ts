/** What security modules and seccomp decided: AVC, APPARMOR_*, SELINUX_ERR, SECCOMP, USER_AVC, and the kernel's own copies of them. */
import { architectureName, syscallName } from '../../formats/audit/syscalls.js';
import type { Fields } from '../../formats/audit/fields.js';
import type { Process } from '../../model/event.js';
import type { Meaning } from './call.js';
import { actorOf, idOf, numberOf } from './identity.js';
import { signalName } from './process-calls.js';
import type { Actor } from '../../model/event.js';

/** With the process and user that the decision itself names. */
export interface Decision extends Meaning {
  readonly process?: Process;
  readonly actor?: Actor;
}

/** comm, exe and pid of a record. */
export function processOf(fields: Fields): Process | undefined {
  const process = { name: fields.text('comm'), pid: numberOf(fields.get('pid')), exe: fields.text('exe') };
  return process.name === undefined && process.pid === undefined && process.exe === undefined ? undefined : process;
}

/** @param body The record's text, or a program's `msg='avc: …'`. */
export function readDecision(fields: Fields, body: string): Decision | undefined {
  if (fields.get('apparmor') !== undefined) return apparmor(fields);
  const avc = AVC.exec(body)?.groups;
  return avc === undefined ? undefined : selinux(fields, avc['result'] === 'denied', avc['permissions'] as string);
}

// apparmor="DENIED" operation="open" class="file" profile="cri-containerd.apparmor.d" name="/proc/kcore" pid=4242 comm="cat" requested_mask="r" denied_mask="r" fsuid=0 ouid=0
function apparmor(fields: Fields): Decision {
  const state = fields.text('apparmor');
  const denied = state === 'DENIED';
  const path = state === 'DENIED' || state === 'ALLOWED' || state === 'AUDIT' ? fields.text('name') : undefined;
  const user = idOf(fields, 'fsuid', 'FSUID');
  return {
    action: denied ? 'access.deny' : state === 'STATUS' ? 'security.change' : 'kernel.message',
    outcome: denied ? 'failure' : undefined,
    actor: user.id === undefined && user.name === undefined ? actorOf(fields) : { user: user.name, uid: user.id },
    process: processOf(fields),
    file: path?.startsWith('/') === true ? { path } : undefined,
    details: {
      policy: 'apparmor',
      state,
      operation: fields.text('operation'),
      profile: fields.text('profile'),
      class: fields.text('class'),
      requestedMask: fields.text('requested_mask'),
      deniedMask: fields.text('denied_mask'),
      capability: fields.text('capname'),
      info: fields.text('info'),
      name: path === undefined || !path.startsWith('/') ? fields.text('name') : undefined,
    },
  };
}

// avc:  denied  { read write } for  pid=4242 comm="cat" …      avc: denied { start } for auid=n/a uid=0 …
const AVC = /^avc: {1,2}(?<result>denied|granted) {1,2}\{ (?<permissions>[\w ]{1,400}) \} for {1,2}/;

function selinux(fields: Fields, denied: boolean, permissions: string): Decision {
  const path = fields.text('path');
  const permissive = fields.get('permissive') === '1';
  return {
    action: denied ? 'access.deny' : 'kernel.message',
    // A permissive domain is only warned: the access went through.
    outcome: !denied || permissive ? 'success' : 'failure',
    process: processOf(fields),
    file: path?.startsWith('/') === true ? { path } : undefined,
    details: {
      policy: 'selinux',
      permissions: permissions.split(' '),
      scontext: fields.get('scontext'),
      tcontext: fields.get('tcontext'),
      tclass: fields.get('tclass'),
      permissive: fields.get('permissive'),
      name: fields.text('name'),
      dev: fields.text('dev'),
      ino: fields.get('ino'),
    },
  };
}

/** Filters that only log let the call through. {@link https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/seccomp.h | SECCOMP_RET_LOG} */
const LOGGED = /^(?:0x7ffc[0-9a-f]{4}|log)$/;

// auid=1000 uid=0 gid=0 ses=3 subj=… pid=4242 comm="unshare" exe="/usr/bin/unshare" sig=31 arch=c000003e syscall=272 compat=0 ip=0x7f… code=0x80000000
export function readSeccomp(fields: Fields): Decision {
  const arch = fields.get('arch') ?? '';
  const syscall = fields.get('syscall');
  const number = numberOf(syscall);
  const signal = fields.get('sig');
  return {
    action: 'access.deny',
    outcome: LOGGED.test(fields.get('code') ?? '') ? undefined : 'failure',
    actor: actorOf(fields),
    process: processOf(fields),
    details: {
      policy: 'seccomp',
      syscall: number === undefined ? syscall : (syscallName(arch, number) ?? syscall),
      arch: architectureName(arch),
      code: fields.get('code'),
      signal: signalName(numberOf(signal)) ?? (signal === '0' ? undefined : signal),
    },
  };
}
