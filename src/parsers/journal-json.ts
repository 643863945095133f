/** journalctl -o json, json-pretty, json-sse and json-seq. */
import { jsonDocuments, type Document } from '../formats/framing/json.js';
import { readJournalJson } from '../formats/journal/json.js';
import { salvageJson } from '../formats/json-salvage.js';
import type { Parser } from '../model/parser.js';
import { entryDecoder } from './journal/decoder.js';

/** What every entry's JSON has; other exporters of the journal leave out the cursor only. */
const SIGNS = /"__(?:REALTIME_TIMESTAMP|CURSOR)"\s*:\s*"/;
const EVENT_STREAM = 'data: ';

export const parser: Parser<Document> = {
  id: 'journal-json',
  title: 'systemd journal, JSON',
  signs: 'JSON objects with __CURSOR and __REALTIME_TIMESTAMP',
  framing: jsonDocuments(),
  matches(_name, head) {
    const start = head.text.replace(/^[\s\x1e[]*/, '');
    if (!start.startsWith('{') && !start.startsWith(EVENT_STREAM)) return 0;
    return SIGNS.test(start.slice(0, 16384)) ? 0.97 : SIGNS.test(start) ? 0.9 : 0;
  },
  decoder(facts) {
    const entries = entryDecoder(facts);
    return {
      push(frame, out) {
        const text = frame.text.startsWith(EVENT_STREAM) ? frame.text.slice(EVENT_STREAM.length) : frame.text;
        if (text.trim() === '') return out.ignore();
        const whole = parse(text);
        const read = readJournalJson(whole ?? salvageJson(text));
        if (read === undefined) return out.problem('malformed', 'no journal entry in JSON');
        if (whole === undefined && frame.damage === undefined)
          out.problem('malformed', 'the JSON of this entry is broken: what could be read is kept');
        if (read.odd.length > 0)
          out.problem('malformed', `members that are no journal field: ${read.odd.slice(0, 5).join(', ').slice(0, 200)}`);
        entries.read(read.entry, out);
      },
      end: (out) => entries.end(out),
    };
  },
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
