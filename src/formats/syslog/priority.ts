/** Syslog priorities: `<34>` is facility 4 (auth) and severity 2 (critical). {@link https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1} */

/** Numerical codes 0–23; names as in syslog(3), and in RFC 5424 where syslog(3) has none. */
const FACILITIES = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'],
  ...['ntp', 'logaudit', 'logalert', 'clock', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
];
const SEVERITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

export interface Priority {
  readonly facility?: string;
  readonly severity?: string;
}

/** @param value 0–191; beyond, the facility has no name and is left out. */
export function priorityOf(value: number): Priority {
  const facility = FACILITIES[value >> 3];
  const severity = SEVERITIES[value & 7];
  return facility === undefined ? { severity } : { facility, severity };
}

/** `auth.info`, as FreeBSD's and Solaris' syslogd write it; other words are no priority. */
export function parsePriorityName(text: string): Priority | undefined {
  const dot = text.indexOf('.');
  const facility = text.slice(0, dot);
  const severity = text.slice(dot + 1);
  return FACILITIES.includes(facility) && SEVERITIES.includes(severity) ? { facility, severity } : undefined;
}

/** Where {@link parsePriority} stopped reading. Valid until its next call. */
export let priorityEnd = 0;

/** `<0>` to `<999>` at the start of the text. */
export function parsePriority(text: string): number | undefined {
  if (text.charCodeAt(0) !== 60) return undefined;
  let value = 0;
  let at = 1;
  for (; at <= 4; at++) {
    const code = text.charCodeAt(at);
    if (code === 62) break;
    if (!(code >= 48 && code <= 57) || at === 4) return undefined;
    value = value * 10 + code - 48;
  }
  if (at === 1) return undefined;
  priorityEnd = at + 1;
  return value;
}
