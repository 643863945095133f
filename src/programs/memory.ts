/** What programs remember of one another within a source: the connection behind a pid. Bounded. */
import type { Client, Endpoint } from '../model/event.js';

/** What is known of the connection or session that a process serves. Filled line by line. */
export interface Connection {
  client?: Client;
  server?: Endpoint;
  user?: string;
  uid?: string;
  session?: string;
  /** Pid of the process that accepted the connection, when another one serves it now. */
  parentPid?: number;
}

/** Most connections remembered at once; the one unused for longest goes first. */
const CAPACITY = 65536;

export class Memory {
  private readonly connections = new Map<string, Connection>();

  /** The connection that a process of a host serves, made on first use. */
  connection(host: string | undefined, pid: number | undefined): Connection {
    const key = `${host ?? ''}\0${pid ?? ''}`;
    let connection = this.connections.get(key);
    if (connection !== undefined) {
      this.connections.delete(key);
    } else {
      connection = {};
      if (this.connections.size >= CAPACITY) this.connections.delete(this.connections.keys().next().value as string);
    }
    this.connections.set(key, connection);
    return connection;
  }

  /** Reads without making one. */
  peek(host: string | undefined, pid: number | undefined): Connection | undefined {
    return this.connections.get(`${host ?? ''}\0${pid ?? ''}`);
  }

  /** A pid starts anew: what its number meant before is over. */
  forget(host: string | undefined, pid: number | undefined): void {
    this.connections.delete(`${host ?? ''}\0${pid ?? ''}`);
  }
}
