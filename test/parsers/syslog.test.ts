import { parser } from '../../src/parsers/syslog.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
