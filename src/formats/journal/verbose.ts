/** `journalctl -o verbose`: a line with time and cursor, then the fields, indented by four. src/shared/logs-show.c at v257, output_verbose() */
import { addField, entryOf, isFieldName, type FieldValue, type JournalEntry } from './entry.js';

// Wed 2024-05-01 11:50:13.122456 CEST [s=218be651206d46778c586857b97955b1;i=1;b=b0071…;m=5b8d83;t=6176169b6e183;x=22e728ac43e25408]
const HEAD = /^[A-Z][a-z]{2} \d{4}-\d\d-\d\d [\d:.]{8,15} \S{1,8} \[(?<cursor>s=[0-9a-z=;]{1,200})\]$/;
//     _BOOT_ID=b00710000000000000000000000000a1
const FIELD = /^ {4}(?<name>[A-Z_][A-Z0-9_]{0,63})=(?<value>[^]*)$/;
// [27B blob data]
const BLOB = /^\[\d{1,12}(?:\.\d)?[BKMGT] blob data\]$/;

export function isVerboseHead(line: string): boolean {
  return HEAD.test(line);
}

/** @param text The whole entry, its lines joined by line feeds. */
export function readVerbose(text: string): JournalEntry | undefined {
  const lines = text.split('\n');
  const cursor = HEAD.exec(lines[0] as string)?.groups?.['cursor'];
  if (cursor === undefined) return undefined;
  const fields = new Map<string, FieldValue>();
  const omitted: string[] = [];
  let name = '';
  let value = '';
  const finish = (): void => {
    if (name === '') return;
    if (BLOB.test(value)) omitted.push(name);
    else addField(fields, name, value);
    name = '';
  };
  for (const line of lines.slice(1)) {
    const field = FIELD.exec(line)?.groups;
    if (field !== undefined && isFieldName(field['name'] as string)) {
      finish();
      name = field['name'] as string;
      value = field['value'] as string;
    } else if (name !== '') {
      // Further lines stand under the first one's text.
      const width = 5 + name.length;
      value += `\n${line.startsWith(' '.repeat(width)) ? line.slice(width) : line.trimStart()}`;
    }
  }
  finish();
  return entryOf(fields, new Map([['__CURSOR', cursor]]), { omitted: omitted.length === 0 ? undefined : omitted });
}
