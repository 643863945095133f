import type { Instant } from './event.js';

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** A thing that findings are about: user, service account, pod, container, node, image, address. */
export interface Entity {
  readonly kind: 'user' | 'service-account' | 'pod' | 'container' | 'node' | 'image' | 'address' | 'file';
  readonly name: string;
}

/** Something an examiner should look at, with the reasons and the evidence. */
export interface Finding {
  /** Id of the rule or detector that said it. */
  readonly rule: string;
  readonly title: string;
  readonly level: Level;
  /** ATT&CK technique ids: `T1611`. */
  readonly attack: readonly string[];
  /** 0–100. */
  readonly score: number;
  readonly reasons: readonly string[];
  /** Ids of the events it rests on. */
  readonly events: readonly string[];
  readonly entities: readonly Entity[];
  /** Time of the first event it rests on. */
  readonly time?: Instant;
}
