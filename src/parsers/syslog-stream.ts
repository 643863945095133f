/** Captured syslog streams (RFC 6587): octet counts, or messages ended by NUL. Streams with line feeds read as `syslog` files. */
import { syslogStream, type Message } from '../formats/framing/syslog-stream.js';
import { syslogMonthDay } from '../formats/syslog/record.js';
import type { Parser } from '../model/parser.js';
import { syslogDecoder } from './syslog/decoder.js';

/** `117 <34>1 2024-…` or `85 <34>May  1 …` */
const COUNTED = /^\d{1,8} <\d{1,3}>/;
/** A message, and the NUL that ends it. */
const NUL_ENDED = /^<\d{1,3}>[^\0\n]{1,65000}\0/;

export const parser: Parser<Message> = {
  id: 'syslog-stream',
  title: 'Syslog streams (RFC 6587)',
  signs: 'octet counts before each message, or messages ended by NUL',
  framing: syslogStream,
  matches: (_name, head) => (COUNTED.test(head.text) || NUL_ENDED.test(head.text) ? 0.97 : 0),
  decoder: syslogDecoder,
  monthDay: syslogMonthDay,
};
