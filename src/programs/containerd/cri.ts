/**
 * The CRI calls as containerd logs them: `StartContainer for "3b1f" returns successfully`.
 * {@link https://github.com/containerd/containerd/blob/v1.7.27/pkg/cri/instrument/instrumented_service.go | instrumentedService}
 * Calls that ask are logged at Info; Exec, ExecSync and Attach at Debug only, unless they fail.
 */
import { detach } from '../../formats/bytes.js';
import { unquoteGo } from '../../formats/go-quoted.js';
import { parseGoStruct } from '../../formats/klog-values.js';
import type { Action } from '../../model/action.js';
import type { PodRef } from '../../model/event.js';
import type { Reading } from '../program.js';
import { present } from '../rules.js';
import { containerRef, type KnownIds } from './known.js';

/** What stands in the text behind the call's name. */
type Subject = 'sandbox' | 'container' | 'image';

const CALLS: Readonly<Record<string, readonly [Action, Subject]>> = {
  RunPodSandbox: ['pod.start', 'sandbox'],
  StopPodSandbox: ['pod.kill', 'sandbox'],
  RemovePodSandbox: ['pod.remove', 'sandbox'],
  Portforward: ['pod.portforward', 'sandbox'],
  PortForward: ['pod.portforward', 'sandbox'],
  CreateContainer: ['container.create', 'sandbox'],
  StartContainer: ['container.start', 'container'],
  StopContainer: ['container.stop', 'container'],
  RemoveContainer: ['container.remove', 'container'],
  Exec: ['container.exec', 'container'],
  ExecSync: ['container.exec', 'container'],
  Attach: ['pod.attach', 'container'],
  UpdateContainerResources: ['log.message', 'container'],
  PullImage: ['image.pull', 'image'],
  RemoveImage: ['image.remove', 'image'],
};

// StartContainer for "3b1f" returns successfully      RunPodSandbox for &PodSandboxMetadata{…} returns sandbox id "…"      PullImage "nginx"
const CALL =
  /^(?<call>[A-Z][A-Za-z]{3,24})(?: within sandbox (?<sandbox>"[^"\s]{1,128}"))?(?: for)?(?: container)? (?<rest>(?:["&]|name:")[^]*)$/;
const METADATA = /^&(?:PodSandbox|Container)Metadata\{[^}]{0,2048}\}/;
// containerd ≥ 2.2: name:"web-6f7c" uid:"7f3c…" namespace:"shop"
const PROTO_METADATA = /^name:"[^"\s]{1,253}"[^()]{0,400}?(?= returns | failed|$)/;
/** How it ended: looked for behind the subject only. */
const RESULT = /^ (?:(?<failed>failed)(?:, error)?$|returns (?<result>[^]{0,4096})$)/;
const COMMAND =
  /^ with command \[(?<command>[^]{0,8192})\](?: and timeout \d{1,19} \(s\)|, tty (?<tty>true|false) and stdin (?<stdin>true|false))$/;
const RESULT_ID = /^(?:sandbox id|container id|image reference) (?<id>"(?:[^"\\]|\\.){1,600}")/;

export function readCri(message: string, error: string | undefined, host: string | undefined, ids: KnownIds): Reading | undefined {
  const groups = CALL.exec(message)?.groups;
  const call = groups?.['call'] ?? '';
  if (groups === undefined || !Object.hasOwn(CALLS, call)) return undefined;
  const [action, kind] = CALLS[call] as readonly [Action, Subject];
  const rest = groups['rest'] as string;
  const subject = /^"(?:[^"\\]|\\.){0,1024}"/.exec(rest)?.[0] ?? (METADATA.exec(rest) ?? PROTO_METADATA.exec(rest))?.[0];
  if (subject === undefined) return undefined;
  const tail = rest.slice(subject.length);
  const ended = RESULT.exec(tail)?.groups;
  const result = ended?.['result'];
  // A URL is where the stream may be fetched: whether it was, and how that went, is not in this log.
  const offered = result?.startsWith('URL ') === true;
  const outcome = ended === undefined || offered ? undefined : ended['failed'] === undefined ? 'success' : 'failure';
  const resultId = unquoted(RESULT_ID.exec(result ?? '')?.groups?.['id']);
  const details: Record<string, unknown> = { call };
  if (outcome === undefined) details['stage'] = offered ? 'offered' : 'requested';
  if (error !== undefined) details['error'] = error;
  const base: Reading = { action, details, ...(outcome === undefined ? {} : { outcome }) };
  if (kind === 'image') return image(base, unquoteGo(subject), resultId);
  if (kind === 'sandbox') return sandbox(base, call, subject, unquoted(groups['sandbox']), resultId, tail, host, ids);
  return container(base, unquoteGo(subject), tail, result, host, ids);
}

