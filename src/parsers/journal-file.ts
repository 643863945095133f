/** systemd's binary journal files: `system.journal`, `user-1000.journal`, archived ones, and those set aside as broken (`.journal~`). */
import { journalFile, type JournalRecord } from '../formats/framing/journal-file.js';
import { SIGNATURE } from '../formats/journal/layout.js';
import { signatureOf } from '../formats/journal/view.js';
import type { Parser } from '../model/parser.js';
import { entryDecoder } from './journal/decoder.js';

export const parser: Parser<JournalRecord> = {
  id: 'journal-file',
  title: 'systemd journal files',
  signs: `binary, begins with ${SIGNATURE}`,
  framing: journalFile,
  matches(name, head) {
    if (signatureOf(head.bytes) === SIGNATURE) return 1;
    // A damaged beginning does not make the rest worthless.
    return /\.journal~?$/.test(name) && head.bytes.includes(0) ? 0.6 : 0;
  },
  decoder(facts) {
    const entries = entryDecoder(facts);
    return {
      push(frame, out) {
        for (const { code, message } of frame.faults) out.problem(code, message);
        entries.read(frame.entry, out, frame.unlisted === true ? { unlisted: true } : undefined);
      },
      end: (out) => entries.end(out),
    };
  },
};
