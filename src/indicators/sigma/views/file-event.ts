/** Files that came to be. {@link https://sigmahq.io/sigma-specification/specification/sigma-appendix-taxonomy.html | Sigma taxonomy, file_event} */
import type { Event } from '../../../model/event.js';
import { userName, type ViewKind } from './event-view.js';

const CREATIONS: ReadonlySet<Event['action']> = new Set<Event['action']>(['file.create', 'file.rename']);

export const fileEvent: ViewKind = {
  logsources: [{ category: 'file_event', product: 'linux' }],
  applies: ({ action, file }) => CREATIONS.has(action) && file !== undefined,
  records: ({ action, file, process, actor }) => [
    {
      TargetFilename: action === 'file.rename' ? (file?.targetPath ?? file?.path) : file?.path,
      SourceFilename: action === 'file.rename' ? file?.path : undefined,
      Image: process?.exe,
      CommandLine: process?.commandLine,
      ProcessId: process?.pid,
      User: userName(actor),
      Hashes: file?.sha256 === undefined ? undefined : `SHA256=${file.sha256}`,
    },
  ],
};
