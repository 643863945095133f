/**
 * Requests in access logs, by the names of the W3C extended log format.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-appendix-taxonomy.html | Sigma taxonomy, webserver and proxy}
 */
import type { Event } from '../../../model/event.js';
import type { ViewKind } from './event-view.js';

/** What parsers of access logs call them. */
const URL_KEYS = ['url', 'uri', 'path', 'requestURI'] as const;
const STATUS_KEYS = ['status', 'code', 'statusCode'] as const;

function firstOf(details: Event['details'], keys: readonly string[]): unknown {
  return keys.map((key) => details?.[key]).find((value) => value !== undefined);
}

export const webServer: ViewKind = {
  logsources: [{ category: 'webserver' }, { category: 'proxy' }],
  applies: ({ details }) =>
    typeof details?.['method'] === 'string' && details['auditID'] === undefined && typeof firstOf(details, URL_KEYS) === 'string',
  records({ details, client, server, actor }) {
    const url = firstOf(details, URL_KEYS) as string;
    const mark = url.indexOf('?');
    const stem = mark < 0 ? url : url.slice(0, mark);
    const agent = client?.userAgent ?? details?.['userAgent'];
    return [
      {
        'cs-method': details?.['method'],
        'cs-uri': url,
        'c-uri': url,
        'cs-uri-stem': stem,
        // Rules seek paths here, too: the whole of what was asked for stands beside the query, or beside its absence.
        'cs-uri-query': [mark < 0 ? null : url.slice(mark + 1), url],
        'c-uri-query': mark < 0 ? undefined : url.slice(mark + 1),
        'c-uri-extension': /\.(?<extension>\w{1,10})$/.exec(stem)?.groups?.['extension'],
        'sc-status': firstOf(details, STATUS_KEYS),
        'sc-bytes': details?.['bytes'],
        'c-ip': client?.ip,
        src_ip: client?.ip,
        'cs-host': details?.['host'] ?? server?.host,
        'r-dns': server?.host ?? details?.['host'],
        dst_ip: server?.ip,
        'cs-username': actor?.user,
        'cs-user-agent': agent,
        'c-useragent': agent,
        'cs-referer': details?.['referer'] ?? details?.['referrer'],
        'cs-version': details?.['protocol'],
      },
    ];
  },
};
