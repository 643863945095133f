/** What a rule of ours is: words for people, and a test that gives its reason. */
import type { Level } from '../../model/finding.js';
import type { Subject } from './subject.js';

export interface RuleWords {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  /** 0–100. */
  readonly score: number;
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
}

export interface ChangeRule extends RuleWords {
  /** @returns Why it holds, in a sentence; undefined when it does not. */
  test(subject: Subject): string | undefined;
}

export const words = (id: string, title: string, level: Level, score: number, ...attack: string[]): RuleWords => ({
  id: `layers.${id}`,
  title,
  level,
  score,
  attack,
});
