/** Lists of changed paths that tools print: `docker diff`, the Docker API's changes, `podman diff --format json`. They name paths and nothing else. */
import { decodeUtf8 } from '../../formats/bytes.js';
import { listOf, member, membersOf, numberOf, parseJson, textOf } from './json.js';

export interface ListedChange {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
}

const LETTERS: Readonly<Record<string, ListedChange['change']>> = { A: 'added', C: 'modified', D: 'deleted' };
/** Kinds of the Docker API's answer, by number. */
const KINDS: readonly ListedChange['change'][] = ['modified', 'added', 'deleted'];

// C /etc   A /tmp/x   D /usr/bin/y
const LINE = /^(?<letter>[ACD]) (?<path>\/.*)$/;

/** @returns undefined when the text is no such list. */
export function parseChangeList(bytes: Uint8Array): ListedChange[] | undefined {
  const json = parseJson(bytes);
  if (json !== undefined) return Array.isArray(json) ? fromApi(json) : fromPodman(json);
  const changes: ListedChange[] = [];
  for (const line of decodeUtf8(bytes).split('\n')) {
    if (line === '' || line === '\r') continue;
    const parts = LINE.exec(line.endsWith('\r') ? line.slice(0, -1) : line)?.groups;
    const change = LETTERS[parts?.letter ?? ''];
    if (parts?.path === undefined || change === undefined) return undefined;
    changes.push({ path: parts.path, change });
  }
  return changes.length === 0 ? undefined : changes;
}

function fromApi(json: unknown): ListedChange[] | undefined {
  const changes: ListedChange[] = [];
  for (const item of listOf(json)) {
    const path = textOf(member(item, 'Path'));
    const change = KINDS[numberOf(member(item, 'Kind')) ?? -1];
    if (path === undefined || change === undefined) return undefined;
    changes.push({ path, change });
  }
  return changes.length === 0 ? undefined : changes;
}

const PODMAN: Readonly<Record<string, ListedChange['change']>> = { added: 'added', changed: 'modified', deleted: 'deleted' };

function fromPodman(json: unknown): ListedChange[] | undefined {
  const changes: ListedChange[] = [];
  for (const [key, paths] of membersOf(json)) {
    const change = Object.hasOwn(PODMAN, key) ? PODMAN[key] : undefined;
    if (change === undefined) return undefined;
    for (const path of listOf(paths)) if (typeof path === 'string') changes.push({ path, change });
  }
  return changes.length === 0 ? undefined : changes;
}
