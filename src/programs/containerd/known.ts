/** What the runtime's lines said of ids: sandbox → pod, container → pod and name. Bounded; the oldest go first. */
import { detach } from '../../formats/bytes.js';
import type { ContainerRef, PodRef } from '../../model/event.js';

const CAPACITY = 16384;

export interface Known {
  readonly pod?: PodRef;
  readonly name?: string;
  readonly sandbox?: string;
}

export class KnownIds {
  private readonly ids = new Map<string, Known>();

  learn(host: string | undefined, id: string, known: Known): void {
    const key = `${host ?? ''}\0${id}`;
    const before = this.ids.get(key);
    this.ids.delete(key);
    if (this.ids.size >= CAPACITY) this.ids.delete(this.ids.keys().next().value as string);
    this.ids.set(key, { ...before, ...known });
  }

  find(host: string | undefined, id: string | undefined): Known | undefined {
    return id === undefined ? undefined : this.ids.get(`${host ?? ''}\0${id}`);
  }
}

export const containerRef = (id: string, known: Known | undefined): ContainerRef =>
  known?.name === undefined ? { id: detach(id) } : { id: detach(id), name: known.name };
