/** Secrets by name or first bytes. */
import type { ByteString } from '../byte-string.js';
import type { Inode } from '../inode.js';
import { contentText } from './subject.js';

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/, 'named like a private SSH key'],
  [/(?:^|\/)\.(?:git-credentials|netrc|pgpass|npmrc|pypirc|vault-token|htpasswd|my\.cnf)$/, 'named like stored credentials'],
  [/(?:^|\/)\.env(?:\.[\w-]{1,40})?$/, 'named like settings with secrets'],
  [
    /(?:^|\/)\.(?:aws\/credentials|docker\/config\.json|kube\/config|azure\/[^/]+\.json|config\/gcloud\/[^/]+)$/,
    'credentials for a cloud, registry or cluster',
  ],
  [/(?:^|\/)(?:kubeconfig|credentials\.json|service-account[^/]*\.json|terraform\.tfstate|[^/]*\.kdbx)$/, 'named like credentials'],
  [/(?:^|\/)serviceaccount\/token$/, 'a service account token'],
  [/^etc\/kubernetes\/.+\.(?:conf|key)$/, 'credentials of the cluster'],
  [/\.(?:key|p12|pfx|jks|ppk)$/, 'named like a private key'],
];

// root:$6$salt$hash:19000:0:99999:7:::
const HASH = /^[^:\n]{1,256}:\$[^:\n]+:/m;

/** Certificates of authorities, which everybody may have. */
const PUBLIC = /^(?:etc\/ssl\/certs|usr\/share\/ca-certificates)\//;

/** @returns Why a file is likely a secret; undefined when nothing says so. */
export function secretSign(path: ByteString, inode: Inode): string | undefined {
  if (inode.format === 'private-key') return 'begins like a private key';
  if (path === 'etc/shadow') return HASH.test(contentText(inode) ?? '') ? 'password hashes' : undefined;
  if (PUBLIC.test(path)) return undefined;
  return SECRETS.find(([pattern]) => pattern.test(path))?.[1];
}
