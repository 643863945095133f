/** What `getfattr --dump` writes: the extended attributes of a folder's files. {@link https://man7.org/linux/man-pages/man1/getfattr.1.html} */
import { decodeLatin1, parseHex } from './bytes.js';

type Attributes = ReadonlyMap<string, Uint8Array>;

/** @returns Attributes by path (both byte strings), paths as they are written, without a leading `./`. */
export function parseGetfattr(bytes: Uint8Array): ReadonlyMap<string, Attributes> {
  const files = new Map<string, Map<string, Uint8Array>>();
  let current: Map<string, Uint8Array> | undefined;
  for (const line of decodeLatin1(bytes).split('\n')) {
    if (line.startsWith('# file: ')) {
      current = new Map();
      files.set(unescape(line.slice('# file: '.length)).replace(/^\.\//, ''), current);
      continue;
    }
    const equals = line.indexOf('=');
    const value = equals < 0 ? new Uint8Array(0) : decodeValue(line.slice(equals + 1));
    const name = unescape(equals < 0 ? line : line.slice(0, equals));
    if (name !== '' && !name.startsWith('#') && value !== undefined) current?.set(name, value);
  }
  return files;
}

/** `"text"` with octal escapes, `0x` and hex digits, `0s` and base64. */
function decodeValue(text: string): Uint8Array | undefined {
  if (text.startsWith('0x') || text.startsWith('0X')) return parseHex(text.slice(2));
  if (text.startsWith('0s') || text.startsWith('0S')) return decodeBase64(text.slice(2));
  const quoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
  return quoted ? bytesOf(unescape(text.slice(1, -1))) : undefined;
}

function decodeBase64(text: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? bytesOf(atob(text)) : undefined;
}

/** `\\040` is a blank, `\\\\` a backslash, `\\"` a quote. */
function unescape(text: string): string {
  return text.replaceAll(/\\(?:[0-3][0-7]{2}|["\\])/g, (code) =>
    code.length === 2 ? (code[1] as string) : String.fromCharCode(Number.parseInt(code.slice(1), 8)),
  );
}

function bytesOf(latin1: string): Uint8Array {
  return Uint8Array.from(latin1, (letter) => letter.charCodeAt(0));
}
