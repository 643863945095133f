/** Commands that a clock daemon started or saw end. */
import type { Action } from '../../model/action.js';
import type { LogLine, Reading } from '../program.js';
import { present, type Groups } from '../rules.js';

export interface CronCommand {
  readonly user: string;
  readonly event: string;
  readonly detail: string;
}

/**
 * `(root) CMD (/usr/bin/id)`, `(root) CMD ([4711] /usr/bin/id)`. The user is whom the command runs as; who wrote it into
 * the crontab is another event's. The pid of the message is the one that becomes the command's shell.
 */
export function commandReading(action: Action, user: string, detail: string, line: LogLine): Reading {
  const numbered = /^\[(?<pid>\d{1,9})\] (?<command>[^]*)$/.exec(detail)?.groups;
  // Debian's cron writes a leading blank for commands that follow tabs; `|` parts are one shell command.
  const command = (numbered?.command ?? detail).trim();
  return {
    action,
    outcome: action === 'cron.run' ? 'success' : undefined,
    actor: { user },
    target: { user },
    process: {
      pid: numbered === undefined ? line.pid : Number(numbered.pid),
      commandLine: command,
      parent: { name: line.program },
    },
  };
}

export function runByAnacron(action: Action): (groups: Groups, line: LogLine) => Reading {
  return ({ job, code, signal, rest }, line) => ({
    action,
    // anacron names the status only when it is not zero.
    outcome: action === 'cron.run' ? 'success' : code === undefined && signal === undefined ? undefined : 'failure',
    process: {
      exitCode: code === undefined ? undefined : Number(code),
      signal,
      parent: { name: line.program, pid: line.pid },
    },
    details: present({ job, remark: rest === '' ? undefined : rest?.trim() }),
  });
}
