/** What programs remember of one another within a source: the connection behind a pid. Bounded. */
import type { Client, Endpoint, Instant } from '../model/event.js';

/** What is known of the connection or session that a process serves. Filled line by line. */
export interface Connection {
  client?: Client;
  server?: Endpoint;
  user?: string;
  uid?: string;
  session?: string;
  /** Pid of the process that accepted the connection, when another one serves it now. */
  parentPid?: number;
  /** Its client proved who it is: `user` is the account that it got. */
  loggedIn?: boolean;
  /** Time of its last line. */
  seen?: Instant;
  /** A line told its end; others may still follow. */
  ended?: boolean;
}

/** Connections in one generation. Those of the one before are still known, older ones are not. */
const CAPACITY = 32768;

type Generation = Map<string, Map<number, Connection>>;

/** Pids that envelopes leave out: all lines of such a program look alike. */
const NO_PID = -1;

export class Memory {
  private young: Generation = new Map();
  private old: Generation = new Map();
  private count = 0;

  /** The connection that a process of a host serves, made on first use. */
  connection(host: string | undefined, pid: number | undefined): Connection {
    return this.peek(host, pid) ?? this.link(host, pid, {});
  }

  /** Reads without making one. */
  peek(host = '', pid = NO_PID): Connection | undefined {
    const connection = this.young.get(host)?.get(pid);
    if (connection !== undefined) return connection;
    const older = this.old.get(host)?.get(pid);
    return older === undefined ? undefined : this.link(host, pid, older);
  }

  /** From now on this process serves that connection, whatever its pid meant before. */
  link(host = '', pid = NO_PID, connection: Connection): Connection {
    if (this.count >= CAPACITY) {
      this.old = this.young;
      this.young = new Map();
      this.count = 0;
    }
    let pids = this.young.get(host);
    if (pids === undefined) {
      pids = new Map();
      this.young.set(host, pids);
    }
    pids.set(pid, connection);
    this.count++;
    return connection;
  }

  /** A pid starts anew: what its number meant before is over. */
  forget(host = '', pid = NO_PID): void {
    this.young.get(host)?.delete(pid);
    this.old.get(host)?.delete(pid);
  }
}
