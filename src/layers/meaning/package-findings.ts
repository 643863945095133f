/** What the package managers' own lists say of changed files. */
import type { ByteString } from '../byte-string.js';
import type { Inode } from '../inode.js';
import { PROGRAMS } from '../content-format.js';
import type { OwnedFile, PackageDatabase } from '../packages/package.js';
import { isFile, type Subject } from './subject.js';
import { words, type RuleWords } from './rule.js';

export interface PackageView {
  readonly before: PackageDatabase;
  readonly after: PackageDatabase;
}

export const packageRules = {
  modified: words('packaged-file-modified', 'A file differs from the one in its package', 'high', 75, 'T1554'),
  unowned: words('unpackaged-program', 'A program belongs to no package', 'low', 40, 'T1036'),
  gone: words('packaged-file-gone', 'A file is gone while its package is still installed', 'medium', 50, 'T1070.004'),
} as const satisfies Record<string, RuleWords>;

/** Files that machines are expected to edit. */
const EDITED = /^(?:etc|var|run|tmp|root|home)\//;
/** Image builders leave these out. */
const LEFT_OUT = /^usr\/share\/(?:doc|man|info|locale|lintian|i18n|zoneinfo|doc-base|bug)\//;
const PROGRAM_FOLDERS = /^(?:usr\/(?:local\/)?)?(?:s?bin|lib(?:32|64|x32|exec)?)\/|^(?:opt|srv)\//;

/** Whether a file is as its package shipped it; undefined: nobody can tell. */
export function isAsShipped(inode: Inode, owned: OwnedFile | undefined): boolean | undefined {
  if (owned?.md5 !== undefined && inode.md5 !== undefined) return owned.md5 === inode.md5;
  return owned?.sha1 !== undefined && inode.sha1 !== undefined ? owned.sha1 === inode.sha1 : undefined;
}

export function packageFinding(
  { path, change, after, before, rewritten }: Subject,
  { after: now }: PackageView,
): { rule: RuleWords; reason: string } | undefined {
  if (!now.knowsFiles) return undefined;
  const owned = now.files.get(path);
  if (change === 'deleted') {
    const missing = owned !== undefined && isFile(before) && isInstalled(owned, now) && !LEFT_OUT.test(path) && !EDITED.test(path);
    return missing ? { rule: packageRules.gone, reason: `${owned.package} has it in its list` } : undefined;
  }
  if (!rewritten || !isFile(after)) return undefined;
  if (owned !== undefined && !EDITED.test(path) && isAsShipped(after, owned) === false)
    return { rule: packageRules.modified, reason: `${owned.package} shipped another content` };
  const program = after.format !== undefined && PROGRAMS.has(after.format);
  if (owned === undefined && program && PROGRAM_FOLDERS.test(path))
    return { rule: packageRules.unowned, reason: 'no package manager here has it in its lists' };
  return undefined;
}

function isInstalled(owned: OwnedFile, database: PackageDatabase): boolean {
  return database.packages.has(`dpkg ${owned.package}`) || database.packages.has(`apk ${owned.package}`);
}

/** For a reason: `belongs to coreutils, as shipped`. */
export function ownership(
  path: ByteString,
  after: Inode | undefined,
  { after: now }: PackageView,
): { text: string; asShipped: boolean } | undefined {
  const owned = now.files.get(path);
  if (owned === undefined || after === undefined) return undefined;
  const asShipped = isAsShipped(after, owned);
  return {
    text: `belongs to the package ${owned.package}${asShipped === true ? ', as it was shipped' : ''}`,
    asShipped: asShipped === true,
  };
}
