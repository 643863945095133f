/** journalctl -o export, and what systemd-journal-upload and gatewayd send. */
import { journalExport, type ExportRecord } from '../formats/framing/journal-export.js';
import type { Parser } from '../model/parser.js';
import { entryDecoder } from './journal/decoder.js';

// __CURSOR=s=739ad463348b4ceca5a9e69c95a3c93f;i=4ece7;b=6c7c6013a26343b29e964691ff25d04c;m=4fc72436e;t=4c508a72423d9;x=d3e5610681098c10
const START = /^(?:#[^\n]*\n)*\s*__(?:CURSOR=s=|REALTIME_TIMESTAMP=\d)/;

export const parser: Parser<ExportRecord> = {
  id: 'journal-export',
  title: 'systemd journal, export format',
  signs: 'entries of NAME=value lines that begin with __CURSOR or __REALTIME_TIMESTAMP',
  framing: journalExport,
  matches: (_name, head) => (START.test(head.text) ? 1 : 0),
  decoder(facts) {
    const entries = entryDecoder(facts);
    return {
      push(frame, out) {
        // A comment between two entries
        if (frame.entry.fields.size === 0 && frame.entry.realtime === undefined && frame.faults.length === 0) return out.ignore();
        for (const { code, message } of frame.faults) out.problem(code, message);
        entries.read(frame.entry, out);
      },
      end: (out) => entries.end(out),
    };
  },
};
