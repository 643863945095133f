/** aws-iam-authenticator: which AWS identity became which Kubernetes user. EKS logs it as `authenticator`. */
import { parseLogrus } from '../formats/logfmt.js';
import type { LogLine, Program, Reading } from './program.js';

/** Messages that tell of a decision. */
const DECISIONS: Readonly<Record<string, Reading['outcome']>> = {
  'access granted': 'success',
  'access denied': 'failure',
};

// 127.0.0.1:57586
const CLIENT = /^(?<ip>[0-9a-fA-F.:]{2,45}):(?<port>\d{1,5})$/;
// [system:masters developers]
const GROUPS = /^\[(?<list>[^\]]{0,2048})\]$/;

/**
 * `time="2024-05-01T10:11:12Z" level=info msg="access granted" arn="arn:aws:iam::123456789012:role/admin" client="127.0.0.1:57586"
 * groups="[system:masters]" method=POST path=/authenticate uid="aws-iam-authenticator:123456789012:AROA…" username=kubernetes-admin`
 * {@link https://github.com/kubernetes-sigs/aws-iam-authenticator/blob/v0.6.11/pkg/server/server.go | authenticateEndpoint()}
 */
function read(line: LogLine): Reading | undefined {
  const record = parseLogrus(line.message);
  if (record === undefined) return undefined;
  const field = (name: string): string | undefined => {
    const value = record.fields.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const outcome = Object.hasOwn(DECISIONS, record.message) ? DECISIONS[record.message] : undefined;
  const client = CLIENT.exec(field('client') ?? '')?.groups;
  const groups = GROUPS.exec(field('groups') ?? '')
    ?.groups?.['list']?.split(' ')
    .filter((group) => group !== '');
  const arn = field('arn');
  const user = field('username');
  const details: Record<string, unknown> = { level: record.level, ...Object.fromEntries(record.fields) };
  for (const taken of ['client', 'groups', 'username', 'uid']) delete details[taken];
  if (outcome === undefined && arn === undefined) return { action: 'log.message', details };
  return {
    action: outcome === undefined ? 'log.message' : 'auth.check',
    outcome,
    actor: {
      ...(user === undefined ? {} : { user }),
      ...(field('uid') === undefined ? {} : { uid: field('uid') }),
      ...(groups === undefined || groups.length === 0 ? {} : { groups }),
      ...(arn === undefined ? {} : { credential: arn }),
    },
    client: client === undefined ? undefined : { ip: client['ip'], port: Number(client['port']) },
    details,
  };
}

export const program: Program = {
  id: 'aws-iam-authenticator',
  title: 'aws-iam-authenticator (EKS)',
  names: ['aws-iam-authenticator', 'heptio-authenticator-aws'],
  reader: () => ({ read }),
};
