/** What a request's bodies say of a change. */
import type { ContainerRef } from '../../model/event.js';
import { at, isObject, objects, text } from './body/fields.js';
import { digestOf, hasDigest } from './body/digest.js';
import type { AuditRecord } from './record.js';

export interface Changes {
  readonly requested?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  /** The API server gives names (`generateName`) and uids only in its answer. */
  readonly name?: string;
  readonly uid?: string;
  /** The container that was put into a running pod. */
  readonly container?: ContainerRef;
  /** The body asked for a dry run: deletions say so there. */
  readonly dryRun: boolean;
  /** A certificate request was denied. */
  readonly refused: boolean;
}

/** @returns undefined when there are no bodies, or none that are looked at. */
export function changesOf(record: AuditRecord): Changes | undefined {
  const { objectRef, verb, level } = record;
  // No body is kept at these levels.
  if (objectRef === undefined || level === 'Metadata' || level === 'None') return undefined;
  const deletion = verb === 'delete' || verb === 'deletecollection';
  const looked = hasDigest(objectRef);
  if (!looked && !deletion) return undefined;
  const { request, response } = record.body();
  if (request === undefined && response === undefined) return undefined;
  const failed = (record.responseStatus?.code ?? 0) >= 400;
  const resource = objectRef.resource as string;
  const metadata = at(response, 'metadata');
  const own = !failed && objectRef.subresource === undefined && isObject(response) && response['kind'] !== 'Status';
  const requested = deletion || !looked ? undefined : digestOf(objectRef, request);
  // What came of a patch is in the answer only; a review's answer is what it was asked for.
  const result = looked && !failed && (verb === 'patch' || resource.endsWith('reviews')) ? digestOf(objectRef, response) : undefined;
  return {
    requested,
    result,
    name: own ? text(at(metadata, 'name')) : undefined,
    uid: own ? text(at(metadata, 'uid')) : undefined,
    container: objectRef.subresource === 'ephemeralcontainers' ? addedContainer(requested) : undefined,
    dryRun: isDryRun(request) || isDryRun(at(request, 'deleteOptions')),
    refused: objectRef.subresource === 'approval' && isRefused(request),
  };
}

function isDryRun(body: unknown): boolean {
  const list = at(body, 'dryRun');
  return Array.isArray(list) && list.includes('All');
}

function isRefused(request: unknown): boolean {
  const types = new Set(objects(at(request, 'status', 'conditions')).map(({ type }) => type));
  return types.has('Denied') && !types.has('Approved');
}

/** The last one: a patch or an update lists those before it too. */
function addedContainer(requested: Record<string, unknown> | undefined): ContainerRef | undefined {
  const added = objects(requested?.['containers']).findLast((container) => container['ephemeral'] === true);
  return added === undefined ? undefined : { name: text(added['name']), image: text(added['image']) };
}
