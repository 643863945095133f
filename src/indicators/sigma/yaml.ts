/**
 * YAML into plain nodes that know where they stand. Aliases are unfolded under a limit.
 * {@link https://yaml.org/spec/1.2.2/ | YAML 1.2.2}, core schema: `yes` is a text, dates are texts.
 */
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments, visit, type Document, type Node, type ParsedNode } from 'yaml';
import type { RuleErrorCode } from './errors.js';

export interface YamlMap {
  readonly kind: 'map';
  readonly at: number;
  readonly entries: readonly YamlEntry[];
}
export interface YamlEntry {
  readonly key: string;
  /** Index of the key's first character in the file, UTF-16 code units. So is every `at`. */
  readonly at: number;
  readonly value: YamlNode;
}
export interface YamlList {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly YamlNode[];
}
export interface YamlScalar {
  readonly kind: 'scalar';
  readonly at: number;
  readonly value: string | number | boolean | null;
  /** As written: `0x10`, `007`. */
  readonly source: string;
}
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlFault {
  readonly code: RuleErrorCode;
  readonly message: string;
  readonly at: number;
}
export interface YamlFile {
  /** One for each document that holds something. */
  readonly documents: readonly YamlNode[];
  readonly faults: readonly YamlFault[];
  place(at: number): { line: number; column: number };
}

/** UTF-16 code units. The largest rule of SigmaHQ has 40,000. */
const MAX_FILE = 4_000_000;
/** Nodes of a document after its aliases are unfolded. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 100;

export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const place = (at: number) => {
    const { line, col } = lines.linePos(at);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (text.length > MAX_FILE) {
    return {
      documents: [],
      faults: [{ code: 'limit', message: `the file has ${text.length} characters; ${MAX_FILE} are read`, at: 0 }],
      place,
    };
  }
  try {
    return {
      ...convertAll(parseAllDocuments(text, { lineCounter: lines, logLevel: 'silent', prettyErrors: false }) as Document.Parsed[]),
      place,
    };
  } catch (error) {
    // The composer recurses: thousands of open brackets end its stack.
    const message = error instanceof RangeError ? 'nested too deeply' : String(error);
    return { documents: [], faults: [{ code: 'yaml', message, at: 0 }], place };
  }
}

function convertAll(parsed: readonly Document.Parsed[]): Pick<YamlFile, 'documents' | 'faults'> {
  const documents: YamlNode[] = [];
  const faults: YamlFault[] = [];
  for (const document of parsed) {
    if (document.errors.length > 0) {
      for (const { message, pos } of document.errors.slice(0, 5)) faults.push({ code: 'yaml', message, at: pos[0] });
      continue;
    }
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) continue;
    try {
      documents.push(new Converter(document).convert(contents, 0));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      faults.push(error.fault);
    }
  }
  return { documents, faults };
}

class Refused extends Error {
  constructor(readonly fault: YamlFault) {
    super(fault.message);
  }
}

class Converter {
  private nodes = 0;
  private anchors: ReadonlyMap<string, readonly Node[]> | undefined;

  constructor(private readonly document: Document.Parsed) {}

  convert(node: Node | ParsedNode | null, depth: number, fallback = 0): YamlNode {
    const at = node?.range?.[0] ?? fallback;
    if (++this.nodes > MAX_NODES) throw new Refused({ code: 'alias-bomb', message: `unfolds to more than ${MAX_NODES} nodes`, at });
    if (depth > MAX_DEPTH) throw new Refused({ code: 'alias-bomb', message: `nested deeper than ${MAX_DEPTH}, or in itself`, at });
    if (isAlias(node)) return this.convert(this.target(node.source, at), depth + 1, at);
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => this.convert(item as Node, depth + 1, at)) };
    if (isMap(node)) return { kind: 'map', at, entries: this.entries(node.items as readonly Pair[], depth, at) };
    return isScalar(node) ? scalarOf(node.value, node.source, at) : scalarOf(null, '', at);
  }

  /** The last anchor of that name before the alias is meant. */
  private target(name: string, at: number): Node {
    this.anchors ??= anchorsIn(this.document.contents);
    const found = this.anchors.get(name)?.findLast((node) => (node.range?.[0] ?? 0) < at);
    if (found === undefined) throw new Refused({ code: 'yaml', message: `no anchor named ${name}`, at });
    return found;
  }

  private entries(pairs: readonly Pair[], depth: number, fallback: number): YamlEntry[] {
    const entries: YamlEntry[] = [];
    const merged: YamlEntry[] = [];
    for (const { key, value } of pairs) {
      const at = key?.range?.[0] ?? fallback;
      const name = isScalar(key)
        ? key.value === null
          ? ''
          : typeof key.value === 'string'
            ? key.value
            : (key.source ?? String(key.value))
        : undefined;
      if (name === undefined) throw new Refused({ code: 'yaml', message: 'a key must be a plain text', at });
      const converted = this.convert(value, depth + 1, at);
      if (name === '<<' && converted.kind !== 'scalar') merged.push(...mergedEntries(converted));
      else entries.push({ key: name, at, value: converted });
    }
    const own = new Set(entries.map((entry) => entry.key));
    return [...entries, ...merged.filter(({ key }) => !own.has(key))];
  }
}

/** By name, in document order. */
function anchorsIn(root: Node | null): Map<string, Node[]> {
  const anchors = new Map<string, Node[]>();
  visit(root, {
    Node(_, node) {
      if (!('anchor' in node) || typeof node.anchor !== 'string') return;
      const known = anchors.get(node.anchor);
      if (known === undefined) anchors.set(node.anchor, [node]);
      else known.push(node);
    },
  });
  return anchors;
}

interface Pair {
  readonly key: Node | null;
  readonly value: Node | null;
}

function mergedEntries(node: YamlNode): readonly YamlEntry[] {
  if (node.kind === 'map') return node.entries;
  return node.kind === 'list' ? node.items.flatMap(mergedEntries) : [];
}

function scalarOf(value: unknown, source: string | undefined, at: number): YamlScalar {
  const plain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? value : String(value);
  return { kind: 'scalar', at, value: plain, source: source ?? String(plain) };
}

/** The value of a key; undefined when the map does not have it. */
export function valueOf(map: YamlMap, key: string): YamlNode | undefined {
  return map.entries.find((entry) => entry.key === key)?.value;
}

/** A text, as written: `date: 2024-01-01`, `id: 12`. */
export function textOf(node: YamlNode | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : node.source;
}

/** All texts of a list; a lone text is a list of one. */
export function textsOf(node: YamlNode | undefined): string[] {
  const nodes = node?.kind === 'list' ? node.items : node === undefined ? [] : [node];
  return nodes.map(textOf).filter((text) => text !== undefined);
}
