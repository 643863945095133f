/** Names in evidence are bytes. Here they are byte strings: one UTF-16 unit (0–255) per byte, so that no two names collide. */
import { decodeLatin1, decodeStrictUtf8, isAscii } from '../formats/bytes.js';

export type ByteString = string;

export function toBytes(name: ByteString): Uint8Array {
  const bytes = new Uint8Array(name.length);
  for (let i = 0; i < name.length; i++) bytes[i] = name.charCodeAt(i);
  return bytes;
}

const utf8 = new TextEncoder();

/** Text as people write it, to the bytes that a Linux file system has for it. */
export function toByteString(text: string): ByteString {
  return isAscii(text) ? text : decodeLatin1(utf8.encode(text));
}

/** For people: UTF-8 where it is, and U+FFFD where it is not ({@link toHex} has the bytes then). */
export function toText(name: ByteString): string {
  if (isAscii(name)) return name;
  const bytes = toBytes(name);
  return decodeStrictUtf8(bytes) ?? new TextDecoder().decode(bytes);
}

/** Hex digits of a name that is not UTF-8; undefined for all others. */
export function toHex(name: ByteString): string | undefined {
  if (isAscii(name)) return undefined;
  const bytes = toBytes(name);
  return decodeStrictUtf8(bytes) === undefined ? hexOf(bytes) : undefined;
}

export function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}
