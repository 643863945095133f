/**
 * One connection over its lines: what a line leaves out is taken from earlier lines of the same connection, and marked.
 *
 * A connection's lines share the pid of its monitor. After the login a second process serves it, whose pid is told by
 * `User child is on pid N` (VERBOSE) or known by the same client's address and port.
 */
import { detach } from '../../formats/bytes.js';
import { instantSecond } from '../../formats/time.js';
import type { Client, Instant } from '../../model/event.js';
import type { Connection, Memory } from '../memory.js';
import type { LogLine, Reading } from '../program.js';

/** A connection that has not logged in lives as long as LoginGraceTime, two minutes by default (seconds). */
const UNPROVEN_LIFE = 600;
/** Lines that may follow the one that tells of the end (seconds). */
const AFTERGLOW = 60;

/** Logins findable by the client's address and port: the second process' lines name both. */
const LOGINS = 16384;

/** Of the daemon as a whole: these belong to no connection. */
const APART: ReadonlySet<string> = new Set(['ssh.daemon', 'ssh.throttle', 'process.crash', 'log.message']);
const ATTEMPTS: ReadonlySet<string> = new Set(['ssh.login', 'ssh.key', 'auth.check']);

export class Tracker {
  private readonly logins = new Map<string, Connection>();

  constructor(private readonly memory: Memory) {}

  /** What earlier lines tell of the client of this process. */
  clientOf(line: LogLine): Client | undefined {
    const connection = this.memory.peek(line.host, line.pid);
    return connection === undefined || isOver(connection, line) ? undefined : connection.client;
  }

  /** `User child is on pid N`. */
  link(line: LogLine, childPid: number): void {
    const connection = this.memory.peek(line.host, line.pid) ?? this.memory.connection(line.host, line.pid);
    connection.parentPid ??= line.pid;
    this.memory.link(line.host, childPid, connection);
  }

  /** Adds what the connection's earlier lines tell, and keeps what this one tells. */
  complete(line: LogLine, reading: Reading): Reading {
    if (line.pid === undefined || APART.has(reading.action)) return reading;
    const connection = this.connectionOf(line, reading);
    connection.session ??= `${line.program ?? 'sshd'}:${line.pid}`;
    fill(line, reading, connection);
    learn(line, reading, connection);
    if (reading.action === 'ssh.login' && reading.outcome === 'success') this.remember(line, connection);
    return reading;
  }

  private connectionOf(line: LogLine, reading: Reading): Connection {
    const { host, pid } = line;
    const { action, client } = reading;
    // `Connection from` with a port: the pid starts anew.
    if (action === 'ssh.connect' && client?.port !== undefined) return this.memory.link(host, pid, {});
    const known = this.memory.peek(host, pid);
    const connection = known === undefined || isOver(known, line) || isOther(known, reading) ? undefined : known;
    if (connection?.client !== undefined) return connection;
    if (client?.port !== undefined && this.logins.size > 0 && !ATTEMPTS.has(action)) {
      const login = this.logins.get(loginKey(host, client));
      if (login !== undefined && login.ended !== true) return this.memory.link(host, pid, login);
    }
    return connection ?? this.memory.link(host, pid, {});
  }

  private remember(line: LogLine, connection: Connection): void {
    const { client } = connection;
    connection.parentPid ??= line.pid;
    if (client?.port === undefined) return;
    if (this.logins.size >= LOGINS) this.logins.delete(this.logins.keys().next().value as string);
    this.logins.set(detach(loginKey(line.host, client)), connection);
  }
}

function loginKey(host: string | undefined, { ip, host: name, port }: Client): string {
  return `${host ?? ''} ${ip ?? name ?? ''} ${port ?? ''}`;
}

/** The pid's number means something new by now. */
function isOver(connection: Connection, line: LogLine): boolean {
  if (connection.seen === undefined || (connection.ended !== true && connection.loggedIn === true)) return false;
  const limit = connection.ended === true ? AFTERGLOW : UNPROVEN_LIFE;
  return Math.abs(secondsBetween(connection.seen, line.time)) > limit;
}

/** Cheap for lines of one minute: most are. */
function secondsBetween(from: Instant, to: Instant): number {
  if (from.startsWith(to.slice(0, 17))) return Number(to.slice(17, 19)) - Number(from.slice(17, 19));
  return instantSecond(to) - instantSecond(from);
}

