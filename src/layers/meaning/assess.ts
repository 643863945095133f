/** What a comparison means to a responder: findings with reasons, each about a path, a layer or the archive itself. */
import type { Finding } from '../../model/finding.js';
import { deletingLayer, changeLayer, isRuntimePath, mtimeOf, type ChangeLayer } from '../change.js';
import { toHex } from '../byte-string.js';
import type { Comparison } from '../compare.js';
import type { Difference } from '../diff.js';
import { changeEventId, sourceIds } from '../events.js';
import { findHidden } from '../hidden.js';
import { diffPackages, readPackages, type PackageChange } from '../packages/database.js';
import type { Platform } from '../platform.js';
import { accountRules } from './account-rules.js';
import { mismatchRule, noteRule } from './oddity-findings.js';
import { ownership, packageFinding, type PackageView } from './package-findings.js';
import { pathRules } from './path-rules.js';
import { privilegeRules } from './privilege-rules.js';
import { programRules } from './program-rules.js';
import { words, type ChangeRule, type RuleWords } from './rule.js';
import { secretSign } from './secret-rules.js';
import { isFile, shown, subjectOf, type Subject } from './subject.js';
import { timeFindings } from './time-findings.js';
import { traceRules } from './trace-rules.js';

export interface LayerFinding extends Finding {
  /** Absolute inside the container. */
  readonly path?: string;
  /** Bytes of a path that is not UTF-8. */
  readonly pathHex?: string;
  readonly layer?: ChangeLayer;
}

export interface Assessment {
  /** The highest score first, then by path. */
  readonly findings: readonly LayerFinding[];
  readonly packages: readonly PackageChange[];
}

export interface AssessOptions {
  readonly platform: Platform;
  /** When the image was created (RFC 3339): files from before it that are new since are odd. */
  readonly created?: string;
  /** When the evidence was collected: nothing in it can be later. */
  readonly collected?: string;
}

const CHANGE_RULES: readonly ChangeRule[] = [...privilegeRules, ...pathRules, ...programRules, ...traceRules, ...accountRules];

export const hiddenSecret = words('hidden-secret', 'A secret that a later layer hides can still be read', 'high', 70, 'T1552.001');

export function assess(comparison: Comparison, options: AssessOptions): Assessment {
  const { base, target, differences } = comparison;
  const packages: PackageView = { before: readPackages(base.tree.root), after: readPackages(target.tree.root) };
  const ids = sourceIds(target.tree.layers, options.platform);
  const findings: LayerFinding[] = [];
  const subjects = differences.map((difference) => subjectOf(difference, layerOf(difference, comparison)));
  const eventOf = (index: number): string => changeEventId(differences[index] as Difference, index, target.tree, ids);
  for (const [index, subject] of subjects.entries()) {
    if (isRuntimePath(subject.path) && subject.after?.size === 0) continue;
    for (const rule of CHANGE_RULES) {
      const reason = rule.test(subject);
      if (reason !== undefined) findings.push(aboutPath(rule, subject, [reason], eventOf(index), packages));
    }
    const packaged = packageFinding(subject, packages);
    if (packaged !== undefined) findings.push(aboutPath(packaged.rule, subject, [packaged.reason], eventOf(index)));
  }
  for (const { rule, index, reason } of timeFindings(subjects, options))
    findings.push(aboutPath(rule, subjects[index] as Subject, [reason], eventOf(index), packages));
  findings.push(...hiddenSecrets(comparison), ...oddities(comparison));
  return {
    findings: findings.sort((a, b) => b.score - a.score || compareText(a.path ?? '', b.path ?? '') || compareText(a.rule, b.rule)),
    packages: diffPackages(packages.before, packages.after),
  };
}

function layerOf({ path, after }: Difference, { target }: Comparison): ChangeLayer | undefined {
  const layer = target.tree.layers[after?.layer ?? deletingLayer(path, target.tree) ?? -1];
  return layer === undefined ? undefined : changeLayer(layer);
}

/** Less is made of what a package brought along unchanged. */
const SHIPPED = 45;

function aboutPath(rule: RuleWords, subject: Subject, reasons: readonly string[], event: string, packages?: PackageView): LayerFinding {
  const owner = packages === undefined || !isFile(subject.after) ? undefined : ownership(subject.path, subject.after, packages);
  const score = owner?.asShipped === true ? Math.max(0, rule.score - SHIPPED) : rule.score;
  const inode = subject.after;
  return {
    rule: rule.id,
    title: rule.title,
    level: score === rule.score ? rule.level : score >= 40 ? 'low' : 'informational',
    attack: rule.attack,
    score,
    reasons: owner === undefined ? reasons : [...reasons, owner.text],
    events: [event],
    entities: [{ kind: 'file', name: shown(subject.path) }],
    time: inode === undefined ? undefined : mtimeOf(inode),
    path: shown(subject.path),
    pathHex: toHex(subject.path),
    layer: subject.layer,
  };
}

function hiddenSecrets({ target }: Comparison): LayerFinding[] {
  return findHidden(target.tree).flatMap(({ path, inode, layer, hiddenBy, how }) => {
    const sign = secretSign(path, inode);
    if (sign === undefined) return [];
    const where = `${how.replaceAll('-', ' ')} by layer ${hiddenBy?.index ?? 'none'}, its content is in layer ${layer.index} (${layer.digest ?? layer.diffId ?? layer.name})`;
    return [
      {
        ...plain(hiddenSecret, [sign, where]),
        entities: [{ kind: 'file' as const, name: shown(path) }],
        time: mtimeOf(inode),
        path: shown(path),
        pathHex: toHex(path),
        layer: changeLayer(layer),
      },
    ];
  });
}

function oddities({ target, base, notes, mismatches }: Comparison): LayerFinding[] {
  // What base and target share is told once, as the target's.
  const own = notes.filter(
    (note) => target.notes.includes(note) || !target.notes.some((other) => other.kind === note.kind && other.path === note.path),
  );
  const noted = own.map((note) => {
    const layer = (target.notes.includes(note) ? target : base).tree.layers[note.layer];
    const path = shown(note.path);
    return {
      ...plain(noteRule(note.kind), [note.detail]),
      entities: [{ kind: 'file' as const, name: path }],
      path,
      pathHex: toHex(note.path),
      layer: layer === undefined ? undefined : changeLayer(layer),
    };
  });
  return [...noted, ...mismatches.map((mismatch) => plain(mismatchRule(mismatch), [mismatch.message]))];
}

function plain(rule: RuleWords, reasons: readonly string[]): LayerFinding {
  return { rule: rule.id, title: rule.title, level: rule.level, attack: rule.attack, score: rule.score, reasons, events: [], entities: [] };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
