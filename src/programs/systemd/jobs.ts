/** What became of a unit's jobs: `Started …`, `Stopping …`, `Failed to start …`. */
import type { Action } from '../../model/action.js';
import type { LogLine, Reading } from '../program.js';
import { present } from '../rules.js';

type Outcome = Reading['outcome'];

interface Job {
  readonly state: string;
  readonly action: Action;
  readonly outcome?: Outcome;
}

/** By the words a message begins with; a begun job has no outcome yet. */
const jobs: readonly (readonly [string, Job])[] = [
  ['Starting ', { state: 'starting', action: 'service.start' }],
  ['Started ', { state: 'started', action: 'service.start', outcome: 'success' }],
  ['Finished ', { state: 'finished', action: 'service.start', outcome: 'success' }],
  ['Stopping ', { state: 'stopping', action: 'service.stop' }],
  ['Stopped target ', { state: 'stopped', action: 'log.message' }],
  ['Stopped ', { state: 'stopped', action: 'service.stop', outcome: 'success' }],
  ['Reloading ', { state: 'reloading', action: 'service.reload' }],
  ['Reloaded ', { state: 'reloaded', action: 'service.reload', outcome: 'success' }],
  ['Reload failed for ', { state: 'reload-failed', action: 'service.reload', outcome: 'failure' }],
  ['Failed to start ', { state: 'failed', action: 'service.fail', outcome: 'failure' }],
  ['Failed to listen on ', { state: 'failed', action: 'service.fail', outcome: 'failure' }],
  ['Failed to mount ', { state: 'failed', action: 'file.mount', outcome: 'failure' }],
  ['Failed unmounting ', { state: 'failed', action: 'file.mount', outcome: 'failure' }],
  ['Timed out starting ', { state: 'timed-out', action: 'service.fail', outcome: 'failure' }],
  ['Timed out stopping ', { state: 'timed-out', action: 'service.fail', outcome: 'failure' }],
  ['Stopped (with error) ', { state: 'failed', action: 'service.fail', outcome: 'failure' }],
  ['Dependency failed for ', { state: 'dependency-failed', action: 'service.fail', outcome: 'failure' }],
  ['Listening on ', { state: 'listening', action: 'service.start', outcome: 'success' }],
  ['Closed ', { state: 'closed', action: 'service.stop', outcome: 'success' }],
  ['Mounting ', { state: 'mounting', action: 'file.mount' }],
  ['Mounted ', { state: 'mounted', action: 'file.mount', outcome: 'success' }],
  ['Unmounting ', { state: 'unmounting', action: 'file.mount' }],
  ['Unmounted ', { state: 'unmounted', action: 'file.mount', outcome: 'success' }],
  ['Reached target ', { state: 'reached', action: 'log.message' }],
  ['Created slice ', { state: 'created', action: 'log.message' }],
  ['Removed slice ', { state: 'removed', action: 'log.message' }],
];
const byFirst = new Map<number, (readonly [string, Job])[]>();
for (const job of jobs) {
  const code = job[0].charCodeAt(0);
  byFirst.set(code, [...(byFirst.get(code) ?? []), job]);
}

// cron.service - Regular background program daemon
const NAMED =
  /^(?<unit>[^ ]{1,256}\.(?:service|scope|target|slice|mount|automount|socket|timer|path|device|swap))(?: - (?<description>[^]*))?$/;
// Session 3 of User deploy
const SESSION = /^Session (?<session>[A-Za-z0-9]+) of [Uu]ser (?<user>[^]+)$/;

export function readJob(line: LogLine): Reading | undefined {
  const { message } = line;
  const [words, job] = byFirst.get(message.charCodeAt(0))?.find(([start]) => message.startsWith(start)) ?? [];
  if (words === undefined || job === undefined) return undefined;
  const subject = message.slice(words.length).replace(/\.{1,3}$/, '');
  // Without a full stop it is another sentence: `Started by upstream project`.
  if (subject.length === message.length - words.length || subject === '') return undefined;
  const named = NAMED.exec(subject)?.groups;
  const description = named === undefined ? subject : named.description;
  const unit = named?.unit;
  const session = sessionOf(job, description ?? '', unit);
  if (session !== undefined) return session;
  return { action: actionOf(job, unit), outcome: job.outcome, details: present({ unit, description, state: job.state }) };
}

/** A session's scope: the login itself is told of by logind and PAM; this binds its id to the user. */
function sessionOf(job: Job, description: string, unit: string | undefined): Reading | undefined {
  const groups = SESSION.exec(description)?.groups;
  const { user, session } = groups ?? {};
  if (user === undefined || (unit !== undefined && unit !== `session-${session ?? ''}.scope`)) return undefined;
  const starts = job.action === 'service.start';
  if (!starts && job.action !== 'service.stop') return undefined;
  return {
    action: starts ? 'session.start' : 'session.end',
    outcome: starts ? job.outcome : undefined,
    actor: { user },
    target: { user },
    session,
    details: present({ unit, state: job.state }),
  };
}

/** Targets and slices only group other units. */
function actionOf(job: Job, unit: string | undefined): Action {
  return unit !== undefined && /\.(?:target|slice)$/.test(unit) && job.outcome !== 'failure' ? 'log.message' : job.action;
}
