/** The parts that readings of sshd's messages are made of. */
import type { Action } from '../../model/action.js';
import type { Actor, Client } from '../../model/event.js';
import { endpointOf } from '../address.js';
import type { Reading } from '../program.js';
import { present, type Groups, type Rule } from '../rules.js';

export type Outcome = Reading['outcome'];

/**
 * Whom and whence, right before what ends the message: users are named by the client and may hold anything, even
 * ` 10.0.0.1 port 22`, so the address is the last one: ` invalid user root 203.0.113.9 port 60997`.
 */
export const REMOTE = String.raw`(?:(?<status>authenticating |invalid |illegal )?user (?<user>[^]*) )?(?<ip>\S+) port (?<port>\d{1,5})`;

/** `for invalid user root from 203.0.113.9 port 60997 ssh2`, up to the end. */
export const FOR_FROM = String.raw`(?<status>invalid user |illegal user )?(?<user>[^]*) from (?<ip>\S+)(?: port (?<port>\d{1,5}))?(?: ssh2)?`;

/** Groups that go to fields of their own. */
const PLACES: ReadonlySet<string> = new Set(['user', 'status', 'ip', 'port', 'fingerprint']);
const COUNTS: ReadonlySet<string> = new Set(['count', 'code', 'seconds', 'exitStatus', 'sent', 'received', 'childPid']);

/** One literal with all fields, so that readings look alike to the machine: the connection's facts are set on it afterwards. */
export function sshReading(
  action: Action,
  outcome: Outcome,
  actor: Actor | undefined,
  client: Client | undefined,
  details: Record<string, unknown> | undefined,
): Reading {
  return {
    action,
    outcome,
    host: undefined,
    actor,
    target: undefined,
    client,
    server: undefined,
    process: undefined,
    file: undefined,
    session: undefined,
    details,
  };
}

/** An account as named in a message; an empty one is none. */
export function actorOf({ user, fingerprint }: Groups): Actor | undefined {
  return present({ user: user === '' ? undefined : user, credential: fingerprint === '(null)' ? undefined : fingerprint });
}

/** @param extra Details beside those that the pattern's other groups give. */
export function reading(action: Action, outcome: Outcome, groups: Groups, extra?: Record<string, unknown>): Reading {
  const details: Record<string, unknown> = {};
  if (groups.status !== undefined && !groups.status.startsWith('auth')) details.invalidUser = true;
  for (const name in groups) {
    const text = groups[name];
    if (text !== undefined && !PLACES.has(name)) details[name] = COUNTS.has(name) ? Number(text) : text;
  }
  for (const name in extra) if (extra[name] !== undefined) details[name] = extra[name];
  const known = Object.keys(details).length === 0 ? undefined : details;
  return sshReading(action, outcome, actorOf(groups), endpointOf(groups.ip, groups.port), known);
}

/** The usual rule's `read`: an action and all that the pattern's groups tell. */
export function says(action: Action, outcome?: Outcome, extra?: Record<string, unknown>): Rule['read'] {
  return (groups) => reading(action, outcome, groups, extra);
}
