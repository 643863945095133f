/** Who did it: user ids as the kernel has them, and names where auditd or ausearch wrote some. */
import type { Fields } from '../../formats/audit/fields.js';
import type { Actor, Identity } from '../../model/event.js';
import { ttyOf } from '../rules.js';

export interface Id {
  readonly id?: string;
  readonly name?: string;
}

const UNSET: ReadonlySet<string> = new Set(['4294967295', '-1', 'unset', '?']);
const NO_ID: Id = {};

/** A user or group: `uid=0`, with `UID="root"` where auditd added it, `uid=root` from ausearch. */
export function idOf(fields: Fields, key: string, upper: string): Id {
  const written = fields.get(key);
  if (written === undefined || UNSET.has(written)) return NO_ID;
  if (fields.interpreted) {
    const unknown = /^(?:unknown\()?(?<id>\d{1,10})\)?$/.exec(written)?.groups?.['id'];
    return unknown === undefined ? { name: written } : { id: unknown };
  }
  return { id: written, name: nameOf(fields.get(upper)) };
}

/** auditd writes `unknown(1000)` where the machine had no such user any more. */
export function nameOf(written: string | undefined): string | undefined {
  if (written === undefined || written === '' || written === 'unset' || written === '?' || written.startsWith('unknown(')) return undefined;
  return written;
}

/** From `uid`, `gid`, `auid`, `euid`; undefined when the record has none of them. */
export function actorOf(fields: Fields): Actor | undefined {
  return fields.interpreted ? interpretedActor(fields) : rawActor(fields);
}

/** The same as below without the steps between: every event has an actor. */
function rawActor(fields: Fields): Actor | undefined {
  const uid = setId(fields.get('uid'));
  const gid = setId(fields.get('gid'));
  const loginUid = setId(fields.get('auid'));
  if (uid === undefined && gid === undefined && loginUid === undefined) return undefined;
  const effective = fields.get('euid');
  return {
    user: uid === undefined ? undefined : nameOf(fields.get('UID')),
    uid,
    gid,
    group: gid === undefined ? undefined : nameOf(fields.get('GID')),
    loginUid,
    loginUser: loginUid === undefined ? undefined : nameOf(fields.get('AUID')),
    effectiveUid: effective === uid ? undefined : effective,
  };
}

function setId(written: string | undefined): string | undefined {
  return written === undefined || written === '4294967295' || written === '-1' || written === '?' ? undefined : written;
}

function interpretedActor(fields: Fields): Actor | undefined {
  const uid = idOf(fields, 'uid', 'UID');
  const gid = idOf(fields, 'gid', 'GID');
  const login = idOf(fields, 'auid', 'AUID');
  const effective = fields.get('euid');
  const effectiveUid = effective === uid.id || !/^\d+$/.test(effective ?? '') ? undefined : effective;
  if (uid === NO_ID && gid === NO_ID && login === NO_ID) return undefined;
  return { user: uid.name, uid: uid.id, gid: gid.id, group: gid.name, loginUid: login.id, loginUser: login.name, effectiveUid };
}

export function identityOf({ id, name }: Id): Identity | undefined {
  return id === undefined && name === undefined ? undefined : { user: name, uid: id };
}

/** The audit session; absent when unset (-1), or when auditd itself has none (-2). */
export function sessionOf(written: string | undefined): string | undefined {
  return written === undefined || UNSET.has(written) || written === '4294967294' || written === '-2' ? undefined : written;
}

/** What stands for a terminal where a program has none. */
const NO_TERMINAL: ReadonlySet<string> = new Set(['(none)', 'unset', 'ssh', 'cron', 'ftp', 'su', 'sudo']);

export function terminalOf(written: string | undefined): string | undefined {
  return written === undefined || NO_TERMINAL.has(written) ? undefined : ttyOf(written);
}

export function numberOf(written: string | undefined): number | undefined {
  if (written === undefined || written.length === 0 || written.length > 10) return undefined;
  let value = 0;
  for (let i = 0; i < written.length; i++) {
    const digit = written.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = 10 * value + digit;
  }
  return value;
}

const OUTCOMES: ReadonlyMap<string, 'success' | 'failure'> = new Map([
  ['success', 'success'],
  ['yes', 'success'],
  ['1', 'success'],
  ['failed', 'failure'],
  ['fail', 'failure'],
  ['no', 'failure'],
  ['0', 'failure'],
]);

/** `success=yes`, `res=success`, `res=1`, `res=failed`; `res=?` is not known. */
export function outcomeOf(written: string | undefined): 'success' | 'failure' | undefined {
  return written === undefined ? undefined : OUTCOMES.get(written);
}