/** The line tells of someone else: its pid was given anew. */
function isOther(connection: Connection, { action, client }: Reading): boolean {
  if (connection.ended === true && action === 'ssh.login') return true;
  const known = connection.client;
  if (known === undefined || client === undefined) return false;
  if (known.ip !== undefined && client.ip !== undefined && known.ip !== client.ip) return true;
  return known.port !== undefined && client.port !== undefined && known.port !== client.port;
}

/** Sets on the reading, which is this line's own, what it leaves out. */
function fill(line: LogLine, reading: Reading, connection: Connection): void {
  let derived = fillClient(reading, connection.client);
  const { user, server, parentPid } = connection;
  if (user !== undefined && reading.actor?.user === undefined && (connection.loggedIn === true || ATTEMPTS.has(reading.action))) {
    reading.actor = reading.actor === undefined ? { user } : { ...reading.actor, user };
    derived = [...(derived ?? []), 'actor.user'];
  }
  if (server !== undefined && reading.server === undefined && reading.action === 'ssh.login') {
    reading.server = server;
    derived = derived === undefined ? SERVER : [...derived, ...SERVER];
  }
  const recorded = line.extra?.session;
  if (recorded === undefined) {
    reading.session = connection.session;
    if (parentPid !== undefined && parentPid !== line.pid) derived = [...(derived ?? []), 'session'];
  } else {
    // journald knows the session's own number: it stays the event's, beside the connection.
    reading.details = { ...reading.details, connection: connection.session };
  }
  if (derived === undefined) return;
  const details: Record<string, unknown> = reading.details ?? {};
  details['derived'] = derived;
  reading.details = details;
}

const SERVER: readonly string[] = ['server.ip', 'server.port'];
const BOTH: readonly string[] = ['client.ip', 'client.port'];
const PORT: readonly string[] = ['client.port'];

/** @returns Which fields are the connection's. */
function fillClient(reading: Reading, known: Client | undefined): readonly string[] | undefined {
  if (known === undefined) return undefined;
  const own = reading.client;
  if (own === undefined) {
    reading.client = known;
    const place = known.ip === undefined ? 'client.host' : 'client.ip';
    return known.port === undefined ? [place] : known.ip === undefined ? [place, 'client.port'] : BOTH;
  }
  const addIp = own.ip === undefined && known.ip !== undefined;
  const addPort = own.port === undefined && known.port !== undefined;
  if (!addIp && !addPort) return undefined;
  reading.client =
    own.host === undefined
      ? { ip: own.ip ?? known.ip, port: own.port ?? known.port }
      : { ...own, ip: own.ip ?? known.ip, port: own.port ?? known.port };
  return addIp ? (addPort ? BOTH : ['client.ip']) : PORT;
}

function learn(line: LogLine, { action, outcome, actor, client, server }: Reading, connection: Connection): void {
  connection.seen = line.time;
  if (client !== undefined) {
    const known = connection.client;
    if (known === undefined) connection.client = copyOf(client);
    else if (known.port === undefined && client.port !== undefined) connection.client = copyOf({ ...known, ...client });
  }
  if (server !== undefined && connection.server === undefined) connection.server = copyOf(server);
  if (actor?.user !== undefined && connection.loggedIn !== true && connection.user !== actor.user) connection.user = detach(actor.user);
  if (actor?.uid !== undefined && connection.uid !== actor.uid) connection.uid = detach(actor.uid);
  // Who opens an SFTP session has logged in before, in another process.
  if ((action === 'ssh.login' || action === 'ssh.session') && outcome === 'success') connection.loggedIn = true;
  if (ENDS.has(action)) connection.ended = true;
}

const ENDS: ReadonlySet<string> = new Set(['ssh.disconnect', 'session.end']);

function copyOf({ ip, host, port }: Client): Client {
  if (host === undefined && ip !== undefined) return port === undefined ? { ip: detach(ip) } : { ip: detach(ip), port };
  const copy: { ip?: string; host?: string; port?: number } = {};
  if (ip !== undefined) copy.ip = detach(ip);
  if (host !== undefined) copy.host = detach(host);
  if (port !== undefined) copy.port = port;
  return copy;
}
