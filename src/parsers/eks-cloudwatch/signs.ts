/** Tells CloudWatch's ways of giving log events from everything else. */
import { beginsKlog } from '../../formats/klog.js';
import type { Head } from '../../model/parser.js';

/** Keys that only CloudWatch's documents have. */
const KEYS =
  /"(?:logEvents|ingestionTime|logStreamName|nextForwardToken|@logStream|@ingestionTime|awslogs|kinesisSchemaVersion)"\s{0,8}:|"field"\s{0,8}:\s{0,8}"@(?:message|ptr)"/;
/** Keys of documents around a message. */
const MESSAGE = /"@?message"\s{0,8}:\s{0,8}/;
/** Audit records inside a text, or as an object. */
const AUDIT = /audit\.k8s\.io\/v1|\\"auditID\\"/;
const STREAMS = /\/aws\/eks\/|kube-apiserver-audit-[0-9a-f]{6}|authenticator-[0-9a-f]{6}/;
// 2024-05-01T10:11:12.123Z …      2024-05-01T10:11:12.123000+00:00 kube-apiserver-audit-0f3a2b …
const LINE =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|\+00:00) (?<stream>(?:kube-[a-z-]{1,32}|cloud-controller-manager|authenticator)-[0-9a-f]{6,64} )?(?<message>\S[^]{0,300})/;

export function cloudWatchScore({ text, lines }: Head): number {
  const start = /^[\s[]{0,64}\{/.test(text);
  if (!start) return linesScore(lines);
  if (/"protoPayload"|"kind"\s{0,8}:\s{0,8}"Event/.test(text.slice(0, 64))) return 0;
  const eks = AUDIT.test(text) || STREAMS.test(text);
  if (KEYS.test(text)) return eks ? 0.98 : 0.8;
  return MESSAGE.test(text.slice(0, 4096)) && /"@?message"\s{0,8}:\s{0,8}(?:"\s{0,8}\{\\"|\{")/.test(text) && AUDIT.test(text) ? 0.96 : 0;
}

function linesScore(lines: readonly string[]): number {
  let sure = 0;
  let likely = 0;
  for (const line of lines) {
    const groups = LINE.exec(line)?.groups;
    if (groups === undefined) continue;
    const message = groups['message'] as string;
    if (groups['stream'] !== undefined || (message.startsWith('{"kind":"Event"') && message.includes('audit.k8s.io'))) sure++;
    else if (beginsKlog(message) || message.startsWith('time="')) likely++;
  }
  return lines.length === 0 || sure + likely === 0 ? 0 : (sure > 0 ? 0.98 : 0.6) * ((sure + likely) / lines.length);
}
