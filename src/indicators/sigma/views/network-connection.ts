/** Connections. {@link https://sigmahq.io/sigma-specification/specification/sigma-appendix-taxonomy.html | Sigma taxonomy, network_connection} */
import type { Event } from '../../../model/event.js';
import { userName, type ViewKind } from './event-view.js';

const CONNECTIONS: ReadonlySet<Event['action']> = new Set<Event['action']>(['network.connect', 'network.accept', 'network.flow']);

export const networkConnection: ViewKind = {
  logsources: [{ category: 'network_connection', product: 'linux' }],
  applies: ({ action, client, server }) => CONNECTIONS.has(action) && (client !== undefined || server !== undefined),
  records: ({ action, client, server, process, actor, details }) => [
    {
      Image: process?.exe,
      CommandLine: process?.commandLine,
      ProcessId: process?.pid,
      User: userName(actor),
      Initiated: action === 'network.flow' ? undefined : String(action === 'network.connect'),
      Protocol: details?.['protocol'],
      SourceIp: client?.ip,
      SourcePort: client?.port,
      SourceHostname: client?.host,
      DestinationIp: server?.ip,
      DestinationPort: server?.port,
      DestinationHostname: server?.host,
    },
  ],
};
