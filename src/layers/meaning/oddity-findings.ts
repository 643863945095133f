/** Oddities in layers and archives, as findings: each is a way to show one tool something else than another. */
import type { Level } from '../../model/finding.js';
import type { Mismatch } from '../inputs/image-source.js';
import { noteKinds, type NoteKind } from '../notes.js';
import { words, type RuleWords } from './rule.js';

type Weight = readonly [level: Level, score: number];

const WEIGHTS: Readonly<Record<NoteKind, Weight>> = {
  'opaque-root': ['high', 70],
  'whiteout-and-folder': ['medium', 50],
  'device-whiteout': ['high', 70],
  'opaque-attribute': ['high', 70],
  'lower-symlink-parent': ['high', 65],
  'own-symlink-parent': ['medium', 45],
  'hardlink-to-lower': ['medium', 50],
  'hardlink-to-whiteout': ['high', 65],
  'hardlink-nowhere': ['low', 30],
  'duplicate-entry': ['medium', 50],
  'file-and-whiteout': ['medium', 50],
  'whiteout-without-parent': ['informational', 10],
  'escaping-path': ['high', 75],
  'dots-in-path': ['low', 30],
  'invalid-whiteout': ['low', 30],
  'whiteout-meta': ['informational', 10],
  'table-of-contents': ['informational', 5],
  'whiteout-in-path': ['medium', 50],
  'whiteout-name-in-upper': ['medium', 50],
  'parent-not-folder': ['medium', 50],
  'after-end': ['high', 75],
  'metacopy-without-content': ['low', 30],
  'redirect-nowhere': ['low', 30],
};

export function noteRule(kind: NoteKind): RuleWords {
  const [level, score] = WEIGHTS[kind];
  return words(kind, noteKinds[kind], level, score, ...(score >= 45 ? ['T1564'] : []));
}

const MISMATCHES: Readonly<Record<Mismatch['kind'], RuleWords>> = {
  digest: words('digest', 'A layer is not the one that its manifest names', 'high', 80, 'T1565.001'),
  'diff-id': words('diff-id', "A layer is not the one that the image's config names", 'high', 80, 'T1565.001'),
  size: words('layer-size', 'A layer has another size than its manifest says', 'high', 70, 'T1565.001'),
  'layer-count': words('layer-count', 'Manifest and config name different numbers of layers', 'high', 70, 'T1565.001'),
  missing: words('missing', 'A part of the evidence is missing', 'low', 30),
  unreadable: words('unreadable-layer', 'A layer could not be read to its end', 'medium', 40),
  contradiction: words('contradiction', 'The archive describes its images in two ways', 'high', 70, 'T1036'),
  config: words('config', "The image's config does not fit", 'medium', 50, 'T1565.001'),
};

export function mismatchRule({ kind }: Mismatch): RuleWords {
  return MISMATCHES[kind];
}
