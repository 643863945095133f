/** Kubelet's own log file, and those of the other Kubernetes daemons: klog text or `--logging-format=json`. */
import { klogLines } from '../formats/framing/klog-lines.js';
import type { Line } from '../formats/framing/lines.js';
import { beginsKlog, klogMonthDay } from '../formats/klog.js';
import type { Parser } from '../model/parser.js';
import { KubeletDecoder } from './kubelet/decoder.js';

const JSON_LINE = /^\{"ts":\d{10,14}[.,\d]/;
/** Lines that say nothing about the kind: continued values, stack traces, file headers, warnings about flags. */
const NEUTRAL =
  /^(?:[\t ]|Flag --|goroutine |panic: |Log file created at: |Running on machine: |Binary: |Previous log: |Log line format: )/;

export const parser: Parser<Line> = {
  id: 'kubelet',
  title: 'Kubelet and other klog files',
  signs: 'lines that begin with a klog header (`I0501 10:11:12.123456 1234 kubelet.go:2407]`), or JSON lines with ts, caller and msg',
  framing: klogLines,
  matches(_name, head) {
    const lines = head.lines.filter((line) => !NEUTRAL.test(line));
    const records = lines.filter((line) => beginsKlog(line) || (JSON_LINE.test(line) && line.includes('"msg":"'))).length;
    return lines.length === 0 ? 0 : (0.97 * records) / lines.length;
  },
  decoder: (facts, name) => new KubeletDecoder(facts, name),
  monthDay: klogMonthDay,
};
