/** Syslog lines: header to fields. First form; dialects follow. */
export interface SyslogTag {
  readonly program?: string;
  readonly pid?: number;
  readonly message: string;
}

/** `prog[pid]: text`, `prog: text`, `prog(pam_unix)[pid]: text`; the text alone when there is no tag. */
export function parseTag(text: string, from = 0): SyslogTag {
  let end = from;
  while (end < text.length && end - from < 128) {
    const code = text.charCodeAt(end);
    if (code <= 32 || code === 58 || code === 91) break;
    end++;
  }
  const name = text.slice(from, end);
  let after = end;
  let pid: number | undefined;
  if (text.charCodeAt(end) === 91) {
    const close = text.indexOf(']', end);
    const digits = text.slice(end + 1, close);
    if (close > 0 && /^\d{1,10}$/.test(digits)) {
      pid = Number(digits);
      after = close + 1;
    }
  }
  if (name === '' || text.charCodeAt(after) !== 58) return { message: text.slice(from) };
  const start = text.charCodeAt(after + 1) === 32 ? after + 2 : after + 1;
  return { program: name, pid, message: text.slice(start) };
}
