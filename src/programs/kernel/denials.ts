/**
 * Audit records that the kernel prints itself, when no audit daemon takes them: `audit: type=1400 audit(1714558272.123:456): apparmor="DENIED" …`
 * Denials and losses only; records in the daemon's own form are not touched.
 */
import { parseHex } from '../../formats/bytes.js';
import { parseLogfmt } from '../../formats/logfmt.js';
import { parseEpoch } from '../../formats/time.js';
import type { Reading } from '../program.js';

// audit: type=1400 audit(1714558272.123:456): apparmor="DENIED" operation="open" …      before 3.x without "audit: "
const RECORD = /^(?:audit: )?type=(?<type>\d{4}) audit\((?<time>\d{1,12}\.\d{3}):(?<serial>\d{1,12})\): (?<body>[^]{0,8192})$/;
// audit: audit_lost=12 audit_rate_limit=0 audit_backlog_limit=64
const LOST = /^audit: audit_lost=(?<lost>\d{1,10}) audit_rate_limit=(?<rate>\d{1,10}) audit_backlog_limit=(?<backlog>\d{1,10})$/;
// audit: backlog limit exceeded      audit: rate limit exceeded      audit: kauditd hold queue overflow      audit: audit_backlog=65 > audit_backlog_limit=64
const OVERFLOW =
  /^audit: (?<what>backlog limit exceeded|rate limit exceeded|kauditd (?:hold|retry|main) queue overflow|printk limit exceeded|audit_backlog=\d{1,10} > audit_backlog_limit=\d{1,10})$/;

const SECCOMP = '1326';
const AVC = '1400';

export function readAudit(text: string): Reading | undefined {
  if (!text.startsWith('audit: ') && !text.startsWith('type=1')) return undefined;
  const lost = LOST.exec(text)?.groups;
  if (lost !== undefined)
    return { action: 'log.loss', details: { what: 'audit', lost: Number(lost['lost']), backlogLimit: Number(lost['backlog']) } };
  const overflow = OVERFLOW.exec(text)?.groups;
  if (overflow !== undefined) return { action: 'log.loss', details: { what: 'audit', reason: overflow['what'] } };
  const record = RECORD.exec(text)?.groups;
  if (record === undefined) return undefined;
  const body = record['body'] as string;
  const details: Record<string, unknown> = {
    auditType: Number(record['type']),
    auditSerial: Number(record['serial']),
    recordedTime: parseEpoch(record['time'] as string),
  };
  if (record['type'] === SECCOMP) return seccomp(body, details);
  if (record['type'] !== AVC) return { action: 'kernel.message', details };
  return body.startsWith('apparmor=') ? apparmor(body, details) : selinux(body, details);
}

type Fields = ReadonlyMap<string, string>;
const NONE: Fields = new Map();

/** Audit writes names in hex when they hold blanks or quotes. Quoted ones were unquoted before. */
function name(fields: Fields, body: string, key: string): string | undefined {
  const value = fields.get(key);
  if (value === undefined || body.includes(` ${key}="`)) return value;
  const bytes = /^(?:[0-9A-F]{2})+$/.test(value) ? parseHex(value) : undefined;
  return bytes === undefined ? value : new TextDecoder().decode(bytes);
}

function processOf(fields: Fields, body: string): Reading['process'] {
  const pid = Number(fields.get('pid'));
  const comm = name(fields, body, 'comm');
  const exe = name(fields, body, 'exe');
  if (comm === undefined && exe === undefined && !Number.isSafeInteger(pid)) return undefined;
  return {
    ...(comm === undefined ? {} : { name: comm }),
    ...(Number.isSafeInteger(pid) ? { pid } : {}),
    ...(exe === undefined ? {} : { exe }),
  };
}

function actorOf(fields: Fields, uidKey: string): Reading['actor'] {
  const uid = fields.get(uidKey);
  const auid = fields.get('auid');
  const actor = { ...(uid === undefined ? {} : { uid }), ...(auid === undefined || auid === '4294967295' ? {} : { loginUid: auid }) };
  return Object.keys(actor).length === 0 ? undefined : actor;
}

// apparmor="DENIED" operation="open" class="file" profile="cri-containerd.apparmor.d" name="/proc/kcore" pid=4242 comm="cat" requested_mask="r" denied_mask="r" fsuid=0 ouid=0
function apparmor(body: string, details: Record<string, unknown>): Reading {
  const fields = parseLogfmt(body) ?? NONE;
  const state = fields.get('apparmor');
  for (const key of ['operation', 'profile', 'class', 'requested_mask', 'denied_mask', 'capname', 'info']) {
    const value = fields.get(key);
    if (value !== undefined) details[CAMEL[key] ?? key] = value;
  }
  details['policy'] = 'apparmor';
  details['state'] = state;
  const denied = state === 'DENIED';
  const path = denied || state === 'ALLOWED' || state === 'AUDIT' ? name(fields, body, 'name') : undefined;
  return {
    action: denied ? 'access.deny' : 'kernel.message',
    ...(denied ? { outcome: 'failure' } : {}),
    process: processOf(fields, body),
    actor: actorOf(fields, 'fsuid'),
    file: path?.startsWith('/') === true ? { path } : undefined,
    details,
  };
}

const CAMEL: Readonly<Record<string, string>> = { requested_mask: 'requestedMask', denied_mask: 'deniedMask', capname: 'capability' };

// avc:  denied  { read } for  pid=4242 comm="cat" name="shadow" dev="sda1" ino=131 scontext=… tcontext=… tclass=file permissive=0
const SELINUX = /^avc:  (?<result>denied|granted)  \{ (?<permissions>[\w ]{1,200}) \} for  (?<rest>[^]{0,8000})$/;

function selinux(body: string, details: Record<string, unknown>): Reading {
  const groups = SELINUX.exec(body)?.groups;
  if (groups === undefined) return { action: 'kernel.message', details };
  const rest = groups['rest'] as string;
  const fields = parseLogfmt(rest) ?? NONE;
  for (const key of ['scontext', 'tcontext', 'tclass', 'permissive', 'name', 'dev', 'ino']) {
    const value = fields.get(key);
    if (value !== undefined) details[key] = value;
  }
  details['policy'] = 'selinux';
  details['permissions'] = (groups['permissions'] as string).split(' ');
  const path = name(fields, ` ${rest}`, 'path');
  const denied = groups['result'] === 'denied';
  // A permissive domain is only warned: the access went through.
  const outcome = !denied || fields.get('permissive') === '1' ? 'success' : 'failure';
  return {
    action: denied ? 'access.deny' : 'kernel.message',
    outcome,
    process: processOf(fields, ` ${rest}`),
    file: path?.startsWith('/') === true ? { path } : undefined,
    details,
  };
}

// auid=1000 uid=0 gid=0 ses=3 subj=… pid=4242 comm="unshare" exe="/usr/bin/unshare" sig=31 arch=c000003e syscall=272 compat=0 ip=0x7f… code=0x80000000
function seccomp(body: string, details: Record<string, unknown>): Reading {
  const fields = parseLogfmt(body) ?? NONE;
  for (const key of ['syscall', 'arch', 'code', 'sig']) if (fields.has(key)) details[key] = fields.get(key);
  details['policy'] = 'seccomp';
  // code is what the filter returned: 0x7ffc0000 only logs and lets the call through.
  const logged = /^0x7ffc[0-9a-f]{4}$/.test(fields.get('code') ?? '');
  return {
    action: 'access.deny',
    ...(logged ? {} : { outcome: 'failure' }),
    process: processOf(fields, body),
    actor: actorOf(fields, 'uid'),
    details,
  };
}
