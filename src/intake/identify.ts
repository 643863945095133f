/** Tells what a source is by its first bytes; the name only tips the scales. */
import type { Head, Parser } from '../model/parser.js';
import { parsers } from '../parsers/registry.js';

export interface Candidate {
  readonly parser: Parser;
  /** 0–1, as the parser judged the head. */
  readonly confidence: number;
}

export interface Identification {
  /** Absent: no parser knows these bytes. */
  readonly best?: Candidate;
  readonly runnerUp?: Candidate;
}

/** Below this a parser's claim is noise. */
const LEAST = 0.05;

export function identify(name: string, head: Head): Identification {
  const candidates = parsers
    .map((parser) => ({ parser, confidence: parser.matches(name, head) }))
    .filter(({ confidence }) => confidence >= LEAST)
    .sort((a, b) => b.confidence - a.confidence || (a.parser.id < b.parser.id ? -1 : 1));
  return { best: candidates[0], runnerUp: candidates[1] };
}

/** @throws Error with code `unknown-parser` when there is none of that id. */
export function parserById(id: string): Parser {
  const parser = parsers.find((known) => known.id === id);
  if (parser !== undefined) return parser;
  throw Object.assign(new Error(`there is no parser "${id}"`), {
    code: 'unknown-parser',
    hint: `known parsers: ${parsers.map((known) => known.id).join(', ')}`,
  });
}
