import { parser } from '../../src/parsers/syslog-stream.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
