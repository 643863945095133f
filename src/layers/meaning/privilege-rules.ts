/** Ways to more rights: set-id bits, file capabilities, devices and sockets of the node. */
import { decodeCapabilities, formatCapabilities } from '../../formats/tar/index.js';
import { toText } from '../byte-string.js';
import { isRuntimePath } from '../change.js';
import { isFile } from './subject.js';
import { words, type ChangeRule } from './rule.js';

const SET_ID = 0o6000;

export const privilegeRules: readonly ChangeRule[] = [
  {
    ...words('setuid', 'A program gained a set-id bit', 'high', 80, 'T1548.001'),
    test({ before, after }) {
      if (!isFile(after)) return undefined;
      const gained = after.mode & SET_ID & ~(isFile(before) ? before.mode : 0);
      // Set-gid without group execution is an old lock bit.
      if ((gained & 0o4000) === 0 && !((gained & 0o2000) !== 0 && (after.mode & 0o010) !== 0)) return undefined;
      const bit = (gained & 0o4000) !== 0 ? `runs as uid ${after.uid}` : `runs with gid ${after.gid}`;
      return `mode ${after.mode.toString(8)}: ${bit}, whoever starts it`;
    },
  },
  {
    ...words('capability', 'A program gained file capabilities', 'high', 80, 'T1548'),
    test({ after, what, change }) {
      const value = after?.xattrs?.get('security.capability');
      if (value === undefined || !(change === 'added' || what.has('xattr:security.capability'))) return undefined;
      const capabilities = decodeCapabilities(value);
      return capabilities === undefined ? 'an attribute that cannot be decoded' : formatCapabilities(capabilities);
    },
  },
  {
    ...words('block-device', 'A block device was made', 'high', 80, 'T1611', 'T1006'),
    test: ({ after, change }) =>
      change === 'added' && after?.type === 'block-device'
        ? `device ${after.major}:${after.minor}: a disk can be read and written past its file system`
        : undefined,
  },
  {
    ...words('char-device', 'A character device was made', 'medium', 50, 'T1611'),
    test: ({ path, after, change }) =>
      change === 'added' && after?.type === 'char-device' && !isRuntimePath(path) ? `device ${after.major}:${after.minor}` : undefined,
  },
  {
    ...words('runtime-socket', 'The socket of a container runtime is in the container', 'high', 85, 'T1611', 'T1610'),
    test({ path, after }) {
      const target = after?.type === 'symlink' ? toText(after.linkTarget ?? '') : path;
      return after !== undefined && RUNTIME_SOCKET.test(target)
        ? `${target}: whoever can write to it controls the node's containers`
        : undefined;
    },
  },
  {
    ...words('named-pipe', 'A named pipe lies where anyone may write', 'medium', 50, 'T1059.004'),
    test: ({ path, after, change }) =>
      change === 'added' && after?.type === 'fifo' && OPEN_FOLDER.test(path) ? 'pipes there carry reverse shells' : undefined,
  },
  {
    ...words('node-link', 'A symbolic link leads to what only the node has', 'medium', 45, 'T1611'),
    test({ after, rewritten }) {
      const target = after?.type === 'symlink' && rewritten ? toText(after.linkTarget ?? '') : '';
      return NODE_PATH.test(target) ? `leads to ${target}` : undefined;
    },
  },
];

const RUNTIME_SOCKET = /(?:^|\/)(?:docker|containerd|crio|podman|cri-dockerd|buildkitd)\.sock$/;
const OPEN_FOLDER = /^(?:tmp|var\/tmp|dev\/shm|run|var\/run)\//;
const NODE_PATH =
  /^\/(?:proc\/(?:1|self|thread-self)\/(?:root|cwd|fd)|var\/lib\/(?:kubelet|docker|containerd)|etc\/kubernetes|host(?:fs)?\/)/;
