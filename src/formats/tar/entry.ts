/** What a tar archive says of one file: header, PAX and GNU records put together. */
import { parseHex } from '../bytes.js';
import { EXTENSION, TYPES, type TarFormat, type TarType } from './layout.js';
import type { RawHeader } from './header.js';
import { parseDecimal, parseDecimalTime } from './numbers.js';
import type { SparsePart } from './sparse.js';

/** Names and attribute names are byte strings: one UTF-16 unit (0–255) per byte, so that no two names collide. */
export interface TarEntry {
  /** Bytes from the archive's start to the first header block that belongs to it. */
  readonly offset: number;
  /** Bytes from the archive's start to its content. */
  readonly dataOffset: number;
  readonly format: TarFormat | 'pax';
  readonly type: TarType;
  readonly typeflag: string;
  readonly name: string;
  readonly linkName: string;
  /** Permission bits and what else the writer put there. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly uname: string;
  readonly gname: string;
  /** Bytes of the file; more than {@link stored} when it is sparse. */
  readonly size: number;
  /** Bytes of content in the archive. */
  readonly stored: number;
  /** Unix seconds, rounded down; may be negative. */
  readonly seconds: number;
  /** Absent: the writer recorded whole seconds only. */
  readonly nanoseconds?: number;
  readonly major: number;
  readonly minor: number;
  /** Name to value, values byte for byte. */
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
  /** All PAX records that count for it, without the extended attributes. */
  readonly pax?: ReadonlyMap<string, string>;
  readonly sparse?: readonly SparsePart[];
  /** It stands behind the archive's end mark: tools do not show it. */
  readonly afterEnd?: boolean;
  /** Damage stood before it: it may be the member of an archive inside the archive. */
  readonly afterDamage?: boolean;
}

export interface Extensions {
  readonly pax: ReadonlyMap<string, string>;
  readonly gnuName?: string;
  readonly gnuLink?: string;
}

/** Entries of these types have no content, whatever size they name: so do the runtimes' readers. */
const NO_CONTENT: ReadonlySet<TarType> = new Set<TarType>(['hardlink', 'symlink', 'char-device', 'block-device', 'directory', 'fifo']);

export function hasContent(type: TarType): boolean {
  return !NO_CONTENT.has(type);
}

export type Complain = (message: string) => void;

/** An entry while it is put together: one object, since copying one costs more than reading it. */
export type TarEntryDraft = { -readonly [Member in keyof TarEntry]: TarEntry[Member] };

/** Everything but places and sparse maps, which the reader knows. */
export function describeEntry(header: RawHeader, { pax, gnuName, gnuLink }: Extensions, complain: Complain): TarEntryDraft {
  const name = cleanName(pax.get('GNU.sparse.name') ?? pax.get('path') ?? gnuName ?? header.name, complain);
  const type = typeOf(header.typeflag, name);
  const time = timeOf(pax, header, complain);
  const size = paxNumber(pax, 'size', header.size, complain);
  if (!hasContent(type) && size > 0 && type !== 'directory')
    complain(`a ${type} with a size of ${size}: the runtimes read no content, other tools may`);
  const stored = hasContent(type) || (header.typeflag === '\0' && type === 'directory') ? size : 0;
  const attributes = attributesOf(pax);
  return {
    offset: 0,
    dataOffset: 0,
    format: pax.size > 0 ? 'pax' : header.format,
    type,
    typeflag: header.typeflag,
    name,
    linkName: cleanName(pax.get('linkpath') ?? gnuLink ?? header.linkName, complain),
    mode: header.mode,
    uid: paxNumber(pax, 'uid', header.uid, complain),
    gid: paxNumber(pax, 'gid', header.gid, complain),
    uname: pax.get('uname') ?? header.uname,
    gname: pax.get('gname') ?? header.gname,
    size: hasContent(type) ? size : 0,
    stored,
    seconds: time.seconds,
    nanoseconds: time.nanoseconds,
    major: paxNumber(pax, 'SCHILY.devmajor', header.major, complain),
    minor: paxNumber(pax, 'SCHILY.devminor', header.minor, complain),
    xattrs: attributes.xattrs,
    pax: attributes.pax,
    sparse: undefined,
    afterEnd: undefined,
    afterDamage: undefined,
  };
}

