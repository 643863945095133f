/** What a request's URI asks for beside its object: commands, containers, dry runs. */

export interface Query {
  /** `command` of exec, `cmd` of the kubelet's run: one for each argument. */
  readonly commands: readonly string[];
  readonly container?: string;
  /** `All` is the only value that the API server accepts. */
  readonly dryRun: boolean;
  readonly fieldManager?: string;
  /** Only server-side apply has it: conflicts are taken over. */
  readonly force?: boolean;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly ports: readonly string[];
}

/** Arguments of one command, and ports, that are taken over. */
const MOST = 1024;

/** @returns undefined for a URI without query. */
export function parseQuery(uri: string): Query | undefined {
  const mark = uri.indexOf('?');
  if (mark < 0) return undefined;
  const commands: string[] = [];
  const ports: string[] = [];
  const found: Record<string, string> = { container: '', dryRun: '', fieldManager: '', force: '', stdin: '', tty: '' };
  let from = mark + 1;
  while (from < uri.length) {
    const next = uri.indexOf('&', from);
    const end = next < 0 ? uri.length : next;
    const sign = uri.indexOf('=', from);
    if (sign > 0 && sign < end) {
      // Keys are decoded too: `comm%61nd` is `command` to the API server.
      const key = decode(uri.slice(from, sign));
      if (key === 'command' || key === 'cmd') {
        if (commands.length < MOST) commands.push(decode(uri.slice(sign + 1, end)));
      } else if (key === 'ports') {
        if (ports.length < MOST) ports.push(decode(uri.slice(sign + 1, end)));
      } else if (Object.hasOwn(found, key) && found[key] === '') found[key] = decode(uri.slice(sign + 1, end));
    }
    from = end + 1;
  }
  const { container, dryRun, fieldManager, force, stdin, tty } = found;
  return {
    commands,
    ports,
    container: container || undefined,
    dryRun: dryRun === 'All',
    fieldManager: fieldManager || undefined,
    force: force === '' ? undefined : isTrue(force),
    stdin: isTrue(stdin),
    tty: isTrue(tty),
  };
}

/** As Go's conversion of query parameters reads flags. */
function isTrue(value: string | undefined): boolean {
  return value === 'true' || value === '1';
}

/** A broken escape stays as it is written. */
function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  return new URLSearchParams(`x=${text}`).get('x') ?? text;
}
