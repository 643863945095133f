/**
 * ATT&CK in tags: `attack.t1611`, `attack.privilege-escalation`, with underscores too. Names that are not known stay: ATT&CK moves on.
 * {@link https://sigmahq.io/sigma-specification/specification/sigma-appendix-tags.html | Sigma tags appendix}
 */

export interface AttackTags {
  /** `T1059.004` */
  readonly techniques: readonly string[];
  /** `privilege-escalation`; of whichever version of ATT&CK the rule's author used. */
  readonly tactics: readonly string[];
}

const TECHNIQUE = /^t\d{4}(?:\.\d{3})?$/;
/** Groups, software, campaigns, mitigations, data sources. */
const OTHER_ID = /^(?:g|s|c|m|ds)\d{4}$/;

export function attackTags(tags: readonly string[]): AttackTags {
  const techniques = new Set<string>();
  const tactics = new Set<string>();
  for (const tag of tags) {
    const lower = tag.trim().toLowerCase();
    if (!lower.startsWith('attack.')) continue;
    const name = lower.slice('attack.'.length);
    if (TECHNIQUE.test(name)) techniques.add(name.toUpperCase());
    else if (name !== '' && !OTHER_ID.test(name)) tactics.add(name.replaceAll('_', '-'));
  }
  return { techniques: [...techniques], tactics: [...tactics] };
}