/** Before 1988 a folder was a file whose name ends with a slash. */
function typeOf(typeflag: string, name: string): TarType {
  const type = TYPES.get(typeflag) ?? 'other';
  return typeflag === '\0' && name.endsWith('/') ? 'directory' : type;
}

function cleanName(name: string, complain: Complain): string {
  const nul = name.indexOf('\0');
  if (nul < 0) return name;
  complain('a NUL in a name: some tools refuse it, others cut the name there');
  return name.slice(0, nul);
}

function paxNumber(pax: ReadonlyMap<string, string>, key: string, fallback: number, complain: Complain): number {
  const text = pax.size === 0 ? undefined : pax.get(key);
  if (text === undefined) return fallback;
  const value = parseDecimal(text);
  if (value !== undefined && Number.isSafeInteger(value) && value >= 0) return value;
  complain(`PAX ${key} is no number that can be used`);
  return fallback;
}

function timeOf(pax: ReadonlyMap<string, string>, header: RawHeader, complain: Complain): { seconds: number; nanoseconds?: number } {
  const text = pax.get('mtime');
  if (text === undefined) return { seconds: header.mtime };
  const time = parseDecimalTime(text);
  if (time === undefined) complain('PAX mtime is no time');
  return time ?? { seconds: header.mtime };
}

/** Prefixes of extended attributes: star's, used by docker, containerd and GNU tar, and libarchive's (base64 values). */
const SCHILY = 'SCHILY.xattr.';
const LIBARCHIVE = 'LIBARCHIVE.xattr.';

const NO_ATTRIBUTES = { xattrs: undefined, pax: undefined };

function attributesOf(pax: ReadonlyMap<string, string>): { xattrs?: ReadonlyMap<string, Uint8Array>; pax?: ReadonlyMap<string, string> } {
  if (pax.size === 0) return NO_ATTRIBUTES;
  const xattrs = new Map<string, Uint8Array>();
  const rest = new Map<string, string>();
  for (const [key, value] of pax) {
    if (key.startsWith(SCHILY)) xattrs.set(key.slice(SCHILY.length), bytesOf(value));
    else if (key.startsWith(LIBARCHIVE)) {
      const name = decodePercent(key.slice(LIBARCHIVE.length));
      const bytes = decodeBase64(value);
      // The same attribute is written both ways by bsdtar; star's is exact.
      if (bytes !== undefined && !pax.has(SCHILY + name)) xattrs.set(name, bytes);
    } else rest.set(key, value);
  }
  return { xattrs: xattrs.size > 0 ? xattrs : undefined, pax: rest.size > 0 ? rest : undefined };
}

function bytesOf(latin1: string): Uint8Array {
  const bytes = new Uint8Array(latin1.length);
  for (let i = 0; i < latin1.length; i++) bytes[i] = latin1.charCodeAt(i);
  return bytes;
}

/** libarchive writes `%3D` for `=` in attribute names. */
function decodePercent(text: string): string {
  return text.replaceAll(/%[0-9A-Fa-f]{2}/g, (code) => String.fromCharCode((parseHex(code.slice(1)) as Uint8Array)[0] as number));
}

/** Base64 without padding, as libarchive writes it. */
function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.split('=', 1)[0] as string;
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && digits.length % 4 !== 1 ? bytesOf(atob(digits)) : undefined;
}

/** Whether a type flag extends the next entry instead of being one. */
export function isExtension(typeflag: string): boolean {
  return EXTENSIONS.has(typeflag);
}

const EXTENSIONS: ReadonlySet<string> = new Set(Object.values(EXTENSION));
