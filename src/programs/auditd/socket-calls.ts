/** System calls on sockets: the other end is in the SOCKADDR record, in hex. */
import { parseInterpretedAddress, parseSocketAddress, type SocketAddress } from '../../formats/audit/sockaddr.js';
import type { Action } from '../../model/action.js';
import type { Endpoint } from '../../model/event.js';
import { argument, type Call, type CallReader, type Meaning } from './call.js';

type Kind = 'connect' | 'listen' | 'accept' | 'send' | 'receive';

const ACTIONS: Readonly<Record<Kind, Action>> = {
  connect: 'network.connect',
  listen: 'network.listen',
  accept: 'network.accept',
  send: 'network.flow',
  receive: 'network.flow',
};

function addressOf(call: Call): SocketAddress | undefined {
  const fields = call.joined.of('SOCKADDR');
  const written = fields?.get('saddr');
  if (written === undefined) return undefined;
  return written.startsWith('{') || fields?.interpreted === true
    ? parseInterpretedAddress(written)
    : parseSocketAddress(written, call.arch);
}

const on =
  (kind: Kind): CallReader =>
  (call) => {
    const address = addressOf(call);
    // Talk with the kernel and with nobody named is no network.
    const network = address === undefined ? kind === 'accept' || kind === 'listen' : REACHABLE.has(address.family);
    const details = address === undefined ? undefined : { socket: address };
    if (!network) return { action: 'syscall.call', details };
    const end = endpointOf(address);
    const meaning: Meaning = { action: ACTIONS[kind], details };
    if (address?.family === 'local') return address.path?.startsWith('/') === true ? { ...meaning, file: { path: address.path } } : meaning;
    return kind === 'accept' || kind === 'receive' ? { ...meaning, client: end } : { ...meaning, server: end };
  };

const REACHABLE: ReadonlySet<string> = new Set(['inet', 'inet6', 'local', 'vsock']);

function endpointOf(address: SocketAddress | undefined): Endpoint | undefined {
  return address?.ip === undefined ? undefined : { ip: address.ip, port: address.port };
}

/** socketcall(2) of 32-bit x86 and others has the call as its first argument. {@link https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/net.h} */
const SOCKETCALLS: Readonly<Record<number, Kind | undefined>> = {
  2: 'listen',
  3: 'connect',
  4: 'listen',
  5: 'accept',
  9: 'send',
  10: 'receive',
  11: 'send',
  12: 'receive',
  16: 'send',
  17: 'receive',
  18: 'accept',
};

const socketcall: CallReader = (call) => {
  const kind = SOCKETCALLS[argument(call, 0) ?? 0] ?? BY_NAME[call.fields.get('a0') ?? ''];
  return kind === undefined ? { action: 'syscall.call' } : on(kind)(call);
};

const BY_NAME: Readonly<Record<string, Kind | undefined>> = {
  bind: 'listen',
  connect: 'connect',
  listen: 'listen',
  accept: 'accept',
  accept4: 'accept',
  sendto: 'send',
  sendmsg: 'send',
  recvfrom: 'receive',
  recvmsg: 'receive',
};

export const socketCalls: Readonly<Record<string, CallReader>> = {
  connect: on('connect'),
  bind: on('listen'),
  listen: on('listen'),
  accept: on('accept'),
  accept4: on('accept'),
  sendto: on('send'),
  sendmsg: on('send'),
  sendmmsg: on('send'),
  recvfrom: on('receive'),
  recvmsg: on('receive'),
  recvmmsg: on('receive'),
  socketcall,
};
