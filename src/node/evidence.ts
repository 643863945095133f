/** Opens what responders have: files, folders, archives inside archives, standard input, bytes in memory. */
import type { Problem } from '../model/problem.js';
import type { Facts, Source } from '../model/source.js';
import { checkFacts } from '../intake/facts.js';
import { isNamed, openBytes, type EvidenceInput } from './inputs.js';
import { unpackLimits, type UnpackLimits } from './limits.js';
import { Opener } from './opener.js';
import { openPath } from './paths.js';
import type { Gather } from '../timeline/gather.js';
import { gatherInThreads } from './threads.js';

export interface EvidenceOptions extends Omit<Facts, 'firstYear'> {
  readonly limits?: Partial<UnpackLimits>;
  readonly onProblem?: (problem: Problem) => void;
  readonly signal?: AbortSignal;
  /**
   * Threads that read for `timeline(…, { gather: evidence.gather })`. Pays off for several sources of many megabytes, when the
   * timeline is written as NDJSON. Default is 0: everything is read in this thread. The result is the same.
   */
  readonly workers?: number;
}

export interface Evidence {
  /** In the order of the paths given; inside folders by name, inside archives as they lie there. */
  readonly sources: readonly Source[];
  /** What could not be opened or unpacked, with the path as its origin. */
  readonly problems: readonly Problem[];
  /** Reads the sources in threads of their own; absent when none were asked for. */
  readonly gather?: Gather;
  /** Removes the temporary folder, if there is one. The sources cannot be read any more. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens evidence and hashes every source.
 * @param inputs Files, folders and archives by path, `-` for standard input; or bytes, blobs and streams, with a name or without.
 * @throws Error with code `ENOENT` when a path does not exist; RangeError with code `time` or `zone` for facts that are none;
 *   TypeError with code `evidence` for what is no evidence; the signal's reason.
 * @example
 * const evidence = await openEvidence('case-042.tar.gz', { collected: '2024-05-03T09:00:00Z' });
 */
export async function openEvidence(inputs: EvidenceInput | readonly EvidenceInput[], options: EvidenceOptions = {}): Promise<Evidence> {
  const { limits, onProblem, signal } = options;
  const opener = new Opener({ facts: checkFacts(options), limits: { ...unpackLimits, ...limits }, onProblem, signal });
  const list: readonly EvidenceInput[] = Array.isArray(inputs) ? (inputs as readonly EvidenceInput[]) : [inputs as EvidenceInput];
  const close = (): Promise<void> => opener.spool.close();
  try {
    for (const [index, input] of list.entries()) {
      signal?.throwIfAborted();
      await openInput(opener, input, list.length === 1 ? 'evidence' : `evidence-${index + 1}`, list.length > 1);
    }
  } catch (error) {
    await close();
    throw error;
  }
  // Symbol.asyncDispose is missing before Node 20.4 and in its types for older targets.
  const { workers = 0 } = options;
  const gather = workers > 0 ? gatherInThreads(workers) : undefined;
  return { sources: opener.sources, problems: opener.problems, gather, close, [Symbol.asyncDispose]: close };
}

async function openInput(opener: Opener, input: EvidenceInput, unnamed: string, several: boolean): Promise<void> {
  if (input === '-') return openBytes(opener, process.stdin, 'stdin');
  if (typeof input === 'string') return openPath(opener, input, several);
  if (isNamed(input)) return openBytes(opener, input.bytes, input.name);
  return openBytes(opener, input, unnamed);
}
