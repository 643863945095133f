/** STRUCTURED-DATA of RFC 5424: `[id name="value" …][id …]`. {@link https://www.rfc-editor.org/rfc/rfc5424#section-6.3} */

export type StructuredData = Record<string, Record<string, string | string[]>>;

/** Where {@link parseStructuredData} stopped reading. Valid until its next call. */
export let structuredDataEnd = 0;

/** `[`, an SD-NAME */
const ELEMENT = /\[(?<id>[!#-<>-\\^-~]{1,255})/y;
/** ` name="value"`; inside a value `"`, `\` and `]` are written with a backslash before them. */
const PARAMETER = / +(?<name>[!#-<>-\\^-~]{1,255})="(?<value>(?:[^"\\\]]|\\[^])*)"/y;

/**
 * Reads one or more elements from `[` on.
 * @returns undefined when they do not follow the grammar to their end.
 */
export function parseStructuredData(text: string, from: number): StructuredData | undefined {
  const elements = new Map<string, Record<string, string | string[]>>();
  let at = from;
  while (text.charCodeAt(at) === 91) {
    ELEMENT.lastIndex = at;
    const element = ELEMENT.exec(text);
    if (element === null) return undefined;
    const id = element.groups?.id as string;
    const parameters = new Map(Object.entries(elements.get(id) ?? {}));
    at = ELEMENT.lastIndex;
    for (;;) {
      PARAMETER.lastIndex = at;
      const parameter = PARAMETER.exec(text);
      if (parameter?.groups === undefined) break;
      at = PARAMETER.lastIndex;
      add(parameters, parameter.groups.name as string, unescape(parameter.groups.value as string));
    }
    if (text.charCodeAt(at) !== 93) return undefined;
    at++;
    elements.set(id, Object.fromEntries(parameters));
  }
  if (at < text.length && text.charCodeAt(at) !== 32) return undefined;
  structuredDataEnd = at;
  return Object.fromEntries(elements);
}

/** A parameter may stand more than once: then all its values count. */
function add(parameters: Map<string, string | string[]>, name: string, value: string): void {
  const known = parameters.get(name);
  parameters.set(name, known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value]);
}

/** A backslash before any other character stands for itself. */
function unescape(value: string): string {
  return value.includes('\\') ? value.replace(/\\(["\\\]])/g, '$1') : value;
}
