import { parser } from '../../src/parsers/sudo-json.js';
import { testParser } from '../conformance.js';

testParser(parser, { multiline: true });
