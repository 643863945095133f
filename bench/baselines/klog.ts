/** kubelet's log as people read it without us: one regular expression for the header, one for the pairs. */
import type { Outcome } from '../scenario.js';
import { eachLine } from './lines.js';

const HEADER = /^([IWEF])(\d{4} \d\d:\d\d:\d\d\.\d{6}) +(\d+) ([^\s\]:]+):(\d+)\] (?:"((?:[^"\\]|\\.)*)")?(.*)$/;
const PAIR = / ([\w-]+)=("(?:[^"\\]|\\.)*"|\S+)/g;

let last: object = {};

export async function readKlogByRegexes(files: readonly string[]): Promise<Outcome> {
  let count = 0;
  await eachLine(files, (line) => {
    const header = HEADER.exec(line);
    if (header === null) return;
    const fields: Record<string, string> = {};
    for (const [, key, value] of (header[7] as string).matchAll(PAIR)) fields[key as string] = value as string;
    last = { header, fields };
    if (last !== fields) count++;
  });
  return { count };
}
