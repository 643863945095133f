/** Times that were likely set by hand. Hints only: unpacking keeps old times too. */
import { PROGRAMS } from '../content-format.js';
import { mtimeOf } from '../change.js';
import { parentOf } from '../path.js';
import { isFile, type Subject } from './subject.js';
import { words, type RuleWords } from './rule.js';

export const timeRules = {
  future: words('future-time', 'A time is later than the evidence', 'medium', 50, 'T1070.006'),
  early: words('early-time', 'A new program has a time from before its image was made', 'low', 35, 'T1070.006'),
  whole: words('whole-seconds', 'A time is a whole second among ones that are not', 'low', 30, 'T1070.006'),
} as const satisfies Record<string, RuleWords>;

interface Found {
  readonly rule: RuleWords;
  readonly index: number;
  readonly reason: string;
}

export function timeFindings(
  subjects: readonly Subject[],
  { created, collected }: { readonly created?: string; readonly collected?: string },
): Found[] {
  const found: Found[] = [];
  const fine = fineFolders(subjects);
  for (const [index, subject] of subjects.entries()) {
    const { after, rewritten, change, path } = subject;
    if (!rewritten || !isFile(after)) continue;
    const mtime = mtimeOf(after);
    if (mtime === undefined) continue;
    if (collected !== undefined && mtime > collected)
      found.push({ rule: timeRules.future, index, reason: `${mtime}, the evidence is of ${collected}` });
    const program = after.format !== undefined && PROGRAMS.has(after.format);
    if (created !== undefined && change === 'added' && program && after.copiedUp !== true && mtime < created)
      found.push({ rule: timeRules.early, index, reason: `${mtime}, the image was made ${created}` });
    if (after.nanoseconds === 0 && program && (fine.get(parentOf(path)) ?? 0) > 1)
      found.push({ rule: timeRules.whole, index, reason: `${mtime}, its neighbours have fractions` });
  }
  return found;
}

/** How many changed files of a folder have a fraction of a second. */
function fineFolders(subjects: readonly Subject[]): ReadonlyMap<string, number> {
  const fine = new Map<string, number>();
  for (const { path, after } of subjects)
    if (isFile(after) && after.nanoseconds !== undefined && after.nanoseconds !== 0)
      fine.set(parentOf(path), (fine.get(parentOf(path)) ?? 0) + 1);
  return fine;
}