const unquoted = (text: string | undefined): string | undefined => (text === undefined ? undefined : unquoteGo(text));

function image(base: Reading, name: string, reference: string | undefined): Reading {
  // A bare sha256: is the id of the image's configuration; only behind @ stands the digest that others know it by.
  const digest = reference === undefined ? undefined : /@(?<digest>sha256:[0-9a-f]{64})$/.exec(reference)?.groups?.['digest'];
  const details = reference === undefined ? base.details : { ...base.details, imageReference: detach(reference) };
  const container = digest === undefined ? { image: detach(name) } : { image: detach(name), imageDigest: detach(digest) };
  return { ...base, container, details };
}

function container(base: Reading, id: string, tail: string, result: string | undefined, host: string | undefined, ids: KnownIds): Reading {
  const known = ids.find(host, id);
  const details: Record<string, unknown> = { ...base.details };
  const reading: { -readonly [K in keyof Reading]: Reading[K] } = { ...base, container: containerRef(id, known), details };
  if (known?.pod !== undefined) reading.pod = known.pod;
  const command = COMMAND.exec(tail)?.groups;
  if (command !== undefined) {
    reading.process = { commandLine: detach(command['command'] as string) };
    if (command['tty'] !== undefined) Object.assign(details, { tty: command['tty'] === 'true', stdin: command['stdin'] === 'true' });
  }
  const timeout = /^ with timeout (?<seconds>-?\d{1,12}) \(s\)$/.exec(tail)?.groups?.['seconds'];
  if (timeout !== undefined) details['gracePeriod'] = Number(timeout);
  const exit = /^with exit code (?<code>-?\d{1,10})$/.exec(result ?? '')?.groups?.['code'];
  if (exit !== undefined) details['exitCode'] = Number(exit);
  return reading;
}

function sandbox(
  base: Reading,
  call: string,
  subject: string,
  within: string | undefined,
  resultId: string | undefined,
  tail: string,
  host: string | undefined,
  ids: KnownIds,
): Reading {
  const details: Record<string, unknown> = { ...base.details };
  const struct = subject.startsWith('"') ? undefined : parseGoStruct(subject);
  if (call === 'RunPodSandbox') {
    const pod = podOf(struct);
    if (resultId !== undefined) ids.learn(host, resultId, { pod });
    if (resultId !== undefined) details['sandbox'] = detach(resultId);
    return pod === undefined ? { ...base, details } : { ...base, pod, details };
  }
  if (call === 'CreateContainer') {
    const pod = ids.find(host, within)?.pod;
    const name = struct?.get('Name') ?? struct?.get('name');
    if (within !== undefined) details['sandbox'] = detach(within);
    const attempt = struct?.get('Attempt') ?? struct?.get('attempt');
    if (attempt !== undefined) details['attempt'] = Number(attempt);
    if (resultId !== undefined) ids.learn(host, resultId, { pod, name: name === undefined ? undefined : detach(name), sandbox: within });
    const ref = present({ id: resultId === undefined ? undefined : detach(resultId), name: name === undefined ? undefined : detach(name) });
    return { ...base, ...(pod === undefined ? {} : { pod }), ...(ref === undefined ? {} : { container: ref }), details };
  }
  const id = unquoteGo(subject);
  details['sandbox'] = detach(id);
  const ports = /^ port \[(?<ports>[\d ]{1,200})\]/.exec(tail)?.groups?.['ports'];
  if (ports !== undefined) details['ports'] = ports.split(' ').map(Number);
  const pod = ids.find(host, id)?.pod;
  return pod === undefined ? { ...base, details } : { ...base, pod, details };
}

function podOf(struct: ReadonlyMap<string, string> | undefined): PodRef | undefined {
  if (struct === undefined) return undefined;
  const take = (key: string): string | undefined => {
    const value = struct.get(key) ?? struct.get(key.toLowerCase());
    return value === undefined || value === '' ? undefined : detach(value);
  };
  return present({ namespace: take('Namespace'), name: take('Name'), uid: take('Uid') });
}
