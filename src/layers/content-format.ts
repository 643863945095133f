/** What a file is by its first bytes, for telling programs from data whatever their name and mode say. */
import { decodeLatin1 } from '../formats/bytes.js';

export type ContentFormat =
  'elf' | 'script' | 'pe' | 'mach-o' | 'java-class' | 'wasm' | 'php' | 'private-key' | 'zip' | 'gzip' | 'xz' | 'zstd' | 'sqlite';

/** First bytes that {@link contentFormat} looks at. */
export const FORMAT_BYTES = 64;

/** Beginnings as Latin-1 text, the longer ones first. */
const BEGINNINGS: readonly (readonly [string, ContentFormat])[] = [
  ['SQLite format 3\0', 'sqlite'],
  ['\x7fELF', 'elf'],
  ['\xcf\xfa\xed\xfe', 'mach-o'],
  ['\xce\xfa\xed\xfe', 'mach-o'],
  ['\xca\xfe\xba\xbe', 'java-class'],
  ['\0asm', 'wasm'],
  ['<?php', 'php'],
  ['<?=', 'php'],
  ['PK\x03\x04', 'zip'],
  ['\xfd7zXZ', 'xz'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['\x1f\x8b\x08', 'gzip'],
  ['MZ', 'pe'],
];

// -----BEGIN OPENSSH PRIVATE KEY-----   -----BEGIN RSA PRIVATE KEY-----   -----BEGIN PRIVATE KEY-----
const PRIVATE_KEY = /^-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY-----/;

// #!/bin/sh   #! /usr/bin/env python3
const SCRIPT = /^#! {0,8}\//;

export function contentFormat(head: Uint8Array): ContentFormat | undefined {
  const text = decodeLatin1(head, 0, Math.min(head.length, FORMAT_BYTES));
  if (SCRIPT.test(text)) return 'script';
  if (PRIVATE_KEY.test(text)) return 'private-key';
  return BEGINNINGS.find(([beginning]) => text.startsWith(beginning))?.[1];
}

/** Formats that a machine runs. */
export const PROGRAMS: ReadonlySet<ContentFormat> = new Set<ContentFormat>(['elf', 'script', 'pe', 'mach-o']);
