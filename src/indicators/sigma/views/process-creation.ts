/**
 * Processes, from whoever saw them start: the kernel, a runtime, sudo, cron, or a shell's history.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-appendix-taxonomy.html | Sigma taxonomy, process_creation}
 */
import type { Event } from '../../../model/event.js';
import { userName, type ViewKind } from './event-view.js';

const STARTS: ReadonlySet<Event['action']> = new Set<Event['action']>([
  'process.start',
  'container.exec',
  'pod.exec',
  'sudo.run',
  'polkit.run',
  'cron.run',
  'terminal.input',
]);

export const processCreation: ViewKind = {
  logsources: [{ category: 'process_creation', product: 'linux' }],
  applies: ({ action, process }) => STARTS.has(action) && (process?.exe !== undefined || process?.commandLine !== undefined),
  records: ({ process = {}, actor, target, session, file, container, pod }) => {
    const { parent } = process;
    return [
      {
        Image: process.exe ?? absolute(process.args?.[0]),
        CommandLine: process.commandLine ?? process.args?.join(' '),
        CurrentDirectory: process.cwd,
        // sudo and cron: as whom it runs.
        User: userName(target) ?? userName(actor),
        LogonId: session,
        ProcessId: process.pid,
        ParentImage: parent?.exe ?? absolute(parent?.name),
        ParentCommandLine: parent?.commandLine,
        ParentProcessId: parent?.pid ?? process.ppid,
        Hashes: file?.sha256 === undefined ? undefined : `SHA256=${file.sha256}`,
        sha256: file?.sha256,
        container: container?.name ?? container?.id,
        pod: pod?.name,
      },
    ];
  },
};

/** A bare name is no path: rules ask for `/name` at the end. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') === true ? path : undefined;
}
