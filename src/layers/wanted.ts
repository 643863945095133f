/** Files whose words matter, so that their content is kept while a layer is read. */
import { cleanPath } from './path.js';
import type { ByteString } from './byte-string.js';

const SMALL = 1 << 20;
const LARGE = 64 << 20;
/** A script or page. */
const PAGE = 256 << 10;

const NAMED: ReadonlyMap<ByteString, number> = new Map([
  ['var/lib/dpkg/status', LARGE],
  ['lib/apk/db/installed', LARGE],
  ['usr/lib/apk/db/installed', LARGE],
  ['stargz.index.json', LARGE],
  ['etc/passwd', SMALL],
  ['etc/shadow', SMALL],
  ['etc/group', SMALL],
  ['etc/sudoers', SMALL],
  ['etc/ld.so.preload', SMALL],
  ['etc/hostname', SMALL],
  ['etc/crontab', SMALL],
  ['etc/ssh/sshd_config', SMALL],
  ['root/.ssh/authorized_keys', SMALL],
]);

/** Longest names first would be slower: each pattern is anchored at a folder that few paths are in. */
const PATTERNS: readonly (readonly [prefix: string, pattern: RegExp, bytes: number])[] = [
  ['var/lib/dpkg/', /^var\/lib\/dpkg\/info\/[^/]+\.(?:md5sums|list)$/, LARGE],
  ['var/lib/dpkg/', /^var\/lib\/dpkg\/status\.d\/[^/]+$/, SMALL],
  ['etc/', /^etc\/(?:sudoers\.d|cron[^/]*|pam\.d|profile\.d)\/[^/]+$/, SMALL],
  // Scripts of whoever was there.
  ['tmp/', /^tmp\//, PAGE],
  ['var/tmp/', /^var\/tmp\//, PAGE],
  ['dev/shm/', /^dev\/shm\//, PAGE],
  ['root/', /^root\/[^/]+$/, PAGE],
  ['home/', /\/\.ssh\/authorized_keys2?$/, SMALL],
];

/** Pages of web applications: one line in one of them is enough. */
const WEB_PAGE = /\.(?:php[3457]?|phtml|phar|jspx?|aspx?|ashx|cgi)$/i;
/** @returns Bytes of content to keep at most; 0: none. */
export function wantedBytes(name: ByteString): number {
  const path = name.startsWith('.') || name.startsWith('/') ? cleanPath(name).path : name;
  const named = NAMED.get(path);
  if (named !== undefined) return named;
  for (const [prefix, pattern, bytes] of PATTERNS) if (path.startsWith(prefix) && pattern.test(path)) return bytes;
  return WEB_PAGE.test(path) ? PAGE : 0;
}
