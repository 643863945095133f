import { parser } from '../../src/parsers/sudo-log.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
