import type { Action } from './action.js';
import type { Origin } from './origin.js';

/** UTC with nine fraction digits: `2024-05-01T10:11:12.123456789Z`. String order is time order; nothing is rounded. */
export type Instant = string;

/** How a time was known when the record does not say all of it. */
export type TimeQuality = 'assumed-zone' | 'assumed-year' | 'assumed-zone-and-year' | 'from-file';

/** A person, service account or system identity. */
export interface Identity {
  readonly user?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly group?: string;
  readonly groups?: readonly string[];
}

/** Who did it. */
export interface Actor extends Identity {
  /** The audit login uid: who logged in, whatever they became since. */
  readonly loginUid?: string;
  readonly loginUser?: string;
  /** Effective user id, when it differs from `uid` (setuid programs). */
  readonly effectiveUid?: string;
  /** `namespace/name` of a Kubernetes service account. */
  readonly serviceAccount?: string;
  /** The identity the actor put on (`kubectl --as`). `user` stays the true one. */
  readonly impersonating?: string;
  /** What proved the identity: a key fingerprint, certificate id, token id, access key. */
  readonly credential?: string;
  /** Pod and node that a bound service-account token belongs to. */
  readonly pod?: string;
  readonly node?: string;
}

export interface Endpoint {
  readonly ip?: string;
  readonly port?: number;
  readonly host?: string;
}

export interface Client extends Endpoint {
  readonly userAgent?: string;
}

/** What was started; for a log line, the program that wrote it. */
export interface Process {
  readonly name?: string;
  readonly pid?: number;
  readonly ppid?: number;
  readonly exe?: string;
  readonly args?: readonly string[];
  readonly commandLine?: string;
  readonly cwd?: string;
  readonly tty?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly parent?: { readonly name?: string; readonly pid?: number; readonly exe?: string; readonly commandLine?: string };
}

export interface FileRef {
  readonly path: string;
  /** Second path of a rename or link. */
  readonly targetPath?: string;
  /** Octal permission bits, four or more digits: `0755`. */
  readonly mode?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly inode?: string;
  readonly device?: string;
  /** Bytes. */
  readonly size?: number;
  readonly sha256?: string;
}

export interface PodRef {
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
}

export interface ContainerRef {
  readonly id?: string;
  readonly name?: string;
  readonly image?: string;
  readonly imageDigest?: string;
}

/** A Kubernetes API object. */
export interface ObjectRef {
  readonly group?: string;
  readonly version?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
}

/** One thing that happened, whoever recorded it. */
export interface Event {
  /** `${source id}-${offset}-${n}`. The same bytes give the same id everywhere. */
  id: string;
  time: Instant;
  /** Absent: the time is as recorded. */
  timeQuality?: TimeQuality;
  action: Action;
  /** Absent: not known. Never guessed. */
  outcome?: 'success' | 'failure';
  /** The machine it happened on. */
  host?: string;
  actor?: Actor;
  /** Whom it was done to or as (sudo's `USER=`, useradd's new account). */
  target?: Identity;
  client?: Client;
  server?: Endpoint;
  process?: Process;
  file?: FileRef;
  pod?: PodRef;
  container?: ContainerRef;
  object?: ObjectRef;
  /** Login, audit or runtime session id, as recorded. */
  session?: string;
  /** The text a program wrote. */
  message?: string;
  /** What only this kind of evidence has. */
  details?: Record<string, unknown>;
  origin: Origin;
  /** Further bytes of the same happening: other stages, joined records, the same line collected twice. */
  also?: Origin[];
  /** The original record (text, or the parsed JSON), kept only when asked for. */
  raw?: unknown;
}

/** An event as a decoder makes it: the runner adds what it alone knows. */
export type Draft = Omit<Event, 'id' | 'origin' | 'also' | 'raw'>;
