/**
 * Extended attributes that overlay file systems keep their own state in.
 * {@link https://docs.kernel.org/filesystems/overlayfs.html | overlayfs},
 * {@link https://github.com/containers/fuse-overlayfs | fuse-overlayfs}
 */
import { decodeLatin1 } from '../formats/bytes.js';
import type { ByteString } from './byte-string.js';

const PREFIXES = ['trusted.overlay.', 'user.overlay.', 'user.fuseoverlayfs.'];

type Attributes = ReadonlyMap<ByteString, Uint8Array>;

/** `trusted.overlay.opaque` → `opaque`; undefined for others. */
function ownName(name: ByteString): string | undefined {
  const prefix = PREFIXES.find((beginning) => name.startsWith(beginning));
  return prefix === undefined ? undefined : name.slice(prefix.length);
}

/** Parts a file's attributes into its own and the overlay's. */
export function partAttributes(xattrs: Attributes | undefined): { own?: Attributes; overlay?: ReadonlyMap<string, Uint8Array> } {
  if (xattrs === undefined) return {};
  let overlay: Map<string, Uint8Array> | undefined;
  for (const [name, value] of xattrs) {
    const key = ownName(name);
    if (key !== undefined) (overlay ??= new Map()).set(key, value);
  }
  if (overlay === undefined) return { own: xattrs };
  const own = new Map([...xattrs].filter(([name]) => ownName(name) === undefined));
  return { ...(own.size > 0 ? { own } : {}), overlay };
}

/** `y`: all below is hidden. `x` (kernel 6.7 and later) only says that whiteouts of the new kind are inside. */
export function isOpaque(overlay: ReadonlyMap<string, Uint8Array> | undefined): boolean {
  return overlay?.get('opaque')?.[0] === 0x79;
}

/** Where the lower part of a renamed folder, or the content of a metadata-only copy, is. */
export function redirectOf(overlay: ReadonlyMap<string, Uint8Array> | undefined): ByteString | undefined {
  const value = overlay?.get('redirect');
  return value === undefined || value.length === 0 ? undefined : decodeLatin1(value).replace(/\0$/, '');
}
