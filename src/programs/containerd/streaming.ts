/**
 * The streaming server inside containerd and CRI-O is Kubernetes' own and logs with klog. A command that could not be started is told
 * nowhere else at the default level.
 * {@link https://github.com/kubernetes/kubelet/blob/v0.34.4/pkg/cri/streaming/remotecommand/exec.go | ServeExec()}
 */
import { detach } from '../../formats/bytes.js';
import { parseKlog } from '../../formats/klog.js';
import type { Reading } from '../program.js';

// error executing command in container: failed to exec in container: failed to start exec "c254…": OCI runtime exec failed: …: exec: "test": executable file not found in $PATH: unknown
const EXEC = /^error executing command in container: (?<error>[^]{0,8192})$/;
const EXEC_ID = /^failed to exec in container: failed to start exec "(?<id>[0-9a-f]{64})": /;
const ATTACH = /^error attaching to container: (?<error>[^]{0,8192})$/;
const FORWARD = /^(?:error forwarding port|an error occurred forwarding) (?<error>[^]{0,8192})$/;

export function readStreaming(text: string): Reading | undefined {
  const record = parseKlog(text);
  if (record === undefined) return undefined;
  const words = (record.structured ? record.text : record.text.trimEnd()).replace(/^"(?=error )/, '');
  const details: Record<string, unknown> = { severity: record.severity, caller: record.caller, recordedTime: record.stamp };
  if (record.fields.size > 0) details['fields'] = Object.fromEntries(record.fields);
  const exec = EXEC.exec(words)?.groups?.['error'];
  if (exec !== undefined) {
    const id = EXEC_ID.exec(exec)?.groups?.['id'];
    if (id !== undefined) details['execId'] = detach(id);
    return { action: 'container.exec', outcome: 'failure', details: { ...details, error: exec } };
  }
  const attach = ATTACH.exec(words)?.groups?.['error'];
  if (attach !== undefined) return { action: 'pod.attach', outcome: 'failure', details: { ...details, error: attach } };
  const forward = FORWARD.exec(words)?.groups?.['error'];
  if (forward !== undefined) return { action: 'pod.portforward', outcome: 'failure', details: { ...details, error: forward } };
  return { action: 'log.message', details };
}
